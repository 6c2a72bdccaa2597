/** A detector's training in the worker: steps, reports, evaluations, checkpoints, and every way in which it can end. */
import { DetectionEvaluation } from "../metrics/detection-evaluation.js";
import { hasFusedBatchNorm } from "../models/batch-norm.js";
import { VitrineError } from "../structures/errors.js";
import { SeededRandom } from "../structures/random.js";
import type { EpochReport } from "../structures/training.js";
import { StopRequest } from "./control.js";
import { readDetectionCheckpoint, saveDetectionCheckpoint } from "./detection-checkpoint.js";
import { detectInPictures } from "./detection-inference.js";
import { DetectionLearner, totalOf, type MeasuredLosses } from "./detection-learner.js";
import type { DetectionTrainRequest, DetectionTrainResponse } from "./detection-messages.js";
import { DetectionPictures, type Draw } from "./detection-pictures.js";
import { detectionRate } from "./detection-schedule.js";
import type { OperationContext } from "./operation-context.js";
import { loadTensorFlow } from "./tensorflow.js";
import { abandonTape } from "./training-loop.js";

export async function trainDetector(
  request: DetectionTrainRequest,
  context: OperationContext,
): Promise<DetectionTrainResponse> {
  refuseWithoutGradients();
  const training = new DetectionTraining(request, context);
  try {
    await training.resume();
    return await training.run();
  } finally {
    training.dispose();
  }
}

const NONE: MeasuredLosses = { objectness: 0, proposalBox: 0, classes: 0, box: 0, wrong: 0 };

class DetectionTraining {
  private readonly request: DetectionTrainRequest;
  private readonly context: OperationContext;
  private readonly learner: DetectionLearner;
  private readonly pictures: DetectionPictures;
  private readonly order: SeededRandom;
  private readonly drawing: SeededRandom;
  private readonly history: EpochReport[] = [];
  private readonly drawn: Draw[][] = [];
  private queue: number[] = [];
  private step = 0;
  private best = { step: 0, score: -Infinity };
  private evaluationsSinceBest = 0;
  private sums = NONE;
  private counted = 0;
  private started = performance.now();
  private reportedAt = performance.now();

  constructor(request: DetectionTrainRequest, context: OperationContext) {
    this.request = request;
    this.context = context;
    this.learner = new DetectionLearner(request, context);
    this.pictures = new DetectionPictures(request, this.learner.network, context);
    const random = new SeededRandom(request.seed);
    this.order = random.fork("order");
    this.drawing = random.fork("drawing");
  }

  /** Goes on from a checkpoint, where there is one and it is wanted. */
  async resume(): Promise<void> {
    const { resume, checkpoints } = this.request;
    const found = resume && checkpoints ? await readDetectionCheckpoint(checkpoints.path, this.request) : undefined;
    if (!found) return;
    const { step, history, best, randoms, queue, sums, counted, evaluations, seconds } = found.progress;
    this.learner.restore(found.learner);
    Object.assign(this, { step, best, sums, counted, queue: [...queue], evaluationsSinceBest: evaluations });
    this.history.push(...history);
    this.order.position = randoms.order;
    this.drawing.position = randoms.drawing;
    this.started = performance.now() - seconds * 1000;
    for (const report of history) this.context.report({ kind: "epoch", report });
  }

  async run(): Promise<DetectionTrainResponse> {
    const { numSteps, earlyStopping, keep } = this.request;
    try {
      while (this.step < numSteps) {
        const diverged = await this.learn();
        if (diverged) return this.result("diverged", diverged);
        if (earlyStopping && this.evaluationsSinceBest >= earlyStopping.patience) break;
      }
    } catch (error) {
      if (!(error instanceof StopRequest)) throw error;
      abandonTape();
      return this.stopped();
    }
    if (keep === "last" || this.best.step === 0) this.keepNow();
    return this.result(this.step < numSteps ? "early" : "finished");
  }

  dispose(): void {
    this.pictures.dispose();
    this.learner.dispose();
  }

  private async learn(): Promise<DetectionTrainResponse["diverged"]> {
    const { numSteps, reportEvery, checkpoints } = this.request;
    this.context.control.check();
    const rate = detectionRate(this.request, this.step);
    // Drawn in advance are only pictures that come augmented from the other thread; a checkpoint begins with none in advance.
    const saves = checkpoints?.every !== undefined && (this.step + 1) % checkpoints.every === 0;
    const last = this.step + 1 === numSteps || (this.step + 1) % reportEvery === 0;
    const draws = this.drawn.shift() ?? this.draw(this.step);
    this.pictures.prepare(draws);
    if (!saves && !last) {
      this.drawn.push(this.draw(this.step + 1));
      this.pictures.prepare(this.drawn[0] ?? []);
    }
    const made = await this.pictures.batch(draws);
    const values = this.learner.learn(made, rate);
    made.release();
    const loss = totalOf(values);
    if (!Number.isFinite(loss)) return { step: this.step + 1, loss, learningRate: rate };
    // Weights that no longer are numbers must not be measured, kept or written.
    if (last && !this.learner.isSound) return { step: this.step + 1, loss: NaN, learningRate: rate };
    this.step++;
    this.sums = added(this.sums, values);
    this.counted++;
    this.tell();
    if (last) await this.report(rate);
    if (saves || (last && checkpoints)) await this.save();
    // Lets supplied pictures and questions about memory in.
    await new Promise((resolve) => setImmediate(resolve));
    return undefined;
  }

