/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `arithmetic`: numbers added to pixels. */
import type { ImageData8 } from "../structures/image.js";
import { imageAugmenter, knownOptions, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { noisyBySimd } from "./picture-simd.js";
import {
  isParameter,
  numberParameter,
  probabilityParameter,
  type BooleanParameter,
  type NumberParameter,
} from "./parameters.js";
import { RoundedNormal } from "./rounded-normal.js";

export interface AdditiveGaussianNoiseOptions extends AugmenterOptions {
  /** Mean of the noise, in levels of 0 to 255; 0 by default. */
  loc?: NumberParameter;
  /** Its standard deviation, in levels; [0, 15] by default. */
  scale?: NumberParameter;
  /** Other noise for each channel (or in which share of the pictures); by default all channels of a pixel get the same. */
  perChannel?: BooleanParameter;
}

/** Adds normal noise to each pixel, rounded, and clipped to 0 to 255. Alpha is left alone. */
export function AdditiveGaussianNoise(given: NumberParameter | AdditiveGaussianNoiseOptions = {}): Augmenter {
  const options = noiseOptions(given);
  const loc = numberParameter("loc", options.loc ?? 0, { min: -255, max: 255 });
  const scale = numberParameter("scale", options.scale ?? [0, 15], { min: 0, max: 1000 });
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  return imageAugmenter("AdditiveGaussianNoise", options, (image, random) => {
    const channels = perChannel(random) ? colours(image) : 1;
    const noise = new RoundedNormal(loc.sample(random), scale.sample(random));
    const count = image.width * image.height * channels;
    const quick = noisyBySimd(image, noise.table, channels, RoundedNormal.drawsFor(count), random);
    if (quick) return quick;
    const values = new Int16Array(count);
    noise.fill(values, random);
    return withNoise(image, values, channels);
  });
}

function noiseOptions(given: NumberParameter | AdditiveGaussianNoiseOptions): AdditiveGaussianNoiseOptions {
  // imgaug's first parameter is loc.
  if (typeof given === "number" || Array.isArray(given) || isParameter(given)) return { loc: given };
  const names = ["loc", "scale", "perChannel"];
  return knownOptions("AdditiveGaussianNoise", given as AdditiveGaussianNoiseOptions, names);
}

const colours = ({ channels }: ImageData8) => (channels === 4 ? 3 : channels);

/** @param perPixel values of noise a pixel: one for all its colours, or one for each */
function withNoise(image: ImageData8, noise: Int16Array, perPixel: number): ImageData8 {
  const { data, width, height, channels } = image;
  const result = new Uint8Array(data.length);
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
