/** imgaug's module `arithmetic`: levels turned round. Alpha is left alone. */
import { quote, VitrineError } from "../structures/errors.js";
import { integerOption } from "../structures/options.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions, withoutNull } from "./augmenter.js";
import { colourCount, levelTable, lookUp } from "./lookup.js";
import { numberParameter, probabilityParameter, type BooleanParameter, type NumberParameter } from "./parameters.js";

export interface InvertOptions extends AugmenterOptions {
  /** The share of pictures (or with `perChannel` of channels) that are inverted, 0 to 1; 1 by default. */
  p?: NumberParameter;
  /** Decide for each channel (or in which share of the pictures); false by default. */
  perChannel?: BooleanParameter;
  /** The least and the greatest level, 0 and 255 by default; levels beyond count as these. */
  minValue?: number;
  maxValue?: number;
  /** Invert only levels from here on, or only those below, 0 to 255; by default all. */
  threshold?: NumberParameter | null;
  /** From the threshold on (true), or below it; by default each in half of the pictures, for `Solarize` true. */
  invertAboveThreshold?: BooleanParameter;
}

const NAMES = ["p", "perChannel", "minValue", "maxValue", "threshold", "invertAboveThreshold"];

/** Turns dark into light and light into dark. */
export function Invert(given: NumberParameter | InvertOptions = {}): Augmenter {
  return inverting("Invert", firstOption<InvertOptions>("Invert", "p", given, NAMES));
}

/** Turns light into dark: levels from a threshold on, by default [64, 192]. */
export function Solarize(given: NumberParameter | InvertOptions = {}): Augmenter {
  const options = firstOption<InvertOptions>("Solarize", "p", given, NAMES);
  return inverting("Solarize", { threshold: [64, 192], invertAboveThreshold: true, ...options });
}

function inverting(name: string, options: InvertOptions): Augmenter {
  const chosen = probabilityParameter("p", options.p ?? 1);
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  const above = probabilityParameter("invertAboveThreshold", options.invertAboveThreshold ?? 0.5);
  const inverted = inversion(options);
  const { threshold = null } = options;
  const limit = threshold === null ? null : numberParameter("threshold", threshold, { min: 0, max: 255 });
  return imageAugmenter(name, options, (image, random) => {
    const count = perChannel(random) ? colourCount(image) : 1;
    const isAbove = limit === null || above(random);
    const from = limit === null ? 0 : Math.trunc(limit.sample(random));
    const table = levelTable((level) => (level >= from === isAbove ? inverted(level) : level));
    const same = levelTable((level) => level);
    const tables = Array.from({ length: count }, () => (chosen(random) ? table : same));
    return tables.includes(table) ? lookUp(image, tables) : image;
  });
}

function inversion(options: InvertOptions): (level: number) => number {
  const { minValue = 0, maxValue = 255 } = withoutNull(options, ["minValue", "maxValue"]);
  const low = integerOption("minValue", minValue, 0, 255);
  const high = integerOption("maxValue", maxValue, 0, 255);
  if (low >= high) {
    const received = quote([low, high]);
    throw new VitrineError("InvalidOption", { option: "minValue", expected: "less than maxValue", received });
  }
  return (level) => Math.max(high - Math.abs(level - low), low);
}
