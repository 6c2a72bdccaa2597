/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Pictures seen through any map of positions, to the bit as OpenCV's `remap` does it on 8-bit pictures.
 *
 * Positions between pixels are in 32nds (INTER_BITS). Linear weights are products of 32nds; the others have 15 bits
 * (INTER_REMAP_COEF_BITS) and are made to add up.
 */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex, type BorderMode } from "./border.js";
import { workplace, type Workplace } from "./picture-simd.js";
import { cubicTable, cubicWeights16, lanczosTable, linearWeights16 } from "./sample-weights.js";

/** 0: the nearest pixel, 1: linear, 3: cubic, 4: Lanczos' window of 8 × 8 pixels. */
export type SampleOrder = 0 | 1 | 3 | 4;

export interface SampleOptions {
  order: SampleOrder;
  /** What lies around the picture. */
  mode: BorderMode;
  /** The value around the picture in mode "constant", one a channel. */
  cval: readonly number[];
}

/** Fills in where a row's new pixels come from: in whole pixels for order 0, else in 32nds. */
export type RowPositions = (y: number, xs: Int32Array, ys: Int32Array) => void;

/** The same into memory, at two addresses. */
export interface SimdPositions {
  /** What `ready` takes of the memory. */
  sizes: readonly number[];
  ready(place: Workplace): (y: number, xs: number, ys: number) => void;
}

export function samplePicture(
  image: ImageData8,
  width: number,
  height: number,
  positions: RowPositions,
  options: SampleOptions,
  simd?: SimdPositions,
): ImageData8 {
  const { channels } = image;
  if (channels === 3 && options.order !== 4) {
    const quick = sampledBySimd(image, width, height, positions, { ...options, order: options.order }, simd);
    if (quick) return quick;
  }
  const source = new Source(image, options);
  const data = new Uint8Array(width * height * channels);
  const row = { 0: nearestRow, 1: linearRow, 3: cubicRow, 4: lanczosRow }[options.order];
  const xs = new Int32Array(width);
  const ys = new Int32Array(width);
  for (let y = 0; y < height; y++) {
    positions(y, xs, ys);
    row(source, data, y * width * channels, xs, ys);
  }
  return { data, width, height, channels };
}

/** How far a new pixel's neighbours reach before and behind it. */
const REACH = { 0: [0, 0], 1: [0, 1], 3: [1, 2] } as const;

/** Of three channels. In mode "constant" the picture gets a margin; in the others, what lies at an edge is left to the twin. */
function sampledBySimd(
  image: ImageData8,
  width: number,
  height: number,
  positions: RowPositions,
  options: SampleOptions & { order: keyof typeof REACH },
  simd?: SimdPositions,
): ImageData8 | undefined {
  const { order, mode, cval } = options;
  const [first, last] = REACH[order];
  const margin = mode === "constant" ? first + last : 0;
  const stride = (image.width + 2 * margin) * 3;
  const length = width * height * 3;
  const weights = order === 3 ? cubicWeights16() : linearWeights16();
  const sizes = [stride * (image.height + 2 * margin), length, width * 4, width * 4, weights.byteLength];
  const place = workplace(...sizes, ...(simd?.sizes ?? []));
  if (!place) return undefined;
  const fill = [0, 1, 2].map((c) => Math.min(Math.max(Math.trunc(cval[c] ?? cval[0] ?? 0), 0), 255));
  const from = putWithMargin(place, image, margin, fill) + margin * (stride + 3);
  const [to, xsAt, ysAt, weightsAt] = [
    place.take(length),
    place.take(width * 4),
    place.take(width * 4),
    place.put(weights),
  ];
  const [xs, ys] = [new Int32Array(place.buffer, xsAt, width), new Int32Array(place.buffer, ysAt, width)];
  const fillRow = simd?.ready(place) ?? ((y: number) => positions(y, xs, ys));
  const [before, beyond] = [margin - first, 2 * margin - first - last];
  const [wide, high] = [Math.max(image.width + beyond, 0), Math.max(image.height + beyond, 0)];
  const color = mode === "constant" ? fill[0]! | (fill[1]! << 8) | (fill[2]! << 16) : -1;
  const loop = order === 0 ? place.loops.nearestRow : order === 1 ? place.loops.linearRow : place.loops.cubicRow;
  const twin = order === 0 ? nearestPixel : order === 1 ? linearEdge : cubicPixel;
  const [source, out] = [new Source(image, options), place.bytes(to, length)];
  for (let y = 0; y < height; y++) {
    fillRow(y, xsAt, ysAt);
    const at = y * width * 3;
    const left = loop(from, stride, before, wide, high, color, to + at, xsAt, ysAt, width, weightsAt);
    if (left === 0) continue;
    const shift = order === 0 ? 0 : 5;
    const isMade = (i: number) => isUnder(xs[i]! >> shift, before, wide) && isUnder(ys[i]! >> shift, before, high);
    for (let i = 0; i < width; i++) if (!isMade(i)) twin(source, out, at + i * 3, xs[i]!, ys[i]!);
  }
  return { data: place.result(to, length), width, height, channels: 3 };
}

