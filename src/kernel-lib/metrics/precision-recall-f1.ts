/** Precision, recall and F-beta, of each class and averaged over classes. */
import { choiceOption, knownOptions, numberOption } from "../structures/options.js";
import { type ClassLabel, classesOf } from "./confusion-matrix.js";
import { sameLength } from "./threshold-counts.js";

/** One class; the rates are in 0..1, and 0 where they divide by nothing. */
export interface ClassPrecisionRecall {
  label: ClassLabel;
  /** Of the samples predicted as this class, the share that is. */
  precision: number;
  /** Of the samples of this class, the share predicted so. */
  recall: number;
  /** The harmonic mean of precision and recall. */
  f1: number;
  /** How many samples are of this class. */
  support: number;
}

/**
 * One row a class (scikit-learn's `precision_recall_fscore_support` with `zero_division=0`).
 *
 * @param options.labels which classes, in which order; default: all that occur, sorted
 */
export function precisionRecallF1(
  truth: ArrayLike<ClassLabel>,
  predicted: ArrayLike<ClassLabel>,
  options: { labels?: readonly ClassLabel[] } = {},
): ClassPrecisionRecall[] {
  knownOptions("precisionRecallF1", options, ["labels"]);
  return countsByClass(truth, predicted, options.labels).map((counts) => {
    const { precision, recall, fBeta } = rates(counts, 1);
    return { label: counts.label, precision, recall, f1: fBeta, support: counts.support };
  });
}

export interface FBetaOptions {
  /** How many times as much recall counts as precision. Default 1. */
  beta?: number;
  /**
   * "macro": the classes' plain mean; "weighted": by their samples; "micro": from the counts of all classes together. Default
   * "macro".
   */
  average?: "macro" | "weighted" | "micro";
  /** Over which classes. Default: all that occur. */
  labels?: readonly ClassLabel[];
}

/** Rates in 0..1. */
export interface AveragedPrecisionRecall {
  precision: number;
  recall: number;
  /** (1 + β²) · precision · recall / (β² · precision + recall). */
  fBeta: number;
}

/**
 * Averages over classes (scikit-learn's `precision_recall_fscore_support` with `zero_division=0`).
 *
 * @throws InvalidOption where the lengths differ, nothing was given, or a class is NaN
 */
export function precisionRecallFBeta(
  truth: ArrayLike<ClassLabel>,
  predicted: ArrayLike<ClassLabel>,
  options: FBetaOptions = {},
): AveragedPrecisionRecall {
  knownOptions("precisionRecallFBeta", options, ["beta", "average", "labels"]);
  const beta = numberOption("beta", options.beta ?? 1, 0);
  const average = choiceOption("average", options.average ?? "macro", ["macro", "weighted", "micro"]);
  const classes = countsByClass(truth, predicted, options.labels);
  const total = (key: "right" | "guessed" | "support") => classes.reduce((sum, counts) => sum + counts[key], 0);
  if (average === "micro") {
    return rates({ right: total("right"), guessed: total("guessed"), support: total("support") }, beta);
  }
  const weigh = (counts: ClassCounts) =>
    average === "macro" ? 1 / classes.length : share(counts.support, total("support"));
  const sums = { precision: 0, recall: 0, fBeta: 0 };
  for (const counts of classes) {
    const own = rates(counts, beta);
    for (const key of ["precision", "recall", "fBeta"] as const) sums[key] += weigh(counts) * own[key];
  }
  return sums;
}

interface ClassCounts {
  /** Samples of the class predicted so. */
  right: number;
  /** Samples predicted so. */
  guessed: number;
  /** Samples of the class. */
  support: number;
}

function countsByClass(
  truth: ArrayLike<ClassLabel>,
  predicted: ArrayLike<ClassLabel>,
  labels?: readonly ClassLabel[],
): (ClassCounts & { label: ClassLabel })[] {
  sameLength("predicted", truth.length, predicted.length);
  const occurring = classesOf(truth, predicted);
  const right = count(Array.from(truth).filter((label, i) => label === predicted[i]));
  const support = count(Array.from(truth));
  const guessed = count(Array.from(predicted));
  return (labels ?? occurring).map((label) => ({
    label,
    right: right.get(label) ?? 0,
    guessed: guessed.get(label) ?? 0,
    support: support.get(label) ?? 0,
  }));
}

function rates({ right, guessed, support }: ClassCounts, beta: number): AveragedPrecisionRecall {
  const square = beta ** 2;
  return {
    precision: share(right, guessed),
    recall: share(right, support),
    fBeta: share((1 + square) * right, guessed + square * support),
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function count(labels: readonly ClassLabel[]): Map<ClassLabel, number> {
  const counts = new Map<ClassLabel, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
