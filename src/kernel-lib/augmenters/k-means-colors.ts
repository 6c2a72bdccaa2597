/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * The colours that stand for a picture's best, by S. Lloyd's iteration (1982), as OpenCV's `kmeans` does it from random centres: at most
 * ten rounds, until no centre moves by more than one level. The random numbers are OpenCV's too, always the same: what a
 * picture becomes depends on the picture alone.
 */
import type { ImageData8 } from "../structures/image.js";
import { levelPlace } from "./level-simd.js";
import { colourCount } from "./lookup.js";

const ROUNDS = 10;

export function kMeansColors(image: ImageData8, count: number): ImageData8 {
  const { data, width, height, channels } = image;
  const pixels = width * height;
  if (count >= pixels) return image;
  const dims = colourCount(image);
  const points = new Float32Array(pixels * dims);
  for (let i = 0; i < pixels; i++) for (let c = 0; c < dims; c++) points[i * dims + c] = data[i * channels + c]!;
  const { labels, centers } = clustered(points, dims, count);
  const result = data.slice();
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < dims; c++) result[i * channels + c] = centers[labels[i]! * dims + c]!;
  }
  return { ...image, data: result };
}

function clustered(points: Float32Array, dims: number, count: number): { labels: Int32Array; centers: Float32Array } {
  let centers = randomCenters(points, dims, count);
  const labels = nearestCenters(points, centers, dims);
  for (let round = 1; ; round++) {
    const moved = meanCenters(points, labels, dims, count);
    const shift = largestShift(moved, centers, dims);
    centers = moved;
    // The last means belong to the labels from which they were made.
    if (round + 1 >= ROUNDS || shift <= 1) return { labels, centers };
    labels.set(nearestCenters(points, centers, dims));
  }
}

function randomCenters(points: Float32Array, dims: number, count: number): Float32Array {
  const next = openCvRandom();
  const margin = Math.fround(1 / dims);
  const centers = new Float32Array(count * dims);
  const low = new Float32Array(dims).fill(Infinity);
  const high = new Float32Array(dims).fill(-Infinity);
  for (let i = 0; i < points.length; i++) {
    low[i % dims] = Math.min(low[i % dims]!, points[i]!);
    high[i % dims] = Math.max(high[i % dims]!, points[i]!);
  }
  for (let i = 0; i < centers.length; i++) {
    const c = i % dims;
    centers[i] = (next() * (1 + margin * 2) - margin) * (high[c]! - low[c]!) + low[c]!;
  }
  return centers;
}

/** OpenCV's generator (multiply with carry), seeded with 1. */
function openCvRandom(): () => number {
  let state = 1n;
  return () => {
    state = (state & 0xffffffffn) * 4164903690n + (state >> 32n);
    return Math.fround(Number(state & 0xffffffffn) * 2.3283064365386963e-10);
  };
}

function nearestCenters(points: Float32Array, centers: Float32Array, dims: number): Int32Array {
  return (dims === 3 ? nearestBySimd(points, centers) : undefined) ?? nearestPlainly(points, centers, dims);
}

function nearestBySimd(points: Float32Array, centers: Float32Array): Int32Array | undefined {
  const count = points.length / 3;
  const at = levelPlace(points.byteLength, centers.byteLength, count * 4);
  if (!at) return undefined;
  const { place, loops } = at;
  const [from, of, to] = [place.put(points), place.put(centers), place.take(count * 4)];
  loops.nearestCenters(from, of, to, count, centers.length / 3);
  return new Int32Array(place.buffer, to, count).slice();
}

/** In single precision, as OpenCV. */
function nearestPlainly(points: Float32Array, centers: Float32Array, dims: number): Int32Array {
  const labels = new Int32Array(points.length / dims);
  for (let i = 0; i < labels.length; i++) {
    let best = Infinity;
    for (let k = 0; k < centers.length; k += dims) {
      let distance = 0;
      for (let c = 0; c < dims; c++) {
        const away = Math.fround(points[i * dims + c]! - centers[k + c]!);
        distance = Math.fround(distance + Math.fround(away * away));
      }
      if (distance >= best) continue;
      best = distance;
      labels[i] = k / dims;
    }
  }
  return labels;
}

function meanCenters(points: Float32Array, labels: Int32Array, dims: number, count: number): Float32Array {
  const sums = new Float32Array(count * dims);
  const counts = new Int32Array(count);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    counts[label]!++;
    for (let c = 0; c < dims; c++) sums[label * dims + c]! += points[i * dims + c]!;
  }
  for (let k = 0; k < count; k++) if (counts[k] === 0) fillEmpty(k, points, labels, sums, counts, dims);
  return sums.map((sum, i) => sum * Math.fround(1 / counts[Math.floor(i / dims)]!));
}

/** An empty cluster gets the farthest point of the largest one. */
function fillEmpty(
  empty: number,
  points: Float32Array,
  labels: Int32Array,
  sums: Float32Array,
  counts: Int32Array,
  dims: number,
): void {
  const largest = counts.indexOf(Math.max(...counts));
  let farthest = -1;
  let most = 0;
  labels.forEach((label, i) => {
    if (label !== largest) return;
    let distance = 0;
    for (let c = 0; c < dims; c++)
      distance += (points[i * dims + c]! - sums[largest * dims + c]! / counts[largest]!) ** 2;
    if (distance < most) return;
    most = distance;
    farthest = i;
  });
  counts[largest]!--;
  counts[empty]!++;
  labels[farthest] = empty;
  for (let c = 0; c < dims; c++) {
    sums[largest * dims + c]! -= points[farthest * dims + c]!;
    sums[empty * dims + c]! += points[farthest * dims + c]!;
  }
}

function largestShift(a: Float32Array, b: Float32Array, dims: number): number {
  let most = 0;
  for (let k = 0; k < a.length; k += dims) {
    let distance = 0;
    for (let c = 0; c < dims; c++) distance += (a[k + c]! - b[k + c]!) ** 2;
    most = Math.max(most, distance);
  }
  return most;
}
