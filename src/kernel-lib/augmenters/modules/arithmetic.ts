/** imgaug's module `arithmetic`, whole. */
export { AdditiveGaussianNoise } from "../arithmetic.js";
export { Cutout } from "../arithmetic-cutout.js";
export { CoarseDropout, Dropout, Dropout2d, TotalDropout } from "../arithmetic-dropout.js";
export { Invert, Solarize } from "../arithmetic-inversion.js";
export { JpegCompression } from "../arithmetic-jpeg.js";
export {
  CoarsePepper,
  CoarseSalt,
  CoarseSaltAndPepper,
  ImpulseNoise,
  Pepper,
  ReplaceElementwise,
  Salt,
  SaltAndPepper,
} from "../arithmetic-replacement.js";
export {
  Add,
  AddElementwise,
  AdditiveLaplaceNoise,
  AdditivePoissonNoise,
  Multiply,
  MultiplyElementwise,
} from "../arithmetic-values.js";
export { ContrastNormalization } from "../contrast.js";
