/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pictures by table: each level of a colour becomes another. Alpha stays as it is. */
import type { ImageData8 } from "../structures/image.js";
import { roundHalfEven } from "./enlarge.js";
import { levelPlace } from "./level-simd.js";
import { uninitialised, workplace } from "./picture-simd.js";

/** How many of a picture's channels are colours. */
export const colourCount = ({ channels }: { channels: number }): number => (channels === 4 ? 3 : channels);

/** The new level of each level, 0 to 255; beyond those it is clipped, and then cut off as C does it. */
export function levelTable(map: (level: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, level) => Math.min(Math.max(map(level), 0), 255));
}

/** @param tables one for all colours, or one for each */
export function lookUp(image: ImageData8, tables: readonly Uint8Array[]): ImageData8 {
  const quick = image.channels === 4 ? undefined : lookedUpBySimd(image, tables);
  if (quick) return quick;
  const { data, width, height, channels } = image;
  const result = new Uint8Array(data.length);
  const colours = colourCount(image);
  for (let c = 0; c < channels; c++) {
    const table = tables[tables.length === 1 ? 0 : c];
    if (c >= colours || table === undefined) for (let i = c; i < data.length; i += channels) result[i] = data[i]!;
    else for (let i = c; i < data.length; i += channels) result[i] = table[data[i]!]!;
  }
  return { data: result, width, height, channels };
}

function lookedUpBySimd({ data, ...size }: ImageData8, tables: readonly Uint8Array[]): ImageData8 | undefined {
  const isOne = tables.length === 1 || size.channels === 1;
  const all = isOne ? tables.slice(0, 1) : tables.slice(0, 3);
  const place = workplace(data.length, data.length, ...all.map(() => 256));
  const [first] = all;
  if (!place || !first || (!isOne && all.length < 3)) return undefined;
  const joined = new Uint8Array(all.length * 256);
  all.forEach((table, c) => joined.set(table, c * 256));
  const [from, to, table] = [place.put(data), place.take(data.length), place.put(joined)];
  if (isOne) place.loops.lookUp(from, to, table, data.length);
  else place.loops.lookUpEach(from, to, table, data.length / 3);
  return { data: place.result(to, data.length), ...size };
}

/** What a field's value does to a level; in single precision where it multiplies, as imgaug. NaN leaves a level as it is. */
export type FieldUse = "add" | "multiply" | "replace";

/** Combines each colour with a value of a field that has one a pixel or one for each colour. */
export function combine(
  image: ImageData8,
  field: Float64Array,
  use: FieldUse | ((level: number, value: number) => number),
): ImageData8 {
  const quick = use === "multiply" || use === "replace" ? combinedBySimd(image, field, use) : undefined;
  if (quick) return quick;
  const { width, height, channels } = image;
  const data = uninitialised(image.data.length);
  data.set(image.data);
  const perPixel = field.length / (width * height);
  const colours = colourCount(image);
  // Values for all channels lie side by side, as the channels do.
  const isEach = perPixel === channels;
  for (let c = 0; c < (isEach ? 1 : colours); c++) {
    const lane = isEach
      ? { from: 0, by: 1, at: 0, step: 1 }
      : { from: perPixel === 1 ? 0 : c, by: perPixel, at: c, step: channels };
    // A loop for each: one that is told what to do calls a function for every pixel.
    if (use === "add") addLane(data, field, lane);
    else if (use === "multiply") multiplyLane(data, field, lane);
    else if (use === "replace") replaceLane(data, field, lane);
    else combineLane(data, field, lane, use);
  }
  return { data, width, height, channels };
}

function combinedBySimd(
  { data, ...size }: ImageData8,
  field: Float64Array,
  use: "multiply" | "replace",
): ImageData8 | undefined {
  const isEach = field.length === data.length;
  if (!isEach && (size.channels !== 3 || field.length * 3 !== data.length)) return undefined;
  const found = levelPlace(data.length, data.length, field.byteLength);
  if (!found) return undefined;
  const { place, loops } = found;
  const [from, to, values] = [place.put(data), place.take(data.length), place.put(field)];
  if (use === "multiply") {
    if (isEach) loops.multiplyEach(from, values, to, data.length);
    else loops.multiplyPixels(from, values, to, field.length);
  } else if (isEach) loops.replaceEach(from, values, to, data.length);
  else loops.replacePixels(from, values, to, field.length);
  return { data: place.result(to, data.length), ...size };
}

/** One channel's levels and their values. */
interface Lane {
  from: number;
  by: number;
  at: number;
  step: number;
}

function addLane(data: Uint8Array, field: Float64Array, { from, by, at, step }: Lane): void {
  for (; at < data.length; at += step, from += by) {
    const sum = data[at]! + roundHalfEven(field[from]!);
    data[at] = sum < 0 ? 0 : sum > 255 ? 255 : sum;
  }
}

function multiplyLane(data: Uint8Array, field: Float64Array, { from, by, at, step }: Lane): void {
  for (; at < data.length; at += step, from += by) {
    const product = Math.fround(data[at]! * Math.fround(field[from]!));
    data[at] = product < 0 ? 0 : product > 255 ? 255 : product;
  }
}

function replaceLane(data: Uint8Array, field: Float64Array, { from, by, at, step }: Lane): void {
  for (; at < data.length; at += step, from += by) {
    const value = field[from]!;
    if (!Number.isNaN(value)) data[at] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}

function combineLane(
  data: Uint8Array,
  field: Float64Array,
  { from, by, at, step }: Lane,
  combined: (level: number, value: number) => number,
): void {
  for (; at < data.length; at += step, from += by) {
    const value = combined(data[at]!, field[from]!);
    data[at] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}
