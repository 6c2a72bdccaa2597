/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Edges by J. Canny (1986), as OpenCV's `Canny` finds them: of several channels, the steepest counts. */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex } from "./border.js";
import { levelPlace } from "./level-simd.js";
import { colourCount } from "./lookup.js";

export interface CannyOptions {
  low: number;
  high: number;
  /** Of the Sobel operator. */
  aperture: 3 | 5 | 7;
  /** Lengths by squares, or by absolute values. */
  isL2: boolean;
}

/** Kinds of pixels, beside 0 and 1. */
const SURE = 2;
const FOUND = 3;

const DERIVATIVE = { 3: [-1, 0, 1], 5: [-1, -2, 0, 2, 1], 7: [-1, -4, -5, 0, 5, 4, 1] } as const;
const SMOOTHING = { 3: [1, 2, 1], 5: [1, 4, 6, 4, 1], 7: [1, 6, 15, 20, 15, 6, 1] } as const;

/** Lengths of gradients, cut off: what may be an edge is longer than the least, and what surely is one than the other. */
interface Limits {
  least: number;
  sure: number;
}

/** 1 at each pixel of an edge. */
export function cannyEdges(image: ImageData8, options: CannyOptions): Uint8Array {
  const { low, high, aperture, isL2 } = options;
  const scale = aperture === 7 ? 16 : 1;
  const limit = (value: number) => {
    const scaled = Math.min(value / scale, 32767);
    return Math.floor(isL2 && scaled > 0 ? scaled * scaled : scaled);
  };
  const limits = { least: limit(Math.min(low, high)), sure: limit(Math.max(low, high)) };
  return edgesBySimd(image, options, limits) ?? linked(kindsPlainly(image, options, limits), image.width, image.height);
}

/** What may be an edge (1) is one where it goes on from one that surely is (2). */
function linked(kinds: Uint8Array, width: number, height: number): Uint8Array {
  const stride = width + 2;
  const padded = new Uint8Array(stride * (height + 2));
  for (let y = 0; y < height; y++) padded.set(kinds.subarray(y * width, (y + 1) * width), (y + 1) * stride + 1);
  const around = [-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1];
  const open: number[] = [];
  for (let start = padded.indexOf(SURE); start >= 0; start = padded.indexOf(SURE, start + 1)) {
    padded[start] = FOUND;
    for (let at: number | undefined = start; at !== undefined; at = open.pop()) {
      for (let k = 0; k < 8; k++) {
        const other = at + around[k]!;
        if (padded[other] === 0 || padded[other] === FOUND) continue;
        padded[other] = FOUND;
        open.push(other);
      }
    }
  }
  const edges = new Uint8Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, at = (y + 1) * stride + 1; x < width; x++) edges[to++] = padded[at++] === FOUND ? 1 : 0;
  }
  return edges;
}

/** Each row starts behind room for 8 zeros, which are those behind the row before it, too. */
const ROOM = 8;

function edgesBySimd(
  image: ImageData8,
  { aperture, isL2 }: CannyOptions,
  { least, sure }: Limits,
): Uint8Array | undefined {
  const { width, height } = image;
  const [radius, wide] = [aperture >> 1, Math.ceil(width / 8) * 8];
  const stride = (wide + ROOM) * 4;
  const [fieldBytes, rowsBytes] = [(height + 2) * stride + ROOM * 4, height * wide * 2];
  const fields = [fieldBytes, fieldBytes, fieldBytes, rowsBytes, rowsBytes];
  const kindsStride = width + 2;
  const kindsBytes = kindsStride * (height + 2);
  const found = levelPlace(...fields, kindsBytes, width * height * 4, wide + 16, 16, 16, 64);
  if (!found) return undefined;
  const { place, loops } = found;
  const [dx, dy, length] = [place.take(fieldBytes), place.take(fieldBytes), place.take(fieldBytes)];
  const [smoothed, derived, row] = [place.take(rowsBytes), place.take(rowsBytes), place.take(wide + 16)];
  const smoothing = place.put(Int16Array.from(SMOOTHING[aperture]));
  const derivative = place.put(Int16Array.from(DERIVATIVE[aperture]));
  const rowsAt = place.take(64);
  const rows = new Uint32Array(place.buffer, rowsAt, 2 * aperture);
  const start = (y: number) => (y + 1) * stride + ROOM * 4;
  place.bytes(length, fieldBytes).fill(0);
  for (let y = 0; y < height; y++) place.bytes(length + start(y), wide * 4).fill(255);
  for (let c = 0; c < colourCount(image); c++) {
    for (let y = 0; y < height; y++) {
      spreadRow(image, c, y, radius, place.bytes(row, width + 2 * radius));
      const at = y * wide * 2;
      loops.weighAcross(row, smoothed + at, derived + at, width, smoothing, derivative, aperture);
    }
    for (let y = 0; y < height; y++) {
      for (let k = 0; k < aperture; k++) {
        const from = borderIndex(y + k - radius, height, "edge") * wide * 2;
        [rows[k], rows[aperture + k]] = [smoothed + from, derived + from];
      }
      const [at, shift] = [start(y), aperture === 7 ? 4 : 0];
      const places = [dx + at, dy + at, length + at] as const;
      loops.steepest(rowsAt, smoothing, derivative, aperture, shift, Number(isL2), ...places, width);
    }
  }
  for (let y = 0; y < height; y++) place.bytes(length + start(y) + width * 4, (wide - width) * 4).fill(0);
  const kinds = place.take(kindsBytes);
  place.bytes(kinds, kindsBytes).fill(0);
  const startOfKinds = (y: number) => kinds + (y + 1) * kindsStride + 1;
  for (let y = 0; y < height; y++) {
    const at = start(y);
    loops.edgeKinds(length + at, stride, dx + at, dy + at, startOfKinds(y), width, least, sure);
  }
  loops.linked(startOfKinds(0), height * kindsStride, kindsStride, place.take(width * height * 4));
  const edges = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) edges.set(place.bytes(startOfKinds(y), width), y * width);
  return edges;
}

