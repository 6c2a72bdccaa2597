/** How surprised probabilities are by the truth, and how far they are from it. */
import { checkProbabilities, type ScoreMatrix } from "./score-matrix.js";
import type { BinaryTruth } from "./threshold-counts.js";

/**
 * Mean negative logarithm of the probability of the true class, in nats, at least 0 (scikit-learn's `log_loss` on doubles:
 * probabilities are clipped to 2.2e-16 from 0 and 1).
 *
 * @param truth each sample's column; with a list of the positive class's probabilities, yes or no
 * @throws InvalidOption where a probability is NaN or outside 0..1, a row does not add up to 1, or shapes don't fit
 */
export function logLoss(truth: BinaryTruth, probabilities: ArrayLike<number> | ScoreMatrix): number {
  const { truth: classes, scores } = checkProbabilities(truth, probabilities);
  let sum = 0;
  for (let row = 0; row < scores.rows; row++) {
    const p = scores.data[row * scores.columns + (classes[row] ?? 0)] ?? NaN;
    sum -= Math.log(Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON));
  }
  return sum / scores.rows;
}

/**
 * Mean squared distance between probabilities and truth: in 0..1 for two classes, where it is the positive class's alone, and in
 * 0..2 for more, the sum over classes (scikit-learn's `brier_score_loss`). Brier 1950.
 *
 * @param truth as `logLoss`
 * @throws InvalidOption as `logLoss`
 */
export function brierScore(truth: BinaryTruth, probabilities: ArrayLike<number> | ScoreMatrix): number {
  const { truth: classes, scores } = checkProbabilities(truth, probabilities);
  let sum = 0;
  for (let i = 0; i < scores.data.length; i++) {
    const right = classes[Math.floor(i / scores.columns)] === i % scores.columns;
    sum += ((scores.data[i] ?? NaN) - Number(right)) ** 2;
  }
  return sum / scores.rows / (scores.columns === 2 ? 2 : 1);
}
