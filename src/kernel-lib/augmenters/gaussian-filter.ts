/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * A Gaussian filter in two passes over 8-bit pictures, four bytes at a time.
 *
 * Weights are whole 256ths that add up to 256, as in OpenCV's fixed-point filter. Two bytes share a 32-bit word with eight free
 * bits above each, so that one multiplication weighs both: no sum is over 255 * 256 + 128, nothing spills. The first pass
 * rounds to 8 bits, where OpenCV keeps 16: results rarely differ from its by more than one level.
 * Words are little-endian, as on every processor that TensorFlow is built for.
 * Around the picture lies its mirror image without the edge pixel (BORDER_REFLECT_101).
 */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex } from "./border.js";
import { workplace } from "./picture-simd.js";

const EVEN = 0x00ff00ff;
const HALF = 0x00800080;

/** Kernels of up to seven taps (sigma below 2.4) are written out, which is nearly twice as fast as the loops. */
const UNROLLED = 4;

/** imgaug's kernel size: 99 % of the weight for small sigmas, down to 95 % for large ones, at least 5, and odd. */
export function gaussianKernelSize(sigma: number): number {
  const factor = sigma < 3 ? 3.3 : sigma < 5 ? 2.9 : 2.6;
  const size = Math.trunc(Math.max(factor * sigma, 5));
  return size % 2 === 0 ? size + 1 : size;
}

/** The weights from the centre outwards, in 256ths: the first once and each other twice make 256. */
export function gaussianWeights(sigma: number, size: number): Int32Array {
  const exact = Array.from({ length: (size + 1) / 2 }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)));
  const sum = exact.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  const weights = new Int32Array(exact.length);
  let given = 0;
  let wanted = 0;
  // From outside inwards, carrying the rounding error along, so that it does not pile up in the centre.
  for (let i = exact.length - 1; i > 0; i--) {
    wanted += (exact[i]! / sum) * 256;
    weights[i] = Math.round(wanted - given);
    given += weights[i]!;
  }
  weights[0] = 256 - 2 * given;
  return weights;
}

/** A new picture; `sigma` is in pixels and above 0. */
export function gaussianFilter(image: ImageData8, sigma: number): ImageData8 {
  const weights = gaussianWeights(sigma, gaussianKernelSize(sigma));
  return filteredBySimd(image, weights) ?? filteredPlainly(image, weights);
}

function filteredPlainly(image: ImageData8, weights: Int32Array): ImageData8 {
  const { width, height, channels } = image;
  const bytes = width * channels;
  const words = (bytes + 3) >> 2;
  const across = filterRows(image, weights, words);
  const result = filterColumns(across, height, words, weights);
  const packed = new Uint8Array(result.buffer);
  if (bytes === words * 4) return { data: packed, width, height, channels };
  const data = new Uint8Array(height * bytes);
  for (let y = 0; y < height; y++) data.set(packed.subarray(y * words * 4, y * words * 4 + bytes), y * bytes);
  return { data, width, height, channels };
}

function filteredBySimd(image: ImageData8, weights: Int32Array): ImageData8 | undefined {
  const { data, width, height, channels } = image;
  const taps = weights.length;
  const [margin, held] = [taps - 1, 2 * taps - 1];
  const stride = Math.ceil((width * channels) / 16) * 32;
  const scratch = stride + 4 * margin * channels + 32;
  const columns = Int32Array.from(marginSources(width, margin));
  const rows = Int32Array.from(
    { length: height + 2 * margin },
    (_, i) => (borderIndex(i - margin, height, "reflect") % held) * stride,
  );
  const eightfold = Int16Array.from({ length: 8 * taps }, (_, i) => weights[i >> 3]!);
  const tables = [columns.byteLength, rows.byteLength, eightfold.byteLength];
  const place = workplace(data.length, stride * held, data.length, scratch, ...tables);
  if (!place) return undefined;
  const [from, ring, to] = [place.put(data), place.take(stride * held), place.take(data.length)];
  const [rowAt, columnsAt, rowsAt] = [place.take(scratch), place.put(columns), place.put(rows)];
  const weightsAt = place.put(eightfold);
  place.loops.blur(from, ring, to, rowAt, stride, width, height, channels, columnsAt, rowsAt, weightsAt, taps);
  return { data: place.result(to, data.length), width, height, channels };
}

