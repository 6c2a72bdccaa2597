/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pictures with margins, by the rules of OpenCV's `copyMakeBorder` and of numpy's `pad`. */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex, type BorderMode } from "./border.js";
import { uninitialised, workplace } from "./picture-simd.js";
import { copyRowsInto } from "./picture-view.js";
import { roundHalfEven } from "./enlarge.js";
import { sizeWithin } from "./size-limit.js";
import { gathered, type ValueMap } from "./value-map.js";

export const PAD_MODES = [
  "constant",
  "edge",
  "linear_ramp",
  "maximum",
  "mean",
  "median",
  "minimum",
  "reflect",
  "symmetric",
  "wrap",
] as const;
export type PadMode = (typeof PAD_MODES)[number];

/** Margins that are made of whole columns. */
type SlowMode = Exclude<PadMode, BorderMode>;

/** Pixels at the top, right, bottom and left. */
export type Sides = readonly [top: number, right: number, bottom: number, left: number];

export function padded(image: ImageData8, sides: Sides, mode: PadMode, cval: number): ImageData8 {
  if (sides.every((side) => side === 0)) return image;
  withMargins(image, sides);
  if (mode === "constant" || mode === "edge" || mode === "reflect" || mode === "symmetric" || mode === "wrap") {
    return paddedBothWays(image, sides, mode, cval);
  }
  // numpy pads one axis after the other: columns of the padded rows.
  const [top, right, bottom, left] = sides;
  return paddedAcross(paddedDown(image, top, bottom, mode, cval), left, right, mode, cval);
}

interface Size {
  width: number;
  height: number;
}

/** The size of a picture with margins. @throws `InvalidOption` where that would be too large */
export function withMargins({ width, height }: Size, [top, right, bottom, left]: Sides): Size {
  const size = { width: left + width + right, height: top + height + bottom };
  return sizeWithin("a picture with margins", size, { width, height });
}

/** Four lines of code for two axes: a picture on its side is padded down as well. */
function paddedAcross(image: ImageData8, left: number, right: number, mode: SlowMode, cval: number): ImageData8 {
  return left + right === 0 ? image : turned(paddedDown(turned(image), left, right, mode, cval));
}

/** Rows become columns. */
export function turned(image: ImageData8): ImageData8 {
  const { width, height } = image;
  return rearranged(image, height, width, { start: 0, stepX: height, stepY: 1 });
}

/** A picture on its side: another's pixel (x, y) is `start + x * stepX + y * stepY` pixels from its start, where stepY is 1 or -1. */
export function rearranged(
  image: ImageData8,
  width: number,
  height: number,
  { start, stepX, stepY }: { start: number; stepX: number; stepY: number },
): ImageData8 {
  const { data, channels } = image;
  const place = channels === 3 ? workplace(data.length, data.length) : undefined;
  if (place) {
    const [from, to] = [place.put(data), place.take(data.length)];
    place.loops.turn(from, to + start * 3, image.width, image.height, stepX * 3, stepY * 3);
    return { data: place.result(to, data.length), width, height, channels };
  }
  const result = new Uint8Array(data.length);
  for (let y = 0, from = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const to = (start + x * stepX + y * stepY) * channels;
      for (let c = 0; c < channels; c++) result[to + c] = data[from++]!;
    }
  }
  return { data: result, width, height, channels };
}

function paddedBothWays(
  image: ImageData8,
  [top, right, bottom, left]: Sides,
  mode: BorderMode,
  cval: number,
): ImageData8 {
  const { width, height, channels } = image;
  const [wide, high] = [left + width + right, top + height + bottom];
  const [stride, inside] = [wide * channels, top * wide * channels];
  const result = uninitialised(high * stride);
  copyRowsInto(image, result, inside + left * channels, stride);
  if (mode === "constant")
    fillMargins(result, { stride, from: left * channels, to: (left + width) * channels }, top, height, cval);
  else {
    const outside = [...Array(left).keys(), ...Array.from({ length: right }, (_, i) => left + width + i)];
    const places = outside.map((x) => [x * channels, (left + borderIndex(x - left, width, mode)) * channels] as const);
    for (let start = inside; start < inside + height * stride; start += stride) {
      for (const [to, from] of places)
        for (let c = 0; c < channels; c++) result[start + to + c] = result[start + from + c]!;
    }
    for (let y = 0; y < high; y++) {
      const from = inside + borderIndex(y - top, height, mode) * stride;
      if (y < top || y >= top + height) result.copyWithin(y * stride, from, from + stride);
    }
  }
  return { data: result, width: wide, height: high, channels };
}

/** @param row a row's length, and where in it the picture begins and ends */
function fillMargins(
  data: Uint8Array,
  row: { stride: number; from: number; to: number },
  top: number,
  height: number,
  level: number,
): void {
  const { stride, from, to } = row;
  // What is right of one row and left of the next lies in one piece.
  let start = 0;
  for (let y = top; y < top + height && to - from < stride; y++) {
    data.fill(level, start, y * stride + from);
    start = y * stride + to;
  }
  if (to - from === stride) {
    data.fill(level, 0, top * stride);
    start = (top + height) * stride;
  }
  data.fill(level, start);
}

function paddedDown(image: ImageData8, top: number, bottom: number, mode: SlowMode, cval: number): ImageData8 {
  if (top + bottom === 0) return image;
  const { data, width, height, channels } = image;
  const stride = width * channels;
  const result = new Uint8Array((top + height + bottom) * stride);
  result.set(data, top * stride);
  const margin = marginRows(image, mode, cval);
  for (let y = -top; y < 0; y++) margin(result, (top + y) * stride, y, top);
  for (let y = 0; y < bottom; y++) margin(result, (top + height + y) * stride, height + y, bottom);
  return { data: result, width, height: top + height + bottom, channels };
}

/** Fills the row `y` of a margin of `size` rows. */
type Margin = (out: Uint8Array, to: number, y: number, size: number) => void;

function marginRows(image: ImageData8, mode: SlowMode, cval: number): Margin {
  const { data, width, height, channels } = image;
  const stride = width * channels;
  if (mode === "linear_ramp") {
    return (out, to, y, size) => {
      const edge = y < 0 ? 0 : (height - 1) * stride;
      const away = (y < 0 ? -y : y - height + 1) / size;
      for (let i = 0; i < stride; i++) out[to + i] = Math.trunc(data[edge + i]! + (cval - data[edge + i]!) * away);
    };
  }
  const statistic = Uint8Array.from({ length: stride }, (_, i) => {
    const column = Uint8Array.from({ length: height }, (_, y) => data[y * stride + i]!);
    return statisticOf(column, mode);
  });
  return (out, to) => out.set(statistic, to);
}

/** numpy rounds means and medians half to even. */
function statisticOf(values: Uint8Array, mode: "maximum" | "minimum" | "mean" | "median"): number {
  if (mode === "maximum") return Math.max(...values);
  if (mode === "minimum") return Math.min(...values);
  if (mode === "mean") return roundHalfEven(values.reduce((sum, value) => sum + value, 0) / values.length);
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : roundHalfEven((sorted[middle - 1]! + sorted[middle]!) / 2);
}

/** A map with margins of nothing. */
export function paddedMap<M extends ValueMap>(map: M, [top, right, bottom, left]: Sides): M {
  return gathered(map, map.width + left + right, map.height + top + bottom, (x, y) => {
    const [column, row] = [x - left, y - top];
    return column >= 0 && row >= 0 && column < map.width && row < map.height ? row * map.width + column : undefined;
  });
}
