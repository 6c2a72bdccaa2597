/** What a detector's training may be told, its defaults and their checks. */
import type { ImageData8 } from "../structures/image.js";
import { quote, VitrineError } from "../structures/errors.js";
import { booleanOption, choiceOption, integerOption, knownOptions, numberOption } from "../structures/options.js";
import type { TrainingObserver } from "../structures/training.js";
import { augmenterOption } from "./augmenter-option.js";
import { CHECKPOINT_OPTIONS, checkpointSettings, type CheckpointOptions } from "./checkpoint-options.js";
import type { DetectionEarlyStopping, DetectionTrainSettings } from "./detection-messages.js";
import { OPTIMIZER_OPTIONS, optimizerSettings, type OptimizerOptions } from "./optimizer-options.js";
import type { BoxedSet } from "./detection-boxes.js";

/** What a training needs of an augmenter with boxes: the same seed gives the same. All of `augmenters` are such. */
export interface BoxAugmenter {
  augment(
    subject: { image: ImageData8; boxes: readonly AugmentedBox[] },
    options: { seed: string },
  ): { image: ImageData8; boxes?: readonly AugmentedBox[] };
  /** The same on other threads. */
  augmentBatch?(
    subjects: readonly { image: ImageData8; boxes: readonly AugmentedBox[] }[],
    options: { seeds: readonly string[] },
  ): Promise<{ image: ImageData8; boxes?: readonly AugmentedBox[] }[]>;
}

/** A box on its way through an augmenter: upright, in pixels. */
export interface AugmentedBox {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly label?: string;
}

export interface DetectionTrainOptions extends CheckpointOptions, Omit<OptimizerOptions, "optimizer"> {
  /** "adamw" by default for the small backbone, "sgd" for the others. */
  optimizer?: "sgd" | "adamw";
  /** Steps of the optimiser, one batch each; 350 by default. At least ten times the pictures are a good number. */
  numSteps?: number;
  /** 0.001 by default, which suits weights from COCO; with heads that begin anew too, by "adamw"; by "sgd" they want 0.01 to 0.02. */
  initialLearningRate?: number;
  /** "constant" (the default), "cosine" down to nothing, or "step": a tenth after two thirds, a hundredth after eight ninths. */
  decay?: "constant" | "cosine" | "step";
  /** Steps in which the rate rises from nothing; a tenth of all, at most 50, by default. */
  warmUpSteps?: number;
  /** Pictures a step; 1 by default. */
  batchSize?: number | undefined;
  /** Weight decay; 0.0001 by default, of "adamw" 0.01. Biases and batch norm don't decay. */
  l2?: number;
  /** The most that the length of all gradients together may be, 0 for no limit; 10 by default. */
  gradientClip?: number;
  /** Mirrors every other picture from left to right; true by default. */
  flip?: boolean;
  /** Shorter sides of which each step takes one, in pixels; the detector's own by default. */
  shorterSides?: readonly number[];
  /**
   * So many of the backbone's five parts (stem and four stages, counted from the picture) stay as they are; 2 by default. What they see of
   * a picture is computed once where nothing changes the picture. Batch norm always stays.
   */
  frozenStages?: number;
  /** The backbone's rate in parts of the others'; 1 by default, 0.2 for the small backbone. */
  baseRate?: number;
  /** Changes every training picture and its boxes anew each time; it works in this thread, a step ahead of the engine. */
  augment?: BoxAugmenter;
  /** Of a box that an augmenter moved over the border at least this part must be left, or it isn't learnt from; 0.3 by default. */
  minVisible?: number;
  /** Pictures to measure the training on: the four losses, and the mean average precision. */
  evalDataset?: BoxedSet;
  /** Steps between two points of the curves; a fiftieth of all, 5 at least, by default. */
  reportEvery?: number;
  /** Steps between two evaluations; a tenth of all by default. Rounded up to a report. */
  evaluateEvery?: number;
  /** Ends the training when its evaluations get no better: { patience: 3 }; `minDelta` in parts of 1, 0 by default. */
  earlyStopping?: { patience: number; minDelta?: number };
  /** Which weights a training that runs to its end leaves: "last", or "best" by the evaluations; "last" unless it may stop early. */
  keep?: "last" | "best";
  /** The same seed, pictures and machine give the same weights; 1 by default. */
  seed?: number;
  /** Ends the training: what was learnt is kept, and it throws `Stopped`. */
  signal?: AbortSignal | undefined;
  /** Who watches; by default the kernel's live view. null: nobody. */
  observer?: TrainingObserver | null | undefined;
}

export interface CheckedDetectionTrainOptions extends Omit<
  DetectionTrainSettings,
  "shorterSides" | "longer" | "augmenterPrint"
> {
  shorterSides: readonly number[] | undefined;
  augmenter: BoxAugmenter | undefined;
  minVisible: number;
  evalDataset: BoxedSet | undefined;
}

