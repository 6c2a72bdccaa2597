/**
 * Pictures as `tf.train.Example`s with the keys of TensorFlow's Object Detection API and of its image classification datasets, for
 * `writeTfRecord`. Boxes are shares of the picture, classes count from 1.
 */
import { createHash } from "node:crypto";
import type { TfExample } from "../structures/tf-example.js";
import { ClassificationImage } from "./classification-image.js";
import type { ObjectDetectionImage } from "./object-detection-image.js";
import { exifOrientation, invalidImage, readPicture } from "./picture-file.js";
import { openPicture } from "./picture-pipeline.js";

interface Examples {
  readonly labels: readonly string[];
  readonly images: readonly (ClassificationImage | ObjectDetectionImage)[];
}

/**
 * One example a picture, made when it is asked for. JPEG and PNG go as they are; what TensorFlow would not decode, or would show turned, goes
 * as PNG.
 * @throws `MissingFile`, `InvalidImage`, `ImageTooLarge`
 */
export async function* tfExamples(dataset: Examples): AsyncGenerator<TfExample, void, undefined> {
  const place = new Map(dataset.labels.map((label, index) => [label, index + 1]));
  for (const image of dataset.images) {
    const { bytes, format } = await encoded(image.storagePath);
    yield {
      "image/height": integers([image.height]),
      "image/width": integers([image.width]),
      "image/filename": texts([image.name]),
      "image/source_id": texts([image.name]),
      "image/key/sha256": texts([createHash("sha256").update(bytes).digest("hex")]),
      "image/encoded": [bytes],
      "image/format": texts([format]),
      ...(image instanceof ClassificationImage ? labelFeatures(image, place) : boxFeatures(image, place)),
    };
  }
}

function labelFeatures({ labels }: ClassificationImage, place: ReadonlyMap<string, number>): TfExample {
  return {
    "image/class/text": texts(labels),
    "image/class/label": integers(labels.map((label) => place.get(label) ?? 0)),
  };
}

function boxFeatures({ boxes, width, height }: ObjectDetectionImage, place: ReadonlyMap<string, number>): TfExample {
  const key = (name: string) => `image/object/${name}`;
  return {
    [key("bbox/xmin")]: Float32Array.from(boxes, ({ xmin }) => xmin / width),
    [key("bbox/ymin")]: Float32Array.from(boxes, ({ ymin }) => ymin / height),
    [key("bbox/xmax")]: Float32Array.from(boxes, ({ xmax }) => xmax / width),
    [key("bbox/ymax")]: Float32Array.from(boxes, ({ ymax }) => ymax / height),
    [key("class/text")]: texts(boxes.map(({ label }) => label)),
    [key("class/label")]: integers(boxes.map(({ label }) => place.get(label) ?? 0)),
    [key("difficult")]: integers(boxes.map(({ difficult }) => Number(difficult))),
    [key("truncated")]: integers(boxes.map(({ truncated }) => Number(truncated))),
    [key("occluded")]: integers(boxes.map(({ occluded }) => Number(occluded))),
    [key("is_crowd")]: integers(boxes.map(({ crowd = false }) => Number(crowd))),
  };
}

const texts = (values: readonly string[]) => values.map((value) => new TextEncoder().encode(value));

const integers = (values: readonly number[]) => BigInt64Array.from(values, BigInt);

async function encoded(path: string): Promise<{ bytes: Uint8Array; format: string }> {
  const picture = await readPicture(path);
  const isPlain = picture.format === "jpeg" || picture.format === "png";
  if (isPlain && (await exifOrientation(path)) === 1) return { bytes: picture.bytes, format: picture.format };
  try {
    return { bytes: new Uint8Array(await openPicture(picture).png().toBuffer()), format: "png" };
  } catch (cause) {
    throw invalidImage(path, cause);
  }
}
