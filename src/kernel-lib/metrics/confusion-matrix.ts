/** Counts of each true class against each predicted one. */
import { choiceOption, knownOptions } from "../structures/options.js";
import { quote, VitrineError } from "../structures/errors.js";
import { sameLength } from "./threshold-counts.js";

/** A class by its name or its number. */
export type ClassLabel = string | number;

export interface ConfusionMatrixOptions {
  /** Rows and columns in this order; samples of other classes are left out. Default: all that occur, sorted. */
  labels?: readonly ClassLabel[];
  /** Divide by each row's sum ("true"), each column's ("pred") or everything ("all"); 0 where that sum is 0. */
  normalize?: "true" | "pred" | "all";
}

/**
 * Row: the true class, column: the predicted one (scikit-learn's `confusion_matrix`).
 *
 * @throws InvalidOption where the lengths differ, nothing was given, a class is NaN, or none of `labels` occurs in the truth
 */
export function confusionMatrix(
  truth: ArrayLike<ClassLabel>,
  predicted: ArrayLike<ClassLabel>,
  options: ConfusionMatrixOptions = {},
): number[][] {
  sameLength("predicted", truth.length, predicted.length);
  knownOptions("confusionMatrix", options, ["labels", "normalize"]);
  const labels = options.labels ?? classesOf(truth, predicted);
  const counts = countPairs(truth, predicted, indexOf(labels, truth));
  if (options.normalize === undefined) return counts;
  return normalized(counts, choiceOption("normalize", options.normalize, ["true", "pred", "all"]));
}

function countPairs(
  truth: ArrayLike<ClassLabel>,
  predicted: ArrayLike<ClassLabel>,
  index: ReadonlyMap<ClassLabel, number>,
): number[][] {
  const counts = Array.from({ length: index.size }, () => new Array<number>(index.size).fill(0));
  const columns = Array.from(predicted, (label) => index.get(label));
  for (const [i, label] of Array.from(truth).entries()) {
    const row = counts[index.get(label) ?? -1];
    const column = columns[i];
    if (row && column !== undefined) row[column] = (row[column] ?? 0) + 1;
  }
  return counts;
}

function indexOf(labels: readonly ClassLabel[], truth: ArrayLike<ClassLabel>): Map<ClassLabel, number> {
  const index = new Map(labels.map((label, i) => [label, i]));
  const reject = (expected: string) => {
    throw new VitrineError("InvalidOption", { option: "labels", expected, received: quote(labels) });
  };
  if (index.size === 0 || index.size < labels.length) reject("at least one label and none twice");
  if (!Array.from(truth).some((label) => index.has(label))) {
    reject("at least one label that occurs in truth");
  }
  return index;
}

function normalized(counts: number[][], by: "true" | "pred" | "all"): number[][] {
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const columns = counts.map((_, column) => sum(counts.map((row) => row[column] ?? 0)));
  const all = sum(columns);
  return counts.map((row) => {
    const rowSum = sum(row);
    return row.map((count, column) => {
      const divisor = by === "true" ? rowSum : by === "pred" ? (columns[column] ?? 0) : all;
      return divisor === 0 ? 0 : count / divisor;
    });
  });
}

/** Every class that occurs in any of the lists: numbers by size, texts by code unit. */
export function classesOf(...lists: readonly ArrayLike<ClassLabel>[]): ClassLabel[] {
  const found = new Set<ClassLabel>();
  for (const list of lists) for (const label of Array.from(list)) found.add(checked(label));
  return [...found].sort((a, b) => {
    if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
    return a < b ? -1 : 1;
  });
}

function checked(label: unknown): ClassLabel {
  if (typeof label === "string" || (typeof label === "number" && !Number.isNaN(label))) return label;
  throw new VitrineError("InvalidOption", {
    option: "a class",
    expected: "a text or a number",
    received: quote(label),
  });
}
