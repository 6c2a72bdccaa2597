/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pictures seen through a field of positions: for each new pixel where it comes from, in pixels. */
import type { ImageData8 } from "../structures/image.js";
import { roundHalfEven } from "./enlarge.js";
import { mapPositions, samplePicture, type SampleOptions } from "./sample-picture.js";
import { resampledMap, resizedMap, type ValueMap } from "./value-map.js";

export interface PositionField {
  x: Float32Array;
  y: Float32Array;
}

export function sampledByField(image: ImageData8, field: PositionField, options: SampleOptions): ImageData8 {
  const { width, height } = image;
  return samplePicture(image, width, height, mapPositions(field.x, field.y, width, options.order), options);
}

/** At the picture's size, as imgaug, and back; positions of heatmaps as OpenCV rounds them. */
export function mapByField<M extends ValueMap>(
  map: M,
  { width, height }: ImageData8,
  { x: xs, y: ys }: PositionField,
): M {
  const large = resizedMap(map, width, height);
  const unit = map.data instanceof Int32Array ? 1 : 32;
  const moved = resampledMap(large, width, height, (x, y) => [
    roundHalfEven(xs[y * width + x]! * unit) / unit,
    roundHalfEven(ys[y * width + x]! * unit) / unit,
  ]);
  return resizedMap(moved, map.width, map.height);
}

/** The value of a field at the pixel that a place is nearest to; nothing outside. */
export function valueAt(values: Float32Array, { width, height }: ImageData8, x: number, y: number): number | undefined {
  if (x < 0 || y < 0 || x >= width || y >= height) return undefined;
  const [column, row] = [Math.min(roundHalfEven(x), width - 1), Math.min(roundHalfEven(y), height - 1)];
  return values[row * width + column];
}
