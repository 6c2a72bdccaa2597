/** imgaug's module `geometric`: pictures moved, turned, scaled and sheared. */
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { Augmenter, chance, knownOptions, type AugmenterOptions } from "./augmenter.js";
import {
  isParameter,
  numberParameter,
  textParameter,
  type NumberParameter,
  type NumberRange,
  type StochasticParameter,
  type TextParameter,
} from "./parameters.js";
import { movedSubject, type Move } from "./subject.js";
import { warpAffine, type AffineMap, type BorderMode } from "./warp-affine.js";

/** One for each axis; an axis that is left out stays as it is. */
export interface AxesParameter {
  x?: NumberParameter;
  y?: NumberParameter;
}

export interface AffineOptions extends AugmenterOptions {
  /** 1 is the old size. One value drawn for both axes, or one for each. */
  scale?: NumberParameter | AxesParameter;
  /** To the right and down, as a share of width and height. Either this or `translatePx`. */
  translatePercent?: NumberParameter | AxesParameter;
  /** To the right and down, in whole pixels. */
  translatePx?: NumberParameter | AxesParameter;
  /** Degrees, clockwise. */
  rotate?: NumberParameter;
  /** Degrees. A number alone shears along x only, a range or list along both axes alike. */
  shear?: NumberParameter | AxesParameter;
  /** 0: the nearest pixel, 1 (the default): linear. */
  order?: 0 | 1 | readonly (0 | 1)[];
  /** The value of new pixels in mode "constant", drawn for each channel; 0 by default. */
  cval?: NumberParameter;
  /** What fills new pixels; "constant" by default. */
  mode?: TextParameter<BorderMode>;
}

const NAMES = ["scale", "translatePercent", "translatePx", "rotate", "shear", "order", "cval", "mode"];
const MODES = ["constant", "edge", "symmetric", "reflect", "wrap"] as const;

/** imgaug's defaults where nothing is asked for. */
const A_LITTLE_OF_EACH: AffineOptions = {
  scale: { x: [0.9, 1.1], y: [0.9, 1.1] },
  translatePercent: { x: [-0.1, 0.1], y: [-0.1, 0.1] },
  rotate: [-15, 15],
  shear: { x: [-10, 10], y: [-10, 10] },
};

/** Moves, turns, scales and shears about the picture's centre, in one step. The picture keeps its size. */
export function Affine(given: NumberParameter | AffineOptions = {}): Augmenter {
  const options = affineOptions(given);
  const draw = mapParameter(options);
  const order = numberParameter("order", options.order ?? 1, { min: 0, max: 1, integer: true });
  const cval = numberParameter("cval", options.cval ?? 0, { min: 0, max: 255 });
  const mode = textParameter("mode", options.mode ?? "constant", MODES);
  return new Augmenter("Affine", options, (subject, given) => {
    const { image } = subject;
    const random = given ?? chance();
    const movement = draw(image, random);
    const map = affineMap(image, movement);
    const values = [0, 1, 2].map(() => Math.trunc(cval.sample(random)));
    // imgaug warps the channels of a picture with more than three one by one, all with the first value.
    const border = image.channels === 4 ? values.slice(0, 1) : values;
    const settings = { order: order.sample(random) === 0 ? 0 : 1, cval: border, mode: mode.sample(random) } as const;
    return isIdentity(map) ? subject : movedSubject(subject, warpAffine(image, map, settings), mover(image, movement));
  });
}

function affineOptions(given: NumberParameter | AffineOptions): AffineOptions {
  // imgaug's first parameter is scale.
  if (typeof given === "number" || Array.isArray(given) || isParameter(given)) return { scale: given };
  const options = knownOptions("Affine", given as AffineOptions, NAMES);
  const { scale, translatePercent, translatePx, rotate, shear } = options;
  if (translatePercent !== undefined && translatePx !== undefined) {
    const received = quote({ translatePercent, translatePx });
    const expected = "either translatePercent or translatePx";
    throw new VitrineError("InvalidOption", { option: "Affine", expected, received });
  }
  const asked = [scale, translatePercent, translatePx, rotate, shear].some((option) => option !== undefined);
  return asked ? options : { ...A_LITTLE_OF_EACH, ...options };
}

/** What was drawn for one picture: translations in pixels, angles in radians. */
interface Movement {
  scale: [x: number, y: number];
  translate: [x: number, y: number];
  rotate: number;
  shear: [x: number, y: number];
}

