/** What the engine's thread is told of a detector's training: the caller's options, laid over the detector and its pictures. */
import type { PictureSides } from "../models/detection/picture-batch.js";
import type { ImageData8 } from "../structures/image.js";
import { augmenterPrint } from "./augmenter-print.js";
import { boxedPictures, learnablePictures, type BoxedSet } from "./detection-boxes.js";
import type { DetectionTrainRequest, SharedDetector } from "./detection-messages.js";
import type { CheckedDetectionTrainOptions } from "./detection-train-options.js";

export type DetectionTrainPictures = Pick<DetectionTrainRequest, "train" | "evaluation">;

/** @throws InvalidOption, InvalidDataset, UnknownLabel */
export function detectionTrainPictures(
  dataset: BoxedSet,
  evalDataset: BoxedSet | undefined,
  labels: readonly string[],
): DetectionTrainPictures {
  const train = learnablePictures(dataset, labels);
  return { train, evaluation: evalDataset && boxedPictures("evalDataset", evalDataset, labels) };
}

/** @param sides the detector's own; other shorter sides have a longer one in proportion */
export function detectionTrainRequest(
  detector: SharedDetector,
  sides: PictureSides,
  pictures: DetectionTrainPictures,
  options: CheckedDetectionTrainOptions,
): DetectionTrainRequest {
  const { augmenter: _a, minVisible: _m, evalDataset: _e, shorterSides = [sides.shorter], ...settings } = options;
  const longer = Math.ceil((sides.longer * Math.max(...shorterSides)) / sides.shorter);
  return { detector, ...pictures, ...settings, shorterSides, longer, augmenterPrint: printOf(options) };
}

function printOf({ augmenter, checkpoints }: CheckedDetectionTrainOptions): string | undefined {
  if (!augmenter || !checkpoints) return undefined;
  const ofPictures = {
    augment: ({ image }: { image: ImageData8 }, options: { seed: string }) =>
      augmenter.augment({ image, boxes: [] }, options),
  };
  return augmenterPrint(ofPictures, { width: 64, height: 48 });
}
