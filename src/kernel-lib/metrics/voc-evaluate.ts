/** Pascal VOC's figures in one call. */
import { type AveragePrecisionOptions, DetectionEvaluation, type PictureTruth } from "./detection-evaluation.js";
import type { Detections } from "../structures/detections.js";

export interface VocAveragePrecision {
  /** Over the labels with an object, in 0..1; NaN without one. */
  mean: number;
  /** In 0..1; NaN for a label without objects. */
  byLabel: Map<string, number>;
}

/** Average precision of each label and its mean, at an overlap of 0.5 unless told otherwise. */
export function vocAveragePrecision(
  from: { labels: readonly string[]; truth: readonly PictureTruth[]; detections: readonly Detections[] },
  options: AveragePrecisionOptions = {},
): VocAveragePrecision {
  const evaluation = DetectionEvaluation.fromDetections(from);
  return {
    mean: evaluation.averagePrecision(undefined, options),
    byLabel: new Map(from.labels.map((label) => [label, evaluation.averagePrecision(label, options)])),
  };
}
