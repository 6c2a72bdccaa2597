/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Edges by J. Canny (1986), as OpenCV's `Canny` finds them: of several channels, the steepest counts. */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex } from "./border.js";
import { colourCount } from "./lookup.js";

export interface CannyOptions {
  low: number;
  high: number;
  /** Of the Sobel operator. */
  aperture: 3 | 5 | 7;
  /** Lengths by squares, or by absolute values. */
  isL2: boolean;
}

const DERIVATIVE = { 3: [-1, 0, 1], 5: [-1, -2, 0, 2, 1], 7: [-1, -4, -5, 0, 5, 4, 1] } as const;
const SMOOTHING = { 3: [1, 2, 1], 5: [1, 4, 6, 4, 1], 7: [1, 6, 15, 20, 15, 6, 1] } as const;

/** 1 at each pixel of an edge. */
export function cannyEdges(image: ImageData8, { low, high, aperture, isL2 }: CannyOptions): Uint8Array {
  const { width, height } = image;
  const { dx, dy, length } = gradients(image, aperture, isL2);
  const scale = aperture === 7 ? 16 : 1;
  const limit = (value: number) => {
    const scaled = Math.min(value / scale, 32767);
    return Math.floor(isL2 && scaled > 0 ? scaled * scaled : scaled);
  };
  const [least, sure] = [limit(Math.min(low, high)), limit(Math.max(low, high))];
  const edges = new Uint8Array(width * height);
  const candidates = new Uint8Array(width * height);
  const open: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (length[at]! <= least || !isRidge(length, dx[at]!, dy[at]!, x, y, width, height)) continue;
      candidates[at] = 1;
      if (length[at]! > sure) {
        edges[at] = 1;
        open.push(at);
      }
    }
  }
  // What may be an edge is one where it goes on from one that surely is.
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let row = Math.max(y - 1, 0); row <= Math.min(y + 1, height - 1); row++) {
      for (let column = Math.max(x - 1, 0); column <= Math.min(x + 1, width - 1); column++) {
        const other = row * width + column;
        if (candidates[other] !== 1 || edges[other] === 1) continue;
        edges[other] = 1;
        open.push(other);
      }
    }
  }
  return edges;
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
function separable(
  { data, width, height, channels }: ImageData8,
  channel: number,
  across: readonly number[],
  down: readonly number[],
): Int32Array {
  const radius = across.length >> 1;
  const row = new Int32Array(width + 2 * radius);
  const rows = new Int32Array(width * height);
  const result = new Int32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = y * width * channels + channel; x < width; x++, at += channels) row[radius + x] = data[at]!;
    row.fill(row[radius]!, 0, radius);
    row.fill(row[radius + width - 1]!, radius + width);
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
