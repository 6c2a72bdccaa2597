/** imgaug's module `color`: hue and saturation. */
import { quote, VitrineError } from "../structures/errors.js";
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { type Augmenter, imageAugmenter, knownOptions, madeAugmenter, withoutNull } from "./augmenter.js";
import { colorspaceOption, type ColorspaceOptions } from "./color.js";
import { changingColors, convertColors } from "./color-spaces.js";
import { roundHalfEven } from "./enlarge.js";
import { hueAndSaturation, narrower, wider, withHueAndSaturation } from "./hue-picture.js";
import { lookUp } from "./lookup.js";
import { augmenterList, Sequential } from "./meta.js";
import { sameSize } from "./meta-channels.js";
import { passing, withheld } from "./picture-simd.js";
import { Subtract } from "./parameter-arithmetic.js";
import { numberParameter, probabilityParameter, type BooleanParameter, type NumberParameter } from "./parameters.js";
import type { Subject } from "./subject.js";

export interface WithHueAndSaturationOptions extends ColorspaceOptions {
  children?: Augmenter | readonly Augmenter[];
}

/**
 * Applies its children to a picture of two channels, the hue (255 levels are a turn) and the saturation. Children that calculate may leave
 * 0 to 255: hues then go round, and saturations are clipped at the end. Children that work on 8 bits alone see what is within them.
 */
export function WithHueAndSaturation(given: WithHueAndSaturationOptions = {}): Augmenter {
  const options = knownOptions("WithHueAndSaturation", given, ["children", "fromColorspace"]);
  const inner = Sequential(augmenterList("children", options.children ?? []));
  const from = colorspaceOption("fromColorspace", options.fromColorspace);
  return madeAugmenter("WithHueAndSaturation", options, (subject, random) => {
    let result: Omit<Subject, "image"> = subject;
    const image = changingColors(subject.image, (colored) =>
      passing(
        colored.data.length,
        () => convertColors(colored, from, "HSV"),
        (hsv) => {
          const changed = withheld(() => {
            const before = hueAndSaturation(hsv);
            const { image: wide, ...others } = inner.runWide({ ...subject, image: before }, random);
            sameSize("WithHueAndSaturation", hsv, wide);
            result = others;
            return withHueAndSaturation(hsv, before, wide);
          });
          return convertColors(changed, "HSV", from);
        },
      ),
    );
    return { ...result, image };
  });
}

const SAME = Uint8Array.from({ length: 256 }, (_, level) => level);

/** Draws how hue (in 255ths of a turn) and saturation change. */
type Change = (random: SeededRandom) => { hue: (hue: number) => number; saturation: (level: number) => number };

function onHueAndSaturation(name: string, options: ColorspaceOptions, change: Change, scaled: boolean): Augmenter {
  const from = colorspaceOption("fromColorspace", options.fromColorspace);
  return imageAugmenter(name, options, (image, random) => {
    const { hue, saturation } = change(random);
    // Factors work on hues of 0 to 255, sums on hues of 0 to 179.
    const turned = (h: number) => (scaled ? narrower(hue(wider(h))) : hue(h));
    const hues = Uint8Array.from({ length: 256 }, (_, h) => turned(h));
    const levels = Uint8Array.from({ length: 256 }, (_, s) => Math.min(Math.max(saturation(s), 0), 255));
    return changingColors(image, (colored) => {
      const { length } = colored.data;
      return passing(
        length,
        () => convertColors(colored, from, "HSV"),
        (hsv) =>
          passing(
            length,
            () => lookUp(hsv, [hues, levels, SAME]),
            (changed) => convertColors(changed, "HSV", from),
          ),
      );
    });
  });
}

export interface MultiplyHueAndSaturationOptions extends ColorspaceOptions {
  /** One factor for both; either this or the other two. */
  mul?: NumberParameter;
  /** [0.5, 1.5] where nothing is asked for. */
  mulHue?: NumberParameter;
  /** [0, 1.7] where nothing is asked for. */
  mulSaturation?: NumberParameter;
  /** With `mul`, one factor for each of the two (or in which share of the pictures); false by default. */
  perChannel?: BooleanParameter;
}

/** Multiplies hue and saturation. */
export function MultiplyHueAndSaturation(given: NumberParameter | MultiplyHueAndSaturationOptions = {}): Augmenter {
  const name = "MultiplyHueAndSaturation";
  const names = ["mul", "mulHue", "mulSaturation", "perChannel", "fromColorspace"];
  const options = firstOption<MultiplyHueAndSaturationOptions>(name, "mul", given, names);
  const draw = pairParameter(name, ["mul", "mulHue", "mulSaturation"], options, [[0.5, 1.5], [0, 1.7], 1], 10);
  return multiplying(name, options, draw);
}

export interface MultiplyHueOptions extends ColorspaceOptions {
  mul?: NumberParameter;
}

/** Multiplies the hue; by [-3, 3] by default. */
export function MultiplyHue(given: NumberParameter | MultiplyHueOptions = {}): Augmenter {
  const options = firstOption<MultiplyHueOptions>("MultiplyHue", "mul", given, ["mul", "fromColorspace"]);
  const mul = numberParameter("mul", options.mul ?? [-3, 3], { min: -10, max: 10 });
  return multiplying("MultiplyHue", options, (random) => [mul.sample(random), 1]);
}

