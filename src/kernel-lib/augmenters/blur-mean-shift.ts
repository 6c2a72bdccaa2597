/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * imgaug's `MeanShiftBlur` (D. Comaniciu and P. Meer, 2002), as OpenCV's `pyrMeanShiftFiltering` does it with one level of its pyramid:
 * first at half the size, then at full size where colours change.
 */
import type { ImageData8 } from "../structures/image.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { channelOf } from "./color.js";
import { inColors } from "./color-spaces.js";
import { roundHalfEven } from "./enlarge.js";
import { shiftToMeans } from "./mean-shift.js";
import { numberParameter, type NumberParameter } from "./parameters.js";
import { halved, doubled } from "./pyramid.js";

export interface MeanShiftBlurOptions extends AugmenterOptions {
  /** Pixels; [5, 40] by default. Slow: the time grows with its square. */
  spatialRadius?: NumberParameter;
  /** Levels; [5, 40] by default. */
  colorRadius?: NumberParameter;
}

const NAMES = ["spatialRadius", "colorRadius"];

/** Gives each pixel the colour at which others near in place and colour pile up. Alpha is left alone. */
export function MeanShiftBlur(given: NumberParameter | MeanShiftBlurOptions = {}): Augmenter {
  const options = firstOption<MeanShiftBlurOptions>("MeanShiftBlur", "spatialRadius", given, NAMES);
  const space = numberParameter("spatialRadius", options.spatialRadius ?? [5, 40], { min: 0.01 });
  const color = numberParameter("colorRadius", options.colorRadius ?? [5, 40], { min: 0.01 });
  return imageAugmenter("MeanShiftBlur", options, (image, random) =>
    meanShifted(image, space.sample(random), color.sample(random)),
  );
}

function meanShifted(image: ImageData8, spatialRadius: number, colorRadius: number): ImageData8 {
  if (image.channels === 1) return channelOf(filtered(inColors(image), spatialRadius, colorRadius), 0);
  if (image.channels === 3) return filtered(image, spatialRadius, colorRadius);
  const rgb: ImageData8 = { ...image, channels: 3, data: image.data.filter((_, i) => i % 4 !== 3) };
  const result = filtered(rgb, spatialRadius, colorRadius);
  return { ...image, data: image.data.map((level, i) => (i % 4 === 3 ? level : result.data[(i >> 2) * 3 + (i & 3)]!)) };
}

function filtered(image: ImageData8, spatialRadius: number, colorRadius: number): ImageData8 {
  const { small, large } = coarselyShifted(image, spatialRadius, colorRadius);
  // imgaug has OpenCV write into the picture that it reads: what is done already counts for what comes.
  return finelyShifted(large, large, small, spatialRadius, colorRadius);
}

/** `pyrMeanShiftFiltering` itself. */
export function meanShift(image: ImageData8, spatialRadius: number, colorRadius: number): ImageData8 {
  const { small, large } = coarselyShifted(image, spatialRadius, colorRadius);
  return finelyShifted(image, large, small, spatialRadius, colorRadius);
}

function coarselyShifted(image: ImageData8, spatialRadius: number, colorRadius: number) {
  const half = halved(image);
  const small = { ...half, data: half.data.slice() };
  const all = new Uint8Array(half.width * half.height).fill(1);
  shiftToMeans(half, small.data, all, Math.max(spatialRadius / 2, 1), colorRadius);
  return { small, large: doubled(small, image.width, image.height) };
}

function finelyShifted(
  source: ImageData8,
  result: ImageData8,
  small: ImageData8,
  spatialRadius: number,
  colorRadius: number,
): ImageData8 {
  const chosen = changes(small, Math.max(roundHalfEven(colorRadius ** 2), 16), source);
  shiftToMeans(source, result.data, chosen, Math.max(spatialRadius, 1), colorRadius);
  return result;
}

/** 1 at the pixels of the large picture over which colours of the small one change; OpenCV sees them two rows lower than they are. */
function changes(small: ImageData8, limit: number, large: ImageData8): Uint8Array {
  const { data, width, height } = small;
  const mask = new Uint8Array(large.width * large.height);
  const steps = [-3, 3, -3 * width - 3, -3 * width, -3 * width + 3, 3 * width - 3, 3 * width, 3 * width + 3];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = (y * width + x) * 3;
      const isEdge = (step: number) =>
        colorDistance(data, at, data[at + step]!, data[at + step + 1]!, data[at + step + 2]!) >= limit;
      if (!steps.some(isEdge)) continue;
      for (let row = 2 * y; row <= 2 * y + 2; row++) {
        mask.fill(1, row * large.width + 2 * x - 2, row * large.width + 2 * x + 1);
      }
    }
  }
  return mask;
}

const colorDistance = (data: Uint8Array, at: number, r: number, g: number, b: number): number =>
  (data[at]! - r) ** 2 + (data[at + 1]! - g) ** 2 + (data[at + 2]! - b) ** 2;
