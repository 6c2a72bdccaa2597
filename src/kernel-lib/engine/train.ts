/** The loop over epochs: order, stops, divergence, the best epoch, reports. */
import * as tf from "@tensorflow/tfjs-core";

import { hasFusedBatchNorm } from "../models/batch-norm.js";
import { VitrineError } from "../structures/errors.js";
import { SeededRandom } from "../structures/random.js";
import type { EpochReport } from "../structures/training.js";
import { BestEpoch } from "./best-epoch.js";
import { StopRequest } from "./control.js";
import { FineTuneLearner } from "./fine-tune-learner.js";
import { FrozenLearner } from "./frozen-learner.js";
import { stepReporter } from "./inference.js";
import type { Learner } from "./learner.js";
import type { TrainRequest, TrainResponse } from "./messages.js";
import type { OperationContext } from "./operation-context.js";
import { scheduledRate } from "./schedule.js";
import { loadTensorFlow } from "./tensorflow.js";

export async function train(request: TrainRequest, context: OperationContext): Promise<TrainResponse> {
  if (!request.freeze) requireTensorFlow();
  let learner: Learner | undefined;
  try {
    learner = await (request.freeze
      ? FrozenLearner.create(request, context)
      : FineTuneLearner.create(request, context));
    return await new Run(request, learner, context).run();
  } catch (error) {
    // Stopped before the first epoch could begin.
    if (error instanceof StopRequest) return { reason: "stopped", history: [], bestEpoch: 0 };
    throw error;
  } finally {
    learner?.dispose();
  }
}

class Run {
  private readonly request: TrainRequest;
  private readonly learner: Learner;
  private readonly context: OperationContext;
  private readonly history: EpochReport[] = [];
  private readonly order: SeededRandom;
  private readonly started = performance.now();
  private readonly best: BestEpoch;
  private bestEpoch = 0;

  constructor(request: TrainRequest, learner: Learner, context: OperationContext) {
    this.request = request;
    this.learner = learner;
    this.context = context;
    this.best = new BestEpoch(request.earlyStopping);
    this.order = new SeededRandom(request.seed).fork("order");
  }

  async run(): Promise<TrainResponse> {
    while (!this.over()) {
      try {
        const loss = await this.epoch();
        if (!Number.isFinite(loss)) return this.result("diverged", { epoch: this.history.length + 1, loss });
      } catch (error) {
        if (!(error instanceof StopRequest)) throw error;
        abandonTape();
        return this.result("stopped");
      }
      // Lets a question about memory in.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.request.keep === "last") this.keep();
    return this.result(this.history.length < this.request.epochs ? "early" : "finished");
  }

  private over(): boolean {
    return this.history.length >= this.request.epochs || this.best.givesUp(this.history.length);
  }

  /** The epoch's mean loss; not finite where it diverged. */
  private async epoch(): Promise<number> {
    const { batchSize, train, freeze, batchNorm, rates, epochs, accumulate } = this.request;
    const images = train.pictures.length;
    const epoch = this.history.length + 1;
    const began = performance.now();
    const progress = stepReporter(images, this.context.report, { phase: "train", epoch });
    const order = this.order.shuffle(Array.from({ length: images }, (_, index) => index));
    const sum = { loss: 0, wrong: 0 };
    let done = 0;
    let rate = 0;
    const groups = [...batches(order, batchSize, freeze || batchNorm === "frozen")];
    const stepsPerEpoch = Math.ceil(groups.length / accumulate);
    for (const [index, batch] of groups.entries()) {
      this.context.control.check();
      const { loss, wrong } = await this.learner.learn(batch);
      if (!Number.isFinite(loss)) return loss;
      sum.loss += loss * batch.length;
      sum.wrong += wrong;
      if ((index + 1) % accumulate === 0 || index + 1 === groups.length) {
        const step = (epoch - 1) * stepsPerEpoch + Math.floor(index / accumulate);
        rate = scheduledRate(rates, step, { epochs, stepsPerEpoch });
        this.learner.apply(rate);
      }
      progress((done += batch.length));
    }
    const imagesPerSecond = images / ((performance.now() - began) / 1000);
    const measured = { loss: sum.loss / images, trainError: sum.wrong / images, imagesPerSecond };
    return this.finish({ epoch, learningRate: rate, ...measured, ...(await this.evaluate()), seconds: 0 });
  }

  private async evaluate(): Promise<Pick<EpochReport, "evalLoss" | "evalError">> {
    const count = this.request.evaluation?.pictures.length;
    if (count === undefined) return {};
    const { loss, wrong } = await this.learner.evaluate();
    return { evalLoss: loss, evalError: wrong / count };
  }

  private finish(report: EpochReport): number {
    const finished = { ...report, seconds: (performance.now() - this.started) / 1000 };
    const weights = report.evalLoss ?? report.loss;
    if (!Number.isFinite(weights)) return weights;
    this.history.push(finished);
    if (this.best.take(finished)) this.keep();
    this.context.report({ kind: "epoch", report: finished });
    return report.loss;
  }

  private keep(): void {
    this.bestEpoch = this.history.length;
    this.learner.keep();
  }

  private result(reason: TrainResponse["reason"], diverged?: { epoch: number; loss: number }): TrainResponse {
    const { history, bestEpoch } = this;
    const learned = bestEpoch > 0 ? this.learner.kept() : {};
    return { reason, history, bestEpoch, ...learned, ...(diverged ? { diverged } : {}) };
  }
}

/** Full batches and a rest; or of nearly one size, for batch norm that takes its statistics from each. */
function* batches(order: readonly number[], batchSize: number, full: boolean): Generator<number[]> {
  const size = full ? batchSize : order.length / Math.ceil(order.length / batchSize);
  for (let start = 0; start < order.length - 1e-6; start += size) {
    yield order.slice(Math.round(start), Math.round(start + size));
  }
}

/** A step that was abandoned midway leaves what it had saved for the way back on tfjs's tape. */
function abandonTape(): void {
  const { state } = tf.engine() as unknown as { state: { activeTape: { saved?: tf.Tensor[] }[] | null } };
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
  state.activeTape = null;
}

function requireTensorFlow(): void {
  if (hasFusedBatchNorm()) return;
  throw new VitrineError("EngineUnavailable", {
    operation: "Fine-tuning a whole network",
    reason: `the engine is WebAssembly, which has no gradients of convolutions (${loadTensorFlow().reason})`,
    waysOut: [
      "Train with freeze: true, which works here too",
      "Run npm run setup where TensorFlow can be had, without VITRINE_TENSORFLOW=none",
    ],
  });
}
