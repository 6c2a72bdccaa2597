/**
 * Augmenters by imgaug's names: functions that make one, which then makes other pictures of pictures.
 *
 * ```ts
 * const pipeline = augmenters.Sequential([augmenters.Fliplr(0.5), augmenters.Crop({ percent: [0, 0.1] })], { seed: 1 });
 * pipeline.augmentImage(image);
 * ```
 */
export { AdditiveGaussianNoise, type AdditiveGaussianNoiseOptions } from "./arithmetic.js";
export { Cutout, type CutoutOptions } from "./arithmetic-cutout.js";
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
export {
  AddToBrightness,
  type AddToBrightnessOptions,
  type BrightnessColorspace,
  type BrightnessSpaceOptions,
  ChangeColorspace,
  type ChangeColorspaceOptions,
  type ColorspaceOptions,
  Grayscale,
  type GrayscaleOptions,
  InColorspace,
  MultiplyAndAddToBrightness,
  type MultiplyAndAddToBrightnessOptions,
  MultiplyBrightness,
  type MultiplyBrightnessOptions,
  WithBrightnessChannels,
  type WithBrightnessChannelsOptions,
  WithColorspace,
  type WithColorspaceOptions,
} from "./color.js";
export {
  AddToHue,
  AddToHueAndSaturation,
  type AddToHueAndSaturationOptions,
  type AddToHueOptions,
  AddToSaturation,
  MultiplyHue,
  MultiplyHueAndSaturation,
  type MultiplyHueAndSaturationOptions,
  type MultiplyHueOptions,
  MultiplySaturation,
  RemoveSaturation,
  WithHueAndSaturation,
  type WithHueAndSaturationOptions,
} from "./color-hue.js";
export { ChangeColorTemperature, type ChangeColorTemperatureOptions } from "./color-temperature.js";
export {
  type ColorQuantizationOptions,
  KMeansColorQuantization,
  type NBitsOptions,
  Posterize,
  type QuantizationOptions,
  UniformColorQuantization,
  UniformColorQuantizationToNBits,
} from "./color-quantization.js";
export {
  AveragePooling,
  type BlockSizeParameter,
  MaxPooling,
  MedianPooling,
  MinPooling,
  type NumberPair,
  type PoolingOptions,
} from "./pooling.js";
export { BilateralBlur, type BilateralBlurOptions, MotionBlur, type MotionBlurOptions } from "./blur-edges.js";
export { MeanShiftBlur, type MeanShiftBlurOptions } from "./blur-mean-shift.js";
export {
  AllChannelsCLAHE,
  type AllChannelsClaheOptions,
  AllChannelsHistogramEqualization,
  CLAHE,
  type ClaheOptions,
  type ClaheParameters,
  HistogramEqualization,
  type IntensityOptions,
} from "./contrast-histogram.js";
export { DirectedEdgeDetect, type DirectedEdgeDetectOptions } from "./convolutional-directed.js";
export {
  BlendAlphaFrequencyNoise,
  type BlendAlphaFrequencyNoiseOptions,
  type BlendAlphaNoiseOptions,
  BlendAlphaSimplexNoise,
  BlendAlphaSomeColors,
  type BlendAlphaSomeColorsOptions,
  FrequencyNoiseAlpha,
  SimplexNoiseAlpha,
} from "./blend-noise.js";
export {
  Alpha,
  AlphaElementwise,
  type AlphaOptions,
  BlendAlpha,
  BlendAlphaBoundingBoxes,
  type BlendAlphaBoundingBoxesOptions,
  BlendAlphaCheckerboard,
  type BlendAlphaCheckerboardOptions,
  BlendAlphaElementwise,
  BlendAlphaHorizontalLinearGradient,
  type BlendAlphaLinearGradientOptions,
  BlendAlphaMask,
  type BlendAlphaMaskOptions,
  type BlendAlphaOptions,
  BlendAlphaRegularGrid,
  type BlendAlphaRegularGridOptions,
  BlendAlphaSegMapClassIds,
  type BlendAlphaSegMapClassIdsOptions,
  BlendAlphaVerticalLinearGradient,
  type BlendOptions,
  type FirstSecond,
} from "./blend.js";
export { AffineCv2, type AffineCv2Options } from "./geometric-cv2.js";
export { Rot90, type Rot90Options } from "./geometric-rot90.js";
export { Jigsaw, type JigsawOptions } from "./geometric-jigsaw.js";
export { PerspectiveTransform, type PerspectiveTransformOptions } from "./geometric-perspective.js";
export { ElasticTransformation, type ElasticTransformationOptions } from "./geometric-elastic.js";
export { PiecewiseAffine, type PiecewiseAffineOptions } from "./geometric-piecewise.js";
export { WithPolarWarping } from "./geometric-polar.js";
export { Affine, type AffineOptions, type AxesParameter, type OrderParameter } from "./geometric.js";
export {
  type Point,
  type PointsSampler,
  RegularGridVoronoi,
  type RegularGridVoronoiOptions,
  RelativeRegularGridVoronoi,
  type RelativeRegularGridVoronoiOptions,
  type SegmentOptions,
  Superpixels,
  type SuperpixelsOptions,
  UniformVoronoi,
  type UniformVoronoiOptions,
  Voronoi,
  type VoronoiOptions,
} from "./segmentation.js";
export {
  CloudLayer,
  type CloudLayerOptions,
  Clouds,
  FastSnowyLandscape,
  type FastSnowyLandscapeOptions,
  Fog,
} from "./weather.js";
export {
  Rain,
  RainLayer,
  type RainLayerOptions,
  type RainOptions,
  Snowflakes,
  SnowflakesLayer,
  type SnowflakesLayerOptions,
  type SnowflakesOptions,
} from "./weather-flakes.js";
export { Canny, type CannyAugmenterOptions, type EdgeColorizer, randomColors } from "./edges.js";
export { Cartoon, type CartoonOptions } from "./artistic.js";
export { JpegCompression, type JpegCompressionOptions } from "./arithmetic-jpeg.js";
export { RandAugment, type RandAugmentOptions } from "./collections.js";
export { SaveDebugImageEveryNBatches, type SaveDebugImageOptions } from "./debug.js";
export {
  type AugmentBatchOptions,
  type AugmentCall,
  Augmenter,
  type AugmenterOptions,
  type Recipe,
} from "./augmenter.js";
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
  ClipCBAsToImagePlanes,
  Lambda,
  type LambdaOptions,
  RemoveCBAsByOutOfImageFraction,
} from "./meta-checks.js";
export { AssertShape, type AssertShapeOptions, type LengthCheck } from "./meta-shape.js";
export { type AugmenterExample, examples } from "./examples.js";
export { clipOutOfImage, removeOutOfImage } from "./out-of-image.js";
export type { PadMode } from "./pad.js";
export type { PositionParameter } from "./position.js";
export type { Interpolation } from "./resize.js";
export type { Box, Keypoint, LineString, Polygon, Subject } from "./subject.js";
export type { Heatmap, SegmentationMap } from "./value-map.js";
export type { Mask, MaskGenerator } from "./blend-masks.js";
export type { Colorspace } from "./color-spaces.js";
export type {
  BooleanParameter,
  LevelParameter,
  NumberParameter,
  StochasticParameter,
  TextParameter,
} from "./parameters.js";
export type { SeededRandom } from "../structures/random.js";
export * as parameters from "./stochastic-parameters.js";
export {
  Crop,
  CropAndPad,
  type CropAndPadOptions,
  type CropOptions,
  Pad,
  type PadFillOptions,
  type PadOptions,
  type SidesParameter,
} from "./size.js";
export {
  KeepSizeByResize,
  type KeepSizeByResizeOptions,
  type LengthParameter,
  Resize,
  type ResizeOptions,
  Scale,
  type ShorterLonger,
  type SidesLengths,
} from "./size-resize.js";
export {
  type AspectRatioOptions,
  CenterCropToAspectRatio,
  CenterCropToFixedSize,
  CenterCropToMultiplesOf,
  CenterCropToPowersOf,
  CenterCropToSquare,
  CenterPadToAspectRatio,
  CenterPadToFixedSize,
  CenterPadToMultiplesOf,
  CenterPadToPowersOf,
  CenterPadToSquare,
  CropToAspectRatio,
  CropToFixedSize,
  CropToMultiplesOf,
  CropToPowersOf,
  CropToSquare,
  type FixedSizeOptions,
  type MultiplesOptions,
  PadToAspectRatio,
  PadToFixedSize,
  PadToMultiplesOf,
  PadToPowersOf,
  PadToSquare,
  type PositionOptions,
  type PowersOptions,
} from "./size-targets.js";
export type { BorderMode } from "./border.js";

// imgaug's modules: where two have the same name, the flat namespace above holds what imgaug's flat one holds.
export * as arithmetic from "./modules/arithmetic.js";
export * as artistic from "./modules/artistic.js";
export * as blend from "./modules/blend.js";
export * as blur from "./modules/blur.js";
export * as collections from "./modules/collections.js";
export * as color from "./modules/color.js";
export * as contrast from "./modules/contrast.js";
export * as convolutional from "./modules/convolutional.js";
export * as debug from "./modules/debug.js";
export * as edges from "./modules/edges.js";
export * as flip from "./modules/flip.js";
export * as geometric from "./modules/geometric.js";
export * as imgcorruptlike from "./imgcorruptlike.js";
export * as meta from "./modules/meta.js";
export * as pillike from "./pillike.js";
export * as pooling from "./modules/pooling.js";
export * as segmentation from "./modules/segmentation.js";
export * as size from "./modules/size.js";
export * as weather from "./modules/weather.js";
