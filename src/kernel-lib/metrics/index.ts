/** Metrics on plain arrays, equal to scikit-learn's. */
export { accuracy, balancedAccuracy } from "./accuracy.js";
export { type ClassLabel, confusionMatrix, type ConfusionMatrixOptions } from "./confusion-matrix.js";
export {
  averagePrecision,
  precisionRecallCurve,
  type PrecisionRecallCurve,
  type PrecisionRecallOptions,
} from "./precision-recall-curve.js";
export { type ClassPrecisionRecall, precisionRecallF1 } from "./precision-recall-f1.js";
export { rocAuc, rocCurve, type RocCurve, type RocOptions } from "./roc-curve.js";
export type { BinaryTruth } from "./threshold-counts.js";
