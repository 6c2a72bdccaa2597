/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** How often each level occurs. */
import type { ImageData8 } from "../structures/image.js";
import { colourCount } from "./lookup.js";
import { levelPlace } from "./level-simd.js";

const LEVELS = 256;

/** For each channel, or for each colour alone, 256 counts. */
export function histograms(image: ImageData8, channels: number = colourCount(image)): Int32Array[] {
  return (channels === image.channels ? countedBySimd(image) : undefined) ?? countedPlainly(image, channels);
}

function countedBySimd({ data, width, height, channels }: ImageData8): Int32Array[] | undefined {
  if (channels === 4) return undefined;
  const lists = channels === 3 ? 6 : 4;
  const at = levelPlace(data.length, lists * LEVELS * 4);
  if (!at) return undefined;
  const { place, loops } = at;
  const [from, counts] = [place.put(data), place.put(new Int32Array(lists * LEVELS))];
  if (channels === 3) loops.countEach(from, counts, width * height);
  else loops.count(from, counts, data.length);
  return summed(new Int32Array(place.buffer, counts, lists * LEVELS), channels);
}

/** Lists one after another as `count` sums of every count-th. */
function summed(lists: Int32Array, count: number): Int32Array[] {
  return Array.from({ length: count }, (_, c) => {
    const result = lists.slice(c * LEVELS, (c + 1) * LEVELS);
    for (let start = (c + count) * LEVELS; start < lists.length; start += count * LEVELS) {
      for (let level = 0; level < LEVELS; level++) result[level]! += lists[start + level]!;
    }
    return result;
  });
}

function countedPlainly({ data, channels: step }: ImageData8, channels: number): Int32Array[] {
  return Array.from({ length: channels }, (_, c) => {
    const counts = new Int32Array(LEVELS);
    for (let i = c; i < data.length; i += step) counts[data[i]!]!++;
    return counts;
  });
}
