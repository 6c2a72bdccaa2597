/** imgaug's module `blend`: two ways of changing a picture, mixed by smooth noise or by the picture's own colours. */
import { numberOption } from "../structures/options.js";
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { type Augmenter, type AugmenterOptions, knownOptions, remade } from "./augmenter.js";
import { maskBlending, renamed, type BlendOptions, type FirstSecond } from "./blend.js";
import { elementwiseMask, hueMask, type MaskGenerator } from "./blend-masks.js";
import { colorspaceOption } from "./color.js";
import { convertColors, type Colorspace } from "./color-spaces.js";
import { Normal } from "./distributions.js";
import { roundHalfEven } from "./enlarge.js";
import { FrequencyNoise, IterativeNoiseAggregator, SimplexNoise, type Aggregation } from "./noise-parameters.js";
import { Sigmoid } from "./parameter-arithmetic.js";
import {
  Choice,
  numberParameter,
  probabilityParameter,
  type BooleanParameter,
  type NumberParameter,
  type StochasticParameter,
  type TextParameter,
} from "./parameters.js";
import { channelOf } from "./picture-channels.js";
import type { Interpolation } from "./resize.js";

export interface BlendAlphaNoiseOptions extends BlendOptions {
  /** Another mask for each channel (or in which share of the pictures); false by default. */
  perChannel?: BooleanParameter;
  /** The longer side of the small field of which the mask is enlarged; [2, 16] by default, of frequencies [4, 16]. */
  sizePxMax?: NumberParameter;
  /** How it is enlarged; mostly "linear" or "cubic" by default. */
  upscaleMethod?: TextParameter<Interpolation>;
  /** How many fields make one; [1, 3] by default. */
  iterations?: NumberParameter;
  /** How; "max" by default, of frequencies "avg" or "max". */
  aggregationMethod?: TextParameter<Aggregation>;
  /** Make it nearly 0 or 1 (or in which share of the pictures); always by default, of frequencies in half. */
  sigmoid?: boolean | number;
  /** The more, the less of the foreground; normal about 0 by default. */
  sigmoidThresh?: NumberParameter;
}

export interface BlendAlphaFrequencyNoiseOptions extends BlendAlphaNoiseOptions {
  /** Below 0 large blobs, above 0 small ones; [-4, 4] by default. */
  exponent?: NumberParameter;
}

type AlphaBranches = FirstSecond & AugmenterOptions;

const NAMES = [
  "perChannel",
  "sizePxMax",
  "upscaleMethod",
  "iterations",
  "aggregationMethod",
  "sigmoid",
  "sigmoidThresh",
];
const BRANCHES = ["foreground", "background"];

/** Mixes both branches by smooth blobs. */
export function BlendAlphaSimplexNoise(given: BlendAlphaNoiseOptions = {}): Augmenter {
  return simplex("BlendAlphaSimplexNoise", given);
}

/** imgaug's old name of `BlendAlphaSimplexNoise`, with the branches `first` and `second`. */
export function SimplexNoiseAlpha(
  given: Omit<BlendAlphaNoiseOptions, keyof BlendOptions> & AlphaBranches = {},
): Augmenter {
  return simplex("SimplexNoiseAlpha", renamed(given) as BlendAlphaNoiseOptions);
}

function simplex(name: string, given: BlendAlphaNoiseOptions): Augmenter {
  const options = knownOptions(name, given, [...NAMES, ...BRANCHES]);
  const noise = SimplexNoise({ sizePxMax: options.sizePxMax ?? [2, 16], upscaleMethod: upscale(options) });
  return byNoise(name, { sigmoid: true, aggregationMethod: "max", ...options }, noise);
}

/** Mixes both branches by blobs of random frequencies. */
export function BlendAlphaFrequencyNoise(given: BlendAlphaFrequencyNoiseOptions = {}): Augmenter {
  return remade(frequency("BlendAlphaFrequencyNoise", given), "BlendAlphaFrequencyNoise", given);
}

/** imgaug's old name of `BlendAlphaFrequencyNoise`, with the branches `first` and `second`. */
export function FrequencyNoiseAlpha(
  given: Omit<BlendAlphaFrequencyNoiseOptions, keyof BlendOptions> & AlphaBranches = {},
): Augmenter {
  const blend = frequency("FrequencyNoiseAlpha", renamed(given) as BlendAlphaFrequencyNoiseOptions);
  return remade(blend, "FrequencyNoiseAlpha", given);
}

