/** Agreement of predictions with the truth beyond what chance alone gives. */
import { choiceOption, knownOptions } from "../structures/options.js";
import { type ClassLabel, confusionMatrix } from "./confusion-matrix.js";

export interface CohenKappaOptions {
  /** How a mistake counts by the distance between its classes; without it, every mistake counts the same. */
  weights?: "linear" | "quadratic";
  /** The classes in their order, which weights go by. Default: all that occur, sorted. */
  labels?: readonly ClassLabel[];
}

/**
 * Cohen's kappa: 1 for perfect agreement, 0 for chance's, below 0 for less (scikit-learn's `cohen_kappa_score`; Cohen 1960, 1968).
 * NaN where only one class occurs.
 *
 * @throws InvalidOption where the lengths differ, nothing was given, or a class is NaN
 */
export function cohenKappa(
  truth: ArrayLike<ClassLabel>,
  predicted: ArrayLike<ClassLabel>,
  options: CohenKappaOptions = {},
): number {
  knownOptions("cohenKappa", options, ["weights", "labels"]);
  const weights = options.weights && choiceOption("weights", options.weights, ["linear", "quadratic"]);
  const matrix = confusionMatrix(truth, predicted, options.labels ? { labels: options.labels } : {});
  const { rows, columns, total } = marginsOf(matrix);
  let observed = 0;
  let expected = 0;
  matrix.forEach((row, i) => {
    row.forEach((count, j) => {
      const distance = weights === undefined ? Number(i !== j) : Math.abs(i - j) ** (weights === "linear" ? 1 : 2);
      observed += distance * count;
      expected += (distance * (rows[i] ?? 0) * (columns[j] ?? 0)) / total;
    });
  });
  return 1 - observed / expected;
}

/**
 * Matthews' correlation coefficient for any number of classes, in -1..1; 0 where truth or predictions are of one class
 * (scikit-learn's `matthews_corrcoef`; Gorodkin 2004).
 *
 * @throws InvalidOption where the lengths differ, nothing was given, or a class is NaN
 */
export function matthewsCorrelation(truth: ArrayLike<ClassLabel>, predicted: ArrayLike<ClassLabel>): number {
  const matrix = confusionMatrix(truth, predicted);
  const { rows, columns, total } = marginsOf(matrix);
  const right = matrix.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
  const spread = (total ** 2 - product(columns, columns)) * (total ** 2 - product(rows, rows));
  return spread === 0 ? 0 : (right * total - product(rows, columns)) / Math.sqrt(spread);
}

function marginsOf(matrix: readonly (readonly number[])[]): { rows: number[]; columns: number[]; total: number } {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const rows = matrix.map(sum);
  return { rows, columns: matrix.map((_, j) => sum(matrix.map((row) => row[j] ?? 0))), total: sum(rows) };
}
