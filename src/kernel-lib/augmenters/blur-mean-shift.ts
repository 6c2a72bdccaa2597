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
import { numberParameter, type NumberParameter } from "./parameters.js";
import { halved, doubled } from "./pyramid.js";

export interface MeanShiftBlurOptions extends AugmenterOptions {
  /** Pixels; [5, 40] by default. Slow: the time grows with its square. */
  spatialRadius?: NumberParameter;
  /** Levels; [5, 40] by default. */
  colorRadius?: NumberParameter;
}

const NAMES = ["spatialRadius", "colorRadius"];
const ROUNDS = 5;

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
  shift(half, small.data, Math.max(spatialRadius / 2, 1), colorRadius);
  return { small, large: doubled(small, image.width, image.height) };
}

function finelyShifted(
  source: ImageData8,
  result: ImageData8,
  small: ImageData8,
  spatialRadius: number,
  colorRadius: number,
): ImageData8 {
  const mask = changes(small, Math.max(roundHalfEven(colorRadius ** 2), 16), source);
  const isChosen = (x: number, y: number) => mask[y * source.width + x] === 1;
  shift(source, result.data, Math.max(spatialRadius, 1), colorRadius, isChosen);
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

function shift(
  { data, width, height }: ImageData8,
  out: Uint8Array,
  spatialRadius: number,
  colorRadius: number,
  isChosen: (x: number, y: number) => boolean = () => true,
): void {
  const limit = roundHalfEven(colorRadius ** 2);
  const radius = Math.fround(spatialRadius);
  const edge = (place: number) => roundHalfEven(Math.fround(place));
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      if (!isChosen(x, y)) continue;
      let [x0, y0, r, g, b] = [x, y, data[at]!, data[at + 1]!, data[at + 2]!];
      for (let round = 0; round < ROUNDS; round++) {
        const left = Math.max(edge(x0 - radius), 0);
        const right = Math.min(edge(x0 + radius), width - 1);
        const bottom = Math.min(edge(y0 + radius), height - 1);
        let [count, sumX, sumY, sumR, sumG, sumB] = [0, 0, 0, 0, 0, 0];
        for (let row = Math.max(edge(y0 - radius), 0); row <= bottom; row++) {
          for (let column = left, from = (row * width + left) * 3; column <= right; column++, from += 3) {
            const [fr, fg, fb] = [data[from]!, data[from + 1]!, data[from + 2]!];
            if ((fr - r) * (fr - r) + (fg - g) * (fg - g) + (fb - b) * (fb - b) > limit) continue;
            count++;
            sumX += column;
            sumY += row;
            sumR += fr;
            sumG += fg;
            sumB += fb;
          }
        }
        if (count === 0) break;
        const share = 1 / count;
        const mean = (sum: number) => roundHalfEven(sum * share);
        const [x1, y1, r1, g1, b1] = [mean(sumX), mean(sumY), mean(sumR), mean(sumG), mean(sumB)];
        const way = Math.abs(x1 - x0) + Math.abs(y1 - y0);
        const isDone = way === 0 || way + (r1 - r) ** 2 + (g1 - g) ** 2 + (b1 - b) ** 2 <= 1;
        [x0, y0, r, g, b] = [x1, y1, r1, g1, b1];
        if (isDone) break;
      }
      out[at] = r;
      out[at + 1] = g;
      out[at + 2] = b;
    }
  }
}
