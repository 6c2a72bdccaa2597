/** How often the prediction is right: over all samples, and as the mean over classes. */
import { type ClassLabel, classesOf, confusionMatrix } from "./confusion-matrix.js";
import { sameLength } from "./threshold-counts.js";

/** The share of samples whose prediction is right, in 0..1 (scikit-learn's `accuracy_score`). */
export function accuracy(truth: ArrayLike<ClassLabel>, predicted: ArrayLike<ClassLabel>): number {
  sameLength("predicted", truth.length, predicted.length);
  classesOf(truth, predicted);
  let right = 0;
  for (let i = 0; i < truth.length; i++) if (truth[i] === predicted[i]) right++;
  return right / truth.length;
}

/**
 * The mean of the classes' recalls, in 0..1: a rare class counts as much as a common one. Classes that occur only among the
 * predictions are left out (scikit-learn's `balanced_accuracy_score`).
 */
export function balancedAccuracy(truth: ArrayLike<ClassLabel>, predicted: ArrayLike<ClassLabel>): number {
  const recalls = classRecalls(confusionMatrix(truth, predicted)).filter((recall) => !Number.isNaN(recall));
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/** The share of each row's samples on the diagonal, in 0..1; NaN for a row without samples. */
export function classRecalls(matrix: readonly (readonly number[])[]): number[] {
  return matrix.map((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return total === 0 ? NaN : (row[i] ?? 0) / total;
  });
}
