/** What a training may be told, its defaults and their checks; a file for each noun, and here what is left and the whole. */
import type { PictureAugmenter } from "../data/augmented-picture.js";
import { choiceOption, integerOption, knownOptions } from "../structures/options.js";
import { augmenterOption } from "./augmenter-option.js";
import { BASE_OPTIONS, type BaseOptions, baseSettings, type BaseSettings } from "./base-options.js";
import { CHECKPOINT_OPTIONS, type CheckpointOptions, checkpointSettings } from "./checkpoint-options.js";
import { earlyStoppingSettings, type EarlyStopping } from "./early-stopping.js";
import { pictureReferences, type PictureSet } from "./labelled-pictures.js";
import { LOSS_OPTIONS, type LossOptions, lossSettings, type LossSettings } from "./loss-options.js";
import type { TrainSettings } from "./messages.js";
import { OPTIMIZER_OPTIONS, type OptimizerOptions, optimizerSettings } from "./optimizer-options.js";
import { RATE_OPTIONS, type RateOptions, rateSettings } from "./rate-options.js";
import { RECORD_OPTIONS, type RecordOptions, recordSettings, type RecordSettings } from "./record-options.js";

export interface TrainOptions
  extends RateOptions, OptimizerOptions, BaseOptions, LossOptions, CheckpointOptions, RecordOptions {
  /** Pictures a step; 32 by default. */
  batchSize?: number | undefined;
  /**
   * Changes every training picture anew in every epoch, where at least some of the base learns. It sees the pictures at the
   * network's size, which it keeps, and works in this thread, a batch ahead of the engine. With a base that is frozen as a whole
   * it is refused: there `augmentDataset` makes copies, whose features are computed once. A model with `mirror` also mirrors.
   */
  augment?: PictureAugmenter;
  /** Batches whose gradients make one step of the optimiser, for more pictures a step than fit in memory; 1 by default. */
  accumulate?: number;
  /** Ends the training when it gets no better, and keeps the best epoch unless `keep` says otherwise. */
  earlyStopping?: EarlyStopping;
  /**
   * Which epoch's weights a training that runs to its end leaves: "last" (the default), or "best": the least evaluation
   * error, where an evaluation set is given, which makes that error look better than it is. A stopped one leaves the best.
   */
  keep?: "last" | "best";
  /** Pictures to measure each epoch on. */
  evalDataset?: PictureSet;
  /** The same seed, pictures and machine give the same weights; 1 by default. */
  seed?: number;
  /** Ends the training: the best weights so far are kept, and it throws `Stopped`. */
  signal?: AbortSignal | undefined;
}

type Elsewhere = "classWeights" | "freeze" | "stageRates" | "augment" | "augmenter" | "record";

export interface CheckedTrainOptions
  extends
    Omit<TrainSettings, Elsewhere | keyof LossSettings | keyof BaseSettings>,
    LossSettings,
    BaseSettings,
    RecordSettings {
  augmenter: PictureAugmenter | undefined;
  evalDataset: PictureSet | undefined;
}

const NAMES: readonly (keyof TrainOptions)[] = [
  ...RATE_OPTIONS,
  "batchSize",
  ...BASE_OPTIONS,
  ...OPTIMIZER_OPTIONS,
  ...LOSS_OPTIONS,
  "augment",
  "accumulate",
  "earlyStopping",
  "keep",
  ...CHECKPOINT_OPTIONS,
  "evalDataset",
  "seed",
  "signal",
  ...RECORD_OPTIONS,
];

/** @throws InvalidOption */
export function checkTrainOptions(options: TrainOptions): CheckedTrainOptions {
  knownOptions("train", options, NAMES);
  const { evalDataset, earlyStopping: stopping } = options;
  if (evalDataset !== undefined) pictureReferences("evalDataset", evalDataset);
  return {
    optimizer: optimizerSettings(options),
    ...rateSettings(options),
    batchSize: integerOption("batchSize", options.batchSize ?? 32, 1, 4096),
    ...baseSettings(options),
    ...lossSettings(options),
    accumulate: integerOption("accumulate", options.accumulate ?? 1, 1, 100_000),
    earlyStopping: stopping && earlyStoppingSettings(stopping, evalDataset !== undefined),
    keep: choiceOption("keep", options.keep ?? (stopping ? "best" : "last"), ["last", "best"]),
    augmenter: options.augment === undefined ? undefined : augmenterOption(options.augment),
    ...checkpointSettings(options),
    seed: integerOption("seed", options.seed ?? 1, 0, 2 ** 32 - 1),
    evalDataset,
    ...recordSettings(options),
  };
}
