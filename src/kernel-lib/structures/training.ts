/**
 * What a training run tells those who watch it, and what they may ask of it. The engine calls, the progress widget and the
 * terminal listen; neither imports the other.
 */

/** Known before the first step. */
export interface TrainingPlan {
  /** For the heading: "resnet18, base frozen", say. */
  title: string;
  epochs: number;
  images: number;
  batchSize: number;
  /** What is counted: "epoch" unless said otherwise. A detector counts steps, and `epochs` and `epoch` are those then. */
  unit?: "epoch" | "step";
}

/** The four parts of a detector's loss. */
export interface DetectionLossValues {
  /** Of proposals: is there something? */
  objectness: number;
  /** Of proposals: where? */
  proposalBox: number;
  /** What is it? */
  classes: number;
  /** Where exactly? */
  box: number;
}

/** One finished epoch. Errors are fractions of wrong pictures, 0 to 1. */
export interface EpochReport {
  /** From 1. */
  epoch: number;
  /** Of the last step. */
  learningRate: number;
  /** Mean over the epoch's training pictures of what was minimised: cross-entropy with dropout, and mixup, smoothing, weights. */
  loss: number;
  /** Of detectors: the part of the regions learnt from that were taken for something else. */
  trainError: number;
  /** Plain cross-entropy, where an evaluation set was given; of detectors the sum of the four losses. */
  evalLoss?: number;
  evalError?: number;
  /** Of detectors: what `loss` and `evalLoss` are the sums of. */
  losses?: DetectionLossValues;
  evalLosses?: DetectionLossValues;
  /** Of detectors: the mean average precision at an IoU of 0.5, 0 to 1. */
  evalMeanAp?: number;
  imagesPerSecond: number;
  /** Since the training began. */
  seconds: number;
}

/** Progress within an epoch or before the first one. */
export interface StepReport {
  /** "features" while a frozen base computes what the head learns from, then "train". */
  phase: "features" | "train";
  epoch: number;
  done: number;
  total: number;
  imagesPerSecond: number;
}

export interface TrainingOutcome {
  reason: "finished" | "stopped" | "failed";
  /** The epoch whose weights were kept. */
  bestEpoch: number;
  message?: string;
}

/** What a search for a learning rate saw, step by step while the rate rose. */
export interface LearningRateCurve {
  rates: readonly number[];
  /** Of each step's batch. */
  losses: readonly number[];
  /** Running means of the losses. */
  smoothed: readonly number[];
  /** Where the smoothed loss fell fastest; undefined where it never fell. */
  suggestion: number | undefined;
}

/**
 * Somebody who watches a training. `stop` ends it after the running step and keeps the best epoch. Only `onStart` is waited for; what it
 * throws ends the training, what the others throw, at once or later, is a warning. Nothing else comes of what they return, so that
 * `onEpoch: (report) => reports.push(report)` will do.
 */
export interface TrainingObserver {
  onStart?(plan: TrainingPlan, stop: () => void): unknown;
  onStep?(report: StepReport): unknown;
  onEpoch?(report: EpochReport): unknown;
  onEnd?(outcome: TrainingOutcome): unknown;
}
