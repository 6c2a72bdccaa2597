/** imgaug's module `color`: pictures in other colour spaces, and their brightness. */
import type { ImageData8 } from "../structures/image.js";
import { booleanOption, choiceOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { Add, Multiply } from "./arithmetic-values.js";
import {
  type Augmenter,
  type AugmenterOptions,
  chance,
  imageAugmenter,
  knownOptions,
  madeAugmenter,
  remade,
} from "./augmenter.js";
import { blended } from "./blend-pictures.js";
import { changingColors, COLORSPACES, convertColors, type Colorspace } from "./color-spaces.js";
import { firstOption } from "./arithmetic-values.js";
import { augmenterList, Identity, Sequential } from "./meta.js";
import { numberParameter, textParameter, type NumberParameter, type TextParameter } from "./parameters.js";
import { channelOf, withChannel } from "./picture-channels.js";
import { passing, withheld } from "./picture-simd.js";
import { sentAugmenter } from "./recipe.js";
import type { Subject } from "./subject.js";

export { channelOf, withChannel };

export interface ColorspaceOptions extends AugmenterOptions {
  /** The colour space that pictures are in; "RGB" by default. */
  fromColorspace?: Colorspace;
}

export interface WithColorspaceOptions extends ColorspaceOptions {
  toColorspace: Colorspace;
  children?: Augmenter | readonly Augmenter[];
}

/** @throws `InvalidOption` */
export const colorspaceOption = (option: string, value: Colorspace | undefined): Colorspace =>
  choiceOption(option, value ?? "RGB", COLORSPACES);

/** Applies its children to pictures in another colour space. */
export function WithColorspace(given: WithColorspaceOptions): Augmenter {
  return within("WithColorspace", given);
}

/** imgaug's old name of `WithColorspace`. */
export function InColorspace(given: WithColorspaceOptions): Augmenter {
  return within("InColorspace", given);
}

function within(name: string, given: WithColorspaceOptions): Augmenter {
  const options = knownOptions(name, given, ["toColorspace", "fromColorspace", "children"]);
  const to = colorspaceOption("toColorspace", options.toColorspace);
  const from = colorspaceOption("fromColorspace", options.fromColorspace);
  const inner = Sequential(augmenterList("children", options.children ?? []));
  // A function of the caller's might keep the picture that it sees.
  const isPassing = sentAugmenter(inner) !== undefined;
  return madeAugmenter(name, options, (subject, random) =>
    inColorsOf(subject, (colored) => {
      let result = colored;
      const convert = () => convertColors(colored.image, from, to);
      const change = (converted: ImageData8) => {
        result = withheld(() => inner.run({ ...colored, image: converted }, random));
        return convertColors(result.image, to, from);
      };
      const image = isPassing ? passing(colored.image.data.length, convert, change) : change(withheld(convert));
      return { ...result, image };
    }),
  );
}

/** The subject of a change of colours: grey before and after if it was. */
function inColorsOf(subject: Subject, change: (subject: Subject) => Subject): Subject {
  let result = subject;
  const image = changingColors(subject.image, (colored) => {
    result = change({ ...subject, image: colored });
    return result.image;
  });
  return { ...result, image };
}

export interface ChangeColorspaceOptions extends ColorspaceOptions {
  toColorspace: TextParameter<Colorspace>;
  /** How much of the new picture, 0 to 1; 1 by default. */
  alpha?: NumberParameter;
}

/** Puts the numbers of another colour space into pictures. */
export function ChangeColorspace(given: ChangeColorspaceOptions): Augmenter {
  const options = knownOptions("ChangeColorspace", given, ["toColorspace", "fromColorspace", "alpha"]);
  return changing("ChangeColorspace", options, options.alpha ?? 1, (_, image) => image);
}

export interface GrayscaleOptions extends ColorspaceOptions {
  /** How grey, 0 to 1; 1 by default. */
  alpha?: NumberParameter;
}

/** Makes pictures grey; they keep their channels. */
export function Grayscale(given: NumberParameter | GrayscaleOptions = {}): Augmenter {
  const options = firstOption<GrayscaleOptions>("Grayscale", "alpha", given, ["alpha", "fromColorspace"]);
  const grey = changing("Grayscale", { ...options, toColorspace: "GRAY" }, options.alpha ?? 1, (_, image) => image);
  return remade(grey, "Grayscale", options);
}

function changing(
  name: string,
  options: ChangeColorspaceOptions,
  alpha: NumberParameter,
  after: (random: SeededRandom, image: ImageData8) => ImageData8,
): Augmenter {
  const to = textParameter("toColorspace", options.toColorspace, COLORSPACES);
  const from = colorspaceOption("fromColorspace", options.fromColorspace);
  const share = numberParameter("alpha", alpha, { min: 0, max: 1 });
  return imageAugmenter(name, options, (image, random) => {
    const [drawn, space] = [share.sample(random), to.sample(random)];
    const change = (colored: ImageData8) => blended(convertColors(colored, from, space), colored, drawn);
    return drawn <= 1e-3 || space === from ? image : after(random, changingColors(image, change));
  });
}

/** Colour spaces with brightness in a channel of its own. */
const BRIGHTNESS = { YCrCb: 0, HSV: 2, HLS: 1, Lab: 0, Luv: 0, YUV: 0 } as const;
export type BrightnessColorspace = keyof typeof BRIGHTNESS;
const BRIGHTNESS_SPACES = Object.keys(BRIGHTNESS) as BrightnessColorspace[];

export interface BrightnessSpaceOptions extends ColorspaceOptions {
  /** Where brightness has a channel of its own; one of all such by default. */
  toColorspace?: TextParameter<BrightnessColorspace>;
}

export interface WithBrightnessChannelsOptions extends BrightnessSpaceOptions {
  children?: Augmenter | readonly Augmenter[];
}

/** Applies its children to the brightness of pictures. */
export function WithBrightnessChannels(given: WithBrightnessChannelsOptions = {}): Augmenter {
  const options = knownOptions("WithBrightnessChannels", given, ["children", "toColorspace", "fromColorspace"]);
  return onBrightness("WithBrightnessChannels", options, Sequential(augmenterList("children", options.children ?? [])));
}

function onBrightness(name: string, options: BrightnessSpaceOptions, inner: Augmenter): Augmenter {
  const to = textParameter("toColorspace", options.toColorspace ?? BRIGHTNESS_SPACES, BRIGHTNESS_SPACES);
  const from = colorspaceOption("fromColorspace", options.fromColorspace);
  return madeAugmenter(name, options, (subject, random) => {
    const space = to.sample((random ?? chance()).fork("colorspace"));
    return inColorsOf(subject, (colored) => {
      const { length } = colored.image.data;
      const channel = BRIGHTNESS[space];
      let result = colored;
      const image = passing(
        length,
        () => convertColors(colored.image, from, space),
        (converted) => {
          result = withheld(() => inner.run({ ...colored, image: channelOf(converted, channel) }, random));
          const lit = () => withChannel(converted, channel, result.image);
          return passing(length, lit, (picture) => convertColors(picture, space, from));
        },
      );
      return { ...result, image };
    });
  });
}

export interface MultiplyBrightnessOptions extends BrightnessSpaceOptions {
  /** [0.7, 1.3] by default. */
  mul?: NumberParameter;
}
export interface AddToBrightnessOptions extends BrightnessSpaceOptions {
  /** Levels; [-30, 30] by default. */
  add?: NumberParameter;
}
export interface MultiplyAndAddToBrightnessOptions extends MultiplyBrightnessOptions, AddToBrightnessOptions {
  /** Which comes first is left to chance; true by default. */
  randomOrder?: boolean;
}

const SPACES = ["toColorspace", "fromColorspace"];

/** Makes pictures lighter or darker by a factor and a sum. */
export function MultiplyAndAddToBrightness(given: NumberParameter | MultiplyAndAddToBrightnessOptions = {}): Augmenter {
  const name = "MultiplyAndAddToBrightness";
  const known = ["mul", "add", "randomOrder", ...SPACES];
  const options = firstOption<MultiplyAndAddToBrightnessOptions>(name, "mul", given, known);
  return brightness(name, options, options.mul ?? [0.7, 1.3], options.add ?? [-30, 30]);
}

/** Makes pictures lighter or darker by a factor. */
export function MultiplyBrightness(given: NumberParameter | MultiplyBrightnessOptions = {}): Augmenter {
  const options = firstOption<MultiplyBrightnessOptions>("MultiplyBrightness", "mul", given, ["mul", ...SPACES]);
  return brightness("MultiplyBrightness", options, options.mul ?? [0.7, 1.3], 0);
}

/** Makes pictures lighter or darker by a sum. */
export function AddToBrightness(given: NumberParameter | AddToBrightnessOptions = {}): Augmenter {
  const options = firstOption<AddToBrightnessOptions>("AddToBrightness", "add", given, ["add", ...SPACES]);
  return brightness("AddToBrightness", options, 1, options.add ?? [-30, 30]);
}

function brightness(
  name: string,
  options: BrightnessSpaceOptions & { randomOrder?: boolean },
  mul: NumberParameter,
  add: NumberParameter,
): Augmenter {
  const steps = [mul === 1 ? Identity() : Multiply({ mul }), add === 0 ? Identity() : Add({ value: add })];
  const randomOrder = booleanOption("randomOrder", options.randomOrder ?? true);
  return onBrightness(name, options, Sequential(steps, { randomOrder }));
}
