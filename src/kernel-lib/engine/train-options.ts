/** What a training may be told, its defaults and their checks. */
import { resolve } from "node:path";

import type { ImageAugmenter } from "../data/augment-dataset.js";
import { quote, VitrineError } from "../structures/errors.js";
import {
  booleanOption,
  choiceOption,
  integerOption,
  knownOptions,
  numberOption,
  recordOption,
  textOption,
} from "../structures/options.js";
import type { TrainingObserver } from "../structures/training.js";
import { optimizerSettings } from "./optimizer-options.js";
import { augmenterOption } from "./augment-supply.js";
import { earlyStoppingSettings, type EarlyStopping } from "./early-stopping.js";
import { DEFAULT_BASE_RATE, type BaseRate } from "./stages.js";
import type { ClassWeights } from "./class-weights.js";
import type { TrainSettings } from "./messages.js";
import { checkSchedule } from "./schedule-options.js";
import type { Schedule } from "./schedule.js";
import { pictureReferences, type PictureSet } from "./labelled-pictures.js";

export interface TrainOptions {
  /**
   * One an epoch; by default 0.05 seven times, 0.005 seven times, 0.0005 once; with "adamw" a tenth of these.
   */
  learningRates?: readonly number[];
  /** Instead of `learningRates`: a rate that follows a schedule, by epochs or by the optimiser's steps. */
  schedule?: Schedule;
  /** By default as many as there are rates, or 15; the last rate goes on where there are fewer. */
  epochs?: number;
  /** Pictures a step; 32 by default. */
  batchSize?: number;
  /**
   * true (the default): only the head learns, from features that are computed once. With few pictures that is also the more
   * accurate way. false: the whole network learns. A stage's name: that one and those before it stay as they are, "layer3", say.
   */
  freeze?: boolean | string;
  /** "sgd" (the default): with momentum, as torch.optim.SGD. "adamw": as torch.optim.AdamW. */
  optimizer?: "sgd" | "adamw";
  /** Of "sgd", 0 to 1; 0.9 by default. */
  momentum?: number;
  /** Of "sgd": Nesterov's momentum; false by default. */
  nesterov?: boolean;
  /** Of "adamw": how much the running means of gradient and squared gradient keep in a step; [0.9, 0.999] by default. */
  betas?: readonly [number, number];
  /** Of "adamw": added to the root of the mean square; 1e-8 by default. */
  epsilon?: number;
  /**
   * How much each class's pictures count in what is learnt: "balanced", every class alike as scikit-learn has it, or weights by
   * label, 1 where none is given. By default every picture counts alike.
   */
  classWeights?: ClassWeights;
  /** How much of a picture's target is spread evenly over all classes, 0 to 1; 0 by default. */
  labelSmoothing?: number;
  /**
   * Mixup's α, 0.2 to 0.4 usually; 0 (the default) is none. Each batch is mixed with itself in another order, and so are its
   * targets: the pictures where the whole network learns (and its training error counts the class of the larger part), their
   * features where the base is frozen, which is manifold mixup at the last layer (Verma et al., 2019).
   */
  mixup?: number;
  /**
   * Changes every training picture anew in every epoch, where at least some of the base learns. It sees the pictures at the
   * network's size, which it keeps, and works in this thread, a batch ahead of the engine. With a base that is frozen as a whole
   * it is refused: there `augmentDataset` makes copies, whose features are computed once. A model with `mirror` also mirrors.
   */
  augment?: ImageAugmenter;
  /** The part of the features that the head doesn't see in a step, 0 to 1; 0.5 by default. */
  dropout?: number;
  /**
   * Weight decay; 0.0005 by default. "sgd" adds so much of a weight to its gradient; with "adamw" the weight shrinks by
   * rate · l2 of itself. Biases and batch norm don't decay.
   */
  l2?: number;
  /**
   * The rate of a base that learns in parts of the head's; 0.02 by default, so that it doesn't forget what it knows. By stage where
   * they differ: { layer3: 0.01, layer4: 0.1 }, and 0.02 for the others.
   */
  baseRate?: BaseRate;
  /** Batches whose gradients make one step of the optimiser, for more pictures a step than fit in memory; 1 by default. */
  accumulate?: number;
  /** Ends the training when it gets no better, and keeps the best epoch unless `keep` says otherwise. */
  earlyStopping?: EarlyStopping;
  /** With freeze: false, "frozen" (the default) keeps batch norm's statistics, "live" takes each batch's own, in frozen stages too. */
  batchNorm?: "frozen" | "live";
  /**
   * Which epoch's weights a training that runs to its end leaves: "last" (the default), or "best": the least evaluation
   * error, where an evaluation set is given, which makes that error look better than it is. A stopped one leaves the best.
   */
  keep?: "last" | "best";
  /** Where the training is kept while it goes, so that it can go on after whatever ends it. */
  checkpoints?: Checkpoints;
  /**
   * Go on from the checkpoint, to the same weights as if nothing had happened, with the same pictures and options; from the
   * beginning where there is none yet. false by default.
   */
  resume?: boolean;
  /** Pictures to measure each epoch on. */
  evalDataset?: PictureSet;
  /** A folder for TensorBoard's event files. */
  tensorboardLogdir?: string;
  /** The same seed, pictures and machine give the same weights; 1 by default. */
  seed?: number;
  /** Ends the training: the best weights so far are kept, and it throws `Stopped`. */
  signal?: AbortSignal;
  /** Who watches; by default the kernel's live view. null: nobody. */
  observer?: TrainingObserver | null;
}

