/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `convolutional`: pictures under small matrices. Alpha is left alone. */
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, knownOptions, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { roundHalfEven } from "./enlarge.js";
import { colourCount } from "./lookup.js";
import { numberParameter, type NumberParameter } from "./parameters.js";
import { borderIndex, type BorderMode } from "./border.js";
import { spreadBytes, spreadPicture } from "./picture-margins.js";
import { workplace } from "./picture-simd.js";

/** Rows of a matrix, as long as each other. */
export type Kernel = readonly (readonly number[])[];

/** Weighs each pixel's neighbours by a matrix, or by what a function makes of a picture; null leaves pictures as they are. */
export function Convolve(
  matrix: Kernel | ((image: ImageData8, random: SeededRandom) => Kernel) | null = null,
  options: AugmenterOptions = {},
): Augmenter {
  const fixed = typeof matrix === "function" || matrix === null ? null : kernelOption(matrix);
  return imageAugmenter(
    "Convolve",
    knownOptions("Convolve", options, []),
    (image, random) => {
      const kernel = typeof matrix === "function" ? kernelOption(matrix(image, random)) : fixed;
      return kernel === null ? image : convolved(image, kernel);
    },
    { args: [matrix, options] },
  );
}

function kernelOption(matrix: Kernel): Kernel {
  const given: unknown = matrix;
  const columns = Array.isArray(given) && Array.isArray(given[0]) ? given[0].length : 0;
  const isRow = (row: unknown) => Array.isArray(row) && row.length === columns && row.every(Number.isFinite);
  if (columns > 0 && Array.isArray(given) && given.every(isRow)) return matrix;
  const expected = "rows of numbers, each as long as the others";
  throw new VitrineError("InvalidOption", { option: "matrix", expected, received: quote(matrix) });
}

export interface SharpenOptions extends AugmenterOptions {
  /** How much of the sharp picture, 0 to 1; [0, 0.2] by default. */
  alpha?: NumberParameter;
  /** 1 keeps the brightness; [0.8, 1.2] by default. */
  lightness?: NumberParameter;
}

/** Sharpens pictures and mixes the result with the original. */
export function Sharpen(given: NumberParameter | SharpenOptions = {}): Augmenter {
  const options = firstOption<SharpenOptions>("Sharpen", "alpha", given, ["alpha", "lightness"]);
  const lightness = numberParameter("lightness", options.lightness ?? [0.8, 1.2], { min: 0 });
  return mixing("Sharpen", options, options.alpha ?? [0, 0.2], (random) => {
    const middle = 8 + lightness.sample(random);
    return [-1, -1, -1, -1, middle, -1, -1, -1, -1];
  });
}

export interface EmbossOptions extends AugmenterOptions {
  /** How much of the embossed picture, 0 to 1; [0, 1] by default. */
  alpha?: NumberParameter;
  /** [0.25, 1] by default. */
  strength?: NumberParameter;
}

/** Lights pictures from one corner and mixes the result with the original. */
export function Emboss(given: NumberParameter | EmbossOptions = {}): Augmenter {
  const options = firstOption<EmbossOptions>("Emboss", "alpha", given, ["alpha", "strength"]);
  const strength = numberParameter("strength", options.strength ?? [0.25, 1], { min: 0 });
  return mixing("Emboss", options, options.alpha ?? [0, 1], (random) => {
    const s = strength.sample(random);
    return [-1 - s, -s, 0, -s, 1, s, 0, s, 1 + s];
  });
}

export interface EdgeDetectOptions extends AugmenterOptions {
  /** How much of the edges' picture, 0 to 1; [0, 0.75] by default. */
  alpha?: NumberParameter;
}

/** Finds edges and mixes them with the original. */
export function EdgeDetect(given: NumberParameter | EdgeDetectOptions = {}): Augmenter {
  const options = firstOption<EdgeDetectOptions>("EdgeDetect", "alpha", given, ["alpha"]);
  return mixing("EdgeDetect", options, options.alpha ?? [0, 0.75], () => [0, 1, 0, 1, -4, 1, 0, 1, 0]);
}

function mixing(
  name: string,
  options: AugmenterOptions,
  given: NumberParameter,
  effect: (random: SeededRandom) => readonly number[],
): Augmenter {
  const alpha = numberParameter("alpha", given, { min: 0, max: 1 });
  return imageAugmenter(name, options, (image, random) => {
    const share = single(alpha.sample(random));
    const rest = single(1 - share);
    const cells = effect(random).map((cell, i) => single(single(share * single(cell)) + (i === 4 ? rest : 0)));
    return convolved(image, [cells.slice(0, 3), cells.slice(3, 6), cells.slice(6)]);
  });
}