/** Each row in `words` words, filtered along itself. */
function filterRows({ data, width, height, channels }: ImageData8, weights: Int32Array, words: number): Int32Array {
  const margin = (weights.length - 1) * channels;
  const padded = new Uint8Array(margin + words * 4 + margin);
  const view = new DataView(padded.buffer);
  const result = new Int32Array(height * words);
  const sources = marginSources(width, weights.length - 1);
  for (let y = 0; y < height; y++) {
    const row = y * width * channels;
    padded.set(data.subarray(row, row + width * channels), margin);
    fillMargins(padded, margin, sources, width, channels);
    const filter = weights.length <= UNROLLED ? filterRowUnrolled : filterRow;
    filter(view, margin, channels, weights, result, y * words, words);
  }
  return result;
}

/** For each pixel left of the row, then right of it, the pixel of the row that stands for it. */
function marginSources(width: number, radius: number): Int32Array {
  const outside = (i: number) => (i < radius ? i - radius : width + i - radius);
  return Int32Array.from({ length: 2 * radius }, (_, i) => borderIndex(outside(i), width, "reflect"));
}

function fillMargins(padded: Uint8Array, margin: number, sources: Int32Array, width: number, channels: number): void {
  const radius = sources.length / 2;
  for (let i = 0; i < sources.length; i++) {
    const to = i < radius ? i * channels : margin + (width + i - radius) * channels;
    for (let c = 0; c < channels; c++) padded[to + c] = padded[margin + sources[i]! * channels + c]!;
  }
}

function filterRow(
  view: DataView,
  margin: number,
  step: number,
  weights: Int32Array,
  out: Int32Array,
  to: number,
  words: number,
): void {
  const centre = weights[0]!;
  for (let w = 0; w < words; w++) {
    const at = margin + w * 4;
    const here = view.getInt32(at, true);
    let even = (Math.imul(here & EVEN, centre) + HALF) | 0;
    let odd = (Math.imul((here >>> 8) & EVEN, centre) + HALF) | 0;
    for (let t = 1, d = step; t < weights.length; t++, d += step) {
      const weight = weights[t]!;
      const left = view.getInt32(at - d, true);
      const right = view.getInt32(at + d, true);
      even = (even + Math.imul((left & EVEN) + (right & EVEN), weight)) | 0;
      odd = (odd + Math.imul(((left >>> 8) & EVEN) + ((right >>> 8) & EVEN), weight)) | 0;
    }
    out[to + w] = ((even >>> 8) & EVEN) | (odd & ~EVEN);
  }
}

function filterRowUnrolled(
  view: DataView,
  margin: number,
  step: number,
  weights: Int32Array,
  out: Int32Array,
  to: number,
  words: number,
): void {
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = weights;
  // A tap of no weight reads the centre: further out there may be no bytes.
  const step3 = weights.length > 3 ? 3 * step : 0;
  for (let w = 0; w < words; w++) {
    const at = margin + w * 4;
    const here = view.getInt32(at, true);
    const a1 = view.getInt32(at - step, true);
    const b1 = view.getInt32(at + step, true);
    const a2 = view.getInt32(at - 2 * step, true);
    const b2 = view.getInt32(at + 2 * step, true);
    const a3 = view.getInt32(at - step3, true);
    const b3 = view.getInt32(at + step3, true);
    const even =
      (HALF +
        Math.imul(here & EVEN, k0) +
        Math.imul((a1 & EVEN) + (b1 & EVEN), k1) +
        Math.imul((a2 & EVEN) + (b2 & EVEN), k2) +
        Math.imul((a3 & EVEN) + (b3 & EVEN), k3)) |
      0;
    const odd =
      (HALF +
        Math.imul((here >>> 8) & EVEN, k0) +
        Math.imul(((a1 >>> 8) & EVEN) + ((b1 >>> 8) & EVEN), k1) +
        Math.imul(((a2 >>> 8) & EVEN) + ((b2 >>> 8) & EVEN), k2) +
        Math.imul(((a3 >>> 8) & EVEN) + ((b3 >>> 8) & EVEN), k3)) |
      0;
    out[to + w] = ((even >>> 8) & EVEN) | (odd & ~EVEN);
  }
}

