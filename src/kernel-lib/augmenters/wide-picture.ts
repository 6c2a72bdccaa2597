/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Pictures of hue and saturation in 16 bits, for the children of `WithHueAndSaturation`: a hue may go round more than once, and a saturation
 * beyond what there is and back. Augmenters that calculate with levels know such pictures; the others see them in 8 bits.
 *
 * Numbers are imgaug's: single precision, rounded half to even.
 */
import type { ImageData8 } from "../structures/image.js";
import { roundHalfEven } from "./enlarge.js";
import type { FieldUse } from "./lookup.js";
import { uninitialised } from "./picture-simd.js";
import type { Subject } from "./subject.js";

/** What a channel holds: a hue's 255 levels are a turn, and a saturation ends at 0 and 255. */
export type WideChannel = "hue" | "saturation";

/** Interleaved, row by row. */
export interface WidePicture {
  data: Int16Array;
  width: number;
  height: number;
  channels: readonly WideChannel[];
}

export interface WideSubject extends Omit<Subject, "image"> {
  image: WidePicture;
}

/** Of an augmenter that knows wide pictures: makes a new one, or returns the old one. */
export type WideTransform<Random> = (image: WidePicture, random: Random) => WidePicture;

const LEAST = -32768;
const MOST = 32767;
const held = (value: number): number => Math.min(Math.max(roundHalfEven(value), LEAST), MOST);

/** Each level by a function: one for all channels, or one for each. */
export function mappedWide(image: WidePicture, maps: readonly ((level: number) => number)[]): WidePicture {
  const { data, channels } = image;
  const result = new Int16Array(data.length);
  for (const [c] of channels.entries()) {
    const map = maps[maps.length === 1 ? 0 : c]!;
    // Few of all levels occur, and most of those in many pixels.
    const known = new Map<number, number>();
    for (let i = c; i < data.length; i += channels.length) {
      const level = data[i]!;
      let next = known.get(level);
      if (next === undefined) known.set(level, (next = held(map(level))));
      result[i] = next;
    }
  }
  return { ...image, data: result };
}

/** What a value does to a level of 16 bits. */
export const WIDE_USES: Readonly<Record<FieldUse, (level: number, value: number) => number>> = {
  add: (level, value) => Math.fround(level + Math.fround(value)),
  multiply: (level, value) => Math.fround(level * Math.fround(value)),
  replace: (level, value) => (Number.isNaN(value) ? level : value),
};

/** Each level with a value of a field that has one a pixel or one for each channel. */
export function combinedWide(image: WidePicture, field: Float64Array | Int16Array, use: FieldUse): WidePicture {
  const { data, width, height, channels } = image;
  const combine = WIDE_USES[use];
  const isEach = field.length > width * height;
  const result = new Int16Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const at = isEach ? i : Math.floor(i / channels.length);
    result[i] = held(combine(data[i]!, field[at]!));
  }
  return { ...image, data: result };
}

/** Some of a picture's channels. */
export function pickedWide(image: WidePicture, places: readonly number[]): WidePicture {
  const count = image.channels.length;
  const data = new Int16Array(image.width * image.height * places.length);
  for (let from = 0, to = 0; from < image.data.length; from += count) {
    for (const place of places) data[to++] = image.data[from + place]!;
  }
  return { ...image, data, channels: places.map((place) => image.channels[place]!) };
}

/** A picture whose channels at some places are those of another picture of its size. */
export function withWide(image: WidePicture, places: readonly number[], part: WidePicture): WidePicture {
  const count = image.channels.length;
  const data = image.data.slice();
  for (let at = 0, from = 0; at < data.length; at += count) {
    for (const place of places) data[at + place] = part.data[from++]!;
  }
  return { ...image, data };
}

/** The rest of a division by a turn, for hues below 0 too. */
export const withinTurn = (hue: number): number => ((hue % 255) + 255) % 255;
const withinBytes = (level: number): number => (level < 0 ? 0 : level > 255 ? 255 : level);

/** What an augmenter that knows 8 bits alone makes of a wide subject: of hues within a turn, and saturations that there are. */
export function throughBytes(subject: WideSubject, apply: (subject: Subject) => Subject): WideSubject {
  const result = apply({ ...subject, image: inBytes(subject.image) });
  return { ...result, image: fromBytes(result.image, subject.image.channels) };
}

/** A grey picture of one channel; of two one of three, the second once more. */
function inBytes({ data, width, height, channels }: WidePicture): ImageData8 {
  const count = channels.length === 1 ? 1 : 3;
  const bytes = uninitialised(width * height * count);
  for (let c = 0; c < count; c++) {
    const from = Math.min(c, channels.length - 1);
    const folded = channels[from] === "hue" ? withinTurn : withinBytes;
    for (let i = from, to = c; to < bytes.length; i += channels.length, to += count) bytes[to] = folded(data[i]!);
  }
  return { data: bytes, width, height, channels: count };
}

function fromBytes(
  { data, width, height, channels: count }: ImageData8,
  channels: readonly WideChannel[],
): WidePicture {
  const result = new Int16Array(width * height * channels.length);
  for (let from = 0, to = 0; from < data.length; from += count) {
    for (let c = 0; c < channels.length; c++) result[to++] = data[from + c]!;
  }
  return { data: result, width, height, channels };
}
