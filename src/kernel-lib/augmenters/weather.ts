/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `weather`: clouds, fog and what lies on the ground. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { type Augmenter, type AugmenterOptions, imageAugmenter, knownOptions, remade } from "./augmenter.js";
import { channelOf, colorspaceOption, withChannel, type ColorspaceOptions } from "./color.js";
import { changingColors, convertColors } from "./color-spaces.js";
import { roundHalfEven } from "./enlarge.js";
import { colourCount } from "./lookup.js";
import { SomeOf } from "./meta.js";
import { FrequencyNoise } from "./noise-parameters.js";
import { uninitialised } from "./picture-simd.js";
import { drawField, numberParameter, type NumberParameter, type StochasticParameter } from "./parameters.js";
import { resizedMap } from "./value-map.js";

export interface FastSnowyLandscapeOptions extends ColorspaceOptions {
  /** What is darker becomes lighter, 0 to 255; [100, 255] by default. */
  lightnessThreshold?: NumberParameter;
  /** By how much; [1, 4] by default. */
  lightnessMultiplier?: NumberParameter;
}

/** Makes dark ground light, as snow would. */
export function FastSnowyLandscape(given: NumberParameter | FastSnowyLandscapeOptions = {}): Augmenter {
  const names = ["lightnessThreshold", "lightnessMultiplier", "fromColorspace"];
  const options = firstOption<FastSnowyLandscapeOptions>("FastSnowyLandscape", "lightnessThreshold", given, names);
  const threshold = numberParameter("lightnessThreshold", options.lightnessThreshold ?? [100, 255], {
    min: 0,
    max: 255,
  });
  const multiplier = numberParameter("lightnessMultiplier", options.lightnessMultiplier ?? [1, 4], { min: 0 });
  const from = colorspaceOption("fromColorspace", options.fromColorspace);
  return imageAugmenter("FastSnowyLandscape", options, (image, random) => {
    // Single precision, as imgaug's samples are: 1.9 times a level may end beside a half.
    const [limit, factor] = [Math.fround(threshold.sample(random)), Math.fround(multiplier.sample(random))];
    const lit = (level: number) => (level < limit ? Math.min(roundHalfEven(level * factor), 255) : level);
    return changingColors(image, (colored) => {
      const hls = convertColors(colored, from, "HLS");
      const lightness = channelOf(hls, 1);
      return convertColors(withChannel(hls, 1, { ...lightness, data: lightness.data.map(lit) }), "HLS", from);
    });
  });
}

export interface CloudLayerOptions extends AugmenterOptions {
  /** The clouds' mean level. */
  intensityMean: NumberParameter;
  /** How fine their levels change; the exponent of `FrequencyNoise`. */
  intensityFreqExponent: NumberParameter;
  /** The deviation of their levels from place to place. */
  intensityCoarseScale: NumberParameter;
  /** How dense they are at least, and how much more at most, 0 to 1. */
  alphaMin: NumberParameter;
  alphaMultiplier: NumberParameter;
  /** The longer side of the field of which their shape is enlarged. */
  alphaSizePxMax: NumberParameter;
  /** How fine their shape is; the exponent of `FrequencyNoise`. */
  alphaFreqExponent: NumberParameter;
  /** Below 1 more, above 1 less of what is thin. */
  sparsity: NumberParameter;
  /** A factor of the density. */
  densityMultiplier: NumberParameter;
}

const CLOUD_NAMES = [
  "intensityMean",
  "intensityFreqExponent",
  "intensityCoarseScale",
  "alphaMin",
  "alphaMultiplier",
  "alphaSizePxMax",
  "alphaFreqExponent",
  "sparsity",
  "densityMultiplier",
];

/** One layer of clouds. Alpha is left alone. */
export function CloudLayer(given: CloudLayerOptions): Augmenter {
  return cloudLayer("CloudLayer", knownOptions("CloudLayer", given, CLOUD_NAMES));
}

function cloudLayer(name: string, options: CloudLayerOptions): Augmenter {
  const drawn = (option: keyof CloudLayerOptions) => numberParameter(option, options[option]);
  const parameters = {
    mean: drawn("intensityMean"),
    coarse: drawn("intensityCoarseScale"),
    alphaMin: drawn("alphaMin"),
    alphaMultiplier: drawn("alphaMultiplier"),
    sparsity: drawn("sparsity"),
    density: drawn("densityMultiplier"),
  };
  const shape = FrequencyNoise({
    exponent: options.alphaFreqExponent,
    sizePxMax: options.alphaSizePxMax,
    upscaleMethod: "cubic",
  });
  const exponent = drawn("intensityFreqExponent");
  return imageAugmenter(name, options, (image, random) => {
    const alpha = density(image, shape, parameters, random);
    const intensity = intensityOf(image, parameters.mean.sample(random), parameters.coarse, exponent, random);
    return clouded(image, alpha, intensity);
  });
}

