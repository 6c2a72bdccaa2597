/** The loop over epochs: order, steps, stops, divergence, the best epoch, checkpoints, reports. */
import * as tf from "@tensorflow/tfjs-core";

import { isVitrineError } from "../structures/errors.js";
import { SeededRandom } from "../structures/random.js";
import type { EpochReport } from "../structures/training.js";
import { batches } from "./batches.js";
import { BestEpoch } from "./best-epoch.js";
import { writeCheckpoint, type LoopState } from "./checkpoint-file.js";
import { StopRequest } from "./control.js";
import type { Fingerprint } from "./fingerprint.js";
import { areFinite } from "./finite-weights.js";
import { stepReporter } from "./inference.js";
import type { Learner } from "./learner.js";
import type { TrainRequest, TrainResponse } from "./messages.js";
import type { OperationContext } from "./operation-context.js";
import { scheduledRate } from "./schedule.js";
import { gradientHistograms, weightHistograms, type Histograms } from "./stage-histograms.js";

type UnderWay = Pick<LoopState, "batches" | "loss" | "wrong">;

const BEGINNING: UnderWay = { batches: 0, loss: 0, wrong: 0 };

export class TrainingLoop {
  private readonly request: TrainRequest;
  private readonly learner: Learner;
  private readonly context: OperationContext;
  private readonly history: EpochReport[] = [];
  private readonly order: SeededRandom;
  private readonly training: Fingerprint;
  private started = performance.now();
  private underWay = BEGINNING;
  private readonly best: BestEpoch;
  private bestEpoch = 0;
  private gradients: Histograms = {};
  /** Of the last step. */
  private rate = 0;

