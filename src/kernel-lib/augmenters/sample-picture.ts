/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Pictures seen through any map of positions, to the bit as OpenCV's `remap` does it on 8-bit pictures.
 *
 * Positions between pixels are in 32nds (INTER_BITS). Linear weights are products of 32nds; cubic weights have 15 bits
 * (INTER_REMAP_COEF_BITS) and are made to add up.
 */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex, type BorderMode } from "./border.js";
import { roundHalfEven } from "./enlarge.js";
import { workplace } from "./picture-simd.js";
import { cubicWeights } from "./value-map.js";

export interface SampleOptions {
  /** 0: the nearest pixel, 1: linear, 3: cubic. */
  order: 0 | 1 | 3;
  /** What lies around the picture. */
  mode: BorderMode;
  /** The value around the picture in mode "constant", one a channel. */
  cval: readonly number[];
}

/** Fills in where a row's new pixels come from: in whole pixels for order 0, else in 32nds. */
export type RowPositions = (y: number, xs: Int32Array, ys: Int32Array) => void;

export function samplePicture(
  image: ImageData8,
  width: number,
  height: number,
  positions: RowPositions,
  options: SampleOptions,
): ImageData8 {
  const { channels } = image;
  const source = new Source(image, options);
  if (options.order === 1 && channels === 3) {
    const quick = sampledBySimd(source, width, height, positions);
    if (quick) return quick;
  }
  const data = new Uint8Array(width * height * channels);
  const row = options.order === 0 ? nearestRow : options.order === 1 ? linearRow : cubicRow;
  const xs = new Int32Array(width);
  const ys = new Int32Array(width);
  for (let y = 0; y < height; y++) {
    positions(y, xs, ys);
    row(source, data, y * width * channels, xs, ys);
  }
  return { data, width, height, channels };
}

/** Linear, of three channels; what lies at an edge is left to the twin. */
function sampledBySimd(source: Source, width: number, height: number, positions: RowPositions): ImageData8 | undefined {
  const length = width * height * 3;
  const place = workplace(source.data.length, length, width * 4, width * 4);
  if (!place) return undefined;
  const [from, to] = [place.put(source.data), place.take(length)];
  const [xsAt, ysAt] = [place.take(width * 4), place.take(width * 4)];
  const [xs, ys] = [new Int32Array(place.buffer, xsAt, width), new Int32Array(place.buffer, ysAt, width)];
  const out = place.bytes(to, length);
  for (let y = 0; y < height; y++) {
    positions(y, xs, ys);
    const left = place.loops.sampleRow(from, source.width, source.height, to + y * width * 3, xsAt, ysAt, width);
    if (left > 0) linearEdges(source, out, y * width * 3, xs, ys);
  }
  return { data: out.slice(), width, height, channels: 3 };
}

/** Positions by two maps of pixels, as OpenCV's `remap` rounds them. */
export function mapPositions(mapX: Float32Array, mapY: Float32Array, width: number, order: 0 | 1 | 3): RowPositions {
  const unit = order === 0 ? 1 : 32;
  return (y, xs, ys) => {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      // Halves to even, written out: this is most of the time of what moves pixels by a field.
      const [sx, sy] = [mapX[at]! * unit, mapY[at]! * unit];
      const [nearX, nearY] = [Math.floor(sx + 0.5), Math.floor(sy + 0.5)];
      xs[x] = nearX - sx === 0.5 ? nearX - (nearX & 1) : nearX;
      ys[x] = nearY - sy === 0.5 ? nearY - (nearY & 1) : nearY;
    }
  };
}

/** The old picture, and what lies around it. */
class Source {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  private readonly mode: BorderMode;
  private readonly cval: readonly number[];

  constructor({ data, width, height, channels }: ImageData8, { mode, cval }: SampleOptions) {
    this.data = data;
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.mode = mode;
    this.cval = cval;
  }

  /** Whether a pixel and those to the right of it and below are all outside, and of one value. */
  isPlain(x: number, y: number): boolean {
    return this.mode === "constant" && (x < -1 || y < -1 || x >= this.width || y >= this.height);
  }

  /** Channel `c` of a pixel that may lie anywhere. */
  at(x: number, y: number, c: number): number {
    const inside = x >= 0 && y >= 0 && x < this.width && y < this.height;
    if (inside) return this.data[(y * this.width + x) * this.channels + c]!;
    if (this.mode === "constant") return this.cval[c] ?? this.cval[0] ?? 0;
    const column = borderIndex(x, this.width, this.mode);
    return this.data[(borderIndex(y, this.height, this.mode) * this.width + column) * this.channels + c]!;
  }
}

function nearestRow(source: Source, out: Uint8Array, to: number, xs: Int32Array, ys: Int32Array): void {
  const { data, width, height, channels } = source;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i]!;
    const y = ys[i]!;
    if (x >= 0 && y >= 0 && x < width && y < height) {
      const from = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    } else {
      for (let c = 0; c < channels; c++) out[to++] = source.at(x, y, c);
    }
  }
}

