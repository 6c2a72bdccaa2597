/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `arithmetic`: pixels, coarse blocks, channels and whole pictures set to 0. Alpha is left alone. */
import type { ImageData8 } from "../structures/image.js";
import { integerOption } from "../structures/options.js";
import {
  type Augmenter,
  type AugmenterOptions,
  chance,
  imageAugmenter,
  madeAugmenter,
  withoutNull,
} from "./augmenter.js";
import { firstOption } from "./arithmetic-values.js";
import { Binomial } from "./distributions.js";
import { FromLowerResolution } from "./from-lower-resolution.js";
import { colourCount } from "./lookup.js";
import {
  drawField,
  numberParameter,
  probabilityParameter,
  type BooleanParameter,
  type NumberParameter,
  type StochasticParameter,
} from "./parameters.js";
import { passingField } from "./passing-field.js";
import { uninitialised } from "./picture-simd.js";
import { withNothingOn, type Subject } from "./subject.js";
import { combinedWide } from "./wide-picture.js";

export interface DropoutOptions extends AugmenterOptions {
  /** The share of pixels that are dropped, 0 to 1; [0, 0.05] by default. A range or list is drawn from for each picture. */
  p?: NumberParameter;
  /** Drop channels of pixels instead of pixels (or in which share of the pictures); false by default. */
  perChannel?: BooleanParameter;
}

/** Sets single pixels to 0. */
export function Dropout(given: NumberParameter | DropoutOptions = {}): Augmenter {
  const options = firstOption("Dropout", "p", given);
  return dropout("Dropout", options, Binomial(numberParameter("p", options.p ?? [0, 0.05], { min: 0, max: 1 })));
}

/** Of a mask over a picture at a lower resolution. */
export interface CoarseOptions {
  /** The mask's height and width in pixels, drawn for each; [3, 8] by default. */
  sizePx?: NumberParameter;
  /** The same as shares of the picture's; either this or `sizePx`. */
  sizePercent?: NumberParameter;
  /** The mask's least height and width; 3 by default. */
  minSize?: number;
}

export interface CoarseDropoutOptions extends DropoutOptions, CoarseOptions {}

/** Sets blocks of pixels to 0, of which `p` (by default [0.02, 0.1]) is the share. */
export function CoarseDropout(given: NumberParameter | CoarseDropoutOptions = {}): Augmenter {
  const options = firstOption("CoarseDropout", "p", given, ["p", "perChannel", "sizePx", "sizePercent", "minSize"]);
  const mask = Binomial(numberParameter("p", options.p ?? [0.02, 0.1], { min: 0, max: 1 }));
  return dropout("CoarseDropout", options, coarse(mask, options));
}

/** imgaug's defaults for masks at a lower resolution. */
export function coarse(mask: StochasticParameter, options: CoarseOptions): StochasticParameter {
  const { sizePx, sizePercent, minSize = 3 } = withoutNull(options, ["sizePx", "sizePercent"]);
  if (sizePx !== undefined && sizePercent !== undefined) return FromLowerResolution(mask, { sizePx, sizePercent });
  if (sizePercent !== undefined) return FromLowerResolution(mask, { sizePercent, minSize });
  return FromLowerResolution(mask, { sizePx: sizePx ?? [3, 8], minSize });
}

function dropout(name: string, options: DropoutOptions, mask: StochasticParameter): Augmenter {
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  return imageAugmenter(
    name,
    options,
    (image, random) => {
      const channels = perChannel(random) ? colourCount(image) : 1;
      const { height, width } = image;
      return passingField(mask, random, { height, width, channels }, (field) => withoutPixels(image, field));
    },
    {},
    (image, random) => {
      const channels = perChannel(random) ? image.channels.length : 1;
      const { height, width } = image;
      const field = drawField(mask, random, { height, width, channels });
      return combinedWide(
        image,
        field.map((value) => (value > 0.5 ? 0 : 1)),
        "multiply",
      );
    },
  );
}

/** @param field above a half where a pixel, or its channel where there is a value for each, becomes 0 */
function withoutPixels(image: ImageData8, field: Float64Array): ImageData8 {
  const { width, height, channels } = image;
  const data = uninitialised(image.data.length);
  data.set(image.data);
  const colours = colourCount(image);
  if (field.length === width * height * colours) {
    for (let i = 0, at = 0; at < data.length; at += channels) {
      for (let c = at; c < at + colours; c++) if (field[i++]! > 0.5) data[c] = 0;
    }
  } else {
    for (let i = 0, at = 0; at < data.length; at += channels, i++) if (field[i]! > 0.5) data.fill(0, at, at + colours);
  }
  return { data, width, height, channels };
}

export interface Dropout2dOptions extends AugmenterOptions {
  /** The share of channels that are dropped, 0 to 1; 0.1 by default. */
  p?: NumberParameter;
  /** How many channels are kept at least; 1 by default. */
  nbKeepChannels?: number;
}

/** Sets whole channels to 0; where all of a picture's colours are, what lies on it goes too. */
export function Dropout2d(given: NumberParameter | Dropout2dOptions = {}): Augmenter {
  const options = firstOption<Dropout2dOptions>("Dropout2d", "p", given, ["p", "nbKeepChannels"]);
  const drop = Binomial(numberParameter("p", options.p ?? 0.1, { min: 0, max: 1 }));
  const keep = integerOption("nbKeepChannels", options.nbKeepChannels ?? 1, 0);
  return madeAugmenter("Dropout2d", options, (subject, given) => {
    const random = given ?? chance();
    const count = colourCount(subject.image);
    const field = drawField(drop, random, { height: 1, width: 1, channels: count });
    const wanted = Array.from(field.keys()).filter((channel) => field[channel] === 1);
    return withoutChannels(subject, random.shuffle(wanted).slice(0, Math.max(count - keep, 0)));
  });
}

export interface TotalDropoutOptions extends AugmenterOptions {
  /** The share of pictures that are dropped, 0 to 1; 1 by default. */
  p?: NumberParameter;
}

/** Sets whole pictures to 0, and drops what lies on them. */
export function TotalDropout(given: NumberParameter | TotalDropoutOptions = {}): Augmenter {
  const options = firstOption<TotalDropoutOptions>("TotalDropout", "p", given, ["p"]);
  const drop = probabilityParameter("p", options.p ?? 1);
  return madeAugmenter("TotalDropout", options, (subject, random) =>
    drop(random ?? chance()) ? withoutChannels(subject, [0, 1, 2].slice(0, colourCount(subject.image))) : subject,
  );
}

function withoutChannels(subject: Subject, dropped: readonly number[]): Subject {
  if (dropped.length === 0) return subject;
  const { width, height, channels } = subject.image;
  const data = uninitialised(subject.image.data.length);
  const image: ImageData8 = { data, width, height, channels };
  if (dropped.length === channels) data.fill(0);
  else {
    data.set(subject.image.data);
    for (const channel of dropped) for (let i = channel; i < data.length; i += channels) data[i] = 0;
  }
  return dropped.length < colourCount(image) ? { ...subject, image } : withNothingOn(subject, image);
}
