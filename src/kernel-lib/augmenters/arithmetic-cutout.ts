/** imgaug's `Cutout`: rectangles filled (T. DeVries and G. W. Taylor, 2017). Alpha is left alone. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { colourCount } from "./lookup.js";
import {
  levelParameter,
  numberParameter,
  probabilityParameter,
  textParameter,
  type BooleanParameter,
  type LevelParameter,
  type NumberParameter,
  type TextParameter,
} from "./parameters.js";
import { uninitialised } from "./picture-simd.js";
import { positionParameter, type PositionParameter } from "./position.js";

export interface CutoutOptions extends AugmenterOptions {
  /** How many rectangles; 1 by default. */
  nbIterations?: NumberParameter;
  /** Where their middles lie: a word, or shares of width and height; "uniform" by default. */
  position?: PositionParameter;
  /** Height and width as shares of the picture's, each drawn; 0.2 by default. */
  size?: NumberParameter;
  /** As wide as high (or in which share of the rectangles); true by default. */
  squared?: BooleanParameter;
  /** Filled with `cval` or with normal noise about the middle level; "constant" by default. */
  fillMode?: TextParameter<"constant" | "gaussian">;
  /** The level in mode "constant"; 128 by default. */
  cval?: LevelParameter;
  /** Fill each channel by itself (or in which share of the rectangles); false by default. */
  fillPerChannel?: BooleanParameter;
}

const NAMES = ["nbIterations", "position", "size", "squared", "fillMode", "cval", "fillPerChannel"];

/** Fills rectangles of pictures, which may reach beyond the edges. */
export function Cutout(given: NumberParameter | CutoutOptions = {}): Augmenter {
  const options = firstOption<CutoutOptions>("Cutout", "nbIterations", given, NAMES);
  const count = numberParameter("nbIterations", options.nbIterations ?? 1, { min: 0, max: 10000, integer: true });
  const place = rectangleParameter(options);
  const fill = fillParameter(options);
  return imageAugmenter("Cutout", options, (image, random) => {
    const data = uninitialised(image.data.length);
    data.set(image.data);
    const result = { ...image, data };
    for (let rest = count.sample(random); rest > 0; rest--) fillRectangle(result, place(image, random), fill(random));
    return result;
  });
}

interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function rectangleParameter(options: CutoutOptions): (image: ImageData8, random: SeededRandom) => Rectangle {
  const [x, y] = positionParameter(options.position ?? "uniform");
  const size = numberParameter("size", options.size ?? 0.2, { min: 0, max: 1 });
  const squared = probabilityParameter("squared", options.squared ?? true);
  return ({ width, height }, random) => {
    const [cx, cy] = [x.sample(random) * width, y.sample(random) * height];
    const tall = size.sample(random) * height;
    const wide = size.sample(random) * width;
    const across = squared(random) ? tall : wide;
    const pixel = (value: number, end: number) => Math.min(Math.max(Math.trunc(value), 0), end);
    return {
      left: pixel(cx - across / 2, width),
      top: pixel(cy - tall / 2, height),
      right: pixel(cx + across / 2, width),
      bottom: pixel(cy + tall / 2, height),
    };
  };
}

/** Gives the next level for a channel of a pixel; or the levels of all pixels. */
type Fill = readonly number[] | ((channel: number) => number);

function fillParameter(options: CutoutOptions): (random: SeededRandom) => Fill {
  const mode = textParameter("fillMode", options.fillMode ?? "constant", ["constant", "gaussian"]);
  const cval = levelParameter("cval", options.cval ?? 128);
  const perChannel = probabilityParameter("fillPerChannel", options.fillPerChannel ?? false);
  return (random) => {
    const each = perChannel(random);
    const levels = [0, 1, 2].map(() => Math.trunc(cval.sample(random)));
    if (mode.sample(random) === "constant") return each ? levels : levels.map(() => levels[0] ?? 0);
    let level = 0;
    return (channel) => {
      // imgaug's middle level and a third of the way to both ends.
      if (each || channel === 0) level = Math.min(Math.max(random.normal(127.5, 42.5), 0), 255);
      return level;
    };
  };
}

function fillRectangle(image: ImageData8, rectangle: Rectangle, fill: Fill): void {
  const { left, top, right, bottom } = rectangle;
  const colours = colourCount(image);
  // Without alpha, one row is all rows.
  if (typeof fill !== "function" && colours === image.channels) {
    fillPixels(image, { ...rectangle, bottom: Math.min(top + 1, bottom) }, (channel) => fill[channel] ?? 0);
    const [start, stride] = [(top * image.width + left) * colours, image.width * colours];
    const end = start + (right - left) * colours;
    for (let y = top + 1; y < bottom; y++) image.data.copyWithin(start + (y - top) * stride, start, end);
  } else fillPixels(image, rectangle, typeof fill === "function" ? fill : (channel) => fill[channel] ?? 0);
}

function fillPixels(
  image: ImageData8,
  { left, top, right, bottom }: Rectangle,
  fill: (channel: number) => number,
): void {
  const colours = colourCount(image);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = (y * image.width + x) * image.channels;
      for (let c = 0; c < colours; c++) image.data[at + c] = fill(c);
    }
  }
}
