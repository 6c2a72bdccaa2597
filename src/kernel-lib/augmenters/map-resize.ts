/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over maps: every index lies within the map */
/** Heatmaps at another size by the rules of OpenCV's `resize` for floats, axis by axis. */
import type { Interpolation } from "./interpolation.js";

interface Values {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

type Taps = readonly (readonly [place: number, weight: number])[];

/** From 0 to 1, what cubic interpolation makes too much or too little of included. */
export function resizedValues(map: Values, width: number, height: number, interpolation: Interpolation): Float32Array {
  const { channels, data } = map;
  const tapsOf = tapsBy(interpolation, map, width, height);
  const [columns, rows] = [tapsOf(map.width, width), tapsOf(map.height, height)];
  const across = new Float32Array(width * map.height * channels);
  for (let y = 0, to = 0; y < map.height; y++) {
    for (const taps of columns) {
      for (let c = 0; c < channels; c++) across[to++] = summed(data, taps, channels, y * map.width * channels + c);
    }
  }
  const [result, stride] = [new Float32Array(width * height * channels), width * channels];
  const sums = new Float64Array(stride);
  for (let y = 0, to = 0; y < height; y++) {
    sums.fill(0);
    for (const [row, weight] of rows[y]!) addRow(sums, across, row * stride, weight);
    for (const sum of sums) result[to++] = sum < 0 ? 0 : sum > 1 ? 1 : sum;
  }
  return result;
}

function addRow(sums: Float64Array, data: Float32Array, from: number, weight: number): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += data[from + i]! * weight;
}

function summed(data: Float32Array, taps: Taps, step: number, from: number): number {
  let sum = 0;
  for (const [place, weight] of taps) sum += data[from + place * step]! * weight;
  return sum;
}

function tapsBy(
  method: Interpolation,
  from: Values,
  width: number,
  height: number,
): (size: number, to: number) => Taps[] {
  const shrinks = width <= from.width && height <= from.height;
  const halves = method === "linear" && from.width === 2 * width && from.height === 2 * height;
  if ((method === "area" && shrinks) || halves) return areaTaps;
  if (method === "nearest") return nearestTaps;
  return method === "cubic" ? cubicTaps : method === "area" ? enlargingTaps : linearTaps;
}

const inside = (place: number, size: number) => Math.min(Math.max(place, 0), size - 1);

const nearestTaps = (size: number, to: number): Taps[] =>
  Array.from({ length: to }, (_, i) => [[Math.min(Math.floor((i * size) / to), size - 1), 1]]);

/** Pixel centres over pixel centres; what lies beyond the edges is as at the edges. */
function centred(size: number, to: number, weights: (share: number) => readonly number[], before: number): Taps[] {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.fround(((i + 0.5) * size) / to - 0.5);
    const first = Math.floor(place);
    return weights(place - first).map((weight, k) => [inside(first - before + k, size), weight] as const);
  });
}

const linearTaps = (size: number, to: number): Taps[] => centred(size, to, (share) => [1 - share, share], 0);
const cubicTaps = (size: number, to: number): Taps[] => centred(size, to, cubicWeights, 1);

/** Where a map does not become smaller on both sides, "area" is this: linear, but only near the old pixels' borders. */
function enlargingTaps(size: number, to: number): Taps[] {
  return Array.from({ length: to }, (_, i) => {
    const first = Math.floor((i * size) / to);
    const beyond = i + 1 - ((first + 1) * to) / size;
    const share = beyond <= 0 ? 0 : beyond - Math.floor(beyond);
    return [
      [inside(first, size), 1 - share],
      [inside(first + 1, size), share],
    ];
  });
}

/** The mean of what lies under each new value. */
function areaTaps(size: number, to: number): Taps[] {
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [(i * size) / to, Math.min(((i + 1) * size) / to, size)];
    const count = Math.ceil(end - 1e-3) - Math.floor(start + 1e-3);
    return Array.from({ length: count }, (_, k) => {
      const place = Math.floor(start + 1e-3) + k;
      return [place, (Math.min(place + 1, end) - Math.max(place, start)) / (end - start)] as const;
    });
  });
}

/** R. Keys' cubic convolution (1981) with A = -0.75, as OpenCV's: the weights of the pixels from one before to two behind. */
export function cubicWeights(t: number): readonly [number, number, number, number] {
  const A = -0.75;
  const before = ((A * (t + 1) - 5 * A) * (t + 1) + 8 * A) * (t + 1) - 4 * A;
  const here = ((A + 2) * t - (A + 3)) * t * t + 1;
  const behind = ((A + 2) * (1 - t) - (A + 3)) * (1 - t) * (1 - t) + 1;
  return [before, here, behind, 1 - before - here - behind];
}