/** @param alpha of each pixel how much becomes its `intensity` */
function clouded(image: ImageData8, alpha: Float64Array, intensity: Float64Array): ImageData8 {
  const { width, height, channels } = image;
  const data = uninitialised(image.data.length);
  data.set(image.data);
  const colours = colourCount(image);
  for (let place = 0, at = 0; place < alpha.length; place++, at += channels) {
    const share = alpha[place]!;
    const more = share * intensity[place]!;
    for (let i = at; i < at + colours; i++) data[i] = (1 - share) * data[i]! + more;
  }
  return { data, width, height, channels };
}

type Parameters = Record<"alphaMin" | "alphaMultiplier" | "sparsity" | "density", StochasticParameter>;

function density(
  { width, height }: ImageData8,
  shape: StochasticParameter,
  parameters: Parameters,
  random: SeededRandom,
) {
  const low = parameters.alphaMin.sample(random);
  const more = parameters.alphaMultiplier.sample(random);
  const [sparsity, factor] = [parameters.sparsity.sample(random), parameters.density.sample(random)];
  const dense = (value: number) => Math.min(Math.max((low + more * value) ** sparsity * factor, 0), 1);
  // What was enlarged has no other values than those of 8 bits.
  const table = Float64Array.from({ length: 256 }, (_, level) => dense(level / 255));
  const field = drawField(shape, random, { width, height, channels: 1 });
  for (let i = 0; i < field.length; i++) {
    const level = Math.round(field[i]! * 255);
    field[i] = level / 255 === field[i] ? table[level]! : dense(field[i]!);
  }
  return field;
}

/** Coarse levels of an 8 × 8 field, and finer ones; 0 to 255. */
function intensityOf(
  { width, height }: ImageData8,
  mean: number,
  coarse: StochasticParameter,
  exponent: StochasticParameter,
  random: SeededRandom,
): Float64Array {
  const offset = coarse.sample(random);
  const small = Float32Array.from({ length: 64 }, () => (mean + random.normal(0, offset)) / 1024);
  const large = resizedMap({ data: small, width: 8, height: 8, channels: 1 }, width, height).data;
  // The transform of a whole picture would take long, and shows no more than that of 64 pixels.
  const sizePxMax = Math.min(Math.max(width, height), 64);
  const fine = FrequencyNoise({ exponent, sizePxMax, upscaleMethod: "cubic" });
  const details = drawField(fine, random, { width, height, channels: 1 });
  for (let i = 0; i < details.length; i++) {
    const level = large[i]! * 1024 + (mean * (2 * details[i]! - 1)) / 5;
    details[i] = level < 0 ? 0 : level > 255 ? 255 : level;
  }
  return details;
}

/** One or two layers of clouds. */
export function Clouds(options: AugmenterOptions = {}): Augmenter {
  knownOptions("Clouds", options, []);
  const thin = CloudLayer({
    intensityMean: [196, 255],
    intensityFreqExponent: [-2.5, -2],
    intensityCoarseScale: 10,
    alphaMin: 0,
    alphaMultiplier: [0.25, 0.75],
    alphaSizePxMax: [2, 8],
    alphaFreqExponent: [-2.5, -2],
    sparsity: [0.8, 1],
    densityMultiplier: [0.5, 1],
  });
  const dense = CloudLayer({
    intensityMean: [196, 255],
    intensityFreqExponent: [-2, -1],
    intensityCoarseScale: 10,
    alphaMin: 0,
    alphaMultiplier: [0.5, 1],
    alphaSizePxMax: [64, 128],
    alphaFreqExponent: [-2, -1],
    sparsity: [1, 1.4],
    densityMultiplier: [0.8, 1.5],
  });
  return SomeOf([1, 2], [thin, dense], { name: "Clouds", ...options });
}

/** Thick and rather even fog. */
export function Fog(options: AugmenterOptions = {}): Augmenter {
  const fog = cloudLayer("Fog", {
    ...knownOptions("Fog", options, []),
    intensityMean: [220, 255],
    intensityFreqExponent: [-2, -1.5],
    intensityCoarseScale: 2,
    alphaMin: [0.7, 0.9],
    alphaMultiplier: 0.3,
    alphaSizePxMax: [2, 8],
    alphaFreqExponent: [-4, -2],
    sparsity: 0.9,
    densityMultiplier: [0.4, 0.9],
  });
  return remade(fog, "Fog", options);
}
