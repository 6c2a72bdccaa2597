/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * A picture moved by an affine map, to the bit as OpenCV's `warpAffine` does it on 8-bit pictures.
 *
 * Positions have 10 fractional bits (AB_BITS), of which linear interpolation uses 5 (INTER_BITS): weights are products of
 * 32nds, and a pixel is their sum, rounded, in 1024ths.
 */
import type { ImageData8 } from "../structures/image.js";
import { roundHalfEven } from "./enlarge.js";

/** x' = a x + b y + c, y' = d x + e y + f: from the old picture to the new one, in pixels. */
export type AffineMap = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export type BorderMode = "constant" | "edge" | "symmetric" | "reflect" | "wrap";

export interface WarpOptions {
  /** 0: the nearest pixel, 1: linear. */
  order: 0 | 1;
  /** What lies around the picture. */
  mode: BorderMode;
  /** The value around the picture in mode "constant", one a channel. */
  cval: readonly number[];
}

/** The new picture has the old one's size. A map that can't be turned round gives what lies at the origin. */
export function warpAffine(image: ImageData8, map: AffineMap, options: WarpOptions): ImageData8 {
  const [m0, m1, m2, m3, m4, m5] = inverse(map);
  const { width, height, channels } = image;
  const result = { data: new Uint8Array(image.data.length), width, height, channels };
  const sample = options.order === 0 ? nearestRow : linearRow;
  const source = new Source(image, options);
  const rounding = options.order === 0 ? 512 : 16;
  const dx = Int32Array.from({ length: width }, (_, x) => roundHalfEven(m0 * x * 1024));
  const dy = Int32Array.from({ length: width }, (_, x) => roundHalfEven(m3 * x * 1024));
  for (let y = 0; y < height; y++) {
    const x0 = roundHalfEven((m1 * y + m2) * 1024) + rounding;
    const y0 = roundHalfEven((m4 * y + m5) * 1024) + rounding;
    sample(source, result.data, y * width * channels, dx, dy, x0, y0);
  }
  return result;
}

function inverse([a, b, c, d, e, f]: AffineMap): AffineMap {
  const determinant = a * e - b * d;
  const factor = determinant === 0 ? 0 : 1 / determinant;
  const [m0, m1, m3, m4] = [e * factor, -b * factor, -d * factor, a * factor];
  return [m0, m1, -m0 * c - m1 * f, m3, m4, -m3 * c - m4 * f];
}

/** The old picture, and what lies around it. */
class Source {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  private readonly mode: BorderMode;
  private readonly cval: readonly number[];

  constructor({ data, width, height, channels }: ImageData8, { mode, cval }: WarpOptions) {
    this.data = data;
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.mode = mode;
    this.cval = cval;
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

/** The pixel of a row of `length` that stands for one outside it: OpenCV's `borderInterpolate`. */
export function borderIndex(index: number, length: number, mode: Exclude<BorderMode, "constant">): number {
  if (mode === "edge") return Math.min(Math.max(index, 0), length - 1);
  if (mode === "wrap") return ((index % length) + length) % length;
  if (length === 1) return 0;
  // "symmetric" repeats the edge pixel (abc|cba), "reflect" does not (abc|ba).
  const period = mode === "symmetric" ? 2 * length : 2 * length - 2;
  const place = ((index % period) + period) % period;
  return place < length ? place : mode === "symmetric" ? period - 1 - place : period - place;
}

function nearestRow(
  source: Source,
  out: Uint8Array,
  to: number,
  dx: Int32Array,
  dy: Int32Array,
  x0: number,
  y0: number,
): void {
  const { data, width, height, channels } = source;
  for (let i = 0; i < dx.length; i++) {
    const x = (x0 + dx[i]!) >> 10;
    const y = (y0 + dy[i]!) >> 10;
    if (x >= 0 && y >= 0 && x < width && y < height) {
      const from = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    } else {
      for (let c = 0; c < channels; c++) out[to++] = source.at(x, y, c);
    }
  }
}

function linearRow(
  source: Source,
  out: Uint8Array,
  to: number,
  dx: Int32Array,
  dy: Int32Array,
  x0: number,
  y0: number,
): void {
  const { data, width, height, channels } = source;
  const stride = width * channels;
  for (let i = 0; i < dx.length; i++, to += channels) {
    const px = (x0 + dx[i]!) >> 5;
    const py = (y0 + dy[i]!) >> 5;
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
    } else {
      for (let c = 0; c < channels; c++) {
        const upper = source.at(x, y, c) * here + source.at(x + 1, y, c) * right;
        const lower = source.at(x, y + 1, c) * below + source.at(x + 1, y + 1, c) * both;
        out[to + c] = (upper + lower + 512) >> 10;
      }
    }
  }
}
