/**
 * Augmenters by imgaug's names: functions that make one, which then makes other pictures of pictures.
 *
 * ```ts
 * const pipeline = augmenters.Sequential([augmenters.Fliplr(0.5), augmenters.Crop({ percent: [0, 0.1] })], { seed: 1 });
 * pipeline.augmentImage(image);
 * ```
 */
export { AdditiveGaussianNoise, type AdditiveGaussianNoiseOptions } from "./arithmetic.js";
export { Augmenter, type AugmentCall, type AugmenterOptions, type Subject } from "./augmenter.js";
export { GaussianBlur, type GaussianBlurOptions } from "./blur.js";
export { Fliplr, Flipud, type FlipOptions } from "./flip.js";
export { Affine, type AffineOptions, type AxesParameter } from "./geometric.js";
export { Sequential, type SequentialOptions } from "./meta.js";
export * as parameters from "./stochastic-parameters.js";
export { Crop, type CropOptions, type SidesParameter } from "./size.js";
export type { BorderMode } from "./warp-affine.js";
