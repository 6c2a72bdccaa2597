/** TrainingView: a training run while it goes, and what came of it. */

/** "waiting" until the first step; "stopping" from the click on Stop until the training has ended. */
export const TRAINING_PHASES = ["waiting", "features", "train", "stopping", "finished", "stopped", "failed"] as const;
export type TrainingPhase = (typeof TRAINING_PHASES)[number];

/** One finished epoch. Errors are fractions of wrong pictures; null where there is no evaluation set. */
export interface TrainingRow {
  epoch: number;
  learningRate: number;
  loss: number;
  trainError: number;
  evalLoss: number | null;
  evalError: number | null;
  /** Of detectors: the four parts of the loss, and the mean average precision, 0 to 1. */
  losses?: Readonly<Record<TrainingLoss, number>>;
  evalMeanAp?: number;
  imagesPerSecond: number;
  /** Since the training began. */
  seconds: number;
}

/** A detector's losses, as views name them. */
export const TRAINING_LOSSES = {
  objectness: "is there something?",
  proposalBox: "where?",
  classes: "what is it?",
  box: "where exactly?",
} as const;
export type TrainingLoss = keyof typeof TRAINING_LOSSES;

export interface TrainingState {
  title: string;
  phase: TrainingPhase;
  /** What `epochs`, `epoch` and the history count. */
  unit: "epoch" | "step";
  /** Planned. */
  epochs: number;
  images: number;
  batchSize: number;
  /** The running one, from 1; 0 before the first. */
  epoch: number;
  /** Pictures done of the running epoch, or of the features. */
  done: number;
  total: number;
  imagesPerSecond: number;
  /** Since the training began. */
  seconds: number;
  /** Seconds left, by the epochs so far; null while that can't be known. */
  remaining: number | null;
  /** Finished epochs in order, at most `MOST_EPOCHS` of them, evenly spread; the last one and the kept one are always among them. */
  history: readonly TrainingRow[];
  /** The epoch whose weights are kept; null until an epoch is done. */
  bestEpoch: number | null;
  message: string;
}

export const TRAINING_DEFAULTS: TrainingState = {
  title: "Training",
  phase: "waiting",
  unit: "epoch",
  epochs: 0,
  images: 0,
  batchSize: 0,
  epoch: 0,
  done: 0,
  total: 0,
  imagesPerSecond: 0,
  seconds: 0,
  remaining: null,
  history: [],
  bestEpoch: null,
  message: "",
};

export interface TrainingCommand {
  type: "stop";
}

/** A screen shows no more points than this, and they go to the browser whole, several times a second. */
export const MOST_EPOCHS = 400;

/** How many epochs are done. */
export function finishedEpochs({ history }: Pick<TrainingState, "history">): number {
  return history.at(-1)?.epoch ?? 0;
}

/** Whether nothing more will come. */
export function hasEnded(phase: TrainingPhase): boolean {
  return phase === "finished" || phase === "stopped" || phase === "failed";
}