function frequency(name: string, given: BlendAlphaFrequencyNoiseOptions): Augmenter {
  const options = knownOptions(name, given, ["exponent", ...NAMES, ...BRANCHES]);
  const { exponent = [-4, 4], sizePxMax = [4, 16] } = options;
  const noise = FrequencyNoise({ exponent, sizePxMax, upscaleMethod: upscale(options) });
  return byNoise(name, { sigmoid: 0.5, aggregationMethod: Choice<Aggregation>(["avg", "max"]), ...options }, noise);
}

const upscale = ({ upscaleMethod }: BlendAlphaNoiseOptions): TextParameter<Interpolation> =>
  upscaleMethod ?? Choice<Interpolation>(["nearest", "linear", "cubic"], { p: [0.05, 0.6, 0.35] });

function byNoise(name: string, options: BlendAlphaNoiseOptions, noise: StochasticParameter): Augmenter {
  const { iterations = [1, 3], aggregationMethod = "max", sigmoid = true } = options;
  const several = iterations === 1 ? noise : IterativeNoiseAggregator(noise, { iterations, aggregationMethod });
  const threshold = options.sigmoidThresh ?? Normal(0, 5);
  const share = typeof sigmoid === "boolean" ? Number(sigmoid) : numberOption("sigmoid", sigmoid, 0, 1);
  const factor = share < 0.01 ? several : Sigmoid(several, { threshold, activated: share, mul: 20, add: -10 });
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  return maskBlending(name, options, elementwiseMask(factor, perChannel));
}

export interface BlendAlphaSomeColorsOptions extends BlendOptions {
  /** How many ranges of hues, 1 to 256; [5, 15] by default. */
  nbBins?: NumberParameter;
  /** How soft their borders are, 0 to 1; [0.1, 0.3] by default. */
  smoothness?: NumberParameter;
  /** How much of the foreground, drawn for each range; 0 or 1 by default. */
  alpha?: NumberParameter;
  /** How far the ranges are turned, in degrees; [0, 360] by default. */
  rotationDeg?: NumberParameter;
  /** "RGB" by default. */
  fromColorspace?: Colorspace;
}

/** Mixes both branches by the picture's hues. */
export function BlendAlphaSomeColors(given: BlendAlphaSomeColorsOptions = {}): Augmenter {
  const names = ["nbBins", "smoothness", "alpha", "rotationDeg", "fromColorspace", ...BRANCHES];
  const options = knownOptions("BlendAlphaSomeColors", given, names);
  return maskBlending("BlendAlphaSomeColors", options, someColors(options));
}

function someColors(options: BlendAlphaSomeColorsOptions): MaskGenerator {
  const bins = numberParameter("nbBins", options.nbBins ?? [5, 15], { min: 1, max: 256, integer: true });
  const smoothness = numberParameter("smoothness", options.smoothness ?? [0.1, 0.3], { min: 0, max: 1 });
  const alpha = numberParameter("alpha", options.alpha ?? Choice([0, 1]), { min: 0, max: 1 });
  const rotation = numberParameter("rotationDeg", options.rotationDeg ?? [0, 360], { min: -360, max: 360 });
  const from = colorspaceOption("fromColorspace", options.fromColorspace);
  return ({ image }, random) => {
    const shares = hueShares(bins.sample(random), alpha, random);
    const turn = roundHalfEven((rotation.sample(random) * 256) / 360);
    const turned = shares.map((_, i) => shares[(((i + turn) % 256) + 256) % 256] ?? 0);
    return hueMask(huesOf(image, from), smoothed(turned, smoothness.sample(random) * 10));
  };
}

function hueShares(count: number, alpha: StochasticParameter, random: SeededRandom): Float32Array {
  const each = Float32Array.from({ length: count }, () => alpha.sample(random));
  return Float32Array.from({ length: 256 }, (_, i) => each[Math.floor(i / Math.ceil(256 / count))] ?? 0);
}

const huesOf = (image: ImageData8, from: Colorspace): Uint8Array =>
  channelOf(convertColors(image, from, "HSV"), 0).data;

/** Hues are a circle: the first is beside the last. */
function smoothed(shares: Float32Array, sigma: number): Float32Array {
  if (sigma <= 0.01) return shares;
  const radius = Math.max(Math.trunc(sigma * 2.5), 3) >> 1;
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return shares.map((_, i) =>
    weights.reduce((total, weight, k) => total + (weight / sum) * (shares[(i + k - radius + 256) % 256] ?? 0), 0),
  );
}
