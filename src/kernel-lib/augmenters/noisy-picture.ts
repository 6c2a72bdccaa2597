/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pictures with rounded noise added to each pixel, clipped to 0 to 255. Alpha is left alone. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { noisyBySimd, uninitialised } from "./picture-simd.js";
import { RoundedNoise } from "./rounded-noise.js";

/** @param perPixel values of noise a pixel: one for all its colours, or one for each */
export function noisy(image: ImageData8, noise: RoundedNoise, perPixel: number, random: SeededRandom): ImageData8 {
  const count = image.width * image.height * perPixel;
  const quick = noisyBySimd(image, noise.table, perPixel, RoundedNoise.drawsFor(count), random);
  if (quick) return quick;
  const values = new Int16Array(count);
  noise.fill(values, random);
  return withNoise(image, values, perPixel);
}

function withNoise(image: ImageData8, noise: Int16Array, perPixel: number): ImageData8 {
  const { data, width, height, channels } = image;
  const result = uninitialised(data.length);
  const step = perPixel === 1 ? 0 : 1;
  for (let at = 0, n = 0; at < data.length; at += channels, n += perPixel) {
    result[at] = clipped(data[at]! + noise[n]!);
    if (channels === 1) continue;
    result[at + 1] = clipped(data[at + 1]! + noise[n + step]!);
    result[at + 2] = clipped(data[at + 2]! + noise[n + 2 * step]!);
    if (channels === 4) result[at + 3] = data[at + 3]!;
  }
  return { data: result, width, height, channels };
}

const clipped = (value: number) => (value < 0 ? 0 : value > 255 ? 255 : value);
