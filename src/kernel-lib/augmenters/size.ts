/** imgaug's module `size`: pictures cut. */
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { Augmenter, chance, knownOptions, type AugmenterOptions } from "./augmenter.js";
import { enlargePart, roundHalfEven, type Part } from "./enlarge.js";
import { isParameter, numberParameter, type NumberParameter, type StochasticParameter } from "./parameters.js";
import { movedSubject, type Subject } from "./subject.js";

/** One amount for every side, or four: top, right, bottom, left. Four plain numbers are four sides, as in imgaug. */
export type SidesParameter =
  | NumberParameter
  | readonly [top: NumberParameter, right: NumberParameter, bottom: NumberParameter, left: NumberParameter];

export interface CropOptions extends AugmenterOptions {
  /** Pixels off each side. Either this or `percent`. */
  px?: SidesParameter;
  /** The share of height or width off each side, 0 to below 1. Without either, [0, 0.1]. */
  percent?: SidesParameter;
  /** Enlarge what is left to the size that the picture had; true by default. */
  keepSize?: boolean;
  /** Draw each side's amount by itself where one range is given for all; true by default. */
  sampleIndependently?: boolean;
}

/** Cuts off the sides of pictures. At least one pixel is always left. */
export function Crop(given: SidesParameter | CropOptions = {}): Augmenter {
  const options = cropOptions(given);
  if (options.px !== undefined && options.percent !== undefined) {
    const received = quote({ px: options.px, percent: options.percent });
    throw new VitrineError("InvalidOption", { option: "Crop", expected: "either px or percent", received });
  }
  const sides = sampler(options);
  const keepSize = options.keepSize ?? true;
  return new Augmenter("Crop", options, (subject, random) =>
    cropped(subject, sides(subject.image, random ?? chance()), keepSize),
  );
}

type Sides = [top: number, right: number, bottom: number, left: number];

function cropOptions(given: SidesParameter | CropOptions): CropOptions {
  // imgaug's first parameter is px.
  if (typeof given === "number" || Array.isArray(given) || isParameter(given)) return { px: given };
  return knownOptions("Crop", given as CropOptions, ["px", "percent", "keepSize", "sampleIndependently"]);
}

function sampler(options: CropOptions): (image: ImageData8, random: SeededRandom) => Sides {
  const { px, percent = [0, 0.1], sampleIndependently = true } = options;
  if (px !== undefined) {
    const sides = sidesParameter("px", px, { min: 0, integer: true });
    return (_, random) => drawSides(sides, sampleIndependently, random);
  }
  const sides = sidesParameter("percent", percent, { min: 0, max: 1 - Number.EPSILON });
  return ({ width, height }, random) => {
    const [top, right, bottom, left] = drawSides(sides, sampleIndependently, random);
    const pixels = (length: number, share: number) => roundHalfEven(length * share);
    return [pixels(height, top), pixels(width, right), pixels(height, bottom), pixels(width, left)];
  };
}

/** One parameter for all sides, or one for each. */
type SideParameters = StochasticParameter | readonly StochasticParameter[];

function sidesParameter(
  option: string,
  value: SidesParameter,
  range: { min: number; max?: number; integer?: boolean },
): SideParameters {
  if (!Array.isArray(value) || value.length !== 4) return numberParameter(option, value, range);
  return (value as readonly NumberParameter[]).map((side) => numberParameter(option, side, range));
}

function drawSides(parameters: SideParameters, independently: boolean, random: SeededRandom): Sides {
  if (isParameter(parameters)) {
    const first = parameters.sample(random);
    const next = () => (independently ? parameters.sample(random) : first);
    return [first, next(), next(), next()];
  }
  const [top = 0, right = 0, bottom = 0, left = 0] = parameters.map((parameter) => parameter.sample(random));
  return [top, right, bottom, left];
}

function cropped(subject: Subject, [top, right, bottom, left]: Sides, keepSize: boolean): Subject {
  const { image } = subject;
  const { width, height } = image;
  const [fromTop, fromBottom] = leavingOne(height, top, bottom);
  const [fromRight, fromLeft] = leavingOne(width, right, left);
  const part = {
    left: fromLeft,
    top: fromTop,
    width: width - fromLeft - fromRight,
    height: height - fromTop - fromBottom,
  };
  if (part.width === width && part.height === height) return subject;
  const [scaleX, scaleY] = keepSize ? [width / part.width, height / part.height] : [1, 1];
  const result = keepSize ? enlargePart(image, part, width, height) : cutOut(image, part);
  return movedSubject(subject, result, (x, y) => [(x - part.left) * scaleX, (y - part.top) * scaleY]);
}

/** Takes from both what is cut too much, the odd pixel from the first, and from one what the other does not have. */
function leavingOne(length: number, first: number, second: number): [number, number] {
  const excess = first + second - (length - 1);
  if (excess <= 0) return [first, second];
  const fromFirst = Math.min(first, Math.max(Math.ceil(excess / 2), excess - second));
  return [first - fromFirst, second - (excess - fromFirst)];
}

function cutOut(image: ImageData8, part: Part): ImageData8 {
  const { channels } = image;
  const stride = part.width * channels;
  const data = new Uint8Array(part.height * stride);
  for (let y = 0; y < part.height; y++) {
    const from = ((part.top + y) * image.width + part.left) * channels;
    data.set(image.data.subarray(from, from + stride), y * stride);
  }
  return { data, width: part.width, height: part.height, channels };
}
