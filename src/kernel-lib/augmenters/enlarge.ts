/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * A part of a picture, enlarged, to the bit as OpenCV's `resize` with INTER_AREA does it, which imgaug takes for enlarging.
 *
 * OpenCV enlarges "by area" through a variant of linear interpolation: the weight is zero as long as the target pixel lies
 * within one source pixel. Weights have 11 bits (INTER_RESIZE_COEF_BITS), the sum of a row's two loses its last 4, and the second pass drops
 * 16 and 2 more.
 */
import type { ImageData8 } from "../structures/image.js";
import { workplace } from "./picture-simd.js";

export interface Part {
  left: number;
  top: number;
  width: number;
  height: number;
}

const ONE = 2048;

/** `width` and `height` are at least the part's. */
export function enlargePart(image: ImageData8, part: Part, width: number, height: number): ImageData8 {
  const columns = axisWeights(part.width, width);
  const rows = axisWeights(part.height, height);
  return resampledBySimd(image, part, columns, rows) ?? enlargePlainly(image, part, columns, rows);
}

/** By SIMD, of three channels: pixels between two by two of a part. */
export function resampledBySimd(
  image: ImageData8,
  part: Part,
  columns: AxisWeights,
  rows: AxisWeights,
): ImageData8 | undefined {
  if (image.channels !== 3) return undefined;
  const [width, height, fromStride] = [columns.from.length, rows.from.length, image.width * 3];
  const lengths = { from: part.height * fromStride, to: width * height * 3, row: width * 6 + 16 };
  const place = workplace(lengths.from, lengths.to, lengths.row, lengths.row, width * 4, width * 4);
  if (!place) return undefined;
  const start = (part.top * image.width + part.left) * 3;
  const from = place.put(image.data.subarray(start, start + (part.height - 1) * fromStride + part.width * 3));
  const to = place.take(lengths.to);
  const lines = [place.take(lengths.row), place.take(lengths.row)] as const;
  const placesAt = place.put(columns.from.map((x) => x * 3));
  const weightsAt = place.put(columns.weight.map((weight) => (ONE - weight) | (weight << 16)));
  // A line keeps its row as long as it can: the row below becomes the row above.
  const held = [-1, -1];
  const lineOf = (row: number): number => {
    const line = row & 1;
    if (held[line] !== row) place.loops.resizeAcross(from + row * fromStride, lines[line]!, placesAt, weightsAt, width);
    held[line] = row;
    return lines[line]!;
  };
  for (let y = 0; y < height; y++) {
    const row = rows.from[y]!;
    const weight = rows.weight[y]!;
    const upper = lineOf(row);
    const lower = weight === 0 ? upper : lineOf(row + 1);
    place.loops.resizeDown(upper, lower, ONE - weight, weight, to + y * width * 3, width * 3);
  }
  return { data: place.result(to, lengths.to), width, height, channels: 3 };
}

function enlargePlainly(image: ImageData8, part: Part, columns: AxisWeights, rows: AxisWeights): ImageData8 {
  const { channels } = image;
  const [width, height] = [columns.from.length, rows.from.length];
  const stride = width * channels;
  const result = new Uint8Array(height * stride);
  let upper = new Int16Array(stride);
  let lower = new Int16Array(stride);
  let row = -1;
  for (let y = 0; y < height; y++) {
    const from = rows.from[y]!;
    if (from !== row) {
      // The row below becomes the row above most of the time.
      if (from === row + 1 && row >= 0) [upper, lower] = [lower, upper];
      else interpolateRow(image, part, from, columns, upper);
      interpolateRow(image, part, Math.min(from + 1, part.height - 1), columns, lower);
      row = from;
    }
    blendRows(upper, lower, ONE - rows.weight[y]!, rows.weight[y]!, result, y * stride);
  }
  return { data: result, width, height, channels };
}

/** For each new pixel an old one, and how much of that behind it. */
export interface AxisWeights {
  from: Int32Array;
  /** Of the following pixel, in 2048ths. */
  weight: Int32Array;
}

function axisWeights(size: number, target: number): AxisWeights {
  const inverse = target / size;
  const scale = 1 / inverse;
  const from = new Int32Array(target);
  const weight = new Int32Array(target);
  for (let i = 0; i < target; i++) {
    const start = Math.floor(i * scale);
    const fraction = Math.fround(i + 1 - (start + 1) * inverse);
    const isLast = start >= size - 1;
    from[i] = isLast ? size - 1 : start;
    weight[i] = isLast || fraction <= 0 ? 0 : roundHalfEven(Math.fround(fraction - Math.floor(fraction)) * ONE);
  }
  return { from, weight };
}

function interpolateRow(image: ImageData8, part: Part, y: number, columns: AxisWeights, row: Int16Array): void {
  const { data, channels } = image;
  const start = ((part.top + y) * image.width + part.left) * channels;
  const { from, weight } = columns;
  for (let x = 0, to = 0; x < from.length; x++, to += channels) {
    const at = start + from[x]! * channels;
    const b = weight[x]!;
    const a = ONE - b;
    // The last pixel has no neighbour, and a weight of zero for it.
    const next = b === 0 ? at : at + channels;
    row[to] = (data[at]! * a + data[next]! * b) >> 4;
    if (channels === 1) continue;
    row[to + 1] = (data[at + 1]! * a + data[next + 1]! * b) >> 4;
    row[to + 2] = (data[at + 2]! * a + data[next + 2]! * b) >> 4;
    if (channels === 4) row[to + 3] = (data[at + 3]! * a + data[next + 3]! * b) >> 4;
  }
}

function blendRows(upper: Int16Array, lower: Int16Array, a: number, b: number, result: Uint8Array, to: number): void {
  for (let i = 0; i < upper.length; i++) {
    // No product is over 2^26: imul keeps them out of floating point.
    const sum = (Math.imul(a, upper[i]!) >> 16) + (Math.imul(b, lower[i]!) >> 16);
    result[to + i] = (sum + 2) >> 2;
  }
}

/** As C's `rint`: 0.5 to 0, 1.5 to 2. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
