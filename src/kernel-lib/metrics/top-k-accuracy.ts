/** How often the true class is among the k likeliest. */
import { integerOption } from "../structures/options.js";
import { checkScores, type ScoreMatrix } from "./score-matrix.js";

/**
 * The share of samples whose class is among the k highest scores, in 0..1. Of equal scores the later column counts as the higher
 * one, as in scikit-learn's `top_k_accuracy_score`.
 *
 * @param truth each sample's column
 * @param k at least 1; default 2
 * @throws InvalidOption where a score is NaN or infinite, or a class has no column
 */
export function topKAccuracy(truth: ArrayLike<number>, scores: ScoreMatrix, k = 2): number {
  integerOption("k", k, 1);
  checkScores(truth, scores);
  let hits = 0;
  for (let row = 0; row < scores.rows; row++) if (rankOf(truth[row] ?? 0, row, scores) < k) hits++;
  return hits / scores.rows;
}

/** How many columns come before `column` in that row. */
function rankOf(column: number, row: number, { columns, data }: ScoreMatrix): number {
  const own = data[row * columns + column] ?? NaN;
  let before = 0;
  for (let other = 0; other < columns; other++) {
    const score = data[row * columns + other] ?? NaN;
    if (score > own || (score === own && other > column)) before++;
  }
  return before;
}
