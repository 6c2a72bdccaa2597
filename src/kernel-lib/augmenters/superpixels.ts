/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Superpixels by SLIC (R. Achanta and others, 2012), as scikit-image 0.17's `slic` with compactness 10: k-means of colour and place, ten
 * rounds, each centre over twice its step; then what is not connected, or too small, joins a neighbour.
 */
import type { ImageData8 } from "../structures/image.js";
import { colourCount } from "./lookup.js";

const COMPACTNESS = 10;
const ROUNDS = 10;

/** For each pixel its segment, from 0 on. */
export function superpixels(image: ImageData8, count: number): Int32Array {
  const { width, height } = image;
  const dims = colourCount(image);
  const features = featuresOf(image);
  const exact = Math.sqrt((width * height) / count);
  const step = Math.max(Math.round(exact), 1);
  const centers = startCenters(width, height, step, Math.floor(exact / 2), features, dims);
  const labels = new Int32Array(width * height);
  for (let round = 0; round < ROUNDS; round++) {
    if (!assign(labels, centers, features, dims, width, height, step)) break;
    recenter(labels, centers, features, dims, width);
  }
  return connected(labels, width, height, Math.trunc((0.5 * width * height) / count));
}

/** L*a*b*, or the grey share, by the compactness. */
function featuresOf(image: ImageData8): Float64Array {
  const { data, channels } = image;
  const pixels = data.length / channels;
  if (channels === 1) return Float64Array.from(data, (level) => level / 255 / COMPACTNESS);
  const result = new Float64Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const lab = labOf(data[i * channels]!, data[i * channels + 1]!, data[i * channels + 2]!);
    for (let c = 0; c < 3; c++) result[i * 3 + c] = lab[c]! / COMPACTNESS;
  }
  return result;
}

const LINEAR = Float64Array.from({ length: 256 }, (_, i) =>
  i / 255 > 0.04045 ? ((i / 255 + 0.055) / 1.055) ** 2.4 : i / 255 / 12.92,
);

function labOf(r: number, g: number, b: number): [number, number, number] {
  const [red, green, blue] = [LINEAR[r]!, LINEAR[g]!, LINEAR[b]!];
  const root = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = root((0.412453 * red + 0.35758 * green + 0.180423 * blue) / 0.95047);
  const y = root(0.212671 * red + 0.71516 * green + 0.072169 * blue);
  const z = root((0.019334 * red + 0.119193 * green + 0.950227 * blue) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Each centre: row, column, then its features. */
function startCenters(
  width: number,
  height: number,
  step: number,
  start: number,
  features: Float64Array,
  dims: number,
): Float64Array[] {
  const centers: Float64Array[] = [];
  for (let y = Math.min(start, height - 1); y < height; y += step) {
    for (let x = Math.min(start, width - 1); x < width; x += step) {
      const at = (y * width + x) * dims;
      centers.push(Float64Array.of(y, x, ...features.subarray(at, at + dims)));
    }
  }
  return centers;
}

/** Whether any pixel has changed its centre. */
function assign(
  labels: Int32Array,
  centers: readonly Float64Array[],
  features: Float64Array,
  dims: number,
  width: number,
  height: number,
  step: number,
): boolean {
  const distances = new Float64Array(labels.length).fill(Infinity);
  let isChanged = false;
  centers.forEach((center, k) => {
    const [cy, cx] = [center[0]!, center[1]!];
    const [bottom, right] = [Math.min(cy + 2 * step + 1, height), Math.min(cx + 2 * step + 1, width)];
    for (let y = Math.max(Math.trunc(cy - 2 * step), 0); y < bottom; y++) {
      for (let x = Math.max(Math.trunc(cx - 2 * step), 0); x < right; x++) {
        const at = y * width + x;
        let distance = ((cy - y) ** 2 + (cx - x) ** 2) / (step * step);
        for (let c = 0; c < dims; c++) distance += (features[at * dims + c]! - center[2 + c]!) ** 2;
        if (distance >= distances[at]!) continue;
        distances[at] = distance;
        if (labels[at] !== k) isChanged = true;
        labels[at] = k;
      }
    }
  });
  return isChanged;
}

function recenter(
  labels: Int32Array,
  centers: readonly Float64Array[],
  features: Float64Array,
  dims: number,
  width: number,
): void {
  const counts = new Int32Array(centers.length);
  for (const center of centers) center.fill(0);
  labels.forEach((label, at) => {
    const center = centers[label]!;
    counts[label]!++;
    center[0]! += Math.floor(at / width);
    center[1]! += at % width;
    for (let c = 0; c < dims; c++) center[2 + c]! += features[at * dims + c]!;
  });
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
