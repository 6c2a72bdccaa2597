/** imgaug's module `size`, whole. */
export { Crop, CropAndPad, Pad } from "../size.js";
export { KeepSizeByResize, Resize, Scale } from "../size-resize.js";
export {
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
  PadToAspectRatio,
  PadToFixedSize,
  PadToMultiplesOf,
  PadToPowersOf,
  PadToSquare,
} from "../size-targets.js";
