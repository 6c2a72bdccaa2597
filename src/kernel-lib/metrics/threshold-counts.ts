/**
 * The one primitive that feeds every curve: how many positives and negatives score at least t, for each distinct score t.
 *
 * Positives and negatives are sorted apart and then merged, so that plain numbers are sorted and no index has to follow
 * them: a million scores take about a tenth of a second.
 */
import { quote, VitrineError } from "../structures/errors.js";
import { sortFloats } from "./float-sort.js";

/** Whether each sample is of the class in question: booleans, 0 and 1, or -1 and 1. */
export type BinaryTruth = ArrayLike<boolean> | ArrayLike<number>;

/** Entry i counts the samples whose score is at least `thresholds[i]`; thresholds fall. */
export interface ThresholdCounts {
  truePositives: Float64Array;
  falsePositives: Float64Array;
  thresholds: Float64Array;
}

/**
 * True and false positives at each distinct score, from the highest down (scikit-learn's `_binary_clf_curve`).
 * The last entries are the numbers of positives and negatives.
 *
 * @throws InvalidOption where the lengths differ, nothing was given, or a score is NaN or infinite
 */
export function thresholdCounts(truth: BinaryTruth, scores: ArrayLike<number>): ThresholdCounts {
  const [positives, negatives] = splitByTruth(truth, scores);
  const total = positives.length + negatives.length;
  const [tps, fps, thresholds] = [new Float64Array(total), new Float64Array(total), new Float64Array(total)];
  let points = 0;
  let p = positives.length;
  let n = negatives.length;
  while (p > 0 || n > 0) {
    const threshold = Math.max(positives[p - 1] ?? -Infinity, negatives[n - 1] ?? -Infinity);
    while (p > 0 && positives[p - 1] === threshold) p--;
    while (n > 0 && negatives[n - 1] === threshold) n--;
    tps[points] = positives.length - p;
    fps[points] = negatives.length - n;
    thresholds[points++] = threshold;
  }
  return {
    truePositives: tps.subarray(0, points),
    falsePositives: fps.subarray(0, points),
    thresholds: thresholds.subarray(0, points),
  };
}

/** The scores of the positives and of the negatives, each in rising order. */
function splitByTruth(truth: BinaryTruth, scores: ArrayLike<number>): [Float64Array, Float64Array] {
  sameLength("scores", truth.length, scores.length);
  const positives = new Float64Array(scores.length);
  const negatives = new Float64Array(scores.length);
  let p = 0;
  let n = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = finite(scores[i], i);
    if (isPositive(truth[i], i)) positives[p++] = score;
    else negatives[n++] = score;
  }
  return [sortFloats(positives.subarray(0, p)), sortFloats(negatives.subarray(0, n))];
}

/** @throws InvalidOption where a score is NaN, infinite or no number */
export function finite(score: unknown, index: number): number {
  if (typeof score === "number" && Number.isFinite(score)) return score;
  throw new VitrineError("InvalidOption", {
    option: `scores[${index}]`,
    expected: "a finite number",
    received: quote(score),
  });
}

/** @throws InvalidOption where a truth is none of the spellings of yes and no */
export function isPositive(value: unknown, index: number): boolean {
  if (value === true || value === 1) return true;
  if (value === false || value === 0 || value === -1) return false;
  throw new VitrineError("InvalidOption", {
    option: `truth[${index}]`,
    expected: "true or false, 1 or 0, or 1 or -1",
    received: quote(value),
  });
}

/** Refuses lists that are empty or not as long as the truth. */
export function sameLength(option: string, truth: number, other: number): void {
  if (truth === 0) {
    throw new VitrineError("InvalidOption", {
      option: "truth",
      expected: "at least one sample",
      received: "an empty list",
    });
  }
  if (truth === other) return;
  throw new VitrineError("InvalidOption", {
    option,
    expected: `${truth} entries, as many as truth has,`,
    received: `${other}`,
  });
}
