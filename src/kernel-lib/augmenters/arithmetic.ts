/** imgaug's module `arithmetic`: numbers added to pixels. */
import { byNoise } from "./arithmetic-values.js";
import { knownOptions, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { isParameter, numberParameter, type BooleanParameter, type NumberParameter } from "./parameters.js";
import { roundedNormalProbabilities } from "./rounded-noise.js";

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
  return byNoise("AdditiveGaussianNoise", options, (random) =>
    roundedNormalProbabilities(loc.sample(random), scale.sample(random)),
  );
}

function noiseOptions(given: NumberParameter | AdditiveGaussianNoiseOptions): AdditiveGaussianNoiseOptions {
  // imgaug's first parameter is loc.
  if (typeof given === "number" || Array.isArray(given) || isParameter(given)) return { loc: given };
  const names = ["loc", "scale", "perChannel"];
  return knownOptions("AdditiveGaussianNoise", given as AdditiveGaussianNoiseOptions, names);
}
