/**
 * Augmenters by imgaug's names: functions that make one, which then makes other pictures of pictures.
 *
 * ```ts
 * const pipeline = augmenters.Sequential([augmenters.Fliplr(0.5), augmenters.Crop({ percent: [0, 0.1] })], { seed: 1 });
 * pipeline.augmentImage(image);
 * ```
 */
export { AdditiveGaussianNoise, type AdditiveGaussianNoiseOptions } from "./arithmetic.js";
export { Cutout, type CutoutOptions, type CutoutPosition } from "./arithmetic-cutout.js";
export {
  CoarseDropout,
  type CoarseDropoutOptions,
  type CoarseOptions,
  Dropout,
  Dropout2d,
  type Dropout2dOptions,
  type DropoutOptions,
  TotalDropout,
  type TotalDropoutOptions,
} from "./arithmetic-dropout.js";
export { Invert, type InvertOptions, Solarize } from "./arithmetic-inversion.js";
export {
  CoarsePepper,
  CoarseSalt,
  CoarseSaltAndPepper,
  type CoarseSaltAndPepperOptions,
  ImpulseNoise,
  type ImpulseNoiseOptions,
  Pepper,
  ReplaceElementwise,
  type ReplaceElementwiseOptions,
  Salt,
  SaltAndPepper,
  type SaltAndPepperOptions,
} from "./arithmetic-replacement.js";
export {
  Add,
  AddElementwise,
  AdditiveLaplaceNoise,
  AdditivePoissonNoise,
  type AddOptions,
  type LaplaceNoiseOptions,
  Multiply,
  MultiplyElementwise,
  type MultiplyOptions,
  type PoissonNoiseOptions,
} from "./arithmetic-values.js";
export { Augmenter, type AugmentCall, type AugmenterOptions } from "./augmenter.js";
export { GaussianBlur, type GaussianBlurOptions } from "./blur.js";
export {
  ContrastNormalization,
  GammaContrast,
  type GammaContrastOptions,
  LinearContrast,
  type LinearContrastOptions,
  LogContrast,
  type LogContrastOptions,
  SigmoidContrast,
  type SigmoidContrastOptions,
} from "./contrast.js";
export {
  Convolve,
  EdgeDetect,
  type EdgeDetectOptions,
  Emboss,
  type EmbossOptions,
  type Kernel,
  Sharpen,
  type SharpenOptions,
} from "./convolutional.js";
export { Fliplr, Flipud, HorizontalFlip, VerticalFlip, type FlipOptions } from "./flip.js";
export {
  type BorderOptions,
  Rotate,
  type RotateOptions,
  type ScaleAxisOptions,
  ScaleX,
  ScaleY,
  type ShearAxisOptions,
  ShearX,
  ShearY,
  type TranslateAxisOptions,
  TranslateX,
  TranslateY,
} from "./geometric-axes.js";
export { AverageBlur, type AverageBlurOptions } from "./average-blur.js";
export { MedianBlur, type MedianBlurOptions } from "./median-blur.js";
export { Affine, type AffineOptions, type AxesParameter } from "./geometric.js";
export {
  Identity,
  Noop,
  OneOf,
  Sequential,
  type SequentialOptions,
  SomeOf,
  type SomeOfOptions,
  Sometimes,
} from "./meta.js";
export { ChannelShuffle, type ChannelShuffleOptions, WithChannels } from "./meta-channels.js";
export {
  AssertLambda,
  type AssertLambdaOptions,
  AssertShape,
  ClipCBAsToImagePlanes,
  Lambda,
  type LambdaOptions,
  type LengthCheck,
  RemoveCBAsByOutOfImageFraction,
} from "./meta-checks.js";
export type { Box, Keypoint, Subject } from "./subject.js";
export * as parameters from "./stochastic-parameters.js";
export { Crop, type CropOptions, type SidesParameter } from "./size.js";
export type { BorderMode } from "./warp-affine.js";