const isUnder = (x: number, before: number, size: number) => x + before >= 0 && x + before < size;

/** The address of a picture of three channels with so many pixels of one colour around it. */
function putWithMargin(place: Workplace, image: ImageData8, margin: number, fill: readonly number[]): number {
  const { data, width, height } = image;
  if (margin === 0) return place.put(data);
  const [row, stride] = [width * 3, (width + 2 * margin) * 3];
  const address = place.take(stride * (height + 2 * margin));
  const bytes = place.bytes(address, stride * (height + 2 * margin));
  const plain = Uint8Array.from({ length: stride }, (_, i) => fill[i % 3]!);
  const [side, start] = [plain.subarray(0, 2 * margin * 3), margin * 3];
  for (let y = 0; y < margin; y++) {
    bytes.set(plain, y * stride);
    bytes.set(plain, (height + margin + y) * stride);
  }
  // A row's end and the next one's start lie beside each other.
  bytes.set(side.subarray(start), margin * stride);
  for (let y = 0, to = margin * stride + start; y < height; y++, to += stride) {
    bytes.set(data.subarray(y * row, (y + 1) * row), to);
    bytes.set(y < height - 1 ? side : side.subarray(start), to + row);
  }
  return address;
}

/** What is farther away than pictures reach is put there. */
const FAR = 2 ** 30;
export const near = (place: number): number => Math.min(Math.max(place, -FAR), FAR);

/** Positions by two maps of pixels, as OpenCV's `remap` rounds them. */
export function mapPositions(mapX: Float32Array, mapY: Float32Array, width: number, order: SampleOrder): RowPositions {
  const unit = order === 0 ? 1 : 32;
  return (y, xs, ys) => {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      // Halves to even, written out: this is most of the time of what moves pixels by a field.
      const [sx, sy] = [near(mapX[at]! * unit), near(mapY[at]! * unit)];
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
      nearestPixel(source, out, to, x, y);
      to += channels;
    }
  }
}

function nearestPixel(source: Source, out: Uint8Array, to: number, x: number, y: number): void {
  for (let c = 0; c < source.channels; c++) out[to + c] = source.at(x, y, c);
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
  for (let i = 0; i < xs.length; i++, to += source.channels) cubicPixel(source, out, to, xs[i]!, ys[i]!);
}

function cubicPixel(source: Source, out: Uint8Array, to: number, px: number, py: number): void {
  const table = cubicTable();
  const [x, y] = [(px >> 5) - 1, (py >> 5) - 1];
  const weights = ((py & 31) * 32 + (px & 31)) * 16;
  for (let c = 0; c < source.channels; c++) {
    let sum = 1 << 14;
    for (let k = 0; k < 16; k++) sum += table[weights + k]! * source.at(x + (k & 3), y + (k >> 2), c);
    out[to + c] = Math.min(Math.max(sum >> 15, 0), 255);
  }
}

/** Of Lanczos' 8 × 8 pixels. */
function lanczosRow(source: Source, out: Uint8Array, to: number, xs: Int32Array, ys: Int32Array): void {
  const table = lanczosTable();
  const { data, width, height, channels } = source;
  for (let i = 0; i < xs.length; i++) {
    const [px, py] = [xs[i]!, ys[i]!];
    const [x, y] = [(px >> 5) - 3, (py >> 5) - 3];
    const isInside = x >= 0 && y >= 0 && x + 8 <= width && y + 8 <= height;
    const weights = ((py & 31) * 32 + (px & 31)) * 64;
    for (let c = 0; c < channels; c++) {
      let sum = 1 << 14;
      for (let down = 0, k = weights; down < 8; down++) {
        if (isInside) {
          let from = ((y + down) * width + x) * channels + c;
          for (const end = k + 8; k < end; from += channels) sum += table[k++]! * data[from]!;
        } else for (let across = 0; across < 8; across++) sum += table[k++]! * source.at(x + across, y + down, c);
      }
      out[to++] = Math.min(Math.max(sum >> 15, 0), 255);
    }
  }
}
