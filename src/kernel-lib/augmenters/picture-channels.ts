/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Channels of pictures: one alone, one instead of another, all in another order. */
import type { ImageData8 } from "../structures/image.js";
import { levelPlace } from "./level-simd.js";
import { uninitialised } from "./picture-simd.js";

/** One channel as a grey picture. */
export function channelOf(image: ImageData8, channel: number): ImageData8 {
  return pickedChannels(image, [channel]);
}

/** A picture of some of another's channels, in this order. */
export function pickedChannels(image: ImageData8, places: readonly number[]): ImageData8 {
  return (image.channels === 3 ? pickedBySimd(image, places) : undefined) ?? pickedPlainly(image, places);
}

function pickedBySimd({ data, width, height }: ImageData8, places: readonly number[]): ImageData8 | undefined {
  const channels = places.length;
  if (channels !== 1 && channels !== 3) return undefined;
  const pixels = width * height;
  const at = levelPlace(data.length, pixels * channels, 16);
  if (!at) return undefined;
  const { place, loops } = at;
  const [from, to] = [place.put(data), place.take(pixels * channels)];
  if (channels === 1) loops.channelOf(from, to, places[0]!, pixels);
  else loops.reordered(from, to, place.put(orderMask(places)), pixels);
  return { data: place.result(to, pixels * channels), width, height, channels };
}

/** Where the bytes of five pixels come from. */
const orderMask = (places: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => (i === 15 ? 255 : i - (i % 3) + places[i % 3]!));

function pickedPlainly(image: ImageData8, places: readonly number[]): ImageData8 {
  const channels = places.length as ImageData8["channels"];
  const data = uninitialised(image.width * image.height * channels);
  const old = image.data;
  for (const [c, place] of places.entries()) {
    for (let from = place, to = c; from < old.length; from += image.channels, to += channels) data[to] = old[from]!;
  }
  return { data, width: image.width, height: image.height, channels };
}

/** Three grey pictures as red, green and blue. */
export function joinedChannels(parts: readonly [ImageData8, ImageData8, ImageData8]): ImageData8 {
  const { width, height } = parts[0];
  return joinedBySimd(parts) ?? parts.reduce((image, part, c) => withChannel(image, c, part), blank(width, height));
}

const blank = (width: number, height: number): ImageData8 => ({
  data: new Uint8Array(width * height * 3),
  width,
  height,
  channels: 3,
});

function joinedBySimd(parts: readonly [ImageData8, ImageData8, ImageData8]): ImageData8 | undefined {
  const { width, height } = parts[0];
  const pixels = width * height;
  const at = levelPlace(pixels * 3, pixels, pixels, pixels);
  if (!at) return undefined;
  const { place, loops } = at;
  const to = place.take(pixels * 3);
  for (const [c, { data }] of parts.entries()) loops.withChannel(place.put(data), to, c, pixels);
  return { data: place.result(to, pixels * 3), width, height, channels: 3 };
}

/** A picture with the levels of a grey one instead of one of its channels. */
export function withChannel(image: ImageData8, channel: number, levels: ImageData8): ImageData8 {
  return withChannels(image, [channel], levels);
}

/** A picture whose channels at some places are the first ones of another picture of its size. */
export function withChannels(image: ImageData8, places: readonly number[], part: ImageData8): ImageData8 {
  if (image.channels === 3 && part.channels === 3 && places.length === 3) {
    return pickedChannels(
      part,
      [0, 1, 2].map((place) => places.indexOf(place)),
    );
  }
  return (
    (image.channels === 3 && part.channels === 1 ? replacedBySimd(image, places[0]!, part) : undefined) ??
    replacedPlainly(image, places, part)
  );
}

function replacedBySimd(image: ImageData8, channel: number, { data: levels }: ImageData8): ImageData8 | undefined {
  const { data, width, height, channels } = image;
  const at = levelPlace(data.length, levels.length);
  if (!at) return undefined;
  const { place, loops } = at;
  const to = place.put(data);
  loops.withChannel(place.put(levels), to, channel, levels.length);
  return { data: place.result(to, data.length), width, height, channels };
}

function replacedPlainly(image: ImageData8, places: readonly number[], part: ImageData8): ImageData8 {
  const data = uninitialised(image.data.length);
  data.set(image.data);
  const levels = part.data;
  for (const [i, place] of places.entries()) {
    for (let to = place, from = i; to < data.length; to += image.channels, from += part.channels) {
      data[to] = levels[from]!;
    }
  }
  return { ...image, data };
}
