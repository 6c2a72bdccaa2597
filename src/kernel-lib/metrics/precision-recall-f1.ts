/** Precision, recall and F1 of each class. */
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
  sameLength("predicted", truth.length, predicted.length);
  const occurring = classesOf(truth, predicted);
  const right = count(Array.from(truth).filter((label, i) => label === predicted[i]));
  const support = count(Array.from(truth));
  const guessed = count(Array.from(predicted));
  return (options.labels ?? occurring).map((label) =>
    rates(label, right.get(label) ?? 0, guessed.get(label) ?? 0, support.get(label) ?? 0),
  );
}

function rates(label: ClassLabel, right: number, guessed: number, support: number): ClassPrecisionRecall {
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return {
    label,
    precision: share(right, guessed),
    recall: share(right, support),
    f1: share(2 * right, guessed + support),
    support,
  };
}

function count(labels: readonly ClassLabel[]): Map<ClassLabel, number> {
  const counts = new Map<ClassLabel, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
