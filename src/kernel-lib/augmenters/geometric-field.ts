/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pictures seen through a field of positions: for each new pixel where it comes from, in pixels. */
import type { ImageData8 } from "../structures/image.js";
import { roundHalfEven } from "./enlarge.js";
import { mapPositions, samplePicture, type SampleOptions } from "./sample-picture.js";
import { movedSubject, type Move, type Subject } from "./subject.js";
import { resampledMap, resizedMap, type ValueMap } from "./value-map.js";

export interface PositionField {
  x: Float32Array;
  y: Float32Array;
}

/** @param move where places go, the other way round than the field */
export function movedByField(subject: Subject, field: PositionField, options: SampleOptions, move: Move): Subject {
  const { image } = subject;
  return movedSubject(subject, sampledByField(image, field, options), move, (map) => mapByField(map, image, field));
}

export function sampledByField(image: ImageData8, field: PositionField, options: SampleOptions): ImageData8 {
  const { width, height } = image;
  return samplePicture(image, width, height, mapPositions(field.x, field.y, width, options.order), options);
}

/** At the picture's size, as imgaug, and back. */
export function mapByField<M extends ValueMap>(
  map: M,
  { width, height }: ImageData8,
  { x: xs, y: ys }: PositionField,
): M {
  const large = resizedMap(map, width, height);
  const moved = resampledMap(large, width, height, (x, y) => [xs[y * width + x]!, ys[y * width + x]!]);
  return resizedMap(moved, map.width, map.height);
}

/** The value of a field at the pixel that a place is nearest to; nothing outside. */
export function valueAt(values: Float32Array, { width, height }: ImageData8, x: number, y: number): number | undefined {
  if (x < 0 || y < 0 || x >= width || y >= height) return undefined;
  const [column, row] = [Math.min(roundHalfEven(x), width - 1), Math.min(roundHalfEven(y), height - 1)];
  return values[row * width + column];
}
