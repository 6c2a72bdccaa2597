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

/** One of a picture's channels, row by row. A hue's 255 levels are a turn, and a saturation ends at 0 and 255. */
export interface WideChannel {
  readonly holds: "hue" | "saturation";
  readonly levels: Int16Array;
}

export interface WidePicture {
  readonly width: number;
  readonly height: number;
  readonly channels: readonly WideChannel[];
}

export interface WideSubject extends Omit<Subject, "image"> {
  image: WidePicture;
}

/** Of an augmenter that knows wide pictures: makes a new one, or returns the old one. */
export type WideTransform<Random> = (image: WidePicture, random: Random) => WidePicture;

const LEAST = -32768;
const MOST = 32767;

/** Rounded half to even, and within 16 bits. */
function held(value: number): number {
  const rounded = roundHalfEven(value);
  return rounded < LEAST ? LEAST : rounded > MOST ? MOST : rounded;
}

/** The same picture with other levels in each channel. */
function withLevels(image: WidePicture, change: (levels: Int16Array, channel: number) => Int16Array): WidePicture {
  return { ...image, channels: image.channels.map(({ holds, levels }, c) => ({ holds, levels: change(levels, c) })) };
}

/** What no level becomes. */
const UNKNOWN = MOST + 1;

/** Each level by a function: one for all channels, or one for each. */
export function mappedWide(image: WidePicture, maps: readonly ((level: number) => number)[]): WidePicture {
  return withLevels(image, (levels, c) => {
    const map = maps[maps.length === 1 ? 0 : c]!;
    // Few of all levels occur.
    const table = new Int32Array(MOST - LEAST + 1).fill(UNKNOWN);
    const result = new Int16Array(levels.length);
    for (let i = 0; i < levels.length; i++) {
      const level = levels[i]!;
      const known = table[level - LEAST]!;
      result[i] = known === UNKNOWN ? (table[level - LEAST] = held(map(level))) : known;
    }
    return result;
  });
}

/** What a value does to a level of 16 bits. */
export const WIDE_USES: Readonly<Record<FieldUse, (level: number, value: number) => number>> = {
  add: (level, value) => Math.fround(level + Math.fround(value)),
  multiply: (level, value) => Math.fround(level * Math.fround(value)),
  replace: (level, value) => (Number.isNaN(value) ? level : value),
};

/** Each level with a value of a field that has one a pixel or one for each channel. */
export function combinedWide(image: WidePicture, field: Float64Array | Int16Array, use: FieldUse): WidePicture {
  const combine = WIDE_USES[use];
  const count = field.length > image.width * image.height ? image.channels.length : 1;
  return withLevels(image, (levels, c) => {
    const result = new Int16Array(levels.length);
    for (let i = 0, at = count === 1 ? 0 : c; i < levels.length; i++, at += count) {
      result[i] = held(combine(levels[i]!, field[at]!));
    }
    return result;
  });
}

/** Some of a picture's channels. */
export function pickedWide(image: WidePicture, places: readonly number[]): WidePicture {
  return { ...image, channels: places.map((place) => image.channels[place]!) };
}

/** A picture whose channels at some places are those of another picture of its size. */
export function withWide(image: WidePicture, places: readonly number[], part: WidePicture): WidePicture {
  return {
    ...image,
    channels: image.channels.map((channel, c) => part.channels[places.indexOf(c)] ?? channel),
  };
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
function inBytes({ width, height, channels }: WidePicture): ImageData8 {
  const count = channels.length === 1 ? 1 : 3;
  const bytes = uninitialised(width * height * count);
  for (let c = 0; c < count; c++) {
    const { holds, levels } = channels[Math.min(c, channels.length - 1)]!;
    const folded = holds === "hue" ? withinTurn : withinBytes;
    for (let i = 0, to = c; i < levels.length; i++, to += count) bytes[to] = folded(levels[i]!);
  }
  return { data: bytes, width, height, channels: count };
}

function fromBytes(
  { data, width, height, channels: count }: ImageData8,
  channels: readonly WideChannel[],
): WidePicture {
  const levels = (c: number) => {
    const result = new Int16Array(width * height);
    for (let i = 0, from = c; i < result.length; i++, from += count) result[i] = data[from]!;
    return result;
  };
  return { width, height, channels: channels.map(({ holds }, c) => ({ holds, levels: levels(c) })) };
}
