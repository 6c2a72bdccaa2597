/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `edges`. */
import { VitrineError } from "../structures/errors.js";
import { imageOption, type ImageData8 } from "../structures/image.js";
import { functionOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { blended } from "./blend-pictures.js";
import { cannyEdges } from "./canny.js";
import { colourCount } from "./lookup.js";
import { numberParameter, type NumberParameter } from "./parameters.js";

/** Makes a picture of edges; `edges` is 1 at each pixel of one. */
export type EdgeColorizer = (edges: Uint8Array, image: ImageData8, random: SeededRandom) => ImageData8;

export interface CannyAugmenterOptions extends AugmenterOptions {
  /** How much of the edges' picture, 0 to 1; [0, 1] by default. */
  alpha?: NumberParameter;
  /**
   * Two thresholds, 0 to 255: what may be an edge, and what is one; [[60, 140], [160, 240]] by default. Where at least one of the two is
   * no plain number, each is drawn for itself; two plain numbers are a range, which both are drawn from, as any other parameter.
   */
  hysteresisThresholds?: readonly [low: NumberParameter, high: NumberParameter] | NumberParameter;
  /** 3 to 7; even numbers that are drawn become the odd ones before. [3, 7] by default. */
  sobelKernelSize?: NumberParameter;
  /** One random colour for edges and one for the rest by default; see `randomColors`. */
  colorizer?: EdgeColorizer;
}

const NAMES = ["alpha", "hysteresisThresholds", "sobelKernelSize", "colorizer"];

/** Finds edges and mixes their picture with the original. Alpha is left alone. */
export function Canny(given: NumberParameter | CannyAugmenterOptions = {}): Augmenter {
  const options = firstOption<CannyAugmenterOptions>("Canny", "alpha", given, NAMES);
  const alpha = numberParameter("alpha", options.alpha ?? [0, 1], { min: 0, max: 1 });
  const [low, high] = thresholdsParameter(options.hysteresisThresholds ?? THRESHOLDS);
  const size = numberParameter("sobelKernelSize", options.sobelKernelSize ?? [3, 7], { min: 0, max: 7, integer: true });
  const colorize = functionOption("colorizer", options.colorizer ?? randomColors([0, 255], [0, 255]));
  return imageAugmenter("Canny", options, (image, random) => {
    const share = alpha.sample(random);
    const limits = { low: low.sample(random), high: high.sample(random) };
    const drawn = size.sample(random);
    const aperture = drawn % 2 === 0 ? drawn - 1 : drawn;
    if (share === 0 || aperture < 3) return image;
    const edges = cannyEdges(image, { ...limits, aperture: aperture as 3 | 5 | 7, isL2: true });
    return blended(coloredOption(colorize(edges, image, random), image), image, share);
  });
}

const THRESHOLDS: readonly [NumberParameter, NumberParameter] = [
  [60, 140],
  [160, 240],
];

/** Like imgaug's, both are drawn from one parameter where the two are not given each for itself. */
function thresholdsParameter(given: unknown) {
  const one = (threshold: unknown) => numberParameter("hysteresisThresholds", threshold, { min: 0, max: 255 });
  const isOwn = (each: unknown) => typeof each !== "number";
  if (Array.isArray(given) && given.length === 2 && given.some(isOwn)) return [one(given[0]), one(given[1])] as const;
  const both = one(given);
  return [both, both] as const;
}

function coloredOption(colored: ImageData8, { width, height, channels }: ImageData8): ImageData8 {
  const result = imageOption("colorizer", colored);
  if (result.width === width && result.height === height && result.channels === channels) return result;
  const expected = `a picture of ${width} × ${height} × ${channels}`;
  const received = `${result.width} × ${result.height} × ${result.channels}`;
  throw new VitrineError("InvalidOption", { option: "colorizer", expected, received });
}

/** imgaug's `RandomColorsBinaryImageColorizer`: one colour for edges and one for the rest, each channel drawn from a parameter, 0 to 255. */
export function randomColors(colorTrue: NumberParameter, colorFalse: NumberParameter): EdgeColorizer {
  const range = { min: 0, max: 255, integer: true };
  const [one, other] = [
    numberParameter("colorTrue", colorTrue, range),
    numberParameter("colorFalse", colorFalse, range),
  ];
  return (edges, image, random) => {
    const count = colourCount(image);
    const colors = [other, one].map((parameter) => {
      const [r = 0, g = 0, b = 0] = [0, 1, 2].map(() => parameter.sample(random));
      return count === 1 ? [0.299 * r + 0.587 * g + 0.114 * b] : [r, g, b];
    });
    const data = image.data.slice();
    for (let c = 0; c < count; c++) {
      const levels = Uint8Array.from(colors, (color) => color[c] ?? 0);
      for (let place = 0, at = c; place < edges.length; place++, at += image.channels)
        data[at] = levels[edges[place]!]!;
    }
    return { ...image, data };
  };
}
