/** imgaug's module `blur`: pictures out of focus. */
import { imageAugmenter, knownOptions, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { gaussianFilter } from "./gaussian-filter.js";
import { isParameter, numberParameter, type NumberParameter } from "./parameters.js";

export interface GaussianBlurOptions extends AugmenterOptions {
  /** Standard deviation in pixels, 0 (no blur) to 200; [0, 3] by default. */
  sigma?: NumberParameter;
}

/** Below this imgaug does nothing. */
const NO_BLUR = 1e-3;

/** Blurs pictures with a Gaussian kernel. */
export function GaussianBlur(given: NumberParameter | GaussianBlurOptions = {}): Augmenter {
  const options = blurOptions(given);
  const sigma = numberParameter("sigma", options.sigma ?? [0, 3], { min: 0, max: 200 });
  return imageAugmenter("GaussianBlur", options, (image, random) => {
    const drawn = sigma.sample(random);
    return drawn > NO_BLUR ? gaussianFilter(image, drawn) : image;
  });
}

function blurOptions(given: NumberParameter | GaussianBlurOptions): GaussianBlurOptions {
  if (typeof given === "number" || Array.isArray(given) || isParameter(given)) return { sigma: given };
  return knownOptions("GaussianBlur", given as GaussianBlurOptions, ["sigma"]);
}
