/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's `MedianBlur`. */
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { colourCount } from "./lookup.js";
import { spreadBytes, spreadPicture } from "./picture-margins.js";
import { workplace } from "./picture-simd.js";
import { isParameter, numberParameter, type NumberParameter } from "./parameters.js";

export interface MedianBlurOptions extends AugmenterOptions {
  /** How many pixels across and down, odd; [1, 7] by default. An even number that is drawn becomes the next odd one. */
  k?: NumberParameter;
}

/** Makes each pixel the median of those around it, each colour by itself. Alpha is left alone. */
export function MedianBlur(given: NumberParameter | MedianBlurOptions = {}): Augmenter {
  const options = firstOption<MedianBlurOptions>("MedianBlur", "k", given, ["k"]);
  const { k = [1, 7] } = options;
  if (!isParameter(k) && [k].flat().some((each: unknown) => typeof each === "number" && each % 2 === 0)) {
    throw new VitrineError("InvalidOption", { option: "k", expected: "odd numbers", received: quote(k) });
  }
  const size = numberParameter("k", k, { min: 1, max: 999, integer: true });
  return imageAugmenter("MedianBlur", options, (image, random) => {
    const drawn = size.sample(random);
    return drawn > 1 ? medianFilter(image, drawn >> 1) : image;
  });
}

/** Over `radius` pixels to each side; beyond the edges lies the edge's pixel. The window's histogram moves along (T. S. Huang, 1979). */
export function medianFilter(image: ImageData8, radius: number): ImageData8 {
  const isSmall = radius <= MOST_RADIUS && image.channels !== 4;
  return (isSmall ? medianBySimd(image, radius) : undefined) ?? medianPlainly(image, radius);
}

/** So that a count of all pixels under the window fits into a byte. */
const MOST_RADIUS = 7;

function medianBySimd(image: ImageData8, radius: number): ImageData8 | undefined {
  const { data, width, height, channels } = image;
  const margins = { left: radius, right: radius, above: radius, below: radius };
  const size = 2 * radius + 1;
  const place = workplace(spreadBytes(image, margins), data.length, size * 4);
  if (!place) return undefined;
  const { rows } = spreadPicture(place, image, margins, "edge");
  const [to, listAt] = [place.take(data.length), place.take(size * 4)];
  const list = new Uint32Array(place.buffer, listAt, size);
  const stride = width * channels;
  for (let y = 0; y < height; y++) {
    list.set(rows.slice(y, y + size));
    place.loops.rankRow(listAt, to + y * stride, stride, channels, size, (size * size + 1) / 2);
  }
  return { data: place.result(to, data.length), width, height, channels };
}

function medianPlainly(image: ImageData8, radius: number): ImageData8 {
  const result = { ...image, data: image.data.slice() };
  for (let c = 0; c < colourCount(image); c++) {
    for (let y = 0; y < image.height; y++) filterRow(image, result.data, y, c, radius);
  }
  return result;
}

function filterRow(
  { data, width, height, channels }: ImageData8,
  out: Uint8Array,
  y: number,
  c: number,
  radius: number,
) {
  const counts = new Int32Array(256);
  const rank = ((2 * radius + 1) ** 2 + 1) / 2;
  const addColumn = (x: number, amount: number) => {
    const column = Math.min(Math.max(x, 0), width - 1);
    for (let dy = -radius; dy <= radius; dy++) {
      const row = Math.min(Math.max(y + dy, 0), height - 1);
      counts[data[(row * width + column) * channels + c]!]! += amount;
    }
  };
  for (let x = -radius; x < radius; x++) addColumn(x, 1);
  for (let x = 0; x < width; x++) {
    addColumn(x + radius, 1);
    out[(y * width + x) * channels + c] = atRank(counts, rank);
    addColumn(x - radius, -1);
  }
}

function atRank(counts: Int32Array, rank: number): number {
  let level = 0;
  for (let sum = counts[0]!; sum < rank; sum += counts[level]!) level++;
  return level;
}