  /** @param training what the checkpoints belong to */
  constructor(request: TrainRequest, learner: Learner, context: OperationContext, training: Fingerprint) {
    this.training = training;
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
        if (!Number.isFinite(loss)) {
          return this.result("diverged", { epoch: this.history.length + 1, loss, learningRate: this.rate });
        }
      } catch (error) {
        if (!(error instanceof StopRequest)) throw error;
        abandonTape();
        return this.result("stopped");
      }
      await this.checkpoint(this.order.position, BEGINNING);
      // Lets a question about memory in.
      await new Promise((resolve) => setImmediate(resolve));
    }
    const loss = await this.lastLoss();
    if (!Number.isFinite(loss)) return this.broken(loss);
    if (this.request.keep === "last") this.keep();
    return this.result(this.history.length < this.request.epochs ? "early" : "finished");
  }

  /** Goes on from where a checkpoint was written; who watches sees the epochs before it again. */
  restore({ history, kept, best, order, seconds, ...underWay }: LoopState): void {
    this.history.push(...history);
    this.bestEpoch = kept;
    this.best.state = best;
    this.rate = history.at(-1)?.learningRate ?? 0;
    this.order.position = order;
    this.underWay = underWay;
    this.started = performance.now() - seconds * 1000;
    for (const report of history) this.context.report({ kind: "epoch", report });
  }

  private over(): boolean {
    return this.history.length >= this.request.epochs || this.best.givesUp(this.history.length);
  }

  /** The epoch's mean loss; not finite where it diverged. */
  private async epoch(): Promise<number> {
    const { batchSize, train, freeze, batchNorm, rates, epochs, accumulate, checkpoints } = this.request;
    const images = train.pictures.length;
    const epoch = this.history.length + 1;
    const began = performance.now();
    const progress = stepReporter(images, this.context.report, { phase: "train", epoch });
    const orderAt = this.order.position;
    const order = this.order.shuffle(Array.from({ length: images }, (_, index) => index));
    const sum = { ...this.underWay };
    this.underWay = BEGINNING;
    const groups = [...batches(order, batchSize, freeze || batchNorm === "frozen")];
    const stepsPerEpoch = Math.ceil(groups.length / accumulate);
    let done = groups.slice(0, sum.batches).flat().length;
    const before = done;
    for (const [index, batch] of groups.entries()) {
      if (index < sum.batches) continue;
      this.context.control.check();
      // This one, and the next while this one is computed.
      for (const soon of groups.slice(index, index + 2)) this.learner.prepare?.(soon, epoch);
      const { loss, wrong } = await this.learner.learn(batch);
      if (!Number.isFinite(loss)) return loss;
      sum.loss += loss * batch.length;
      sum.wrong += wrong;
      sum.batches++;
      if ((index + 1) % accumulate === 0 || index + 1 === groups.length) {
        const step = (epoch - 1) * stepsPerEpoch + Math.floor(index / accumulate);
        this.rate = scheduledRate(rates, step, { epochs, stepsPerEpoch });
        if (this.request.record && index + 1 === groups.length) this.gradients = gradientHistograms(this.learner);
        this.learner.apply(this.rate);
        const every = checkpoints?.every;
        if (every !== undefined && (step + 1) % every === 0) await this.checkpoint(orderAt, sum);
      }
      progress((done += batch.length));
    }
    const imagesPerSecond = (images - before) / ((performance.now() - began) / 1000);
    // A training may go on after an epoch's last step, and has made none of it then.
    this.rate = scheduledRate(rates, epoch * stepsPerEpoch - 1, { epochs, stepsPerEpoch });
    const measured = { loss: sum.loss / images, trainError: sum.wrong / images, imagesPerSecond };
    return this.finish({ epoch, learningRate: this.rate, ...measured, ...(await this.evaluate()), seconds: 0 });
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
    if (!areFinite([...this.learner.stages.values()].flat())) return NaN;
    this.history.push(finished);
    if (this.best.take(finished)) this.keep();
    this.context.report({ kind: "epoch", report: finished });
    if (this.request.record) {
      const histograms = { epoch: report.epoch, weights: weightHistograms(this.learner), gradients: this.gradients };
      this.context.report({ kind: "histograms", histograms });
    }
    return report.loss;
  }

  /** What the last step has done no loss has told yet, unless there are evaluation pictures: a few of the others tell it. */
  private async lastLoss(): Promise<number> {
    const { evaluation, train, batchSize } = this.request;
    if (evaluation) return 0;
    const few = Math.min(8, batchSize, train.pictures.length);
    return (await this.learner.probe(Array.from({ length: few }, (_, index) => index))).loss;
  }

  private broken(loss: number): TrainResponse {
    const epoch = this.history.length;
    // Its own loss was the best, and the step after it has broken the weights.
    if (this.bestEpoch === epoch) this.bestEpoch = 0;
    return this.result("diverged", { epoch, loss, learningRate: this.rate });
  }

  /** A full disk must not end hours of work: it is a warning, and the checkpoint before is still there. */
  private async checkpoint(order: LoopState["order"], underWay: UnderWay): Promise<void> {
    const { request, history, learner, bestEpoch } = this;
    if (!request.checkpoints) return;
    const seconds = (performance.now() - this.started) / 1000;
    const loop: LoopState = { history, kept: bestEpoch, best: this.best.state, order, seconds, ...underWay };
    try {
      await writeCheckpoint(request.checkpoints.path, this.training, { loop, learner: learner.state() });
    } catch (error) {
      if (!isVitrineError(error, "CannotWrite")) throw error;
      this.context.report({ kind: "warning", message: error.message });
    }
  }

  private keep(): void {
    this.bestEpoch = this.history.length;
    this.learner.keep();
  }

  private result(reason: TrainResponse["reason"], diverged?: TrainResponse["diverged"]): TrainResponse {
    const { history, bestEpoch } = this;
    const learned = bestEpoch > 0 ? this.learner.kept() : {};
    return { reason, history, bestEpoch, ...learned, ...(diverged ? { diverged } : {}) };
  }
}

/** A step that was abandoned midway leaves what it had saved for the way back on tfjs's tape. */
export function abandonTape(): void {
  const { state } = tf.engine() as unknown as { state: { activeTape: { saved?: tf.Tensor[] }[] | null } };
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
  state.activeTape = null;
}
