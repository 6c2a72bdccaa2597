/** What all of imgaug's module `size` do with a subject: cut its sides off, put margins on, and bring it to its old size again. */
import type { ImageData8 } from "../structures/image.js";
import { enlargePart, roundHalfEven, type Part } from "./enlarge.js";
import { padded, paddedMap, withMargins, type PadMode, type Sides } from "./pad.js";
import { passing } from "./picture-simd.js";
import { partOf } from "./picture-view.js";
import { resized } from "./resize.js";
import { movedSubject, type Subject } from "./subject.js";
import { gathered, resizedMap, type ValueMap } from "./value-map.js";

export interface Sizing {
  crop: Sides;
  pad: Sides;
  padMode: PadMode;
  padCval: number;
  keepSize: boolean;
}

export const NO_SIDES: Sides = [0, 0, 0, 0];

/** At least one pixel is left, however much is cut. */
export function cropAndPad(subject: Subject, sizing: Sizing): Subject {
  const { image } = subject;
  const crop = leavingOne(image, sizing.crop);
  if ([...crop, ...sizing.pad].every((side) => side === 0)) return subject;
  const [top, , , left] = crop;
  const [padTop, , , padLeft] = sizing.pad;
  const part = partWithout(image, crop);
  const { width, height } = withMargins(part, sizing.pad);
  const [scaleX, scaleY] = sizing.keepSize ? [image.width / width, image.height / height] : [1, 1];
  return movedSubject(
    subject,
    sizedImage(image, part, sizing),
    (x, y) => [(x - left + padLeft) * scaleX, (y - top + padTop) * scaleY],
    (map) => sizedMap(map, image, crop, sizing),
  );
}

function sizedImage(image: ImageData8, part: Part, { pad, padMode, padCval, keepSize }: Sizing): ImageData8 {
  const isPadded = pad.some((side) => side > 0);
  if (keepSize && !isPadded) return enlargePart(image, part, image.width, image.height);
  const made = () => padded(partOf(image, part), pad, padMode, padCval);
  if (!keepSize) return made();
  const [top, right, bottom, left] = pad;
  const length = (part.width + left + right) * (part.height + top + bottom) * image.channels;
  return passing(length, made, (result) => resized(result, image.width, image.height));
}

/** A map's sides are those of the picture in its own pixels, as imgaug rounds them. */
function sizedMap<M extends ValueMap>(map: M, image: ImageData8, crop: Sides, { pad, keepSize }: Sizing): M {
  const [scaleX, scaleY] = [map.width / image.width, map.height / image.height];
  const own = ([top, right, bottom, left]: Sides): Sides =>
    scaleX === 1 && scaleY === 1
      ? [top, right, bottom, left]
      : [
          roundHalfEven(top * scaleY - 1e-4),
          roundHalfEven(right * scaleX + 1e-4),
          roundHalfEven(bottom * scaleY + 1e-4),
          roundHalfEven(left * scaleX - 1e-4),
        ];
  const { left, top, width, height } = partWithout(map, leavingOne(map, own(crop)));
  const cut = gathered(map, width, height, (x, y) => (top + y) * map.width + left + x);
  const result = paddedMap(cut, own(pad));
  return keepSize ? resizedMap(result, map.width, map.height) : result;
}

interface Size {
  width: number;
  height: number;
}

const partWithout = ({ width, height }: Size, [top, right, bottom, left]: Sides): Part => ({
  left,
  top,
  width: width - left - right,
  height: height - top - bottom,
});

function leavingOne({ width, height }: Size, [top, right, bottom, left]: Sides): Sides {
  const [fromTop, fromBottom] = leavingOneOf(height, top, bottom);
  const [fromRight, fromLeft] = leavingOneOf(width, right, left);
  return [fromTop, fromRight, fromBottom, fromLeft];
}

/** Takes from both what is cut too much, the odd pixel from the first, and from one what the other does not have. */
function leavingOneOf(length: number, first: number, second: number): [number, number] {
  const excess = first + second - (length - 1);
  if (excess <= 0) return [first, second];
  const fromFirst = Math.min(first, Math.max(Math.ceil(excess / 2), excess - second));
  return [first - fromFirst, second - (excess - fromFirst)];
}
