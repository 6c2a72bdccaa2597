/** imgaug's module `color`, whole. */
export {
  AddToBrightness,
  ChangeColorspace,
  Grayscale,
  InColorspace,
  MultiplyAndAddToBrightness,
  MultiplyBrightness,
  WithBrightnessChannels,
  WithColorspace,
} from "../color.js";
export {
  AddToHue,
  AddToHueAndSaturation,
  AddToSaturation,
  MultiplyHue,
  MultiplyHueAndSaturation,
  MultiplySaturation,
  RemoveSaturation,
  WithHueAndSaturation,
} from "../color-hue.js";
export {
  KMeansColorQuantization,
  Posterize,
  UniformColorQuantization,
  UniformColorQuantizationToNBits,
} from "../color-quantization.js";
export { ChangeColorTemperature } from "../color-temperature.js";