/** Multiplies the saturation; by [0, 3] by default. */
export function MultiplySaturation(given: NumberParameter | MultiplyHueOptions = {}): Augmenter {
  const options = firstOption<MultiplyHueOptions>("MultiplySaturation", "mul", given, ["mul", "fromColorspace"]);
  const mul = numberParameter("mul", options.mul ?? [0, 3], { min: 0, max: 10 });
  return multiplying("MultiplySaturation", options, (random) => [1, mul.sample(random)]);
}

/** Takes a share (0 to 1, by default all) of the saturation away. */
export function RemoveSaturation(given: NumberParameter | MultiplyHueOptions = {}): Augmenter {
  const options = firstOption<MultiplyHueOptions>("RemoveSaturation", "mul", given, ["mul", "fromColorspace"]);
  const rest = Subtract(1, numberParameter("mul", options.mul ?? 1, { min: 0, max: 1 }), true);
  return multiplying("RemoveSaturation", options, (random) => [1, rest.sample(random)]);
}

type Pair = [hue: number, saturation: number];

function multiplying(name: string, options: ColorspaceOptions, draw: (random: SeededRandom) => Pair): Augmenter {
  const multiplied = (level: number, factor: number) => roundHalfEven(Math.fround(level * Math.fround(factor)));
  const change: Change = (random) => {
    const [hue, saturation] = draw(random);
    return { hue: (h) => multiplied(h, hue), saturation: (s) => multiplied(s, saturation) };
  };
  return onHueAndSaturation(name, options, change, true);
}

export interface AddToHueAndSaturationOptions extends ColorspaceOptions {
  /** One whole number for both, -255 to 255 (255 is a turn of hue); either this or the other two. */
  value?: NumberParameter;
  /** [-40, 40] where nothing is asked for. */
  valueHue?: NumberParameter;
  /** [-40, 40] where nothing is asked for. */
  valueSaturation?: NumberParameter;
  /** With `value`, one number for each of the two (or in which share of the pictures); false by default. */
  perChannel?: BooleanParameter;
}

/** Adds to hue and saturation. */
export function AddToHueAndSaturation(given: NumberParameter | AddToHueAndSaturationOptions = {}): Augmenter {
  const name = "AddToHueAndSaturation";
  const names = ["value", "valueHue", "valueSaturation", "perChannel", "fromColorspace"];
  const options = firstOption<AddToHueAndSaturationOptions>(name, "value", given, names);
  const draw = pairParameter(name, ["value", "valueHue", "valueSaturation"], options, [[-40, 40], [-40, 40], 0], 255);
  return adding(name, options, draw);
}

export interface AddToHueOptions extends ColorspaceOptions {
  value?: NumberParameter;
}

/** Adds to the hue; [-255, 255] by default, where 255 is a turn. */
export function AddToHue(given: NumberParameter | AddToHueOptions = {}): Augmenter {
  const options = firstOption<AddToHueOptions>("AddToHue", "value", given, ["value", "fromColorspace"]);
  const value = numberParameter("value", options.value ?? [-255, 255], { min: -255, max: 255, integer: true });
  return adding("AddToHue", options, (random) => [value.sample(random), 0]);
}

/** Adds to the saturation; [-75, 75] by default. */
export function AddToSaturation(given: NumberParameter | AddToHueOptions = {}): Augmenter {
  const options = firstOption<AddToHueOptions>("AddToSaturation", "value", given, ["value", "fromColorspace"]);
  const value = numberParameter("value", options.value ?? [-75, 75], { min: -255, max: 255, integer: true });
  return adding("AddToSaturation", options, (random) => [0, value.sample(random)]);
}

function adding(name: string, options: ColorspaceOptions, draw: (random: SeededRandom) => Pair): Augmenter {
  const change: Change = (random) => {
    const [hue, saturation] = draw(random);
    const turn = Math.trunc(Math.fround(Math.fround(hue / 255) * 180));
    return { hue: (h) => (h + turn + 360) % 180, saturation: (s) => s + saturation };
  };
  return onHueAndSaturation(name, options, change, false);
}

/** One value for both, one for each, or one of the two; by default a little of each. */
function pairParameter<T extends ColorspaceOptions & { perChannel?: BooleanParameter }>(
  name: string,
  [both, first, second]: readonly [keyof T & string, keyof T & string, keyof T & string],
  options: T,
  [presetFirst, presetSecond, neutral]: readonly [NumberParameter, NumberParameter, number],
  limit: number,
): (random: SeededRandom) => Pair {
  const given = withoutNull(options, [both, first, second]);
  const [one, hue, saturation] = [given[both], given[first], given[second]];
  const isAsked = hue !== undefined || saturation !== undefined;
  if (one !== undefined && isAsked) {
    const expected = `either ${both} or ${first} and ${second}`;
    throw new VitrineError("InvalidOption", { option: name, expected, received: quote(options) });
  }
  const range = { min: -limit, max: limit, integer: limit === 255 };
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  if (one !== undefined) {
    const value = numberParameter(both, one, range);
    return (random) => {
      const drawn = value.sample(random);
      return [drawn, perChannel(random) ? value.sample(random) : drawn];
    };
  }
  const hues = numberParameter(first, hue ?? (isAsked ? neutral : presetFirst), range);
  const saturations = numberParameter(second, saturation ?? (isAsked ? neutral : presetSecond), range);
  return (random) => [hues.sample(random), saturations.sample(random)];
}
