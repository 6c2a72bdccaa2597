/** Scores to labels. */
import { matrixRow, type Matrix } from "../structures/matrix.js";

/** The label with the highest score in each row; the first where several share it. */
export function bestLabels(scores: Matrix, labels: readonly string[]): string[] {
  return Array.from({ length: scores.rows }, (_, index) => {
    const row = matrixRow(scores, index);
    return labels[row.indexOf(Math.max(...row))] ?? "";
  });
}
