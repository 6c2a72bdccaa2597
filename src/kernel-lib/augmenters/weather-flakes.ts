/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `weather`: snowflakes and rain. */
import type { ImageData8 } from "../structures/image.js";
import { numberOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { Salt } from "./arithmetic-replacement.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, knownOptions, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { MotionBlur } from "./blur-edges.js";
import { Binomial } from "./distributions.js";
import { gaussianFilter } from "./gaussian-filter.js";
import { colourCount, levelTable, lookUp } from "./lookup.js";
import { SomeOf } from "./meta.js";
import { uninitialised } from "./picture-simd.js";
import { numberParameter, type NumberParameter } from "./parameters.js";
import { resized } from "./resize.js";
import { betaVariate } from "./samplers.js";
import { resizedMap } from "./value-map.js";

interface LayerOptions extends AugmenterOptions {
  /** The share of pixels (of the smaller picture of flakes) that are one, 0 to 1. */
  density: NumberParameter;
  /** How evenly they are spread, 0 to 1. */
  densityUniformity: NumberParameter;
  /** Degrees, clockwise from up. */
  angle: NumberParameter;
  /** How far they move, as a share of the picture's longer side. */
  speed: NumberParameter;
  /** How blurred they are, as a share of the picture's longer side. */
  blurSigmaFraction: NumberParameter;
  /** Within which pixels; [0.5, 3.75] by default. */
  blurSigmaLimits?: readonly [low: number, high: number];
}

export interface SnowflakesLayerOptions extends LayerOptions {
  /** How large, above 0 and up to 1. */
  flakeSize: NumberParameter;
  /** How alike in size, 0 to 1. */
  flakeSizeUniformity: NumberParameter;
}

export interface RainLayerOptions extends LayerOptions {
  /** How large, above 0 and up to 1. */
  dropSize: NumberParameter;
  /** How alike in size, 0 to 1. */
  dropSizeUniformity: NumberParameter;
}

const LAYER_NAMES = ["density", "densityUniformity", "angle", "speed", "blurSigmaFraction", "blurSigmaLimits"];

/** One layer of falling snow. Alpha is left alone. */
export function SnowflakesLayer(given: SnowflakesLayerOptions): Augmenter {
  const options = knownOptions("SnowflakesLayer", given, [...LAYER_NAMES, "flakeSize", "flakeSizeUniformity"]);
  const uniformity = numberParameter("flakeSizeUniformity", options.flakeSizeUniformity, { min: 0, max: 1 });
  const flakes = flakesParameter(options, numberParameter("flakeSize", options.flakeSize, { min: 1e-4, max: 1 }), true);
  return imageAugmenter("SnowflakesLayer", options, (image, random) => {
    const { levels, speed } = flakes(image, random);
    const spread = 1 - uniformity.sample(random);
    const bright = lookUp(levels, [levelTable((level) => 255 * (level / 255) ** (1 + 2 * spread))]);
    const more = Float64Array.from({ length: 256 }, (_, level) => (0.1 + 20 * speed) * level * (1 + 5 * spread));
    const least = Float64Array.from({ length: 256 }, (_, level) => (1 + 20 * speed) * level * (1 + 5 * spread));
    return eachColour(image, bright, (level, flake) => Math.max(level + more[flake]!, least[flake]!));
  });
}

/** One layer of rain. Alpha is left alone. */
export function RainLayer(given: RainLayerOptions): Augmenter {
  const options = knownOptions("RainLayer", given, [...LAYER_NAMES, "dropSize", "dropSizeUniformity"]);
  // imgaug takes the parameter, and has no use for it.
  numberParameter("dropSizeUniformity", options.dropSizeUniformity, { min: 0, max: 1 });
  const drops = flakesParameter(options, numberParameter("dropSize", options.dropSize, { min: 1e-4, max: 1 }), false);
  return imageAugmenter("RainLayer", options, (image, random) => {
    const { levels } = drops(image, random);
    const sum = levels.data.subarray(0, Math.ceil(1000 / image.channels)).reduce((a, b) => a + b, 0) * image.channels;
    const color = 110 + (130 % Math.max(sum, 1));
    const shares = Float64Array.from({ length: 256 }, (_, drop) => Math.min((1.3 * drop) / 255, 1));
    return eachColour(image, levels, (level, drop) => (1 - shares[drop]!) * level + shares[drop]! * color);
  });
}

/** A picture's colours with the levels of a grey picture of its size; clipped, and cut off to whole levels. */
function eachColour(
  image: ImageData8,
  { data: flakes }: ImageData8,
  combined: (level: number, flake: number) => number,
): ImageData8 {
  const { width, height, channels } = image;
  const data = uninitialised(image.data.length);
  data.set(image.data);
  const colours = colourCount(image);
  // Most of a picture is air.
  for (let place = 0, at = 0; place < flakes.length; place++, at += channels) {
    const flake = flakes[place]!;
    if (flake === 0) continue;
    for (let i = at; i < at + colours; i++) {
      const level = combined(data[i]!, flake);
      data[i] = level < 0 ? 0 : level > 255 ? 255 : level;
    }
  }
  return { data, width, height, channels };
}

type Flakes = (image: ImageData8, random: SeededRandom) => { levels: ImageData8; speed: number };

/** As long as `MotionBlur` draws pixels out. */
const LONGEST = 999;

/** White points on a smaller black picture, thinned by smooth noise, enlarged, blurred and drawn out. */
function flakesParameter(options: LayerOptions, size: ReturnType<typeof numberParameter>, isBlurred: boolean): Flakes {
  const salt = Salt({ p: Binomial(numberParameter("density", options.density, { min: 0, max: 1 })) });
  const uniformity = numberParameter("densityUniformity", options.densityUniformity, { min: 0, max: 1 });
  const angle = numberParameter("angle", options.angle);
  const speed = numberParameter("speed", options.speed, { min: 0, max: 1 });
  const sigma = numberParameter("blurSigmaFraction", options.blurSigmaFraction, { min: 0, max: 1 });
  const given: unknown = options.blurSigmaLimits ?? [0.5, 3.75];
  const [low, high] = Array.isArray(given) ? (given as [unknown, unknown]) : [given, given];
  const limits = [
    numberOption("blurSigmaLimits", low, 0, 200),
    numberOption("blurSigmaLimits", high, Number(low), 200),
  ] as const;
  return ({ width, height }, random) => {
    const scale = Math.min(Math.max(1 - size.sample(random), 0.001), 1);
    const small = (length: number) => Math.max(1, Math.trunc(length * scale));
    const points = salt.run({ image: black(small(width), small(height)) }, random.fork("points")).image;
    const large = resized(gated(points, uniformity.sample(random), random), width, height, "cubic");
    const longest = Math.max(width, height);
    const deviation = Math.min(Math.max(longest * sigma.sample(random), limits[0]), limits[1]);
    const [drawnAngle, drawnSpeed] = [angle.sample(random), speed.sample(random)];
    const blurred = isBlurred ? gaussianFilter(large, deviation) : large;
    const k = Math.min(Math.trunc(drawnSpeed * longest), LONGEST);
    if (k <= 1) return { levels: blurred, speed: drawnSpeed };
    const blur = MotionBlur({ k: Math.max(k, 3), angle: drawnAngle, direction: 1 });
    return { levels: blur.run({ image: blurred }, random.fork("motion")).image, speed: drawnSpeed };
  };
}

const black = (width: number, height: number): ImageData8 => ({
  data: new Uint8Array(width * height),
  width,
  height,
  channels: 1,
});

/** Times smooth noise of 8 × 8 values. */
function gated(points: ImageData8, uniformity: number, random: SeededRandom): ImageData8 {
  const { width, height } = points;
  const gate = Float32Array.from({ length: 64 }, () => (uniformity >= 1 ? 1 : betaVariate(random, 1, 1 - uniformity)));
  const shares = resizedMap({ data: gate, width: 8, height: 8, channels: 1 }, width, height).data;
  return { ...points, data: points.data.map((level, i) => level * shares[i]!) };
}

export interface SnowflakesOptions extends AugmenterOptions {
  density?: NumberParameter;
  densityUniformity?: NumberParameter;
  flakeSize?: NumberParameter;
  flakeSizeUniformity?: NumberParameter;
  angle?: NumberParameter;
  speed?: NumberParameter;
}

/** One to three layers of falling snow. */
export function Snowflakes(given: NumberParameter | SnowflakesOptions = {}): Augmenter {
  const names = ["density", "densityUniformity", "flakeSize", "flakeSizeUniformity", "angle", "speed"];
  const { seed, name, ...options } = firstOption<SnowflakesOptions>("Snowflakes", "density", given, names);
  const layer = () =>
    SnowflakesLayer({
      density: [0.005, 0.075],
      densityUniformity: [0.3, 0.9],
      flakeSize: [0.2, 0.7],
      flakeSizeUniformity: [0.4, 0.8],
      angle: [-30, 30],
      speed: [0.007, 0.03],
      blurSigmaFraction: [0.0001, 0.001],
      ...options,
    });
  return SomeOf([1, 3], [layer(), layer(), layer()], {
    name: name ?? "Snowflakes",
    ...(seed !== undefined && { seed }),
  });
}

export interface RainOptions extends AugmenterOptions {
  /** How many layers, at most 3; [1, 3] by default. */
  nbIterations?: NumberParameter;
  /** [0.01, 0.02] by default. */
  dropSize?: NumberParameter;
  /** [0.04, 0.2] by default. */
  speed?: NumberParameter;
}

/** One to three layers of rain. */
export function Rain(given: NumberParameter | RainOptions = {}): Augmenter {
  const names = ["nbIterations", "dropSize", "speed"];
  const { seed, name, ...options } = firstOption<RainOptions>("Rain", "nbIterations", given, names);
  const layer = () =>
    RainLayer({
      density: [0.03, 0.14],
      densityUniformity: [0.8, 1],
      dropSize: options.dropSize ?? [0.01, 0.02],
      dropSizeUniformity: [0.2, 0.5],
      angle: [-15, 15],
      speed: options.speed ?? [0.04, 0.2],
      blurSigmaFraction: 0.001,
    });
  const layers = [layer(), layer(), layer()];
  return SomeOf(options.nbIterations ?? [1, 3], layers, { name: name ?? "Rain", ...(seed !== undefined && { seed }) });
}
