/** Objects in pictures, in the worker: files or pixels in, boxes in pixels of the picture out. */
import * as tf from "@tensorflow/tfjs-core";

import { decodePicture } from "../data/decode.js";
import { readPicture } from "../data/picture-file.js";
import type { FasterRcnnNetwork } from "../models/detection/faster-rcnn-network.js";
import { pictureBatch, type PictureSides } from "../models/detection/picture-batch.js";
import { clipBoxes, scaleBoxes } from "../ops/box-overlap.js";
import type { Detections } from "../structures/detections.js";
import type { ImageData8 } from "../structures/image.js";
import type { DetectRequest } from "./detection-messages.js";
import { residentDetector } from "./detection-store.js";
import { joinTiles, tilesOf } from "./detection-tiles.js";
import type { OperationContext } from "./operation-context.js";
import { readAhead } from "./pictures.js";

export async function detect(request: DetectRequest, { control }: OperationContext): Promise<Detections[]> {
  const { detector, sides, pictures, batchSize, tiles } = request;
  const network = residentDetector(detector);
  const results: Detections[] = [];
  const waiting: ImageData8[] = [];
  const flush = () => {
    if (waiting.length > 0) results.push(...detectInPictures(network, waiting.splice(0), sides));
  };
  for await (const image of readAhead(pictures, decoded)) {
    control.check();
    if (tiles) {
      const parts = tilesOf(image, tiles);
      const found = parts.flatMap((tile) => detectInPictures(network, [tile.image], sides));
      results.push(joinTiles(parts, found, detector.plan.regions));
    } else {
      waiting.push(image);
      if (waiting.length === batchSize) flush();
    }
    // Lets a question about memory in.
    await new Promise((resolve) => setImmediate(resolve));
  }
  flush();
  return results;
}

export function detectInPictures(
  network: FasterRcnnNetwork,
  images: readonly ImageData8[],
  sides: PictureSides,
): Detections[] {
  const batch = pictureBatch(images, sides, network.plan);
  try {
    const found = network.detect(batch);
    return images.map((image, i) => {
      const [height, width] = batch.sizes[i] ?? [1, 1];
      const { boxes, scores, classes } = found[i] ?? NOTHING;
      scaleBoxes(boxes, image.width / width, image.height / height);
      return { boxes: clipBoxes(boxes, image.width, image.height), scores, classes };
    });
  } finally {
    tf.dispose(batch.x);
  }
}

const NOTHING: Detections = { boxes: new Float32Array(), scores: new Float32Array(), classes: new Int32Array() };

const decoded = async (picture: string | ImageData8): Promise<ImageData8> =>
  typeof picture === "string" ? decodePicture(await readPicture(picture)) : picture;
