/** scikit-learn's answers, as test/fixtures/metrics/make.py wrote them. */
import { readFileSync } from "node:fs";

export interface BinaryCase {
  name: string;
  truth: number[];
  scores: number[];
  full: Curves;
  dropped: Curves;
  rocAuc: number | string;
  averagePrecision: number;
}
export interface Curves {
  pr: { precision: Plain; recall: Plain; thresholds: Plain };
  roc: { fpr: Plain; tpr: Plain; thresholds: Plain };
}
/** NaN and infinities travel as text. */
export type Plain = (number | string)[];

export interface MulticlassCase {
  name: string;
  truth: (string | number)[];
  predicted: (string | number)[];
  labels: (string | number)[] | null;
  confusion: Record<"None" | "true" | "pred" | "all", number[][]>;
  accuracy: number;
  balancedAccuracy: number;
  precision: number[];
  recall: number[];
  f1: number[];
  support: number[];
}

export interface EvaluationCase {
  classes: number;
  truth: number[];
  scores: number[];
  predicted: number[];
  accuracy: number;
  balancedAccuracy: number;
  confusion: number[][];
  rocAuc: number[];
  averagePrecision: number[];
  pr: Curves["pr"][];
  roc: Curves["roc"][];
  microRocAuc: number;
  microAveragePrecision: number;
}

export const fixture = JSON.parse(
  readFileSync(new URL("../../fixtures/metrics/metrics.json", import.meta.url), "utf8"),
) as { oracle: string; binary: BinaryCase[]; multiclass: MulticlassCase[]; evaluation: EvaluationCase };

export interface CalibrationCase {
  bins: number;
  strategy: "uniform" | "quantile";
  observed: number[];
  predicted: number[];
  counts: number[];
  ece: number;
}

interface ProbabilityCase {
  name: string;
  truth: number[];
  probabilities: number[];
  logLoss: number;
  brier: number;
  calibration: CalibrationCase[];
}

/** The other oracles' answers, as test/fixtures/metrics/make_probabilities.py wrote them. */
export const probabilities = JSON.parse(
  readFileSync(new URL("../../fixtures/metrics/probabilities.json", import.meta.url), "utf8"),
) as {
  oracle: string;
  binary: ProbabilityCase[];
  multiclass: (ProbabilityCase & { columns: number; topK: number[]; auc: Record<string, number | string> })[];
  agreement: {
    name: string;
    truth: (string | number)[];
    predicted: (string | number)[];
    kappa: Plain;
    matthews: number;
    rates: {
      average: "micro" | "macro" | "weighted";
      beta: number;
      precision: number;
      recall: number;
      fBeta: number;
    }[];
  }[];
  bootstrap: { figures: number[]; intervals: { confidence: number; interval: number[] }[] };
  wilson: { successes: number; total: number; confidence: number; interval: number[] }[];
  mcnemar: { table: [number, number, number, number]; exact: number; chiSquared: number }[];
};

const number = (value: number | string) =>
  typeof value === "number" ? value : Number(value.replace("inf", "Infinity").replace("nan", "NaN"));

/** The largest difference between two lists; two NaNs and two equal infinities differ by 0, other lengths by Infinity. */
export function difference(ours: readonly number[], theirs: Plain): number {
  if (ours.length !== theirs.length) return Infinity;
  return ours.reduce((worst, value, i) => {
    const other = number(theirs[i] ?? NaN);
    const same = Object.is(value, other) || value === other;
    const apart = same ? 0 : Math.abs(value - other);
    return Number.isNaN(apart) ? Infinity : Math.max(worst, apart);
  }, 0);
}
