/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Segments of a picture, each filled with its mean colour. */
import type { ImageData8 } from "../structures/image.js";
import { colourCount } from "./lookup.js";
import { resized, type Interpolation } from "./resize.js";

/**
 * @param labels for each pixel its segment
 * @param isReplaced which segments are filled; the others stay as they are
 * @param level what a mean becomes
 */
export function filledSegments(
  image: ImageData8,
  labels: Int32Array,
  isReplaced: readonly boolean[],
  level: (mean: number) => number,
): ImageData8 {
  const { channels } = image;
  const colours = colourCount(image);
  const sums = new Float64Array(isReplaced.length * colours);
  const counts = new Int32Array(isReplaced.length);
  labels.forEach((label, place) => {
    counts[label]!++;
    for (let c = 0; c < colours; c++) sums[label * colours + c]! += image.data[place * channels + c]!;
  });
  const data = image.data.slice();
  labels.forEach((label, place) => {
    if (isReplaced[label] !== true) return;
    for (let c = 0; c < colours; c++) data[place * channels + c] = level(sums[label * colours + c]! / counts[label]!);
  });
  return { ...image, data };
}

/** A change of a picture of at most so many pixels a side: larger ones are made smaller first, and larger again after it. */
export function atMostSize(
  image: ImageData8,
  maxSize: number,
  interpolation: Interpolation,
  change: (image: ImageData8) => ImageData8,
): ImageData8 {
  const longest = Math.max(image.width, image.height);
  if (longest <= maxSize) return change(image);
  const length = (old: number) => Math.max(Math.trunc((old * maxSize) / longest), 1);
  const result = change(resized(image, length(image.width), length(image.height), interpolation));
  return resized(result, image.width, image.height, interpolation);
}