function mapParameter(options: AffineOptions): (image: ImageData8, random: SeededRandom) => Movement {
  const scale = axes("scale", options.scale ?? 1, 1, { min: 1e-4 });
  const percent =
    options.translatePercent === undefined ? undefined : axes("translatePercent", options.translatePercent, 0);
  const px = axes("translatePx", options.translatePx ?? 0, 0, { integer: true });
  const rotate = numberParameter("rotate", options.rotate ?? 0);
  const shear = axes("shear", shearOption(options.shear ?? 0), 0);
  return ({ width, height }, random) => {
    const drawnScale = scale(random);
    const [x, y] = (percent ?? px)(random);
    const drawnRotate = radians(rotate.sample(random));
    const [shearX, shearY] = shear(random);
    const translate: [number, number] = percent ? [x * width, y * height] : [x, y];
    return { scale: drawnScale, translate, rotate: drawnRotate, shear: [radians(shearX), radians(shearY)] };
  };
}

const shearOption = (shear: NumberParameter | AxesParameter) => (typeof shear === "number" ? { x: shear } : shear);

/** One draw for both axes, or one for each. */
function axes(option: string, value: NumberParameter | AxesParameter, neutral: number, range: NumberRange = {}) {
  if (typeof value === "number" || Array.isArray(value) || isParameter(value)) {
    const both = numberParameter(option, value, range);
    return (random: SeededRandom): [number, number] => {
      const drawn = both.sample(random);
      return [drawn, drawn];
    };
  }
  const { x, y } = axisParameters(option, value as AxesParameter, neutral, range);
  return (random: SeededRandom): [number, number] => [x.sample(random), y.sample(random)];
}

function axisParameters(option: string, value: AxesParameter, neutral: number, range: NumberRange) {
  const strange = Object.keys(value).some((key) => key !== "x" && key !== "y");
  if (strange || (value.x === undefined && value.y === undefined)) {
    throw new VitrineError("InvalidOption", {
      option,
      expected: "a number, a range, or { x, y }",
      received: quote(value),
    });
  }
  const one = (name: string, parameter: NumberParameter = neutral): StochasticParameter =>
    numberParameter(`${option}.${name}`, parameter, range);
  return { x: one("x", value.x), y: one("y", value.y) };
}

/**
 * From the old picture to the new one: to the centre, sheared along y, then scaled, sheared along x, turned and moved (as
 * scikit-image 0.17 composes these), and back. The centre is that of the outermost pixels' centres.
 */
export function affineMap({ width, height }: { width: number; height: number }, movement: Movement): AffineMap {
  const [sx, sy] = movement.scale;
  const [shearX, shearY] = movement.shear;
  const turn = movement.rotate;
  const [cx, cy] = [width / 2 - 0.5, height / 2 - 0.5];
  const a = sx * Math.cos(turn);
  const b = -sy * Math.sin(turn + shearX);
  const d = sx * Math.sin(turn);
  const e = sy * Math.cos(turn + shearX);
  // Shearing along y is shearing along x (x' = x - sin(s) y, y' = cos(s) y) between two quarter turns.
  const [ya, yd] = [Math.cos(shearY), Math.sin(shearY)];
  const [ma, mb, md, me] = [a * ya + b * yd, b, d * ya + e * yd, e];
  const [tx, ty] = movement.translate;
  return [ma, mb, cx + tx - ma * cx - mb * cy, md, me, cy + ty - md * cx - me * cy];
}

/** As the pixels move, but about the middle of the picture: a place is a half more than its pixel's number. */
function mover({ width, height }: ImageData8, movement: Movement): Move {
  const [a, b, c, d, e, f] = affineMap({ width: width + 1, height: height + 1 }, movement);
  return (x, y) => [a * x + b * y + c, d * x + e * y + f];
}

/** imgaug's own threshold: the mean deviation of the nine numbers of the 3 × 3 matrix. */
function isIdentity([a, b, c, d, e, f]: AffineMap): boolean {
  const deviations = [a - 1, b, c, d, e - 1, f];
  return deviations.reduce((sum, deviation) => sum + Math.abs(deviation), 0) / 9 <= 1e-4;
}

const radians = (degrees: number) => (degrees * Math.PI) / 180;
