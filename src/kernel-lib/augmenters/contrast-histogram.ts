/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `contrast`: levels spread by how often they occur, in the whole picture or in parts (CLAHE, K. Zuiderveld, 1994). */
import type { ImageData8 } from "../structures/image.js";
import { choiceOption, integerOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, knownOptions, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { borderIndex } from "./border.js";
import { channelOf, withChannel } from "./color.js";
import { convertColors } from "./color-spaces.js";
import { roundHalfEven } from "./enlarge.js";
import { lookUp } from "./lookup.js";
import { numberParameter, probabilityParameter, type BooleanParameter, type NumberParameter } from "./parameters.js";
import { blockSizeParameter, type BlockSizeParameter } from "./pooling.js";

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
  return imageAugmenter("AllChannelsHistogramEqualization", options, (image) => onChannels(image, equalized));
}

type GreyChange = (levels: ImageData8) => ImageData8;

function onChannels(image: ImageData8, change: GreyChange): ImageData8 {
  const channels = Array.from({ length: image.channels }, (_, c) => c);
  return channels.reduce((result, c) => withChannel(result, c, change(channelOf(image, c))), image);
}

function intensityChange(options: IntensityOptions): (image: ImageData8, change: GreyChange) => ImageData8 {
  const from = choiceOption("fromColorspace", options.fromColorspace ?? "RGB", ["RGB", "BGR", "Lab", "HLS", "HSV"]);
  const to = choiceOption("toColorspace", options.toColorspace ?? "Lab", ["Lab", "HLS", "HSV"]);
  return (image, change) => {
    if (image.channels === 1) return change(image);
    const converted = convertColors(image, from, to);
    const changed = withChannel(converted, INTENSITY[to], change(channelOf(converted, INTENSITY[to])));
    return convertColors(changed, to, from);
  };
}

function claheParameter(options: ClaheParameters): (random: SeededRandom) => GreyChange {
  const limit = numberParameter("clipLimit", options.clipLimit ?? [0.1, 8], { min: 1e-4 });
  const grid = blockSizeParameter("tileGridSizePx", options.tileGridSizePx ?? [3, 12], 0);
  const least = integerOption("tileGridSizePxMin", options.tileGridSizePxMin ?? 3, 1);
  return (random) => {
    const drawn = limit.sample(random);
    const [down, across] = grid(random).map((size) => Math.max(size, least)) as [number, number];
    return (levels) => (down > 1 || across > 1 ? clahe(levels, drawn, across, down) : levels);
  };
}

/** As OpenCV's `equalizeHist`. */
export function equalized(levels: ImageData8): ImageData8 {
  const counts = new Int32Array(256);
  for (const level of levels.data) counts[level]!++;
  const first = counts.findIndex((count) => count > 0);
  if (counts[first] === levels.data.length) return levels;
  const scale = Math.fround(255 / (levels.data.length - counts[first]!));
  let sum = 0;
  const table = counts.map((count, level) => {
    if (level > first) sum += count;
    return roundHalfEven(Math.fround(sum * scale));
  });
  return lookUp(levels, [Uint8Array.from(table)]);
}

/** As OpenCV's `CLAHE`. */
function clahe({ data, width, height, channels }: ImageData8, limit: number, across: number, down: number): ImageData8 {
  const isWhole = width % across === 0 && height % down === 0;
  const tileWidth = isWhole ? width / across : Math.floor(width / across) + 1;
  const tileHeight = isWhole ? height / down : Math.floor(height / down) + 1;
  const tables = tileTables(data, width, height, { across, down, tileWidth, tileHeight }, limit);
  const result = new Uint8Array(data.length);
  const columns = tilePlaces(width, tileWidth, across);
  const rows = tilePlaces(height, tileHeight, down);
  const heres = Int32Array.from(columns, ({ here }) => here * 256);
  const nexts = Int32Array.from(columns, ({ next }) => next * 256);
  const shares = Float64Array.from(columns, ({ share }) => share);
  rows.forEach((row, y) => {
    const [above, below] = [row.here * across * 256, row.next * across * 256];
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const [here, next] = [heres[x]! + data[at]!, nexts[x]! + data[at]!];
      const share = shares[x]!;
      const upper = tables[above + here]! * (1 - share) + tables[above + next]! * share;
      const lower = tables[below + here]! * (1 - share) + tables[below + next]! * share;
      result[at] = roundHalfEven(Math.fround(upper * (1 - row.share) + lower * row.share));
    }
  });
  return { data: result, width, height, channels };
}

interface Tiles {
  across: number;
  down: number;
  tileWidth: number;
  tileHeight: number;
}

/** A table of levels for each part; a picture that parts don't divide goes on mirrored. */
function tileTables(data: Uint8Array, width: number, height: number, tiles: Tiles, limit: number): Uint8Array {
  const { across, down, tileWidth, tileHeight } = tiles;
  const tables = new Uint8Array(across * down * 256);
  const area = tileWidth * tileHeight;
  const most = Math.max(Math.trunc((limit * area) / 256), 1);
  for (let tile = 0; tile < across * down; tile++) {
    const counts = new Int32Array(256);
    const [left, top] = [(tile % across) * tileWidth, Math.floor(tile / across) * tileHeight];
    for (let y = top; y < top + tileHeight; y++) {
      const row = borderIndex(y, height, "reflect") * width;
      const inside = Math.min(left + tileWidth, width);
      for (let x = left; x < inside; x++) counts[data[row + x]!]!++;
      for (let x = Math.max(left, inside); x < left + tileWidth; x++)
        counts[data[row + borderIndex(x, width, "reflect")]!]!++;
    }
    redistribute(counts, most);
    let sum = 0;
    const scale = Math.fround(255 / area);
    counts.forEach((count, level) => {
      sum += count;
      tables[tile * 256 + level] = Math.min(roundHalfEven(Math.fround(sum * scale)), 255);
    });
  }
  return tables;
}

/** What is over the limit is given to all levels alike, the rest to some of them. */
function redistribute(counts: Int32Array, most: number): void {
  let excess = 0;
  counts.forEach((count, level) => {
    if (count <= most) return;
    excess += count - most;
    counts[level] = most;
  });
  const each = Math.floor(excess / 256);
  let rest = excess - each * 256;
  for (let level = 0; level < 256; level++) counts[level]! += each;
  const step = rest > 0 ? Math.max(Math.floor(256 / rest), 1) : 1;
  for (let level = 0; level < 256 && rest > 0; level += step, rest--) counts[level]!++;
}

function tilePlaces(length: number, size: number, count: number) {
  return Array.from({ length }, (_, i) => {
    const place = Math.fround(Math.fround(i * Math.fround(1 / size)) - 0.5);
    const here = Math.floor(place);
    return { here: Math.max(here, 0), next: Math.min(here + 1, count - 1), share: Math.fround(place - here) };
  });
}