function kindsPlainly(image: ImageData8, { aperture, isL2 }: CannyOptions, { least, sure }: Limits): Uint8Array {
  const { width, height } = image;
  const { dx, dy, length } = gradients(image, aperture, isL2);
  const kinds = new Uint8Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (length[at]! <= least || !isRidge(length, dx[at]!, dy[at]!, x, y, width, height)) continue;
      kinds[at] = length[at]! > sure ? SURE : 1;
    }
  }
  return kinds;
}

function gradients(image: ImageData8, aperture: 3 | 5 | 7, isL2: boolean) {
  const pixels = image.width * image.height;
  const [dx, dy, length] = [new Int32Array(pixels), new Int32Array(pixels), new Int32Array(pixels).fill(-1)];
  const scale = aperture === 7 ? 1 / 16 : 1;
  for (let c = 0; c < colourCount(image); c++) {
    const across = separable(image, c, DERIVATIVE[aperture], SMOOTHING[aperture]);
    const down = separable(image, c, SMOOTHING[aperture], DERIVATIVE[aperture]);
    for (let i = 0; i < pixels; i++) {
      const x = Math.round(across[i]! * scale);
      const y = Math.round(down[i]! * scale);
      const own = isL2 ? x * x + y * y : Math.abs(x) + Math.abs(y);
      if (own <= length[i]!) continue;
      dx[i] = x;
      dy[i] = y;
      length[i] = own;
    }
  }
  return { dx, dy, length };
}

/** One channel under two rows of weights; beyond the edges lies the edge's pixel. */
function separable(image: ImageData8, channel: number, across: readonly number[], down: readonly number[]): Int32Array {
  const { width, height } = image;
  const radius = across.length >> 1;
  const row = new Int32Array(width + 2 * radius);
  const rows = new Int32Array(width * height);
  const result = new Int32Array(width * height);
  for (let y = 0; y < height; y++) {
    spreadRow(image, channel, y, radius, row);
    for (const [k, weight] of across.entries()) if (weight !== 0) addWeighted(rows, y * width, row, k, width, weight);
  }
  for (let y = 0; y < height; y++) {
    for (const [k, weight] of down.entries()) {
      if (weight === 0) continue;
      addWeighted(result, y * width, rows, borderIndex(y + k - radius, height, "edge") * width, width, weight);
    }
  }
  return result;
}

/** A row of one channel, with its first and its last pixel `radius` times beyond it. */
function spreadRow(image: ImageData8, channel: number, y: number, radius: number, row: Int32Array | Uint8Array): void {
  const { data, width, channels } = image;
  for (let x = 0, at = y * width * channels + channel; x < width; x++, at += channels) row[radius + x] = data[at]!;
  row.fill(row[radius]!, 0, radius);
  row.fill(row[radius + width - 1]!, radius + width);
}

function addWeighted(sums: Int32Array, to: number, data: Int32Array, from: number, count: number, weight: number) {
  for (let i = 0; i < count; i++) sums[to + i]! += Math.imul(weight, data[from + i]!);
}

/** Whether no neighbour across the edge is longer. Beyond the picture lengths are 0. */
function isRidge(
  length: Int32Array,
  dx: number,
  dy: number,
  x: number,
  y: number,
  width: number,
  height: number,
): boolean {
  const own = length[y * width + x]!;
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= width || row >= height ? 0 : length[row * width + column]!;
  const steepness = Math.abs(dy) * 32768;
  const flat = Math.abs(dx) * 13573;
  if (steepness < flat) return own > at(x - 1, y) && own >= at(x + 1, y);
  if (steepness > flat + Math.abs(dx) * 65536) return own > at(x, y - 1) && own >= at(x, y + 1);
  const side = dx < 0 !== dy < 0 ? -1 : 1;
  return own > at(x - side, y - 1) && own > at(x + side, y + 1);
}
