/**
 * Pictures as a detector takes them: the shorter side of a given length, normalised, padded with zeros to one size for the batch.
 *
 * Shapes: N pictures; x N × H × W × 3 with H and W multiples of 32, except where pictures are TensorFlow's.
 */
import * as tf from "@tensorflow/tfjs-core";

import type { ImageData8 } from "../../structures/image.js";
import type { DetectorPlan } from "./detector-plan.js";

/** What the shorter side becomes, unless the longer one would exceed its limit. */
export interface PictureSides {
  shorter: number;
  longer: number;
}

export interface PictureBatch {
  x: tf.Tensor4D;
  /** N: height and width of each picture without its padding. */
  sizes: (readonly [number, number])[];
}

/** Levels of stride 32 must divide the padded picture. */
const DIVISOR = 32;

/** Height and width of a picture after scaling. */
export function scaledSize(
  { width, height }: Pick<ImageData8, "width" | "height">,
  { shorter, longer }: PictureSides,
  input: DetectorPlan["input"] = "torchvision",
): readonly [height: number, width: number] {
  const scale = Math.min(shorter / Math.min(width, height), longer / Math.max(width, height));
  const whole = input === "tensorflow" ? Math.round : Math.floor;
  const side = (length: number) => Math.max(1, whole(length * scale));
  return [side(height), side(width)];
}

/** The caller disposes `x`. */
export function pictureBatch(
  pictures: readonly ImageData8[],
  sides: PictureSides,
  channels: Pick<DetectorPlan, "mean" | "deviation" | "input">,
): PictureBatch {
  return padPictures(
    pictures.map((picture) => preparePicture(picture, sides, channels)),
    channels.input,
  );
}

/** One picture, scaled and normalised: H × W × 3. The caller disposes it. @param picture RGB */
export function preparePicture(
  { data, width, height }: ImageData8,
  sides: PictureSides,
  { mean, deviation, input }: Pick<DetectorPlan, "mean" | "deviation" | "input">,
): tf.Tensor3D {
  const size = scaledSize({ width, height }, sides, input);
  return tf.tidy(() => {
    const image = tf.tensor3d(Float32Array.from(data), [height, width, 3]);
    const same = size[0] === height && size[1] === width;
    const scaled = same ? image : tf.image.resizeBilinear(image, [...size], false, input !== "tensorflow");
    const scale = deviation.map((value) => 1 / (255 * value));
    const offset = mean.map((value, channel) => -value / (deviation[channel] ?? 1));
    return tf.add(tf.mul(scaled, tf.tensor1d(scale)), tf.tensor1d(offset));
  });
}

/** Takes the pictures' memory over. */
export function padPictures(
  pictures: readonly tf.Tensor3D[],
  input: DetectorPlan["input"] = "torchvision",
): PictureBatch {
  const sizes = pictures.map(({ shape: [height, width] }) => [height, width] as const);
  const divisor = input === "tensorflow" ? 1 : DIVISOR;
  const roundedUp = (length: number) => Math.ceil(length / divisor) * divisor;
  const high = roundedUp(Math.max(...sizes.map(([height]) => height)));
  const wide = roundedUp(Math.max(...sizes.map(([, width]) => width)));
  const x = tf.tidy(() => {
    const padded = pictures.map((picture, i) => {
      const [height, width] = sizes[i] ?? [0, 0];
      return tf.pad(picture, [[0, high - height], [0, wide - width], [0, 0]]); // prettier-ignore
    });
    return tf.stack(padded) as tf.Tensor4D;
  });
  tf.dispose([...pictures]);
  return { x, sizes };
}
