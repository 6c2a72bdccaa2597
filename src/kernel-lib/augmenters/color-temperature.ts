/**
 * imgaug's `ChangeColorTemperature`: light of a black body.
 *
 * imgaug has a table of such colours, a row for each 100 kelvin. Here polynomials run through them, by least squares
 * (test/fixtures/augmenters/make_temperature.py): of 1173 levels 12 are off by one, the others the same.
 */
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter } from "./augmenter.js";
import { colorspaceOption, type ColorspaceOptions } from "./color.js";
import { changingColors, convertColors } from "./color-spaces.js";
import { roundHalfEven } from "./enlarge.js";
import { levelTable, lookUp } from "./lookup.js";
import { numberParameter, type NumberParameter } from "./parameters.js";

export interface ChangeColorTemperatureOptions extends ColorspaceOptions {
  /** 1000 (red) to 40,000 (blue), in kelvin; [1000, 11000] by default. */
  kelvin?: NumberParameter;
}

/** Makes pictures as they would be under warmer or colder light. */
export function ChangeColorTemperature(given: NumberParameter | ChangeColorTemperatureOptions = {}): Augmenter {
  const name = "ChangeColorTemperature";
  const options = firstOption<ChangeColorTemperatureOptions>(name, "kelvin", given, ["kelvin", "fromColorspace"]);
  const kelvin = numberParameter("kelvin", options.kelvin ?? [1000, 11000], { min: 1000, max: 40000 });
  const from = colorspaceOption("fromColorspace", options.fromColorspace);
  return imageAugmenter(name, options, (image, random) => {
    const tables = blackBodyColor(kelvin.sample(random)).map((factor) =>
      levelTable((level) => roundHalfEven(level * factor)),
    );
    return changingColors(image, (colored) =>
      convertColors(lookUp(convertColors(colored, from, "RGB"), tables), "RGB", from),
    );
  });
}

/** Red, green and blue, 0 to 1, the brightest of them 1: between two hundreds of kelvin their mean by distance. */
export function blackBodyColor(kelvin: number): [red: number, green: number, blue: number] {
  const hundreds = Math.floor(kelvin / 100);
  const share = kelvin / 100 - hundreds;
  const [here, next] = [levelsAt(hundreds * 100), levelsAt(hundreds * 100 + 100)];
  const between = (a: number, b: number) => (a + share * (b - a)) / 255;
  return [between(here[0], next[0]), between(here[1], next[1]), between(here[2], next[2])];
}

/** By powers of 1000 / kelvin. Below this light is red, and red is at its most; from it on light is blue. */
const BLUE_FROM = 6600;
const NO_BLUE_BELOW = 2000;
const RED_OF_BLUE_LIGHT = [144.635508, 357.080991, 2235.56764, 1214.80722];
const GREEN_OF_BLUE_LIGHT = [180.736212, 249.244127, 1454.42585, -871.829579];
const GREEN_OF_RED_LIGHT = [
  311.385217, -75.4472958, -5235.33304, 31690.0993, -99769.7788, 183574.327, -195905.778, 111843.961, -26377.4451,
];
const BLUE_OF_RED_LIGHT = [514.205557, -2521.01388, 7571.32953, -18202.6272, 28029.6632, -19354.283];

function levelsAt(kelvin: number): [red: number, green: number, blue: number] {
  const level = (factors: readonly number[]) =>
    Math.round(factors.reduceRight((sum, factor) => sum * (1000 / kelvin) + factor, 0));
  if (kelvin >= BLUE_FROM) return [level(RED_OF_BLUE_LIGHT), level(GREEN_OF_BLUE_LIGHT), 255];
  return [255, level(GREEN_OF_RED_LIGHT), kelvin < NO_BLUE_BELOW ? 0 : level(BLUE_OF_RED_LIGHT)];
}
