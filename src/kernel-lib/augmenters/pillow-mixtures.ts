/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** What lies between two pictures, or beyond one of them, as Pillow's `blend`: in single precision, cut off. Alpha stays. */
import type { ImageData8 } from "../structures/image.js";
import { levelPlace } from "./level-simd.js";
import { colourCount, levelTable, lookUp } from "./lookup.js";

const mixture = (level: number, from: number, share: number): number => {
  const value = Math.fround(from + Math.fround(share * (level - from)));
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value);
};

/** @param share of the picture; 0 is the one level, 1 the picture */
export const mixedWithLevel = (image: ImageData8, from: number, share: number): ImageData8 =>
  lookUp(image, [levelTable((level) => mixture(level, from, Math.fround(share)))]);

/** @param share of the picture; 0 is the other one, of the same size */
export function mixedWithPicture(image: ImageData8, other: ImageData8, share: number): ImageData8 {
  const { data, width, height, channels } = image;
  const at = levelPlace(data.length, data.length, data.length);
  if (!at) return mixedPlainly(image, share, (i) => other.data[i]!);
  const { place, loops } = at;
  const [front, back, to] = [place.put(data), place.put(other.data), place.take(data.length)];
  loops.mixedCut(front, back, to, share, data.length);
  return { data: place.result(to, data.length), width, height, channels };
}

/** @param share of the picture; 0 is the same in grey */
export function mixedWithGrey(image: ImageData8, share: number): ImageData8 {
  const { data, width, height, channels } = image;
  if (channels === 1) return image;
  const at = channels === 3 ? levelPlace(data.length, data.length) : undefined;
  if (!at) return mixedPlainly(image, share, (i, c) => (c < 3 ? greyLevel(data, i - c) : data[i]!));
  const { place, loops } = at;
  const [from, to] = [place.put(data), place.take(data.length)];
  loops.fadedToGrey(from, to, share, width * height);
  return { data: place.result(to, data.length), width, height, channels };
}

function mixedPlainly(image: ImageData8, share: number, from: (i: number, c: number) => number): ImageData8 {
  const single = Math.fround(share);
  const data = image.data.map((level, i) => mixture(level, from(i, i % image.channels), single));
  return { ...image, data };
}

/** The mean of a picture's grey levels, rounded. */
export function meanGrey(image: ImageData8): number {
  return Math.trunc(sumOfGreys(image) / (image.width * image.height) + 0.5);
}

function sumOfGreys(image: ImageData8): number {
  const { data, width, height, channels } = image;
  const at = channels === 3 ? levelPlace(data.length) : undefined;
  if (at) return at.loops.sumOfGreys(at.place.put(data), width * height);
  let sum = 0;
  for (let i = 0; i < data.length; i += channels) sum += colourCount(image) === 1 ? data[i]! : greyLevel(data, i);
  return sum;
}

const greyLevel = (data: Uint8Array, at: number): number =>
  (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16;
