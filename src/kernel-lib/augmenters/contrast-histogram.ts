/* eslint-disable @typescript-eslint/no-non-null-assertion -- histograms: every index lies within 256 levels */
/** imgaug's module `contrast`: levels spread by how often they occur, in the whole picture or in parts. */
import type { ImageData8 } from "../structures/image.js";
import { choiceOption, integerOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, knownOptions, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { convertColors } from "./color-spaces.js";
import { roundHalfEven } from "./enlarge.js";
import { histograms } from "./histograms.js";
import { lookUp } from "./lookup.js";
import { numberParameter, probabilityParameter, type BooleanParameter, type NumberParameter } from "./parameters.js";
import { channelOf, joinedChannels, withChannel } from "./picture-channels.js";
import { passing } from "./picture-simd.js";
import { blockSizeParameter, type BlockSizeParameter } from "./pooling.js";
import { equalizedByTiles } from "./tile-tables.js";

/** Colour spaces with an intensity, and its channel. */
const INTENSITY = { Lab: 0, HSV: 2, HLS: 1 } as const;

export interface IntensityOptions extends AugmenterOptions {
  /** "RGB" by default. */
  fromColorspace?: "RGB" | "BGR" | "Lab" | "HLS" | "HSV";
  /** Whose intensity changes; "Lab" by default. */
  toColorspace?: "Lab" | "HLS" | "HSV";
}

export interface ClaheParameters {
  /** How often a level counts at most, above 0; [0.1, 8] by default. */
  clipLimit?: NumberParameter;
  /** How many parts down and across; [3, 12] by default. */
  tileGridSizePx?: BlockSizeParameter;
  /** How many at least; 3 by default. */
  tileGridSizePxMin?: number;
}

export interface ClaheOptions extends ClaheParameters, IntensityOptions {}
export interface AllChannelsClaheOptions extends ClaheParameters, AugmenterOptions {
  /** Other numbers for each channel (or in which share of the pictures); false by default. */
  perChannel?: BooleanParameter;
}

const CLAHE_NAMES = ["clipLimit", "tileGridSizePx", "tileGridSizePxMin"];
const SPACES = ["fromColorspace", "toColorspace"];

/** Spreads the levels of a picture's intensity, part by part. */
export function CLAHE(given: NumberParameter | ClaheOptions = {}): Augmenter {
  const options = firstOption<ClaheOptions>("CLAHE", "clipLimit", given, [...CLAHE_NAMES, ...SPACES]);
  const draw = claheParameter(options);
  const onIntensity = intensityChange(options);
  return imageAugmenter("CLAHE", options, (image, random) => onIntensity(image, draw(random)));
}

/** Spreads the levels of each channel, alpha too, part by part. */
export function AllChannelsCLAHE(given: NumberParameter | AllChannelsClaheOptions = {}): Augmenter {
  const options = firstOption<AllChannelsClaheOptions>("AllChannelsCLAHE", "clipLimit", given, [
    ...CLAHE_NAMES,
    "perChannel",
  ]);
  const draw = claheParameter(options);
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  return imageAugmenter("AllChannelsCLAHE", options, (image, random) => {
    const each = perChannel(random);
    const change = draw(random);
    return onChannels(image, (levels) => (each ? draw(random) : change)(levels));
  });
}

/** Spreads the levels of a picture's intensity evenly. */
export function HistogramEqualization(options: IntensityOptions = {}): Augmenter {
  const onIntensity = intensityChange(knownOptions("HistogramEqualization", options, SPACES));
  return imageAugmenter("HistogramEqualization", options, (image) => onIntensity(image, equalized));
}

/** Spreads the levels of each channel evenly, alpha's too. */
export function AllChannelsHistogramEqualization(options: AugmenterOptions = {}): Augmenter {
  knownOptions("AllChannelsHistogramEqualization", options, []);
  return imageAugmenter("AllChannelsHistogramEqualization", options, (image) =>
    image.channels === 4 ? onChannels(image, equalized) : equalized(image),
  );
}

type GreyChange = (levels: ImageData8) => ImageData8;

function onChannels(image: ImageData8, change: GreyChange): ImageData8 {
  if (image.channels === 1) return change(image);
  const [red, green, blue, alpha] = Array.from({ length: image.channels }, (_, c) => change(channelOf(image, c)));
  if (alpha === undefined) return joinedChannels([red!, green!, blue!]);
  return [red!, green!, blue!, alpha].reduce((result, levels, c) => withChannel(result, c, levels), image);
}

function intensityChange(options: IntensityOptions): (image: ImageData8, change: GreyChange) => ImageData8 {
  const from = choiceOption("fromColorspace", options.fromColorspace ?? "RGB", ["RGB", "BGR", "Lab", "HLS", "HSV"]);
  const to = choiceOption("toColorspace", options.toColorspace ?? "Lab", ["Lab", "HLS", "HSV"]);
  return (image, change) => {
    if (image.channels === 1) return change(image);
    const channel = INTENSITY[to];
    return passing(
      image.data.length,
      () => convertColors(image, from, to),
      (converted) => {
        const changed = () => withChannel(converted, channel, change(channelOf(converted, channel)));
        return passing(image.data.length, changed, (lit) => convertColors(lit, to, from));
      },
    );
  };
}

function claheParameter(options: ClaheParameters): (random: SeededRandom) => GreyChange {
  const limit = numberParameter("clipLimit", options.clipLimit ?? [0.1, 8], { min: 1e-4 });
  const grid = blockSizeParameter("tileGridSizePx", options.tileGridSizePx ?? [3, 12], 0);
  const least = integerOption("tileGridSizePxMin", options.tileGridSizePxMin ?? 3, 1);
  return (random) => {
    const drawn = limit.sample(random);
    const [down, across] = grid(random).map((size) => Math.max(size, least)) as [number, number];
    return (levels) => (down > 1 || across > 1 ? equalizedByTiles(levels, drawn, across, down) : levels);
  };
}

/** As OpenCV's `equalizeHist`. */
export function equalized(levels: ImageData8): ImageData8 {
  return lookUp(levels, histograms(levels).map(equalizing));
}

/** A picture of one level stays as it is. */
function equalizing(counts: Int32Array): Uint8Array {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const first = counts.findIndex((count) => count > 0);
  const scale = single(255 / (all - counts[first]!));
  let sum = 0;
  return Uint8Array.from(counts, (count, level) => {
    if (counts[first] === all) return level;
    if (level > first) sum += count;
    return roundHalfEven(single(sum * scale));
  });
}

const single = Math.fround;