/** Sums are in single precision, as OpenCV's, so that halves become the same level. */
const single = Math.fround;

/** OpenCV's `filter2D`: the matrix as it is (not turned), its middle on the pixel, mirrored edges, rounded and clipped. */
export function convolved(image: ImageData8, kernel: Kernel): ImageData8 {
  const taps = tapsOf(kernel);
  return convolvedBySimd(image, taps, "reflect", 0) ?? convolvedPlainly(image, taps);
}

/** By SIMD, where there is no alpha. @param more is added to sums before they are rounded; null: double precision, cut off */
export function convolvedBySimd(
  image: ImageData8,
  taps: readonly Tap[],
  mode: Exclude<BorderMode, "constant">,
  more: number | null,
): ImageData8 | undefined {
  if (image.channels === 4) return undefined;
  const { data, width, height, channels } = image;
  const across = Math.max(0, ...taps.map(({ dx }) => Math.abs(dx)));
  const down = Math.max(0, ...taps.map(({ dy }) => Math.abs(dy)));
  const margins = { left: across, right: across, above: down, below: down };
  const floats = (width + 2 * across) * channels + 16;
  const sizes = [spreadBytes(image, margins), data.length, taps.length * 8];
  const place = workplace(...sizes, ...Array.from({ length: height }, () => floats * 4));
  if (!place) return undefined;
  const { rows, stride } = spreadPicture(place, image, margins, mode);
  const [to, tapsAt] = [place.take(data.length), place.take(taps.length * 8)];
  const floatRows = new Map([...new Set(rows)].map((row) => [row, { at: place.take(floats * 4), isMade: false }]));
  const [places, weights] = [
    new Uint32Array(place.buffer, tapsAt, taps.length * 2),
    new Float32Array(place.buffer, tapsAt, taps.length * 2),
  ];
  taps.forEach(({ weight }, t) => (weights[2 * t + 1] = weight));
  for (let y = 0; y < height; y++) {
    taps.forEach(({ dx, dy }, t) => {
      const row = floatRows.get(rows[y + dy + down]!)!;
      if (!row.isMade) place.loops.toFloats(rows[y + dy + down]!, row.at, stride);
      row.isMade = true;
      places[2 * t] = row.at + (dx + across) * channels * 4;
    });
    const row = to + y * width * channels;
    if (more === null) place.loops.convolveExactly(tapsAt, taps.length, row, width * channels);
    else place.loops.convolveRow(tapsAt, taps.length, row, width * channels, more);
  }
  return { data: place.result(to, data.length), width, height, channels };
}

function convolvedPlainly(image: ImageData8, taps: readonly Tap[]): ImageData8 {
  const { data, width, height, channels } = image;
  const result = data.slice();
  const colours = colourCount(image);
  const sums = new Float32Array(width * colours);
  const reach = Math.max(0, ...taps.map(({ dx }) => Math.abs(dx)));
  const columns = Int32Array.from(
    { length: width + 2 * reach },
    (_, i) => borderIndex(i - reach, width, "reflect") * channels,
  );
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (const { dx, dy, weight } of taps) {
      const row = borderIndex(y + dy, height, "reflect") * width * channels;
      for (let x = 0, i = 0; x < width; x++) {
        const from = row + columns[x + dx + reach]!;
        for (let c = 0; c < colours; c++, i++) sums[i]! += single(weight * data[from + c]!);
      }
    }
    for (let x = 0, i = 0; x < width; x++) {
      const at = (y * width + x) * channels;
      for (let c = 0; c < colours; c++) result[at + c] = Math.min(Math.max(roundHalfEven(sums[i++]!), 0), 255);
    }
  }
  return { data: result, width, height, channels };
}

/** What lies so far from a pixel, and how much of it. */
export interface Tap {
  dx: number;
  dy: number;
  weight: number;
}

function tapsOf(kernel: Kernel): Tap[] {
  const taps = kernel.flatMap((row, y) =>
    row.map((weight, x) => ({ dx: x - (row.length >> 1), dy: y - (kernel.length >> 1), weight: single(weight) })),
  );
  return taps.filter(({ weight }) => weight !== 0);
}
