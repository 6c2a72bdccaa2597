/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `artistic`: `Cartoon`. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter } from "./augmenter.js";
import { meanShift } from "./blur-mean-shift.js";
import { borderIndex } from "./border.js";
import { cannyEdges } from "./canny.js";
import { channelOf, colorspaceOption, withChannel, type ColorspaceOptions } from "./color.js";
import { changingColors, convertColors, type Colorspace } from "./color-spaces.js";
import { roundHalfEven } from "./enlarge.js";
import { medianFilter } from "./median-blur.js";
import { numberParameter, type NumberParameter } from "./parameters.js";

export interface CartoonOptions extends ColorspaceOptions {
  /** Of the median blur before, in pixels; [1, 5] by default. */
  blurKsize?: NumberParameter;
  /** How large areas of one colour are; [0.8, 1.2] by default. 0: as they are. */
  segmentationSize?: NumberParameter;
  /** A factor of the saturation; [1.5, 2.5] by default. */
  saturation?: NumberParameter;
  /** How many edges; [0.9, 1.1] by default. */
  edgePrevalence?: NumberParameter;
}

const NAMES = ["blurKsize", "segmentationSize", "saturation", "edgePrevalence", "fromColorspace"];

/** Makes pictures look drawn: areas of strong colours and black lines. Slow. */
export function Cartoon(given: NumberParameter | CartoonOptions = {}): Augmenter {
  const options = firstOption<CartoonOptions>("Cartoon", "blurKsize", given, NAMES);
  const drawn = (option: keyof CartoonOptions, preset: NumberParameter, max = Infinity) =>
    numberParameter(option, options[option] ?? preset, { min: 0, max });
  const blur = drawn("blurKsize", [1, 5], 999);
  const size = drawn("segmentationSize", [0.8, 1.2]);
  const saturation = drawn("saturation", [1.5, 2.5]);
  const prevalence = drawn("edgePrevalence", [0.9, 1.1]);
  const from = colorspaceOption("fromColorspace", options.fromColorspace);
  const settings = (random: SeededRandom): Settings => ({
    blur: Math.max(roundHalfEven(blur.sample(random)), 1),
    size: size.sample(random),
    saturation: saturation.sample(random),
    prevalence: prevalence.sample(random),
    from,
  });
  return imageAugmenter("Cartoon", options, (image, random) => {
    const chosen = settings(random);
    return changingColors(image, (colored) => withAlphaOf(image, cartoon(withoutAlpha(colored), chosen)));
  });
}

interface Settings {
  blur: number;
  size: number;
  saturation: number;
  prevalence: number;
  from: Colorspace;
}

function withoutAlpha(image: ImageData8): ImageData8 {
  return image.channels === 4 ? { ...image, channels: 3, data: image.data.filter((_, i) => i % 4 !== 3) } : image;
}

function withAlphaOf(image: ImageData8, result: ImageData8): ImageData8 {
  if (image.channels !== 4) return result;
  const data = image.data.map((level, i) => (i % 4 === 3 ? level : result.data[(i >> 2) * 3 + (i & 3)]!));
  return { ...image, data };
}

function cartoon(image: ImageData8, { blur, size, saturation, prevalence, from }: Settings): ImageData8 {
  const isSmall = Math.max(image.width, image.height) < 400;
  const blurred = blur > 1 ? medianFilter(image, blur >> 1) : image;
  const [space, color] = isSmall ? [10, 20] : [15, 40];
  const areas = size <= 0 ? blurred : meanShift(blurred, Math.trunc(space * size), Math.trunc(color * size));
  const grey = channelOf(convertColors(areas, from, "GRAY"), 0);
  const edges = isSmall ? sharpEdges(grey, prevalence) : softEdges(grey, prevalence);
  const thin = withoutBlobs(
    withoutBlobs(edges, grey, 3, (count) => count >= 8),
    grey,
    5,
    (count) => count < 3,
  );
  const lined = areas.data.map((level, i) => (thin[Math.floor(i / 3)] === 1 ? 0 : level));
  return saturated({ ...areas, data: lined }, saturation, from);
}

function sharpEdges(grey: ImageData8, prevalence: number): Uint8Array {
  const limit = Math.min(Math.trunc(200 / Math.max(prevalence, 1e-3)), 254);
  return cannyEdges(grey, { low: limit, high: limit, aperture: 3, isL2: false });
}

/** Where the Laplacian is among the largest tenth, or so. */
function softEdges(grey: ImageData8, prevalence: number): Uint8Array {
  const { data, width, height } = grey;
  const squares = Float64Array.from(data, (level, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const at = (column: number, row: number) =>
      data[borderIndex(row, height, "reflect") * width + borderIndex(column, width, "reflect")]!;
    return ((at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1) - 4 * level) / 255) ** 2;
  });
  const sorted = squares.slice().sort();
  const place = (Math.min(Math.trunc(90 / Math.max(prevalence, 1e-3)), 99) / 100) * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  const most = below + (above - below) * (place - Math.floor(place));
  const levels = Uint8Array.from(squares, (value) =>
    most > 0 ? roundHalfEven((Math.min(value, most) / most) * 255) : 0,
  );
  return medianFilter({ ...grey, data: levels }, 1).data.map((level) => (level > 100 ? 1 : 0));
}

/** Edges without those of whose neighbours too many or too few are edges. */
function withoutBlobs(
  edges: Uint8Array,
  { width, height }: ImageData8,
  size: number,
  isWrong: (count: number) => boolean,
): Uint8Array {
  const radius = size >> 1;
  return edges.map((edge, i) => {
    if (edge === 0) return 0;
    const [x, y] = [i % width, Math.floor(i / width)];
    let count = 0;
    for (let dy = -radius; dy <= radius; dy++) {
      const row = borderIndex(y + dy, height, "reflect") * width;
      for (let dx = -radius; dx <= radius; dx++) count += edges[row + borderIndex(x + dx, width, "reflect")]!;
    }
    return isWrong(count) ? 0 : 1;
  });
}

function saturated(image: ImageData8, factor: number, from: Colorspace): ImageData8 {
  if (Math.abs(factor - 1) <= 0.01) return image;
  const hsv = convertColors(image, from, "HSV");
  const levels = channelOf(hsv, 1);
  const strong = { ...levels, data: levels.data.map((level) => Math.min(Math.trunc(level * factor), 255)) };
  return convertColors(withChannel(hsv, 1, strong), "HSV", from);
}
