/** The receiver operating characteristic: the true positive rate against the false positive rate, and the area under it. */
import { knownOptions } from "../structures/options.js";
import { pick } from "./precision-recall-curve.js";
import { type BinaryTruth, type ThresholdCounts, thresholdCounts } from "./threshold-counts.js";

/** From (0, 0), at the threshold Infinity, to (1, 1); thresholds fall. */
export interface RocCurve {
  /** False positive rate, in 0..1; NaN throughout where there is no negative. */
  fpr: number[];
  /** True positive rate, in 0..1; NaN throughout where there is no positive. */
  tpr: number[];
  thresholds: number[];
}

export interface RocOptions {
  /** Leave out points on a straight line between their neighbours. Default true. */
  dropIntermediate?: boolean;
}

/**
 * The curve with scikit-learn's conventions (`roc_curve`).
 *
 * @throws InvalidOption where the lengths differ, nothing was given, or a score is NaN or infinite
 */
export function rocCurve(truth: BinaryTruth, scores: ArrayLike<number>, options: RocOptions = {}): RocCurve {
  const counts = thresholdCounts(truth, scores);
  knownOptions("rocCurve", options, ["dropIntermediate"]);
  const kept = options.dropIntermediate === false ? counts : corners(counts);
  return {
    fpr: rates(kept.falsePositives),
    tpr: rates(kept.truePositives),
    thresholds: [Infinity].concat(Array.from(kept.thresholds)),
  };
}

/** The points at which a second difference of either count is not zero, and both ends. */
function corners(counts: ThresholdCounts): ThresholdCounts {
  const last = counts.thresholds.length - 1;
  const bends = (c: Float64Array, i: number) => (c[i + 1] ?? 0) - 2 * (c[i] ?? 0) + (c[i - 1] ?? 0) !== 0;
  return pick(
    counts,
    (i) => i === 0 || i === last || bends(counts.falsePositives, i) || bends(counts.truePositives, i),
  );
}

function rates(counts: Float64Array): number[] {
  const total = counts.at(-1) ?? 0;
  const rate = [total === 0 ? NaN : 0];
  for (const count of counts) rate.push(total === 0 ? NaN : count / total);
  return rate;
}

/** Area under the ROC curve by the trapezoid rule (`roc_auc_score`). NaN where only one class is there. */
export function rocAuc(truth: BinaryTruth, scores: ArrayLike<number>): number {
  const { truePositives, falsePositives } = thresholdCounts(truth, scores);
  let doubled = 0;
  let [tp, fp] = [0, 0];
  for (let i = 0; i < truePositives.length; i++) {
    const [nextTp, nextFp] = [truePositives[i] ?? 0, falsePositives[i] ?? 0];
    doubled += (nextTp + tp) * (nextFp - fp);
    [tp, fp] = [nextTp, nextFp];
  }
  return doubled / (2 * tp * fp);
}