function filterColumns(rows: Int32Array, height: number, words: number, weights: Int32Array): Int32Array {
  const result = new Int32Array(rows.length);
  const above = new Int32Array(weights.length);
  const below = new Int32Array(weights.length);
  for (let y = 0; y < height; y++) {
    for (let t = 0; t < weights.length; t++) {
      above[t] = borderIndex(y - t, height, "reflect") * words;
      below[t] = borderIndex(y + t, height, "reflect") * words;
    }
    const blend = weights.length <= UNROLLED ? blendColumnsUnrolled : blendColumns;
    blend(rows, above, below, weights, result, y * words, words);
  }
  return result;
}

function blendColumns(
  rows: Int32Array,
  above: Int32Array,
  below: Int32Array,
  weights: Int32Array,
  out: Int32Array,
  to: number,
  words: number,
): void {
  const centre = weights[0]!;
  for (let w = 0; w < words; w++) {
    const here = rows[above[0]! + w]!;
    let even = (Math.imul(here & EVEN, centre) + HALF) | 0;
    let odd = (Math.imul((here >>> 8) & EVEN, centre) + HALF) | 0;
    for (let t = 1; t < weights.length; t++) {
      const weight = weights[t]!;
      const upper = rows[above[t]! + w]!;
      const lower = rows[below[t]! + w]!;
      even = (even + Math.imul((upper & EVEN) + (lower & EVEN), weight)) | 0;
      odd = (odd + Math.imul(((upper >>> 8) & EVEN) + ((lower >>> 8) & EVEN), weight)) | 0;
    }
    out[to + w] = ((even >>> 8) & EVEN) | (odd & ~EVEN);
  }
}

function blendColumnsUnrolled(
  rows: Int32Array,
  above: Int32Array,
  below: Int32Array,
  weights: Int32Array,
  out: Int32Array,
  to: number,
  words: number,
): void {
  const [k0 = 0, k1 = 0, k2 = 0, k3 = 0] = weights;
  const [r0 = 0, r1 = 0, r2 = 0, r3 = 0] = above;
  const [, s1 = 0, s2 = 0, s3 = 0] = below;
  for (let w = 0; w < words; w++) {
    const here = rows[r0 + w]!;
    const a1 = rows[r1 + w]!;
    const b1 = rows[s1 + w]!;
    const a2 = rows[r2 + w]!;
    const b2 = rows[s2 + w]!;
    const a3 = rows[r3 + w]!;
    const b3 = rows[s3 + w]!;
    const even =
      (HALF +
        Math.imul(here & EVEN, k0) +
        Math.imul((a1 & EVEN) + (b1 & EVEN), k1) +
        Math.imul((a2 & EVEN) + (b2 & EVEN), k2) +
        Math.imul((a3 & EVEN) + (b3 & EVEN), k3)) |
      0;
    const odd =
      (HALF +
        Math.imul((here >>> 8) & EVEN, k0) +
        Math.imul(((a1 >>> 8) & EVEN) + ((b1 >>> 8) & EVEN), k1) +
        Math.imul(((a2 >>> 8) & EVEN) + ((b2 >>> 8) & EVEN), k2) +
        Math.imul(((a3 >>> 8) & EVEN) + ((b3 >>> 8) & EVEN), k3)) |
      0;
    out[to + w] = ((even >>> 8) & EVEN) | (odd & ~EVEN);
  }
}
