/** Whether probabilities mean what they say: of the samples at 0.8, are 80 % positive? */
import { choiceOption, integerOption, knownOptions } from "../structures/options.js";
import { sortFloats } from "./float-sort.js";
import { quantile } from "./quantile.js";
import { checkProbabilities, type ScoreMatrix } from "./score-matrix.js";
import type { BinaryTruth } from "./threshold-counts.js";

/** One entry for each bin that holds a sample, from the least likely up. */
export interface CalibrationCurve {
  /** The mean probability in the bin, in 0..1. */
  predicted: number[];
  /** The share of positives in the bin, in 0..1. */
  observed: number[];
  /** How many samples the bin holds. */
  counts: number[];
}

export interface CalibrationOptions {
  /** How many bins. Default 10. */
  bins?: number;
  /** Bins of the same width, or of about as many samples each. Default "uniform". */
  strategy?: "uniform" | "quantile";
}

/**
 * Observed against predicted frequency, with scikit-learn's bins (`calibration_curve`): a bin holds its upper edge.
 *
 * @param probabilities of the positive class
 * @throws InvalidOption where a probability is NaN or outside 0..1, or the lengths differ
 */
export function calibrationCurve(
  truth: BinaryTruth,
  probabilities: ArrayLike<number>,
  options: CalibrationOptions = {},
): CalibrationCurve {
  knownOptions("calibrationCurve", options, ["bins", "strategy"]);
  const bins = integerOption("bins", options.bins ?? 10, 1);
  const strategy = choiceOption("strategy", options.strategy ?? "uniform", ["uniform", "quantile"]);
  const { truth: positive } = checkProbabilities(truth, probabilities);
  const edges = innerEdges(strategy, bins, probabilities);
  const sums = Array.from({ length: bins }, () => ({ predicted: 0, observed: 0, count: 0 }));
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i] ?? NaN;
    const sum = sums[edges.filter((edge) => edge < p).length];
    if (!sum) continue;
    sum.predicted += p;
    sum.observed += positive[i] ?? 0;
    sum.count++;
  }
  const held = sums.filter(({ count }) => count > 0);
  return {
    predicted: held.map(({ predicted, count }) => predicted / count),
    observed: held.map(({ observed, count }) => observed / count),
    counts: held.map(({ count }) => count),
  };
}

function innerEdges(strategy: "uniform" | "quantile", bins: number, values: ArrayLike<number>): number[] {
  const shares = Array.from({ length: bins - 1 }, (_, i) => (i + 1) * (1 / bins));
  if (strategy === "uniform") return shares;
  const rising = sortFloats(Float64Array.from(values));
  // Through percent and back, as the oracle rounds.
  return shares.map((share) => quantile(rising, (share * 100) / 100));
}

/**
 * The mean distance between observed and predicted frequency over the bins, weighted by their samples, in 0..1 (ECE; Guo, Pleiss,
 * Sun, Weinberger 2017). Over a matrix it is the likeliest class's probability against whether that class is right.
 *
 * @param truth each sample's column; with a list of the positive class's probabilities, yes or no
 * @throws InvalidOption as `calibrationCurve`, and where a row does not add up to 1
 */
export function expectedCalibrationError(
  truth: BinaryTruth,
  probabilities: ArrayLike<number> | ScoreMatrix,
  options: CalibrationOptions = {},
): number {
  const curve =
    "columns" in probabilities
      ? confidenceCurve(truth, probabilities, options)
      : calibrationCurve(truth, probabilities, options);
  const total = curve.counts.reduce((sum, count) => sum + count, 0);
  return curve.counts.reduce((sum, count, i) => {
    return sum + (count / total) * Math.abs((curve.observed[i] ?? 0) - (curve.predicted[i] ?? 0));
  }, 0);
}

/** The calibration of the likeliest class, the first of several: how sure against how often right. */
export function confidenceCurve(
  truth: BinaryTruth,
  probabilities: ScoreMatrix,
  options: CalibrationOptions = {},
): CalibrationCurve {
  const { truth: classes, scores } = checkProbabilities(truth, probabilities);
  const rows = Array.from({ length: scores.rows }, (_, row) => {
    const values = Array.from(
      { length: scores.columns },
      (__, column) => scores.data[row * scores.columns + column] ?? 0,
    );
    const confidence = values.reduce((a, b) => Math.max(a, b));
    return { confidence, right: values.indexOf(confidence) === classes[row] };
  });
  return calibrationCurve(
    rows.map(({ right }) => right),
    rows.map(({ confidence }) => confidence),
    options,
  );
}
