/** imgaug's module `contrast`: levels drawn apart or together. Alpha is left alone. */
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { colourCount, levelTable, lookUp } from "./lookup.js";
import {
  numberParameter,
  probabilityParameter,
  type BooleanParameter,
  type NumberParameter,
  type StochasticParameter,
} from "./parameters.js";
import { mappedWide } from "./wide-picture.js";

interface ContrastOptions extends AugmenterOptions {
  /** Other values for each channel (or in which share of the pictures); by default the same for all channels. */
  perChannel?: BooleanParameter;
}

export interface GammaContrastOptions extends ContrastOptions {
  /** Above 1 darker, below 1 lighter; [0.7, 1.7] by default. */
  gamma?: NumberParameter;
}

export interface SigmoidContrastOptions extends ContrastOptions {
  /** How steep, at least 0; [5, 6] by default. */
  gain?: NumberParameter;
  /** The level in the middle of the slope, 0 to 1; [0.3, 0.6] by default. */
  cutoff?: NumberParameter;
}

export interface LogContrastOptions extends ContrastOptions {
  /** At least 0; [0.4, 1.6] by default. */
  gain?: NumberParameter;
}

export interface LinearContrastOptions extends ContrastOptions {
  /** 1 leaves pictures as they are; [0.6, 1.4] by default. */
  alpha?: NumberParameter;
}

/** 255 * (v / 255) ** gamma. */
export function GammaContrast(given: NumberParameter | GammaContrastOptions = {}): Augmenter {
  const options = firstOption("GammaContrast", "gamma", given);
  const gamma = numberParameter("gamma", options.gamma ?? [0.7, 1.7]);
  return contrast("GammaContrast", options, [gamma], (level, [power = 1]) => single(share(level) ** power) * 255);
}

/** 255 / (1 + exp(gain * (cutoff - v / 255))). */
export function SigmoidContrast(given: NumberParameter | SigmoidContrastOptions = {}): Augmenter {
  const options = firstOption("SigmoidContrast", "gain", given, ["gain", "cutoff", "perChannel"]);
  const gain = numberParameter("gain", options.gain ?? [5, 6], { min: 0 });
  const cutoff = numberParameter("cutoff", options.cutoff ?? [0.3, 0.6], { min: 0, max: 1 });
  return contrast("SigmoidContrast", options, [gain, cutoff], (level, [steep = 1, middle = 0]) =>
    single(255 / single(1 + single(Math.exp(single(steep * single(middle - share(level))))))),
  );
}

/** 255 * gain * log2(1 + v / 255). */
export function LogContrast(given: NumberParameter | LogContrastOptions = {}): Augmenter {
  const options = firstOption("LogContrast", "gain", given);
  const gain = numberParameter("gain", options.gain ?? [0.4, 1.6], { min: 0 });
  return contrast("LogContrast", options, [gain], (level, [factor = 1]) =>
    single(single(255 * factor) * single(Math.log2(single(1 + share(level))))),
  );
}

/** 127 + alpha * (v - 127). */
export function LinearContrast(given: NumberParameter | LinearContrastOptions = {}): Augmenter {
  return linear("LinearContrast", given, [0.6, 1.4]);
}

/** imgaug's old name of `LinearContrast`, which does nothing by default. */
export function ContrastNormalization(given: NumberParameter | LinearContrastOptions = {}): Augmenter {
  return linear("ContrastNormalization", given, 1);
}

function linear(name: string, given: NumberParameter | LinearContrastOptions, preset: NumberParameter): Augmenter {
  const options = firstOption<LinearContrastOptions>(name, "alpha", given);
  const alpha = numberParameter("alpha", options.alpha ?? preset);
  const map: LevelMap = (level, [factor = 1]) => single(127 + single(factor * (level - 127)));
  // Levels of 16 bits have their middle at 0.
  return contrast(name, options, [alpha], map, (level, [factor = 1]) => level * factor);
}

/** In single precision as imgaug: a level on the edge between two would otherwise become the other. */
const single = Math.fround;
const share = (level: number) => single(level / 255);

type LevelMap = (level: number, values: readonly number[]) => number;

/** @param wide of levels of 16 bits */
function contrast(
  name: string,
  options: ContrastOptions,
  parameters: readonly StochasticParameter[],
  map: LevelMap,
  wide?: LevelMap,
): Augmenter {
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  const drawn = (most: number, random: SeededRandom) =>
    Array.from({ length: perChannel(random) ? most : 1 }, () =>
      parameters.map((parameter) => single(parameter.sample(random))),
    );
  return imageAugmenter(
    name,
    options,
    (image, random) =>
      lookUp(
        image,
        drawn(colourCount(image), random).map((values) => levelTable((level) => map(level, values))),
      ),
    {},
    wide &&
      ((image, random) =>
        mappedWide(
          image,
          drawn(image.channels.length, random).map((values) => (level) => wide(level, values)),
        )),
  );
}
