/** The area under the ROC curve for more than two classes: each against the rest, or each pair of them. */
import { choiceOption, knownOptions } from "../structures/options.js";
import { rocAuc } from "./roc-curve.js";
import { checkScores, type ScoreMatrix } from "./score-matrix.js";

export interface MulticlassAucOptions {
  /** "ovr": each class against the rest; "ovo": each pair of classes (Hand, Till 2001). Default "ovr". */
  multiClass?: "ovr" | "ovo";
  /** "macro": the plain mean; "weighted": by the number of samples. Default "macro". */
  average?: "macro" | "weighted";
}

/**
 * In 0..1 (scikit-learn's `roc_auc_score` with `multi_class` and the columns as `labels`). A class without samples makes the macro
 * mean over "ovr" NaN, weighs nothing in the weighted one, and takes no part in "ovo".
 *
 * @param truth each sample's column
 * @throws InvalidOption where a score is NaN or infinite, or a class has no column
 */
export function multiclassAuc(
  truth: ArrayLike<number>,
  scores: ScoreMatrix,
  options: MulticlassAucOptions = {},
): number {
  knownOptions("multiclassAuc", options, ["multiClass", "average"]);
  const average = choiceOption("average", options.average ?? "macro", ["macro", "weighted"]);
  const multiClass = choiceOption("multiClass", options.multiClass ?? "ovr", ["ovr", "ovo"]);
  checkScores(truth, scores);
  const rows = rowsByClass(truth, scores.columns);
  const parts = multiClass === "ovr" ? againstRest(truth, scores, rows) : againstEachOther(truth, scores, rows);
  const weighted = parts.map(({ area, size }) => (average === "macro" ? { area, weight: 1 } : { area, weight: size }));
  const counted = weighted.filter(({ weight }) => weight > 0);
  const total = counted.reduce((sum, { weight }) => sum + weight, 0);
  return counted.reduce((sum, { area, weight }) => sum + area * weight, 0) / total;
}

/** One of the areas, and how many samples it weighs. */
interface Part {
  area: number;
  size: number;
}

function rowsByClass(truth: ArrayLike<number>, classes: number): number[][] {
  const rows = Array.from({ length: classes }, (): number[] => []);
  for (let i = 0; i < truth.length; i++) rows[truth[i] ?? 0]?.push(i);
  return rows;
}

function againstRest(truth: ArrayLike<number>, scores: ScoreMatrix, rows: readonly number[][]): Part[] {
  const all = Array.from({ length: truth.length }, (_, i) => i);
  return rows.map((own, column) => ({ area: areaOf(column, all, truth, scores), size: own.length }));
}

/** The mean of both directions of each pair of classes that have samples. */
function againstEachOther(truth: ArrayLike<number>, scores: ScoreMatrix, rows: readonly number[][]): Part[] {
  const present = rows.flatMap((own, column) => (own.length > 0 ? [{ own, column }] : []));
  return present.flatMap((a, i) =>
    present.slice(i + 1).map((b) => {
      const both = [...a.own, ...b.own];
      const area = (areaOf(a.column, both, truth, scores) + areaOf(b.column, both, truth, scores)) / 2;
      return { area, size: both.length };
    }),
  );
}

function areaOf(column: number, rows: readonly number[], truth: ArrayLike<number>, scores: ScoreMatrix): number {
  const own = rows.map((row) => truth[row] === column);
  return rocAuc(
    own,
    rows.map((row) => scores.data[row * scores.columns + column] ?? NaN),
  );
}
