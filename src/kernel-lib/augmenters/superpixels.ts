/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Superpixels by SLIC (R. Achanta and others, 2012), as scikit-image 0.17's `slic` with compactness 10: k-means of colour and place, ten
 * rounds, each centre over twice its step; then what is not connected, or too small, joins a neighbour.
 */
import type { ImageData8 } from "../structures/image.js";

const COMPACTNESS = 10;
const ROUNDS = 10;
/** Numbers that a pixel's colour is: L*a*b*; of a grey one its share and two zeros. */
const FEATURES = 3;

/** For each pixel its segment, from 0 on. */
export function superpixels(image: ImageData8, count: number): Int32Array {
  const { width, height } = image;
  const features = featuresOf(image);
  const exact = Math.sqrt((width * height) / count);
  const step = Math.max(Math.round(exact), 1);
  const centers = startCenters(width, height, step, Math.floor(exact / 2), features);
  const labels = new Int32Array(width * height);
  for (let round = 0; round < ROUNDS; round++) {
    if (!assign(labels, centers, features, { width, height, step })) break;
    recenter(labels, centers, features, width);
  }
  return connected(labels, width, height, Math.trunc((0.5 * width * height) / count));
}

/** `FEATURES` numbers for each pixel, by the compactness. */
function featuresOf({ data, channels }: ImageData8): Float64Array {
  const pixels = data.length / channels;
  const result = new Float64Array(pixels * FEATURES);
  for (let i = 0; i < pixels; i++) {
    if (channels === 1) result[i * FEATURES] = data[i]! / 255 / COMPACTNESS;
    else writeLab(result, i * FEATURES, data[i * channels]!, data[i * channels + 1]!, data[i * channels + 2]!);
  }
  return result;
}

const LINEAR = Float64Array.from({ length: 256 }, (_, i) =>
  i / 255 > 0.04045 ? ((i / 255 + 0.055) / 1.055) ** 2.4 : i / 255 / 12.92,
);

const root = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);

function writeLab(into: Float64Array, at: number, r: number, g: number, b: number): void {
  const [red, green, blue] = [LINEAR[r]!, LINEAR[g]!, LINEAR[b]!];
  const x = root((0.412453 * red + 0.35758 * green + 0.180423 * blue) / 0.95047);
  const y = root(0.212671 * red + 0.71516 * green + 0.072169 * blue);
  const z = root((0.019334 * red + 0.119193 * green + 0.950227 * blue) / 1.08883);
  into[at] = (116 * y - 16) / COMPACTNESS;
  into[at + 1] = (500 * (x - y)) / COMPACTNESS;
  into[at + 2] = (200 * (y - z)) / COMPACTNESS;
}

/** Each centre: row, column, then its features. */
function startCenters(
  width: number,
  height: number,
  step: number,
  start: number,
  features: Float64Array,
): Float64Array[] {
  const centers: Float64Array[] = [];
  for (let y = Math.min(start, height - 1); y < height; y += step) {
    for (let x = Math.min(start, width - 1); x < width; x += step) {
      const at = (y * width + x) * FEATURES;
      centers.push(Float64Array.of(y, x, ...features.subarray(at, at + FEATURES)));
    }
  }
  return centers;
}

interface Grid {
  width: number;
  height: number;
  /** Between centres as they began. */
  step: number;
}

/** Each pixel to the nearest centre. @returns whether any has changed its own */
function assign(labels: Int32Array, centers: readonly Float64Array[], features: Float64Array, grid: Grid): boolean {
  const distances = new Float64Array(labels.length).fill(Infinity);
  let isChanged = false;
  centers.forEach((center, k) => {
    if (claim(labels, distances, k, center, features, grid)) isChanged = true;
  });
  return isChanged;
}

/** Gives a centre the pixels about it that no earlier one is nearer to. Most of the time goes here: plain numbers, one loop. */
function claim(
  labels: Int32Array,
  distances: Float64Array,
  k: number,
  center: Float64Array,
  features: Float64Array,
  { width, height, step }: Grid,
): boolean {
  const [cy, cx] = [center[0]!, center[1]!];
  const [c0, c1, c2] = [center[2]!, center[3]!, center[4]!];
  const area = step * step;
  const left = Math.max(Math.trunc(cx - 2 * step), 0);
  const [right, bottom] = [Math.min(cx + 2 * step + 1, width), Math.min(cy + 2 * step + 1, height)];
  let isChanged = false;
  for (let y = Math.max(Math.trunc(cy - 2 * step), 0); y < bottom; y++) {
    const dy = (cy - y) * (cy - y);
    for (let x = left, at = y * width + left; x < right; x++, at++) {
      const d0 = features[at * FEATURES]! - c0;
      const d1 = features[at * FEATURES + 1]! - c1;
      const d2 = features[at * FEATURES + 2]! - c2;
      const distance = (dy + (cx - x) * (cx - x)) / area + d0 * d0 + d1 * d1 + d2 * d2;
      if (distance >= distances[at]!) continue;
      distances[at] = distance;
      if (labels[at] !== k) isChanged = true;
      labels[at] = k;
    }
  }
  return isChanged;
}

function recenter(labels: Int32Array, centers: readonly Float64Array[], features: Float64Array, width: number): void {
  const counts = new Int32Array(centers.length);
  for (const center of centers) center.fill(0);
  for (let at = 0; at < labels.length; at++) {
    const center = centers[labels[at]!]!;
    counts[labels[at]!]!++;
    center[0]! += Math.floor(at / width);
    center[1]! += at % width;
    for (let c = 0; c < FEATURES; c++) center[2 + c]! += features[at * FEATURES + c]!;
  }
  centers.forEach((center, k) => {
    const count = counts[k]!;
    if (count > 0) center.forEach((sum, i) => (center[i] = sum / count));
  });
}

/** New labels, one for each connected part; those smaller than `least` join the part beside which they were found. */
function connected(labels: Int32Array, width: number, height: number, least: number): Int32Array {
  const result = new Int32Array(labels.length).fill(-1);
  let next = 0;
  for (let start = 0; start < labels.length; start++) {
    if (result[start]! >= 0) continue;
    const part = [start];
    let neighbour = -1;
    result[start] = next;
    for (const at of part) {
      for (const other of beside(at, width, height)) {
        if (result[other]! >= 0 && result[other] !== next) neighbour = result[other]!;
        if (result[other]! >= 0 || labels[other] !== labels[start]) continue;
        result[other] = next;
        part.push(other);
      }
    }
    if (part.length < least && neighbour >= 0) for (const at of part) result[at] = neighbour;
    else next++;
  }
  return result;
}

function beside(at: number, width: number, height: number): number[] {
  const [x, y] = [at % width, Math.floor(at / width)];
  const found: number[] = [];
  if (x + 1 < width) found.push(at + 1);
  if (x > 0) found.push(at - 1);
  if (y + 1 < height) found.push(at + width);
  if (y > 0) found.push(at - width);
  return found;
}