const NAMES: readonly (keyof DetectionTrainOptions)[] = [
  "numSteps",
  "initialLearningRate",
  "decay",
  "warmUpSteps",
  "batchSize",
  ...OPTIMIZER_OPTIONS,
  "l2",
  "gradientClip",
  "flip",
  "shorterSides",
  "frozenStages",
  "baseRate",
  "augment",
  "minVisible",
  "evalDataset",
  "reportEvery",
  "evaluateEvery",
  "earlyStopping",
  "keep",
  ...CHECKPOINT_OPTIONS,
  "seed",
  "signal",
  "observer",
];

/** @throws InvalidOption */
export function checkDetectionTrainOptions(
  options: DetectionTrainOptions,
  small: boolean,
): CheckedDetectionTrainOptions {
  knownOptions("train", options, NAMES);
  const numSteps = integerOption("numSteps", options.numSteps ?? 350, 1, 10_000_000);
  const usualReport = Math.min(numSteps, Math.max(5, Math.round(numSteps / 50)));
  const reportEvery = integerOption("reportEvery", options.reportEvery ?? usualReport, 1);
  const wanted = integerOption("evaluateEvery", options.evaluateEvery ?? Math.max(1, Math.round(numSteps / 10)), 1);
  const earlyStopping = stoppingOption(options);
  const { shorterSides, augment } = options;
  const optimizer = optimizerSettings({ ...options, optimizer: options.optimizer ?? usualOptimizer(options, small) });
  return {
    numSteps,
    learningRate: numberOption("initialLearningRate", options.initialLearningRate ?? 0.001, Number.MIN_VALUE, 1e3),
    decay: choiceOption("decay", options.decay ?? "constant", ["constant", "cosine", "step"]),
    warmUp: integerOption("warmUpSteps", options.warmUpSteps ?? Math.min(50, Math.floor(numSteps / 10)), 0),
    batchSize: integerOption("batchSize", options.batchSize ?? 1, 1, 256),
    optimizer,
    l2: numberOption("l2", options.l2 ?? (optimizer.kind === "sgd" ? 0.0001 : 0.01), 0, 1),
    clipNorm: numberOption("gradientClip", options.gradientClip ?? 10, 0, 1e9),
    flip: booleanOption("flip", options.flip ?? true),
    shorterSides: shorterSides && sideList(shorterSides),
    frozenStages: integerOption("frozenStages", options.frozenStages ?? 2, 0, 5),
    baseRate: numberOption("baseRate", options.baseRate ?? (small ? 0.2 : 1), 0, 1e3),
    augmenter: augment && augmenterOption(augment),
    augment: augment !== undefined,
    minVisible: numberOption("minVisible", options.minVisible ?? 0.3, 0, 1),
    evalDataset: options.evalDataset,
    reportEvery,
    evaluateEvery: Math.ceil(wanted / reportEvery) * reportEvery,
    earlyStopping,
    keep: keepOption(options),
    ...checkpointSettings(options),
    seed: integerOption("seed", options.seed ?? 1, 0, 2 ** 32 - 1),
  };
}

/** New heads learn sooner by AdamW, and its rates are those that suit a trained detector by SGD; who gives SGD's numbers wants SGD. */
function usualOptimizer({ momentum, nesterov }: DetectionTrainOptions, small: boolean): "sgd" | "adamw" {
  return small && momentum === undefined && nesterov === undefined ? "adamw" : "sgd";
}

function stoppingOption({ earlyStopping, evalDataset }: DetectionTrainOptions): DetectionEarlyStopping | undefined {
  if (earlyStopping === undefined) return undefined;
  knownOptions("earlyStopping", earlyStopping, ["patience", "minDelta"]);
  if (evalDataset === undefined) {
    const expected = "an evalDataset beside it, or nothing,";
    throw new VitrineError("InvalidOption", { option: "earlyStopping", expected, received: quote(earlyStopping) });
  }
  return {
    patience: integerOption("earlyStopping.patience", earlyStopping.patience, 1),
    minDelta: numberOption("earlyStopping.minDelta", earlyStopping.minDelta ?? 0, 0, 1),
  };
}

/** Without evaluations none is the best, and the last would be kept in silence. */
function keepOption({ keep, earlyStopping, evalDataset }: DetectionTrainOptions): "last" | "best" {
  const chosen = choiceOption("keep", keep ?? (earlyStopping ? "best" : "last"), ["last", "best"]);
  if (chosen === "last" || evalDataset !== undefined) return chosen;
  const expected = 'an evalDataset beside it, or "last",';
  throw new VitrineError("InvalidOption", { option: "keep", expected, received: quote(chosen) });
}

function sideList(sides: readonly number[]): number[] {
  if (Array.isArray(sides) && sides.length > 0) {
    return (sides as readonly number[]).map((side, i) => integerOption(`shorterSides[${i}]`, side, 64, 4096));
  }
  const expected = "a list of at least one number of pixels";
  throw new VitrineError("InvalidOption", { option: "shorterSides", expected, received: quote(sides) });
}
