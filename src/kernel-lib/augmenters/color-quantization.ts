/** imgaug's module `color`: pictures in few colours. */
import { choiceOption, integerOption } from "../structures/options.js";
import type { ImageData8 } from "../structures/image.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter } from "./augmenter.js";
import { colorspaceOption, type ColorspaceOptions } from "./color.js";
import { COLORSPACES, convertColors, type Colorspace } from "./color-spaces.js";
import { roundHalfEven } from "./enlarge.js";
import { kMeansColors } from "./k-means-colors.js";
import { colourCount, levelTable, lookUp } from "./lookup.js";
import {
  numberParameter,
  textParameter,
  type NumberParameter,
  type StochasticParameter,
  type TextParameter,
} from "./parameters.js";
import { INTERPOLATIONS, resized, type Interpolation } from "./resize.js";

export interface QuantizationOptions extends ColorspaceOptions {
  /** The colour space in which colours are counted; null: that in which pictures are. */
  toColorspace?: TextParameter<Colorspace> | null;
  /** Larger pictures are made smaller first, for speed, and larger again after it; null: never. */
  maxSize?: number | null;
  /** How they are made smaller and larger; "linear" by default. */
  interpolation?: Interpolation;
}

export interface ColorQuantizationOptions extends QuantizationOptions {
  /** At least 2; [2, 16] by default. */
  nColors?: NumberParameter;
}

export interface NBitsOptions extends QuantizationOptions {
  /** 1 to 8 for each channel; [1, 8] by default. */
  nbBits?: NumberParameter;
}

const SHARED = ["fromColorspace", "toColorspace", "maxSize", "interpolation"];

/** Finds the colours that stand for a picture's best, by k-means; in RGB or Lab, on at most 128 pixels a side, by default. */
export function KMeansColorQuantization(given: NumberParameter | ColorQuantizationOptions = {}): Augmenter {
  const name = "KMeansColorQuantization";
  const options = firstOption<ColorQuantizationOptions>(name, "nColors", given, ["nColors", ...SHARED]);
  const count = numberParameter("nColors", options.nColors ?? [2, 16], { min: 2, integer: true });
  const preset = { toColorspace: ["RGB", "Lab", "RGB", "Lab"], maxSize: 128 } as const;
  return quantization(name, { ...preset, ...options }, count, kMeansColors);
}

/** Takes few evenly spaced levels of each channel. */
export function UniformColorQuantization(given: NumberParameter | ColorQuantizationOptions = {}): Augmenter {
  const name = "UniformColorQuantization";
  const options = firstOption<ColorQuantizationOptions>(name, "nColors", given, ["nColors", ...SHARED]);
  const count = numberParameter("nColors", options.nColors ?? [2, 16], { min: 2, max: 256, integer: true });
  return quantization(name, options, count, (image, bins) => uniform(image, bins, true));
}

/** Takes few bits of each channel. */
export function UniformColorQuantizationToNBits(given: NumberParameter | NBitsOptions = {}): Augmenter {
  return toBits("UniformColorQuantizationToNBits", given);
}

/** imgaug's other name of `UniformColorQuantizationToNBits`. */
export function Posterize(given: NumberParameter | NBitsOptions = {}): Augmenter {
  return toBits("Posterize", given);
}

function toBits(name: string, given: NumberParameter | NBitsOptions): Augmenter {
  const options = firstOption<NBitsOptions>(name, "nbBits", given, ["nbBits", ...SHARED]);
  const bits = numberParameter("nbBits", options.nbBits ?? [1, 8], { min: 1, max: 8, integer: true });
  return quantization(name, options, bits, (image, drawn) => uniform(image, 2 ** drawn, false));
}

function uniform(image: ImageData8, bins: number, toCenters: boolean): ImageData8 {
  if (bins >= 255) return image;
  const size = Math.fround(256 / bins);
  const level = (from: number) => Math.floor(from / size) * size + (toCenters ? size / 2 : 0);
  return lookUp(image, [levelTable((from) => roundHalfEven(level(from)))]);
}

function quantization(
  name: string,
  options: QuantizationOptions,
  count: StochasticParameter,
  quantize: (image: ImageData8, count: number) => ImageData8,
): Augmenter {
  const from = colorspaceOption("fromColorspace", options.fromColorspace);
  const { toColorspace = null, maxSize = null } = options;
  const to = toColorspace === null ? null : textParameter("toColorspace", toColorspace, COLORSPACES);
  const most = maxSize === null ? Infinity : integerOption("maxSize", maxSize, 1);
  const method = choiceOption("interpolation", options.interpolation ?? "linear", INTERPOLATIONS);
  return imageAugmenter(name, options, (image, random) => {
    const { width, height } = image;
    const drawn = count.sample(random);
    const small = limited(image, most, method);
    const space = colourCount(image) === 1 ? from : (to?.sample(random) ?? from);
    const result = convertColors(quantize(convertColors(small, from, space), drawn), space, from);
    const kept = image.channels === 1 ? { ...small, data: everyThird(result) } : result;
    return resized(kept, width, height, method);
  });
}

/** Grey pictures come back from colour spaces with three channels alike. */
const everyThird = ({ data, channels }: ImageData8): Uint8Array => data.filter((_, i) => i % channels === 0);

function limited(image: ImageData8, most: number, method: Interpolation): ImageData8 {
  const longest = Math.max(image.width, image.height);
  if (longest <= most) return image;
  const length = (old: number) => Math.max(Math.trunc((old * most) / longest), 1);
  return resized(image, length(image.width), length(image.height), method);
}
