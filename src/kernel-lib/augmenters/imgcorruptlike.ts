/**
 * imgaug's module `imgcorruptlike`: the corruptions by which D. Hendrycks and T. Dietterich (2019) test networks, with severities of 1 to 5.
 * Pixels change and nothing else, in `ElasticTransform` too. Alpha is left alone.
 */
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import * as blur from "./corrupt-blur.js";
import * as noise from "./corrupt-noise.js";
import { snow } from "./corrupt-snow.js";
import { spatter } from "./corrupt-spatter.js";
import * as weather from "./corrupt-weather.js";
import { numberParameter, type NumberParameter } from "./parameters.js";

export interface CorruptionOptions extends AugmenterOptions {
  /** 1 to 5; [1, 5] by default. */
  severity?: NumberParameter;
}

type Given = NumberParameter | CorruptionOptions;

function corrupting(name: string, given: Given, corruption: noise.Corruption): Augmenter {
  const options = firstOption<CorruptionOptions>(name, "severity", given, ["severity"]);
  const severity = numberParameter("severity", options.severity ?? [1, 5], { min: 1, max: 5, integer: true });
  return imageAugmenter(name, options, (image, random) => corruption(image, severity.sample(random), random), {
    path: `imgcorruptlike.${name}`,
  });
}

export function GaussianNoise(given: Given = {}): Augmenter {
  return corrupting("GaussianNoise", given, noise.gaussianNoise);
}
export function ShotNoise(given: Given = {}): Augmenter {
  return corrupting("ShotNoise", given, noise.shotNoise);
}
export function ImpulseNoise(given: Given = {}): Augmenter {
  return corrupting("ImpulseNoise", given, noise.impulseNoise);
}
export function SpeckleNoise(given: Given = {}): Augmenter {
  return corrupting("SpeckleNoise", given, noise.speckleNoise);
}
export function GaussianBlur(given: Given = {}): Augmenter {
  return corrupting("GaussianBlur", given, blur.gaussianBlur);
}
export function GlassBlur(given: Given = {}): Augmenter {
  return corrupting("GlassBlur", given, blur.glassBlur);
}
export function DefocusBlur(given: Given = {}): Augmenter {
  return corrupting("DefocusBlur", given, blur.defocusBlur);
}
export function MotionBlur(given: Given = {}): Augmenter {
  return corrupting("MotionBlur", given, blur.motionBlur);
}
export function ZoomBlur(given: Given = {}): Augmenter {
  return corrupting("ZoomBlur", given, blur.zoomBlur);
}
export function Fog(given: Given = {}): Augmenter {
  return corrupting("Fog", given, weather.fog);
}
export function Frost(given: Given = {}): Augmenter {
  return corrupting("Frost", given, weather.frost);
}
export function Snow(given: Given = {}): Augmenter {
  return corrupting("Snow", given, snow);
}
export function Spatter(given: Given = {}): Augmenter {
  return corrupting("Spatter", given, spatter);
}
export function Contrast(given: Given = {}): Augmenter {
  return corrupting("Contrast", given, noise.contrast);
}
export function Brightness(given: Given = {}): Augmenter {
  return corrupting("Brightness", given, noise.brightness);
}
export function Saturate(given: Given = {}): Augmenter {
  return corrupting("Saturate", given, noise.saturate);
}
export function JpegCompression(given: Given = {}): Augmenter {
  return corrupting("JpegCompression", given, noise.jpegCompression);
}
export function Pixelate(given: Given = {}): Augmenter {
  return corrupting("Pixelate", given, noise.pixelate);
}
export function ElasticTransform(given: Given = {}): Augmenter {
  return corrupting("ElasticTransform", given, blur.elasticTransform);
}
