/** imgaug's module `geometric`: pictures moved, turned, scaled and sheared. */
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import { booleanOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import type { BorderMode } from "./border.js";
import {
  type Augmenter,
  type AugmenterOptions,
  chance,
  knownOptions,
  madeAugmenter,
  withoutNull,
} from "./augmenter.js";
import {
  Choice,
  isParameter,
  numberParameter,
  textParameter,
  type NumberParameter,
  type NumberRange,
  type StochasticParameter,
  levelParameter,
  type LevelParameter,
  type TextParameter,
} from "./parameters.js";
import { movedSubject, type Move } from "./subject.js";
import type { ValueMap } from "./value-map.js";
import { affinelyResampled, warpAffine, type AffineMap } from "./warp-affine.js";
import { sizeWithin } from "./size-limit.js";

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
  /** 0: the nearest pixel, 1 (the default): linear, 3: cubic. */
  order?: OrderParameter;
  /** The value of new pixels in mode "constant", drawn for each channel; 0 by default. */
  cval?: LevelParameter;
  /** What fills new pixels; "constant" by default. */
  mode?: TextParameter<BorderMode>;
  /** Make the picture as large as what moved, so that nothing of it is lost; false by default. */
  fitOutput?: boolean;
}

/** Each of imgaug's. */
const NONE_BY_DEFAULT = ["scale", "translatePercent", "translatePx", "rotate", "shear"] as const;
const NAMES = ["scale", "translatePercent", "translatePx", "rotate", "shear", "order", "cval", "mode", "fitOutput"];
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
  const order = orderParameter(options.order ?? 1);
  const fits = booleanOption("fitOutput", options.fitOutput ?? false);
  const cval = levelParameter("cval", options.cval ?? 0);
  const mode = textParameter("mode", options.mode ?? "constant", MODES);
  return madeAugmenter("Affine", options, (subject, given) => {
    const { image } = subject;
    const random = given ?? chance();
    const movement = draw(image, random);
    const [map, size] = fits ? fittedMap(image, affineMap(image, movement)) : [affineMap(image, movement), image];
    const values = [0, 1, 2].map(() => Math.trunc(cval.sample(random)));
    // imgaug warps the channels of a picture with more than three one by one, all with the first value.
    const border = image.channels === 4 ? values.slice(0, 1) : values;
    const settings = { order: order(random), cval: border, mode: mode.sample(random) };
    if (isIdentity(map)) return subject;
    // A map turns about its own middle, in its own pixels, as imgaug's.
    const ofMap = (each: Size): [AffineMap, Size] => {
      const own = affineMap(each, movementOn(each, image, movement));
      return fits ? fittedMap(each, own) : [own, each];
    };
    const moveMap = <M extends ValueMap>(each: M): M => affinelyResampled(each, ...ofMap(each));
    const warped = warpAffine(image, map, settings, size);
    return movedSubject(subject, warped, placesBy(map, fits ? 0 : 0.5), moveMap);
  });
}

interface Size {
  width: number;
  height: number;
}

/** A place is a half more than its pixel's number, but for pictures made to fit, where imgaug takes it for a pixel. */
function placesBy([a, b, c, d, e, f]: AffineMap, half: number): Move {
  return (x, y) => [a * (x - half) + b * (y - half) + c + half, d * (x - half) + e * (y - half) + f + half];
}

/** What was drawn for a picture, for a map that covers it. */
function movementOn(each: Size, { width, height }: Size, movement: Movement): Movement {
  const [x, y] = movement.translate;
  return { ...movement, translate: [(x * each.width) / width, (y * each.height) / height] };
}

