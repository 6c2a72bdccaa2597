/** imgaug's module `arithmetic`: single pixels replaced, by salt and pepper say. Alpha is left alone. */
import { coarse, type CoarseOptions } from "./arithmetic-dropout.js";
import { firstOption } from "./arithmetic-values.js";
import {
  type Augmenter,
  type AugmenterOptions,
  imageAugmenter,
  knownOptions,
  type Recipe,
  remade,
} from "./augmenter.js";
import { Beta, Binomial } from "./distributions.js";
import { passingField } from "./passing-field.js";
import { roundHalfEven } from "./enlarge.js";
import { colourCount, combine } from "./lookup.js";
import { Add, ForceSign, Multiply } from "./parameter-arithmetic.js";
import {
  drawField,
  isParameter,
  numberParameter,
  probabilityParameter,
  sourceOf,
  type BooleanParameter,
  type NumberParameter,
  type StochasticParameter,
} from "./parameters.js";
import { combinedWide } from "./wide-picture.js";

export interface ReplaceElementwiseOptions extends AugmenterOptions {
  /** Another mask and value for each channel (or in which share of the pictures); false by default. */
  perChannel?: BooleanParameter;
}

/**
 * Replaces the pixels where the mask draws more than 0.5.
 *
 * @param mask the probability of replacement, a range or list of such, or a parameter that draws the mask itself
 * @param replacement the new values, rounded and clipped to 0 to 255
 */
export function ReplaceElementwise(
  mask: NumberParameter,
  replacement: NumberParameter,
  options: ReplaceElementwiseOptions = {},
): Augmenter {
  const checked = knownOptions("ReplaceElementwise", options, ["perChannel"]);
  return replacing(
    "ReplaceElementwise",
    checked,
    maskParameter("mask", mask),
    numberParameter("replacement", replacement),
    { args: [mask, replacement, options] },
  );
}

/** A probability, or what draws the mask itself. */
function maskParameter(option: string, mask: BooleanParameter | readonly number[]): StochasticParameter {
  if (typeof mask === "boolean") return Binomial(Number(mask));
  return isParameter(mask)
    ? numberParameter(option, mask)
    : Binomial(numberParameter(option, mask, { min: 0, max: 1 }));
}

function replacing(
  name: string,
  options: ReplaceElementwiseOptions,
  mask: StochasticParameter,
  replacement: StochasticParameter,
  recipe: Partial<Recipe> = {},
): Augmenter {
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  return imageAugmenter(
    name,
    options,
    (image, random) => {
      const channels = perChannel(random) ? colourCount(image) : 1;
      const { height, width } = image;
      const shape = { height, width, channels };
      return passingField(mask, random, shape, (field) => {
        replaceMask(field, sourceOf(replacement, random, shape));
        return combine(image, field, "replace");
      });
    },
    recipe,
    (image, random) => {
      const { height, width } = image;
      const shape = { height, width, channels: perChannel(random) ? image.channels.length : 1 };
      const field = drawField(mask, random, shape);
      replaceMask(field, sourceOf(replacement, random, shape));
      return combinedWide(image, field, "replace");
    },
  );
}

/** What pixels are replaced by; NaN where they stay. */
function replaceMask(field: Float64Array, next: () => number): void {
  for (let i = 0; i < field.length; i++) field[i] = (field[i] ?? 0) > 0.5 ? roundHalfEven(next()) : NaN;
}

export interface SaltAndPepperOptions extends ReplaceElementwiseOptions {
  /** The share of pixels that are replaced, 0 to 1; [0, 0.03] by default. */
  p?: NumberParameter;
}

export type ImpulseNoiseOptions = Omit<SaltAndPepperOptions, "perChannel">;

export interface CoarseSaltAndPepperOptions extends SaltAndPepperOptions, CoarseOptions {}

const noise = (): StochasticParameter => Beta(0.5, 0.5);
const saltAndPepper = () => Multiply(noise(), 255);
const half = (positive: boolean) => Multiply(Add(ForceSign(Add(noise(), -0.5), positive), 0.5), 255);
const salt = () => half(true);
const pepper = () => half(false);

/** Makes pixels nearly white or nearly black. */
export function SaltAndPepper(given: NumberParameter | SaltAndPepperOptions = {}): Augmenter {
  return fine("SaltAndPepper", given, saltAndPepper());
}

/** `SaltAndPepper` for each channel by itself. */
export function ImpulseNoise(given: NumberParameter | ImpulseNoiseOptions = {}): Augmenter {
  const options = firstOption<ImpulseNoiseOptions>("ImpulseNoise", "p", given, ["p"]);
  return remade(fine("ImpulseNoise", { ...options, perChannel: true }, saltAndPepper()), "ImpulseNoise", options);
}

/** Makes pixels nearly white. */
export function Salt(given: NumberParameter | SaltAndPepperOptions = {}): Augmenter {
  return fine("Salt", given, salt());
}

/** Makes pixels nearly black; `p` is [0, 0.05] by default. */
export function Pepper(given: NumberParameter | SaltAndPepperOptions = {}): Augmenter {
  return fine("Pepper", given, pepper(), [0, 0.05]);
}

/** Makes blocks of pixels nearly white or nearly black; `p` is [0.02, 0.1] by default. */
export function CoarseSaltAndPepper(given: NumberParameter | CoarseSaltAndPepperOptions = {}): Augmenter {
  return coarsely("CoarseSaltAndPepper", given, saltAndPepper());
}

/** Makes blocks of pixels nearly white; `p` is [0.02, 0.1] by default. */
export function CoarseSalt(given: NumberParameter | CoarseSaltAndPepperOptions = {}): Augmenter {
  return coarsely("CoarseSalt", given, salt());
}

/** Makes blocks of pixels nearly black; `p` is [0.02, 0.1] by default. */
export function CoarsePepper(given: NumberParameter | CoarseSaltAndPepperOptions = {}): Augmenter {
  return coarsely("CoarsePepper", given, pepper());
}

function fine(
  name: string,
  given: NumberParameter | SaltAndPepperOptions,
  values: StochasticParameter,
  p: NumberParameter = [0, 0.03],
): Augmenter {
  const options = firstOption<SaltAndPepperOptions>(name, "p", given);
  return replacing(name, options, maskParameter("p", options.p ?? p), values);
}

function coarsely(
  name: string,
  given: NumberParameter | CoarseSaltAndPepperOptions,
  values: StochasticParameter,
): Augmenter {
  const options = firstOption<CoarseSaltAndPepperOptions>(name, "p", given, [
    "p",
    "perChannel",
    "sizePx",
    "sizePercent",
    "minSize",
  ]);
  return replacing(name, options, coarse(maskParameter("p", options.p ?? [0.02, 0.1]), options), values);
}
