/** imgaug's module `flip`: pictures mirrored. */
import type { ImageData8 } from "../structures/image.js";
import { type Augmenter, type AugmenterOptions, chance, knownOptions, madeAugmenter } from "./augmenter.js";
import { isParameter, probabilityParameter, type BooleanParameter } from "./parameters.js";
import { mirroredView, upsideDownView } from "./picture-view.js";
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
    mirroredView,
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
    upsideDownView,
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
  return madeAugmenter(name, options, (subject, random) => {
    const { image } = subject;
    if (!decide(random ?? chance())) return subject;
    return movedSubject(subject, transform(image), moveOn(image), moveMap);
  });
}

const mirroredMap: MapMove = <M extends ValueMap>(map: M) =>
  gathered(map, map.width, map.height, (x, y) => (y + 1) * map.width - 1 - x);
const mapUpsideDown: MapMove = <M extends ValueMap>(map: M) =>
  gathered(map, map.width, map.height, (x, y) => (map.height - 1 - y) * map.width + x);
