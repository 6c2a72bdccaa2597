/** imgaug's `Rot90`. */
import type { ImageData8 } from "../structures/image.js";
import { booleanOption } from "../structures/options.js";
import { firstOption } from "./arithmetic-values.js";
import { type Augmenter, type AugmenterOptions, chance, madeAugmenter } from "./augmenter.js";
import { rearranged } from "./pad.js";
import { numberParameter, type NumberParameter } from "./parameters.js";
import { mirroredView, upsideDownView } from "./picture-view.js";
import { resized } from "./resize.js";
import { movedSubject, type Move, type Subject } from "./subject.js";
import { gathered, resizedMap, type ValueMap } from "./value-map.js";

export interface Rot90Options extends AugmenterOptions {
  /** How many quarter turns, clockwise, "ALL" for 0 to 3; 1 by default. */
  k?: NumberParameter | "ALL";
  /** Bring the picture to its old width and height; true by default. */
  keepSize?: boolean;
}

/** Turns pictures by quarter turns. */
export function Rot90(given: NumberParameter | Rot90Options = {}): Augmenter {
  const options = firstOption<Rot90Options>("Rot90", "k", given, ["k", "keepSize"]);
  const k = numberParameter("k", options.k === "ALL" ? [0, 3] : (options.k ?? 1), { integer: true });
  const keepSize = booleanOption("keepSize", options.keepSize ?? true);
  return madeAugmenter("Rot90", options, (subject, random) => {
    const turns = ((k.sample(random ?? chance()) % 4) + 4) % 4;
    return turns === 0 ? subject : quarterTurned(subject, turns, keepSize);
  });
}

function quarterTurned(subject: Subject, turns: number, keepSize: boolean): Subject {
  const { image } = subject;
  const result =
    turns === 2 ? mirroredView(upsideDownView(image)) : turns === 1 ? clockwise(image) : counterclockwise(image);
  const [scaleX, scaleY] = keepSize ? [image.width / result.width, image.height / result.height] : [1, 1];
  const move: Move = (x, y) => {
    let [px, py, width, height] = [x, y, image.width, image.height];
    for (let i = 0; i < turns; i++) [px, py, width, height] = [height - py, px, height, width];
    return [px * scaleX, py * scaleY];
  };
  const moveMap = <M extends ValueMap>(map: M): M => {
    const quarter = Array.from({ length: turns }).reduce<M>(mapClockwise, map);
    return keepSize ? resizedMap(quarter, map.width, map.height) : quarter;
  };
  const sized = keepSize ? resized(result, image.width, image.height) : result;
  return movedSubject(subject, sized, move, moveMap);
}

/** Columns from below become rows. */
function clockwise(image: ImageData8): ImageData8 {
  const { width, height } = image;
  return rearranged(image, height, width, { start: height - 1, stepX: height, stepY: -1 });
}

function counterclockwise(image: ImageData8): ImageData8 {
  const { width, height } = image;
  return rearranged(image, height, width, { start: (width - 1) * height, stepX: -height, stepY: 1 });
}

const mapClockwise = <M extends ValueMap>(map: M): M =>
  gathered(map, map.height, map.width, (x, y) => (map.height - 1 - x) * map.width + y);
