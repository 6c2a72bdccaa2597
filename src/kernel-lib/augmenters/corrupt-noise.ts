/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Noise and colours of the corruptions by D. Hendrycks and T. Dietterich (2019), for severities 1 to 5. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { colorsOf, withColors } from "./float-picture.js";
import { jpegRoundTrip } from "./jpeg-round-trip.js";
import { colourCount, levelTable, lookUp } from "./lookup.js";
import { NormalNumbers } from "./normal-numbers.js";
import { PhotonLevels } from "./photon-levels.js";
import { uninitialised } from "./picture-simd.js";

/** A change of a picture by a severity of 1 to 5. */
export type Corruption = (image: ImageData8, severity: number, random: SeededRandom) => ImageData8;

const chosen = <T>(list: readonly T[], severity: number): T => list[severity - 1] as T;

/** Each colour of each pixel by itself. */
const eachShare =
  (
    levels: readonly [number, ...number[]],
    change: (share: number, level: number, random: SeededRandom) => number,
  ): Corruption =>
  (image, severity, random) => {
    const colors = colorsOf(image);
    const level = chosen(levels, severity);
    return withColors(image, { ...colors, data: colors.data.map((share) => change(share, level, random)) });
  };

/** @param factors by which a normal number is multiplied that is added to a level, for each level */
function withNormal(image: ImageData8, factors: Float32Array, random: SeededRandom): ImageData8 {
  const { width, height, channels } = image;
  const data = uninitialised(image.data.length);
  data.set(image.data);
  const numbers = new NormalNumbers(random);
  const colours = colourCount(image);
  for (let at = 0; at < data.length; at += channels) {
    for (let i = at; i < at + colours; i++) {
      const level = data[i]! + factors[data[i]!]! * numbers.next();
      data[i] = level < 0 ? 0 : level > 255 ? 255 : level;
    }
  }
  return { data, width, height, channels };
}

export const gaussianNoise: Corruption = (image, severity, random) =>
  withNormal(image, new Float32Array(256).fill(255 * chosen([0.08, 0.12, 0.18, 0.26, 0.38], severity)), random);

const photonLevels = new Map<number, PhotonLevels>();

export const shotNoise: Corruption = (image, severity, random) => {
  const photons = chosen([60, 25, 12, 5, 3], severity);
  const levels = photonLevels.get(photons) ?? new PhotonLevels(photons);
  photonLevels.set(photons, levels);
  const data = uninitialised(image.data.length);
  data.set(image.data);
  levels.replace(data, random);
  if (image.channels === 4) for (let i = 3; i < data.length; i += 4) data[i] = image.data[i]!;
  return { ...image, data };
};

export const impulseNoise = eachShare([0.03, 0.06, 0.09, 0.17, 0.27], (share, amount, random) =>
  random.next() < amount ? Number(random.next() < 0.5) : share,
);

export const speckleNoise: Corruption = (image, severity, random) => {
  const deviation = chosen([0.15, 0.2, 0.35, 0.45, 0.6], severity);
  return withNormal(
    image,
    Float32Array.from({ length: 256 }, (_, level) => level * deviation),
    random,
  );
};

export const contrast: Corruption = (image, severity) => {
  const { data, channels } = image;
  const factor = chosen([0.4, 0.3, 0.2, 0.1, 0.05], severity);
  const tables = Array.from({ length: colourCount(image) }, (_, c) => {
    let sum = 0;
    for (let i = c; i < data.length; i += channels) sum += data[i]! / 255;
    const mean = (sum * channels) / data.length;
    return levelTable((level) => Math.min(Math.max((level / 255 - mean) * factor + mean, 0), 1) * 255);
  });
  return lookUp(image, tables);
};

export const brightness: Corruption = (image, severity) => {
  const more = chosen([0.1, 0.2, 0.3, 0.4, 0.5], severity);
  if (image.channels === 1)
    return withColors(image, { ...colorsOf(image), data: colorsOf(image).data.map((share) => share + more) });
  return inHsv(image, (hue, saturation, value) => [hue, saturation, Math.min(value + more, 1)]);
};

export const saturate: Corruption = (image, severity) => {
  const levels = [
    [0.3, 0],
    [0.1, 0],
    [2, 0],
    [5, 0.1],
    [20, 0.2],
  ] as const;
  const [factor, more] = chosen(levels, severity);
  if (image.channels !== 1)
    return inHsv(image, (hue, saturation, value) => [hue, Math.min(saturation * factor + more, 1), value]);
  // Grey has hue 0, and what is saturated of it is red: that channel keeps its level.
  return image;
};

type Triple = readonly [number, number, number];

/** By hue, saturation and value, all 0 to 1, as scikit-image. */
function inHsv(image: ImageData8, change: (hue: number, saturation: number, value: number) => Triple): ImageData8 {
  const colors = colorsOf(image);
  const { data } = colors;
  for (let i = 0; i < data.length; i += 3) {
    const [r, g, b] = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0];
    const value = Math.max(r, g, b);
    const spread = value - Math.min(r, g, b);
    const sixth =
      spread === 0 ? 0 : value === b ? 4 + (r - g) / spread : value === g ? 2 + (b - r) / spread : (g - b) / spread;
    data.set(rgbOf(change((((sixth / 6) % 1) + 1) % 1, value === 0 ? 0 : spread / value, value)), i);
  }
  return withColors(image, colors);
}

