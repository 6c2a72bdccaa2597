/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over masks: every index lies within the mask */
/** imgaug's mask generators: for each pixel of a picture how much of the foreground it gets, 0 to 1. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { borderIndex } from "./border.js";
import { roundHalfEven } from "./enlarge.js";
import { colourCount } from "./lookup.js";
import { Choice, drawField, numberParameter, type NumberParameter, type StochasticParameter } from "./parameters.js";
import type { Subject } from "./subject.js";
import { resizedMap } from "./value-map.js";

/** One share for each pixel, or one for each colour of each pixel. */
export type Mask = Float32Array;
export type MaskGenerator = (subject: Subject, random: SeededRandom) => Mask;

/** Every pixel (or each of its colours) by itself. */
export function elementwiseMask(
  factor: StochasticParameter,
  perChannel: (random: SeededRandom) => boolean,
): MaskGenerator {
  return ({ image }, random) => {
    const channels = perChannel(random) ? colourCount(image) : 1;
    const field = drawField(factor, random, { height: image.height, width: image.width, channels });
    const mask = new Float32Array(field.length);
    for (let i = 0; i < mask.length; i++) {
      const share = field[i]!;
      mask[i] = share < 0 ? 0 : share > 1 ? 1 : share;
    }
    return mask;
  };
}

export interface GradientOptions {
  /** The share where the gradient begins, 0 to 1; [0, 0.2] by default. */
  minValue?: NumberParameter;
  /** The share where it ends; [0.8, 1] by default. */
  maxValue?: NumberParameter;
  /** Where it begins, as a share of the width or height; [0, 0.2] by default. */
  startAt?: NumberParameter;
  /** Where it ends; before its beginning, the gradient is turned round; [0.8, 1] by default. */
  endAt?: NumberParameter;
}
export const GRADIENT_NAMES = ["minValue", "maxValue", "startAt", "endAt"];

export function gradientMask(options: GradientOptions, axis: "x" | "y"): MaskGenerator {
  const range = { min: 0, max: 1 };
  const low = numberParameter("minValue", options.minValue ?? [0, 0.2], range);
  const high = numberParameter("maxValue", options.maxValue ?? [0.8, 1], range);
  const start = numberParameter("startAt", options.startAt ?? [0, 0.2], range);
  const end = numberParameter("endAt", options.endAt ?? [0.8, 1], range);
  return ({ image: { width, height } }, random) => {
    const length = axis === "x" ? width : height;
    const [from, to] = [low.sample(random), high.sample(random)];
    const [first, last] = [Math.trunc(start.sample(random) * length), Math.trunc(end.sample(random) * length)];
    const steps = gradient(length, from, to, Math.min(first, last), Math.max(first, last));
    const line = last < first ? steps.map((share) => 1 - share) : steps;
    const mask = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      if (axis === "x") mask.set(line, y * width);
      else mask.fill(line[y]!, y * width, (y + 1) * width);
    }
    return mask;
  };
}

function gradient(length: number, low: number, high: number, from: number, to: number): Float32Array {
  const share = (i: number) => (to - from < 2 ? 0 : (i - from) / (to - from - 1));
  return Float32Array.from({ length }, (_, i) => (i < from ? low : i >= to ? high : low + (high - low) * share(i)));
}

export interface GridOptions {
  nbRows: NumberParameter;
  nbCols: NumberParameter;
}

/** Cells of a grid, each with a share of its own. */
export function gridMask(options: GridOptions, alpha: NumberParameter | undefined): MaskGenerator {
  const size = gridSize(options);
  const share = numberParameter("alpha", alpha ?? Choice([0, 1]), { min: 0, max: 1 });
  return ({ image }, random) => {
    const { rows, columns } = size(image, random);
    return cells(
      image,
      rows,
      columns,
      Float32Array.from({ length: rows * columns }, () => share.sample(random)),
    );
  };
}

/** Cells of a grid, 1 and 0 in turn. */
export function checkerboardMask(options: GridOptions): MaskGenerator {
  const size = gridSize(options);
  return ({ image }, random) => {
    const { rows, columns } = size(image, random);
    const shares = Float32Array.from(
      { length: rows * columns },
      (_, i) => 1 - (((i % columns) + Math.floor(i / columns)) % 2),
    );
    return cells(image, rows, columns, shares);
  };
}

function gridSize({ nbRows, nbCols }: GridOptions) {
  const range = { min: 1, integer: true };
  const [rows, columns] = [numberParameter("nbRows", nbRows, range), numberParameter("nbCols", nbCols, range)];
  return ({ width, height }: ImageData8, random: SeededRandom) => ({
    rows: Math.min(rows.sample(random), height),
    columns: Math.min(columns.sample(random), width),
  });
}

/** Cells of whole pixels; what is left at the edges mirrors the pixels beside it. */
function cells({ width, height }: ImageData8, rows: number, columns: number, shares: Float32Array): Mask {
  const places = (length: number, count: number): number[] => {
    const size = Math.trunc(length / count);
    const before = Math.floor((length - size * count) / 2);
    return Array.from({ length }, (_, i) => Math.floor(borderIndex(i - before, size * count, "reflect") / size));
  };
  const [down, across] = [places(height, rows), places(width, columns)];
  const mask = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    const row = down[y]! * columns;
    for (let x = 0; x < width; x++) mask[at++] = shares[row + across[x]!]!;
  }
  return mask;
}

/** Where a segmentation map has one of the classes. */
export function classMask(classes: (random: SeededRandom) => ReadonlySet<number>): MaskGenerator {
  return ({ image, segmentationMaps = [] }, random) => {
    const chosen = classes(random);
    const result = new Float32Array(image.width * image.height);
    for (const { data, width, height, channels } of segmentationMaps) {
      const found = new Float32Array(width * height);
      data.forEach((value, i) => {
        if (chosen.has(value)) found[Math.floor(i / channels)] = 1;
      });
      const map = { data: found, width, height, channels: 1 };
      const method = image.width > width || image.height > height ? "area" : "linear";
      const large = resizedMap(map, image.width, image.height, method).data;
      large.forEach((share, i) => (result[i] = Math.max(result[i]!, share)));
    }
    return result;
  };
}

/** Within boxes of one of the labels; null: within all. */
export function boxMask(labels: (random: SeededRandom) => ReadonlySet<string> | null): MaskGenerator {
  return ({ image: { width, height }, boxes = [] }, random) => {
    const chosen = labels(random);
    const result = new Float32Array(width * height);
    const pixel = (value: number, end: number) => Math.min(Math.max(Math.trunc(value), 0), end);
    for (const box of boxes) {
      if (chosen !== null && !chosen.has(box.label ?? "")) continue;
      const [left, right] = [pixel(box.x1, width), pixel(box.x2, width)];
      for (let y = pixel(box.y1, height); y < pixel(box.y2, height); y++) {
        if (left < right) result.fill(1, y * width + left, y * width + right);
      }
    }
    return result;
  };
}

/** By hue, of which each of 256 has a share; `hues` is of the picture in HSV, where red begins at 0 and ends at 179. */
export function hueMask(hues: Uint8Array, shares: Float32Array): Mask {
  const table = Float32Array.from(shares, (share) => Math.min(Math.max(roundHalfEven(share * 255), 0), 255) / 255);
  const mask = new Float32Array(hues.length);
  for (let i = 0; i < mask.length; i++) mask[i] = table[hues[i]!]!;
  return mask;
}
