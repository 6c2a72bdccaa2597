/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `flip`: pictures mirrored. */
import type { ImageData8 } from "../structures/image.js";
import { Augmenter, chance, knownOptions, type AugmenterOptions } from "./augmenter.js";
import { mirroredBySimd } from "./picture-simd.js";
import { isParameter, probabilityParameter, type BooleanParameter } from "./parameters.js";
import { movedSubject, type Move } from "./subject.js";
import { gathered, type MapMove, type ValueMap } from "./value-map.js";

export interface FlipOptions extends AugmenterOptions {
  /** The share of pictures that are flipped, 0 to 1; 1 by default. */
  p?: BooleanParameter;
}

/** Mirrors pictures left to right, with probability `p`. */
export function Fliplr(options: BooleanParameter | FlipOptions = {}): Augmenter {
  return flip(
    "Fliplr",
    options,
    mirrored,
    ({ width }) =>
      (x, y) => [width - x, y],
    mirroredMap,
  );
}

/** Turns pictures upside down, with probability `p`. */
export function Flipud(options: BooleanParameter | FlipOptions = {}): Augmenter {
  return flip(
    "Flipud",
    options,
    upsideDown,
    ({ height }) =>
      (x, y) => [x, height - y],
    mapUpsideDown,
  );
}

/** imgaug's other name of `Fliplr`. */
export const HorizontalFlip = Fliplr;

/** imgaug's other name of `Flipud`. */
export const VerticalFlip = Flipud;

function flip(
  name: string,
  given: BooleanParameter | FlipOptions,
  transform: (image: ImageData8) => ImageData8,
  moveOn: (image: ImageData8) => Move,
  moveMap: MapMove,
): Augmenter {
  const options = typeof given !== "object" || isParameter(given) ? { p: given } : knownOptions(name, given, ["p"]);
  const decide = probabilityParameter("p", options.p ?? 1);
  return new Augmenter(name, options, (subject, random) => {
    const { image } = subject;
    if (!decide(random ?? chance())) return subject;
    return movedSubject(subject, transform(image), moveOn(image), moveMap);
  });
}

function mirrored(image: ImageData8): ImageData8 {
  return mirroredBySimd(image) ?? mirroredPlainly(image);
}

function mirroredPlainly({ data, width, height, channels }: ImageData8): ImageData8 {
  const result = new Uint8Array(data.length);
  const stride = width * channels;
  for (let row = 0; row < data.length; row += stride) {
    let to = row + stride - channels;
    // The first three channels by name: a loop over so few costs more than what it does.
    for (let from = row; from < row + stride; from += channels, to -= channels) {
      result[to] = data[from]!;
      if (channels === 1) continue;
      result[to + 1] = data[from + 1]!;
      result[to + 2] = data[from + 2]!;
      if (channels === 4) result[to + 3] = data[from + 3]!;
    }
  }
  return { data: result, width, height, channels };
}

function upsideDown({ data, width, height, channels }: ImageData8): ImageData8 {
  const result = new Uint8Array(data.length);
  const stride = width * channels;
  for (let y = 0; y < height; y++) result.set(data.subarray(y * stride, (y + 1) * stride), (height - 1 - y) * stride);
  return { data: result, width, height, channels };
}

const mirroredMap: MapMove = <M extends ValueMap>(map: M) =>
  gathered(map, map.width, map.height, (x, y) => (y + 1) * map.width - 1 - x);
const mapUpsideDown: MapMove = <M extends ValueMap>(map: M) =>
  gathered(map, map.width, map.height, (x, y) => (map.height - 1 - y) * map.width + x);
