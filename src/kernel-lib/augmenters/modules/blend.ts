/** imgaug's module `blend`, whole. */
export {
  Alpha,
  AlphaElementwise,
  BlendAlpha,
  BlendAlphaBoundingBoxes,
  BlendAlphaCheckerboard,
  BlendAlphaElementwise,
  BlendAlphaHorizontalLinearGradient,
  BlendAlphaMask,
  BlendAlphaRegularGrid,
  BlendAlphaSegMapClassIds,
  BlendAlphaVerticalLinearGradient,
} from "../blend.js";
export {
  BlendAlphaFrequencyNoise,
  BlendAlphaSimplexNoise,
  BlendAlphaSomeColors,
  FrequencyNoiseAlpha,
  SimplexNoiseAlpha,
} from "../blend-noise.js";
