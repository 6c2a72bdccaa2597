/** A detector as a service sees it. Pictures come as they are; the detector scales them itself. */
import { decodeImage } from "../../data/decode.js";
import type { PictureOptions } from "../../data/picture-file.js";
import type { DetectionResult } from "../../engine/detection-result.js";
import type { FasterRCNN } from "../../engine/faster-rcnn.js";
import type { ImageData8 } from "../../structures/image.js";
import { stretched } from "./prepare-pixels.js";
import type { Scores, PictureItem, ServedModel, ServedModelMetadata } from "./served-model.js";

export class ServedDetector implements ServedModel<ImageData8> {
  readonly metadata: ServedModelMetadata;
  /** Pictures of different shapes would be padded to the largest. */
  readonly together = false;
  private readonly detector: FasterRCNN;

  constructor(detector: FasterRCNN) {
    this.detector = detector;
    const { labels, backbone } = detector;
    this.metadata = {
      kind: "detection",
      labels,
      description: `Faster R-CNN of ${labels.length} labels on ${backbone}`,
    };
  }

  async prepare({ picture, resize }: PictureItem, options: PictureOptions): Promise<ImageData8> {
    return decodeImage(resize ? await stretched(picture, resize, options) : picture, options);
  }

  async score(pictures: readonly ImageData8[]): Promise<Scores[]> {
    return (await this.detector.score(pictures, { batchSize: 1 })).map(asScores);
  }
}

const asScores = ({ detectionBoxes, detectionScores, detectionClasses }: DetectionResult): Scores => ({
  kind: "detection",
  boxes: Float32Array.from(detectionBoxes.flat()),
  scores: Float32Array.from(detectionScores),
  classes: Int32Array.from(detectionClasses, (label) => label - 1),
});
