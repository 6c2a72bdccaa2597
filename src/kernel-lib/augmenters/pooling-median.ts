/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Medians of square blocks, by the loop that finds those around pixels. */
import type { ImageData8 } from "../structures/image.js";
import { workplace, type Workplace } from "./picture-simd.js";

/** So that a count of all values of a block fits into a byte. */
const MOST_SIZE = 15;

/** @param size divides both sides of the picture; of an even number of values the median is the mean of two, cut off */
export function medianBlocks({ data, width, height, channels }: ImageData8, size: number): ImageData8 | undefined {
  const stride = width * channels;
  const place = size > MOST_SIZE || channels === 4 ? undefined : workplace(data.length, stride, stride, size * 4);
  if (!place) return undefined;
  const from = place.put(data);
  const [low, high] = [place.take(stride), place.take(stride)];
  const rank = blockRanks(place, size, stride, channels);
  const result = new Uint8Array(data.length / (size * size));
  const [lower, upper] = [place.bytes(low, stride), place.bytes(high, stride)];
  for (let y = 0, to = 0; y < height; y += size) {
    rank(from + y * stride, low, (size * size + 2) >> 1);
    rank(from + y * stride, high, (size * size + 1) >> 1);
    for (let x = 0; x < stride; x += size * channels) {
      for (let at = x; at < x + channels; at++) result[to++] = (lower[at]! + upper[at]!) >> 1;
    }
  }
  return { data: result, width: width / size, height: height / size, channels };
}

/** For each byte of a row the highest level that at least `least` of the block that begins there reach. */
function blockRanks(place: Workplace, size: number, stride: number, channels: number) {
  const listAt = place.take(size * 4);
  const list = new Uint32Array(place.buffer, listAt, size);
  return (first: number, to: number, least: number): void => {
    for (let k = 0; k < size; k++) list[k] = first + k * stride;
    place.loops.rankRow(listAt, to, stride, channels, size, least);
  };
}