/** A map moved so that what it makes of a picture begins at the origin, and that picture's size. */
function fittedMap({ width, height }: Size, [a, b, c, d, e, f]: AffineMap): [map: AffineMap, size: Size] {
  const corners = [0, width - 1].flatMap((x) => [0, height - 1].map((y) => [a * x + b * y + c, d * x + e * y + f]));
  const xs = corners.map(([x = 0]) => x);
  const ys = corners.map(([, y = 0]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const size = { width: Math.ceil(Math.max(...xs) - left + 1), height: Math.ceil(Math.max(...ys) - top + 1) };
  sizeWithin("a picture with fitOutput", size, { width, height });
  return [[a, b, c - left, d, e, f - top], size];
}

/** 0, 1 or 3, or a list of these; "ALL" draws one of the three. */
export type OrderParameter = NumberParameter | "ALL";

export function orderParameter(value: OrderParameter): (random: SeededRandom) => 0 | 1 | 3 {
  const listed = isParameter(value) ? value : textualOrder(value);
  const parameter = numberParameter("order", listed, { min: 0, max: 3, integer: true });
  return (random) => {
    const drawn = parameter.sample(random);
    if (drawn !== 2) return drawn as 0 | 1 | 3;
    throw orderError(drawn);
  };
}

/** Two orders are a choice, not a range. */
function textualOrder(value: number | "ALL" | readonly number[]): NumberParameter {
  const orders = value === "ALL" ? [0, 1, 3] : [value].flat();
  if (orders.length === 0 || !orders.every((order) => [0, 1, 3].includes(order))) throw orderError(value);
  return orders.length === 1 ? (orders[0] ?? 1) : Choice(orders);
}

const orderError = (value: unknown) =>
  new VitrineError("InvalidOption", { option: "order", expected: "0, 1, 3 or a list of them", received: quote(value) });

function affineOptions(given: NumberParameter | AffineOptions): AffineOptions {
  // imgaug's first parameter is scale.
  if (typeof given === "number" || Array.isArray(given) || isParameter(given)) return { scale: given };
  const options = withoutNull(knownOptions("Affine", given as AffineOptions, NAMES), NONE_BY_DEFAULT);
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
  /** Whether imgaug has the angles in 32 bits. */
  isSingle?: boolean;
}

function mapParameter(options: AffineOptions): (image: ImageData8, random: SeededRandom) => Movement {
  const scale = axes("scale", options.scale ?? 1, 1, { min: 1e-4 });
  const percent =
    options.translatePercent === undefined ? undefined : axes("translatePercent", options.translatePercent, 0);
  const px = axes("translatePx", options.translatePx ?? 0, 0, { integer: true });
  const rotate = numberParameter("rotate", options.rotate ?? 0);
  const shear = axes("shear", shearOption(options.shear ?? 0), 0);
  // Of a number alone, nothing is drawn for y.
  const shears = options.shear === undefined ? 0 : typeof options.shear === "number" ? 1 : 2;
  return ({ width, height }, random) => {
    const [scaleX, scaleY] = scale(random);
    const [x, y] = (percent ?? px)(random);
    const turn = rotate.sample(random);
    const sheared = shear(random);
    const angles = [...(options.rotate === undefined ? [] : [turn]), ...sheared.slice(0, shears)];
    const isSingle = !angles.some(Number.isInteger);
    const inRadians = isSingle ? singleRadians : radians;
    return {
      scale: [fround(scaleX), fround(scaleY)],
      translate: percent ? [fround(x) * width, fround(y) * height] : [x, y],
      rotate: inRadians(turn),
      shear: [inRadians(sheared[0]), inRadians(sheared[1])],
      isSingle,
    };
  };
}

const { fround } = Math;
/** What imgaug draws has 32 bits. */
export const radians = (degrees: number): number => fround(degrees) * (Math.PI / 180);
/** numpy's `deg2rad` gives 32 bits for 32 bits; one whole number among the angles makes all of them 64. */
export const singleRadians = (degrees: number): number => fround(fround(degrees) * fround(fround(Math.PI) / 180));

const shearOption = (shear: NumberParameter | AxesParameter) => (typeof shear === "number" ? { x: shear } : shear);

/** One draw for both axes, or one for each. */
export function axes(option: string, value: NumberParameter | AxesParameter, neutral: number, range: NumberRange = {}) {
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
  const isAxes = typeof (value as unknown) === "object" && (value as unknown) !== null;
  const strange = !isAxes || Object.keys(value).some((key) => key !== "x" && key !== "y");
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
  const both = movement.isSingle === true ? fround(turn + shearX) : turn + shearX;
  const a = sx * Math.cos(turn);
  const b = -sy * Math.sin(both);
  const d = sx * Math.sin(turn);
  const e = sy * Math.cos(both);
  const [ya, yb, yd, ye] = shearAlongY(shearY);
  const [ma, mb, md, me] = [a * ya + b * yd, a * yb + b * ye, d * ya + e * yd, d * yb + e * ye];
  const [tx, ty] = movement.translate;
  return [ma, mb, cx + tx - ma * cx - mb * cy, md, me, cy + ty - md * cx - me * cy];
}

/** Shearing along x (x' = x - sin(s) y, y' = cos(s) y) between two quarter turns, which are imgaug's: 3.141592 is its pi. */
function shearAlongY(shear: number): readonly [a: number, b: number, d: number, e: number] {
  if (shear === 0) return [1, 0, 0, 1];
  const quarter = 3.141592 / 2;
  const [c, s] = [Math.cos(quarter), Math.sin(quarter)];
  // Turned back, sheared, and turned again.
  const [p, q, t, u] = [c + Math.sin(shear) * s, s - Math.sin(shear) * c, -Math.cos(shear) * s, Math.cos(shear) * c];
  return [c * p - s * t, c * q - s * u, s * p + c * t, s * q + c * u];
}

/** imgaug's own threshold: the mean deviation of the nine numbers of the 3 × 3 matrix. */
function isIdentity([a, b, c, d, e, f]: AffineMap): boolean {
  const deviations = [a - 1, b, c, d, e - 1, f];
  return deviations.reduce((sum, deviation) => sum + Math.abs(deviation), 0) / 9 <= 1e-4;
}