function linearRow(source: Source, out: Uint8Array, to: number, xs: Int32Array, ys: Int32Array): void {
  const { data, width, height, channels } = source;
  const stride = width * channels;
  for (let i = 0; i < xs.length; i++, to += channels) {
    const px = xs[i]!;
    const py = ys[i]!;
    const x = px >> 5;
    const y = py >> 5;
    const fx = px & 31;
    const fy = py & 31;
    const both = fx * fy;
    const right = (fx << 5) - both;
    const below = (fy << 5) - both;
    const here = 1024 - right - below - both;
    if (x >= 0 && y >= 0 && x < width - 1 && y < height - 1) {
      const a = (y * width + x) * channels;
      const b = a + channels;
      const c = a + stride;
      const d = c + channels;
      out[to] = (data[a]! * here + data[b]! * right + data[c]! * below + data[d]! * both + 512) >> 10;
      if (channels === 1) continue;
      out[to + 1] =
        (data[a + 1]! * here + data[b + 1]! * right + data[c + 1]! * below + data[d + 1]! * both + 512) >> 10;
      out[to + 2] =
        (data[a + 2]! * here + data[b + 2]! * right + data[c + 2]! * below + data[d + 2]! * both + 512) >> 10;
      if (channels === 3) continue;
      out[to + 3] =
        (data[a + 3]! * here + data[b + 3]! * right + data[c + 3]! * below + data[d + 3]! * both + 512) >> 10;
    } else linearEdge(source, out, to, px, py);
  }
}

/** Those pixels of a row that don't lie between four pixels of the picture. */
function linearEdges(source: Source, out: Uint8Array, to: number, xs: Int32Array, ys: Int32Array): void {
  const { width, height, channels } = source;
  for (let i = 0; i < xs.length; i++, to += channels) {
    const [x, y] = [xs[i]! >> 5, ys[i]! >> 5];
    if (x < 0 || y < 0 || x >= width - 1 || y >= height - 1) linearEdge(source, out, to, xs[i]!, ys[i]!);
  }
}

function linearEdge(source: Source, out: Uint8Array, to: number, px: number, py: number): void {
  const { channels } = source;
  const [x, y, fx, fy] = [px >> 5, py >> 5, px & 31, py & 31];
  if (source.isPlain(x, y)) {
    for (let c = 0; c < channels; c++) out[to + c] = source.at(x, y, c);
    return;
  }
  for (let c = 0; c < channels; c++) {
    const upper = source.at(x, y, c) * (32 - fx) + source.at(x + 1, y, c) * fx;
    const lower = source.at(x, y + 1, c) * (32 - fx) + source.at(x + 1, y + 1, c) * fx;
    out[to + c] = (upper * (32 - fy) + lower * fy + 512) >> 10;
  }
}

function cubicRow(source: Source, out: Uint8Array, to: number, xs: Int32Array, ys: Int32Array): void {
  const { channels } = source;
  const table = cubicTable();
  for (let i = 0; i < xs.length; i++, to += channels) {
    const [x, y] = [(xs[i]! >> 5) - 1, (ys[i]! >> 5) - 1];
    const weights = ((ys[i]! & 31) * 32 + (xs[i]! & 31)) * 16;
    for (let c = 0; c < channels; c++) {
      let sum = 1 << 14;
      for (let k = 0; k < 16; k++) sum += table[weights + k]! * source.at(x + (k & 3), y + (k >> 2), c);
      out[to + c] = Math.min(Math.max(sum >> 15, 0), 255);
    }
  }
}

let cubic: Int32Array | undefined;

/** For each 32nd down and across, 16 weights that add up to 2^15: what rounding leaves goes to the largest or smallest of the middle. */
function cubicTable(): Int32Array {
  if (cubic) return cubic;
  cubic = new Int32Array(1024 * 16);
  const rows = Array.from({ length: 32 }, (_, i) => cubicWeights(i / 32).map(Math.fround));
  for (let at = 0; at < 1024; at++) {
    const [down, across] = [rows[at >> 5]!, rows[at & 31]!];
    const weights = Array.from({ length: 16 }, (_, k) =>
      roundHalfEven(Math.fround(down[k >> 2]! * across[k & 3]!) * 32768),
    );
    const excess = weights.reduce((sum, weight) => sum + weight, 0) - 32768;
    // OpenCV looks at two by two weights from the third on in each direction.
    const middle = [10, 11, 14, 15];
    const extreme = (sign: number) =>
      middle.reduce((best, k) => (weights[k]! * sign > weights[best]! * sign ? k : best));
    if (excess !== 0) weights[extreme(excess < 0 ? 1 : -1)]! -= excess;
    cubic.set(weights, at * 16);
  }
  return cubic;
}
