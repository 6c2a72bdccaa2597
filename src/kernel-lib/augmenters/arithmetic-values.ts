/** imgaug's module `arithmetic`: values added to pixels and multiplied with them, whole or pixel by pixel. Alpha is left alone. */
import type { SeededRandom } from "../structures/random.js";
import { imageAugmenter, knownOptions, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { roundHalfEven } from "./enlarge.js";
import { colourCount, combine, type FieldUse, levelTable, lookUp } from "./lookup.js";
import { noisy } from "./noisy-picture.js";
import {
  drawField,
  isParameter,
  numberParameter,
  probabilityParameter,
  type BooleanParameter,
  type NumberParameter,
  type StochasticParameter,
} from "./parameters.js";
import { passingField } from "./passing-field.js";
import { RoundedNoise, roundedLaplaceProbabilities, signedPoissonProbabilities } from "./rounded-noise.js";
import { combinedWide, mappedWide, WIDE_USES, type WidePicture } from "./wide-picture.js";

interface PerChannelOptions extends AugmenterOptions {
  /** Another value for each channel (or in which share of the pictures); by default one for all channels. */
  perChannel?: BooleanParameter;
}

export interface AddOptions extends PerChannelOptions {
  /** In levels; [-20, 20] by default. */
  value?: NumberParameter;
}

export interface MultiplyOptions extends PerChannelOptions {
  /** 1 leaves pixels as they are; [0.8, 1.2] by default. */
  mul?: NumberParameter;
}

export interface LaplaceNoiseOptions extends PerChannelOptions {
  /** The mean of the noise, in levels; 0 by default. */
  loc?: NumberParameter;
  /** How far it spreads, in levels, at least 0; [0, 15] by default. */
  scale?: NumberParameter;
}

export interface PoissonNoiseOptions extends PerChannelOptions {
  /** The mean of what is added or taken away, in levels; [0, 15] by default. */
  lam?: NumberParameter;
}

/** Adds one value to all pixels of a picture, rounded. */
export function Add(given: NumberParameter | AddOptions = {}): Augmenter {
  const options = firstOption("Add", "value", given);
  const value = numberParameter("value", options.value ?? [-20, 20]);
  return byTable("Add", options, value, "add", (level, drawn) => level + roundHalfEven(drawn));
}

/** Adds another value to each pixel, rounded. */
export function AddElementwise(given: NumberParameter | AddOptions = {}): Augmenter {
  const options = firstOption("AddElementwise", "value", given);
  const value = numberParameter("value", options.value ?? [-20, 20]);
  return byField("AddElementwise", options, value, "add");
}

/** Adds noise with a peak and long tails to each pixel. */
export function AdditiveLaplaceNoise(given: NumberParameter | LaplaceNoiseOptions = {}): Augmenter {
  const options = firstOption("AdditiveLaplaceNoise", "loc", given, ["loc", "scale", "perChannel"]);
  const loc = numberParameter("loc", options.loc ?? 0);
  const scale = numberParameter("scale", options.scale ?? [0, 15], { min: 0 });
  return byNoise("AdditiveLaplaceNoise", options, (random) =>
    roundedLaplaceProbabilities(loc.sample(random), scale.sample(random)),
  );
}

/** Adds or takes away Poisson noise. */
export function AdditivePoissonNoise(given: NumberParameter | PoissonNoiseOptions = {}): Augmenter {
  const options = firstOption("AdditivePoissonNoise", "lam", given);
  const lam = numberParameter("lam", options.lam ?? [0, 15], { min: 0 });
  return byNoise("AdditivePoissonNoise", options, (random) => signedPoissonProbabilities(lam.sample(random)));
}

/** Multiplies all pixels of a picture with one value. */
export function Multiply(given: NumberParameter | MultiplyOptions = {}): Augmenter {
  const options = firstOption("Multiply", "mul", given);
  const mul = numberParameter("mul", options.mul ?? [0.8, 1.2]);
  return byTable("Multiply", options, mul, "multiply", multiplied);
}

/** Multiplies each pixel with another value. */
export function MultiplyElementwise(given: NumberParameter | MultiplyOptions = {}): Augmenter {
  const options = firstOption("MultiplyElementwise", "mul", given);
  const mul = numberParameter("mul", options.mul ?? [0.8, 1.2]);
  return byField("MultiplyElementwise", options, mul, "multiply");
}

/** In single precision and not rounded, as imgaug. */
const multiplied = (level: number, value: number) => Math.fround(level * Math.fround(value));

/** An augmenter's one parameter may stand for its options. */
export function firstOption<T extends AugmenterOptions>(
  augmenter: string,
  first: keyof T & string,
  given: NumberParameter | T,
  names: readonly string[] = [first, "perChannel"],
): T {
  if (typeof given === "number" || Array.isArray(given) || isParameter(given))
    return { [first]: given } as unknown as T;
  return knownOptions(augmenter, given as T, names);
}

/** @param map of levels of 8 bits; what has 16 does what `use` says */
function byTable(
  name: string,
  options: PerChannelOptions,
  parameter: StochasticParameter,
  use: FieldUse,
  map: (level: number, value: number) => number,
): Augmenter {
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  const drawn = (most: number, random: SeededRandom) => {
    const channels = perChannel(random) ? most : 1;
    return [...drawField(parameter, random, { height: 1, width: 1, channels })];
  };
  return imageAugmenter(
    name,
    options,
    (image, random) =>
      lookUp(
        image,
        drawn(colourCount(image), random).map((value) => levelTable((level) => map(level, value))),
      ),
    {},
    (image, random) =>
      mappedWide(
        image,
        drawn(image.channels.length, random).map((value) => (level) => WIDE_USES[use](level, value)),
      ),
  );
}

function byField(name: string, options: PerChannelOptions, parameter: StochasticParameter, use: FieldUse): Augmenter {
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  const shape = ({ height, width }: { height: number; width: number }, most: number, random: SeededRandom) => ({
    height,
    width,
    channels: perChannel(random) ? most : 1,
  });
  return imageAugmenter(
    name,
    options,
    (image, random) =>
      passingField(parameter, random, shape(image, colourCount(image), random), (field) => combine(image, field, use)),
    {},
    (image, random) =>
      combinedWide(image, drawField(parameter, random, shape(image, image.channels.length, random)), use),
  );
}

/** @param probabilitiesOf rounded noise of -255 to 255, drawn for each picture */
export function byNoise(
  name: string,
  options: PerChannelOptions,
  probabilitiesOf: (random: SeededRandom) => Float64Array,
): Augmenter {
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  return imageAugmenter(
    name,
    options,
    (image, random) => {
      const perPixel = perChannel(random) ? colourCount(image) : 1;
      return noisy(image, new RoundedNoise(probabilitiesOf(random)), perPixel, random);
    },
    {},
    (image, random) => {
      const perPixel = perChannel(random) ? image.channels.length : 1;
      return noisyWide(image, new RoundedNoise(probabilitiesOf(random)), perPixel, random);
    },
  );
}

function noisyWide(image: WidePicture, noise: RoundedNoise, perPixel: number, random: SeededRandom): WidePicture {
  const values = new Int16Array(image.width * image.height * perPixel);
  noise.fill(values, random);
  return combinedWide(image, values, "add");
}
