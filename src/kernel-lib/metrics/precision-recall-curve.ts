/** Precision against recall, and the area under it. */
import { knownOptions } from "../structures/options.js";
import { type BinaryTruth, type ThresholdCounts, thresholdCounts } from "./threshold-counts.js";

/**
 * Point i belongs to "positive where the score is at least `thresholds[i]`", thresholds rising, recall falling. One point
 * more than thresholds: the curve ends at precision 1, recall 0, which no threshold belongs to.
 */
export interface PrecisionRecallCurve {
  /** In 0..1. */
  precision: number[];
  /** In 0..1. */
  recall: number[];
  thresholds: number[];
}

export interface PrecisionRecallOptions {
  /** Leave out points between others of the same recall, which a plotted curve doesn't show. Default false. */
  dropIntermediate?: boolean;
}

/**
 * Precision and recall at every distinct score, with scikit-learn's conventions (`precision_recall_curve`). Without any
 * positive, recall is 1 at every threshold.
 *
 * @throws InvalidOption where the lengths differ, nothing was given, or a score is NaN or infinite
 */
export function precisionRecallCurve(
  truth: BinaryTruth,
  scores: ArrayLike<number>,
  options: PrecisionRecallOptions = {},
): PrecisionRecallCurve {
  const counts = thresholdCounts(truth, scores);
  knownOptions("precisionRecallCurve", options, ["dropIntermediate"]);
  const kept = options.dropIntermediate === true ? withoutIntermediate(counts) : counts;
  const { truePositives, falsePositives, thresholds } = kept;
  const positives = truePositives.at(-1) ?? 0;
  // Made at their length: growing them by pushing takes nearly twice as long.
  const points = thresholds.length;
  const precision = new Array<number>(points + 1);
  const recall = new Array<number>(points + 1);
  const rising = new Array<number>(points);
  for (let i = 0; i < points; i++) {
    const from = points - 1 - i;
    const tp = truePositives[from] ?? 0;
    precision[i] = tp / (tp + (falsePositives[from] ?? 0));
    recall[i] = positives === 0 ? 1 : tp / positives;
    rising[i] = thresholds[from] ?? 0;
  }
  precision[points] = 1;
  recall[points] = 0;
  return { precision, recall, thresholds: rising };
}

/** Only the first and the last point of each number of true positives. */
function withoutIntermediate(counts: ThresholdCounts): ThresholdCounts {
  const tps = counts.truePositives;
  if (tps.length <= 2) return counts;
  return pick(counts, (i) => i === 0 || i === tps.length - 1 || tps[i] !== tps[i - 1] || tps[i] !== tps[i + 1]);
}

/** The points whose index passes. */
export function pick(counts: ThresholdCounts, keep: (index: number) => boolean): ThresholdCounts {
  const kept = (_: number, index: number): boolean => keep(index);
  return {
    truePositives: counts.truePositives.filter(kept),
    falsePositives: counts.falsePositives.filter(kept),
    thresholds: counts.thresholds.filter(kept),
  };
}

/**
 * Average precision: the sum over thresholds of precision times the recall it adds, without interpolation
 * (`average_precision_score`). 0 where there is no positive.
 */
export function averagePrecision(truth: BinaryTruth, scores: ArrayLike<number>): number {
  const { truePositives, falsePositives } = thresholdCounts(truth, scores);
  const positives = truePositives.at(-1) ?? 0;
  if (positives === 0) return 0;
  let sum = 0;
  let before = 0;
  truePositives.forEach((tp, i) => {
    if (tp > before) sum += ((tp - before) * tp) / (tp + (falsePositives[i] ?? 0));
    before = tp;
  });
  return sum / positives;
}