function rgbOf([hue, saturation, value]: Triple): Triple {
  const sixth = Math.floor(hue * 6);
  const f = hue * 6 - sixth;
  const [p, q, t] = [value * (1 - saturation), value * (1 - f * saturation), value * (1 - (1 - f) * saturation)];
  const sectors: readonly Triple[] = [
    [value, t, p],
    [q, value, p],
    [p, value, t],
    [p, q, value],
    [t, p, value],
    [value, p, q],
  ];
  return sectors[sixth % 6] ?? [value, t, p];
}

export const jpegCompression: Corruption = (image, severity) =>
  jpegRoundTrip(image, chosen([25, 18, 15, 10, 7], severity));

/** The mean of blocks, and each block in one colour: along rows first and rounded, as Pillow's. */
export const pixelate: Corruption = (image, severity) => {
  const { data, width, height, channels } = image;
  const share = chosen([0.6, 0.5, 0.4, 0.3, 0.25], severity);
  const [wide, high] = [Math.max(Math.trunc(width * share), 1), Math.max(Math.trunc(height * share), 1)];
  const result = uninitialised(data.length);
  const [columns, rows] = [boxTaps(width, wide), boxTaps(height, high)];
  const [ownColumn, ownRow] = [nearestBoxes(width, wide), nearestBoxes(height, high)];
  const sums = new Int32Array(wide * channels);
  const means = new Uint8Array(wide * channels);
  const stride = width * channels;
  let last = -1;
  for (let y = 0; y < height; y++) {
    const row = ownRow[y]!;
    if (row === last) {
      result.copyWithin(y * stride, (y - 1) * stride, y * stride);
      continue;
    }
    last = row;
    const { from, to, weight } = rows[row]!;
    sums.fill(0);
    for (let above = from; above < to; above++) addMeans(data, above * stride, columns, sums, channels);
    for (let i = 0; i < sums.length; i++) means[i] = (Math.imul(sums[i]!, weight) + HALF) >> BITS;
    spreadRow(means, ownColumn, channels, result, y * stride);
  }
  if (channels === 4) for (let i = 3; i < data.length; i += 4) result[i] = data[i]!;
  return { ...image, data: result };
};

/** Pillow's weights are shares of 2 ** 22. */
const BITS = 22;
const HALF = 1 << (BITS - 1);

interface Span {
  from: number;
  to: number;
  /** Of each of them. */
  weight: number;
}

/** Each pixel by its box. The first three channels by name: a loop over so few costs more than what it does. */
function spreadRow(means: Uint8Array, boxes: Int32Array, channels: number, result: Uint8Array, to: number): void {
  for (let x = 0; x < boxes.length; x++, to += channels) {
    const from = boxes[x]! * channels;
    result[to] = means[from]!;
    if (channels === 1) continue;
    result[to + 1] = means[from + 1]!;
    result[to + 2] = means[from + 2]!;
  }
}

/** The means of a row's boxes. Three channels by name: a loop over so few costs more than what it does. */
function addMeans(data: Uint8Array, at: number, columns: readonly Span[], sums: Int32Array, channels: number): void {
  let place = 0;
  for (const { from, to, weight } of columns) {
    const end = at + to * channels;
    if (channels === 1) {
      let sum = 0;
      for (let i = at + from; i < end; i++) sum += data[i]!;
      sums[place++]! += (Math.imul(sum, weight) + HALF) >> BITS;
      continue;
    }
    let [red, green, blue] = [0, 0, 0];
    for (let i = at + from * channels; i < end; i += channels) {
      red += data[i]!;
      green += data[i + 1]!;
      blue += data[i + 2]!;
    }
    sums[place]! += (Math.imul(red, weight) + HALF) >> BITS;
    sums[place + 1]! += (Math.imul(green, weight) + HALF) >> BITS;
    sums[place + 2]! += (Math.imul(blue, weight) + HALF) >> BITS;
    place += channels;
  }
}

/** The box of each pixel, found by steps that add up as Pillow's do: where a middle lies between two, their rounding decides. */
function nearestBoxes(length: number, count: number): Int32Array {
  const step = count / length;
  let place = step / 2;
  return Int32Array.from({ length }, () => {
    const box = Math.min(Math.trunc(place), count - 1);
    place += step;
    return box;
  });
}

/** The pixels whose middles lie within half a new pixel of its middle, the farther edge within, as Pillow's box filter. */
function boxTaps(length: number, target: number): Span[] {
  const scale = length / target;
  const support = 0.5 * scale;
  return Array.from({ length: target }, (_, i) => {
    const middle = (i + 0.5) * scale;
    const least = Math.max(Math.trunc(middle - support + 0.5), 0);
    const most = Math.min(Math.trunc(middle + support + 0.5), length);
    const share = (pixel: number) => (pixel - middle + 0.5) * (1 / scale);
    const from = share(least) > -0.5 ? least : least + 1;
    const to = Math.max(share(most - 1) <= 0.5 ? most : most - 1, from + 1);
    return { from, to, weight: Math.trunc(0.5 + (1 / (to - from)) * (1 << BITS)) };
  });
}