export interface Checkpoints {
  /** The file: written after each epoch, whole or not at all. A disk that is full is a warning. */
  path: string;
  /** Also after every so many steps of the optimiser. */
  every?: number;
}

export interface CheckedTrainOptions extends Omit<TrainSettings, "classWeights" | "freeze" | "stageRates" | "augment"> {
  freeze: boolean | string;
  baseRate: BaseRate;
  augmenter: ImageAugmenter | undefined;
  evalDataset: PictureSet | undefined;
  tensorboardLogdir: string | undefined;
  classWeights: ClassWeights | undefined;
}

const NAMES: readonly (keyof TrainOptions)[] = [
  "learningRates",
  "schedule",
  "epochs",
  "batchSize",
  "freeze",
  "optimizer",
  "momentum",
  "nesterov",
  "betas",
  "epsilon",
  "classWeights",
  "labelSmoothing",
  "mixup",
  "augment",
  "dropout",
  "l2",
  "baseRate",
  "accumulate",
  "earlyStopping",
  "batchNorm",
  "keep",
  "checkpoints",
  "resume",
  "evalDataset",
  "tensorboardLogdir",
  "seed",
  "signal",
  "observer",
];

const DEFAULT_RATES = {
  sgd: [...Array<number>(7).fill(0.05), ...Array<number>(7).fill(0.005), 0.0005],
  adamw: [...Array<number>(7).fill(0.005), ...Array<number>(7).fill(0.0005), 0.00005],
};

/** @throws InvalidOption */
export function checkTrainOptions(options: TrainOptions): CheckedTrainOptions {
  knownOptions("train", options, NAMES);
  const { evalDataset, tensorboardLogdir, earlyStopping: stopping } = options;
  if (evalDataset !== undefined) pictureReferences("evalDataset", evalDataset);
  const optimizer = optimizerSettings(options);
  return {
    ...rates(options),
    batchSize: integerOption("batchSize", options.batchSize ?? 32, 1, 4096),
    freeze: freezeOption(options.freeze ?? true),
    optimizer,
    classWeights: options.classWeights,
    labelSmoothing: numberOption("labelSmoothing", options.labelSmoothing ?? 0, 0, 1),
    mixup: numberOption("mixup", options.mixup ?? 0, 0, 100),
    dropout: numberOption("dropout", options.dropout ?? 0.5, 0, 0.99),
    l2: numberOption("l2", options.l2 ?? 0.0005, 0, 1),
    baseRate: options.baseRate ?? DEFAULT_BASE_RATE,
    accumulate: integerOption("accumulate", options.accumulate ?? 1, 1, 100_000),
    earlyStopping: stopping && earlyStoppingSettings(stopping, evalDataset !== undefined),
    batchNorm: choiceOption("batchNorm", options.batchNorm ?? "frozen", ["frozen", "live"]),
    keep: choiceOption("keep", options.keep ?? (stopping ? "best" : "last"), ["last", "best"]),
    augmenter: options.augment === undefined ? undefined : augmenterOption(options.augment),
    ...checkpointOptions(options),
    seed: integerOption("seed", options.seed ?? 1, 0, 2 ** 32 - 1),
    evalDataset,
    tensorboardLogdir: tensorboardLogdir === undefined ? undefined : textOption("tensorboardLogdir", tensorboardLogdir),
  };
}

function checkpointOptions({ checkpoints, resume }: TrainOptions): Pick<TrainSettings, "checkpoints" | "resume"> {
  const going = booleanOption("resume", resume ?? false);
  if (checkpoints === undefined) {
    if (!going) return { checkpoints: undefined, resume: false };
    const expected = "checkpoints: { path } beside it, or false,";
    throw new VitrineError("InvalidOption", { option: "resume", expected, received: "true" });
  }
  recordOption("checkpoints", checkpoints, 'an object such as { path: "run.checkpoint" }');
  knownOptions("checkpoints", checkpoints, ["path", "every"]);
  const { every } = checkpoints;
  const path = resolve(textOption("checkpoints.path", checkpoints.path));
  const steps = every === undefined ? undefined : integerOption("checkpoints.every", every, 1);
  return { checkpoints: { path, every: steps }, resume: going };
}

/** Which stages there are is the network's matter. */
function freezeOption(freeze: boolean | string): boolean | string {
  return typeof freeze === "string" ? textOption("freeze", freeze) : booleanOption("freeze", freeze);
}

function rates(options: TrainOptions): Pick<TrainSettings, "rates" | "epochs"> {
  const { optimizer = "sgd", schedule, learningRates, epochs } = options;
  if (schedule !== undefined) {
    if (learningRates !== undefined) throw both();
    return { rates: checkSchedule(schedule), epochs: integerOption("epochs", epochs ?? 15, 1, 100_000) };
  }
  const given = rateList(learningRates ?? DEFAULT_RATES[optimizer]);
  return { rates: given, epochs: integerOption("epochs", epochs ?? given.length, 1, 100_000) };
}

function rateList(learningRates: readonly number[]): number[] {
  if (!Array.isArray(learningRates) || learningRates.length === 0) {
    const expected = "a list of at least one number";
    throw new VitrineError("InvalidOption", { option: "learningRates", expected, received: quote(learningRates) });
  }
  return (learningRates as readonly number[]).map((rate, i) => numberOption(`learningRates[${i}]`, rate, 0, 1e6));
}

const both = () =>
  new VitrineError("InvalidOption", {
    option: "schedule",
    expected: "either a schedule or learningRates",
    received: "both",
  });