  private draw(step: number): Draw[] {
    const { train, batchSize, flip, shorterSides, seed } = this.request;
    const shorter = shorterSides[this.drawing.integer(shorterSides.length)] ?? 0;
    return Array.from({ length: batchSize }, (_, place) => {
      if (this.queue.length === 0) this.queue = this.order.shuffle([...train.keys()]);
      const index = this.queue.pop() ?? 0;
      return { index, flip: flip && this.drawing.next() < 0.5, shorter, seed: `${seed}/${step}/${place}` };
    });
  }

  private tell(): void {
    const { numSteps, batchSize } = this.request;
    const imagesPerSecond = this.speed(batchSize);
    const report = { phase: "train", epoch: this.step, done: this.step, total: numSteps, imagesPerSecond } as const;
    this.context.report({ kind: "step", report });
  }

  private speed(batchSize: number): number {
    return (this.counted * batchSize) / Math.max(1e-3, (performance.now() - this.reportedAt) / 1000);
  }

  private async report(learningRate: number): Promise<void> {
    const { batchSize, evaluation, evaluateEvery, numSteps } = this.request;
    const { wrong: trainError, ...losses } = scaled(this.sums, 1 / this.counted);
    const imagesPerSecond = this.speed(batchSize);
    const due = evaluation !== undefined && (this.step % evaluateEvery === 0 || this.step === numSteps);
    const measured = due ? await this.evaluate() : {};
    const seconds = (performance.now() - this.started) / 1000;
    const loss = totalOf(losses);
    const own = { epoch: this.step, learningRate, loss, losses, trainError, imagesPerSecond, seconds };
    const report: EpochReport = { ...own, ...measured };
    this.history.push(report);
    this.context.report({ kind: "epoch", report });
    this.sums = NONE;
    this.counted = 0;
    this.reportedAt = performance.now();
  }

  /** Mean loss and mean average precision over the evaluation pictures; remembers the weights where they are the best so far. */
  private async evaluate(): Promise<Pick<EpochReport, "evalLoss" | "evalLosses" | "evalMeanAp">> {
    const { evaluation = [], detector, shorterSides, longer, earlyStopping } = this.request;
    const sides = { shorter: shorterSides.at(-1) ?? longer, longer };
    const detections = [];
    let sums = NONE;
    for (const picture of evaluation) {
      this.context.control.check();
      const { image, truth } = await this.pictures.plain(picture);
      const made = this.pictures.made([{ image, truth }], [sides]);
      sums = added(sums, this.learner.measure(made));
      made.release();
      detections.push(...detectInPictures(this.learner.network, [image], sides));
    }
    const labels = Array.from({ length: detector.plan.classes }, (_, i) => String(i));
    const truth = evaluation.map(({ boxes, classes, difficult, crowd }) => ({ boxes, classes, difficult, crowd }));
    const score = DetectionEvaluation.fromDetections({ labels, truth, detections }).averagePrecision();
    this.evaluationsSinceBest++;
    if (score > this.best.score + (earlyStopping?.minDelta ?? 0) || this.best.step === 0) {
      this.best = { step: this.step, score };
      this.evaluationsSinceBest = 0;
      this.learner.keep();
    }
    const { wrong: _wrong, ...evalLosses } = scaled(sums, 1 / evaluation.length);
    return { evalLoss: totalOf(evalLosses), evalLosses, evalMeanAp: score };
  }

  private async save(): Promise<void> {
    const { history, best, queue, sums, counted, step } = this;
    const seconds = (performance.now() - this.started) / 1000;
    const randoms = { order: this.order.position, drawing: this.drawing.position };
    const evaluations = this.evaluationsSinceBest;
    const progress = { step, history, best, randoms, queue, sums, counted, evaluations, seconds };
    const warn = (message: string) => this.context.report({ kind: "warning", message });
    await saveDetectionCheckpoint(this.request, { progress, learner: this.learner.state() }, warn);
  }

  /** The best weights so far, where they were measured; else those of the last step. */
  private stopped(): DetectionTrainResponse {
    if (this.best.step === 0 && this.step > 0) this.keepNow();
    return this.result("stopped");
  }

  private keepNow(): void {
    this.best = { ...this.best, step: this.step };
    this.learner.keep();
  }

  private result(
    reason: DetectionTrainResponse["reason"],
    diverged?: DetectionTrainResponse["diverged"],
  ): DetectionTrainResponse {
    const { history, best } = this;
    const detector = best.step > 0 ? { detector: this.learner.kept() } : {};
    return { reason, history, bestStep: best.step, ...detector, ...(diverged ? { diverged } : {}) };
  }
}

function refuseWithoutGradients(): void {
  if (hasFusedBatchNorm()) return;
  throw new VitrineError("EngineUnavailable", {
    operation: "Training a detector",
    reason: `the backend is not TensorFlow (${loadTensorFlow().reason}), and others lack gradients of convolutions`,
    waysOut: [
      "run npm run setup, which installs TensorFlow",
      "use a detector that was trained elsewhere: it scores here",
    ],
  });
}

const added = (a: MeasuredLosses, b: MeasuredLosses): MeasuredLosses => ({
  objectness: a.objectness + b.objectness,
  proposalBox: a.proposalBox + b.proposalBox,
  classes: a.classes + b.classes,
  box: a.box + b.box,
  wrong: a.wrong + b.wrong,
});

const scaled = (values: MeasuredLosses, factor: number): MeasuredLosses => ({
  objectness: values.objectness * factor,
  proposalBox: values.proposalBox * factor,
  classes: values.classes * factor,
  box: values.box * factor,
  wrong: values.wrong * factor,
});
