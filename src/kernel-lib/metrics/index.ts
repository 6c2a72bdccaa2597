/** Metrics on plain arrays, equal to scikit-learn's. */
export { accuracy, balancedAccuracy } from "./accuracy.js";
export { cohenKappa, type CohenKappaOptions, matthewsCorrelation } from "./agreement.js";
export {
  calibrationCurve,
  type CalibrationCurve,
  type CalibrationOptions,
  expectedCalibrationError,
} from "./calibration-curve.js";
export { type ChangedPicture, type ComparedFigure, compareEvaluations, type Comparison } from "./comparison.js";
export { type ConfidentJoint, confidentJoint } from "./confident-joint.js";
export { type ClassLabel, confusionMatrix, type ConfusionMatrixOptions } from "./confusion-matrix.js";
export {
  type CocoBox,
  type CocoDetections,
  type CocoEvaluateOptions,
  type CocoEvaluation,
  type CocoGroundTruth,
  cocoEvaluate,
} from "./detection/coco-evaluate.js";
export type { CocoFigures } from "./detection/coco-summary.js";
export { bootstrapInterval, type BootstrapOptions, type Interval, wilsonInterval } from "./interval.js";
export { findLabelErrors, type LabelError, type LabelErrorOptions, type ScoredLabels } from "./label-errors.js";
export { brierScore, logLoss } from "./log-loss.js";
export { mcnemar, type McNemarOptions, type McNemarResult } from "./mcnemar.js";
export { multiclassAuc, type MulticlassAucOptions } from "./multiclass-auc.js";
export {
  averagePrecision,
  precisionRecallCurve,
  type PrecisionRecallCurve,
  type PrecisionRecallOptions,
} from "./precision-recall-curve.js";
export {
  type AveragedPrecisionRecall,
  type ClassPrecisionRecall,
  type FBetaOptions,
  precisionRecallF1,
  precisionRecallFBeta,
} from "./precision-recall-f1.js";
export { rocAuc, rocCurve, type RocCurve, type RocOptions } from "./roc-curve.js";
export type { ScoreMatrix } from "./score-matrix.js";
export type { BinaryTruth } from "./threshold-counts.js";
export { topKAccuracy } from "./top-k-accuracy.js";
export { vocAveragePrecision, type VocAveragePrecision } from "./voc-evaluate.js";
