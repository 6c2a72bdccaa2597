/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pictures of broken numbers, and what is done to them before they are 8 bits again. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import type { Tap } from "./convolutional.js";
import { fillEven } from "./even-numbers.js";
import { NormalNumbers } from "./normal-numbers.js";

/** Interleaved, row by row. */
export interface FloatPicture {
  data: Float64Array;
  width: number;
  height: number;
  channels: number;
}

/** The colours of a picture (grey or red, green and blue) as shares, 0 to 1. */
export function colorsOf({ data, width, height, channels }: ImageData8): FloatPicture {
  const count = channels === 4 ? 3 : channels;
  const result = new Float64Array(width * height * count);
  for (let i = 0, to = 0; i < data.length; i += channels) {
    for (let c = 0; c < count; c++) result[to++] = data[i + c]! / 255;
  }
  return { data: result, width, height, channels: count };
}

/** The picture with other colours, clipped to 0 to 1 and cut off to whole levels; alpha stays. */
export function withColors(image: ImageData8, { data: shares, channels: count }: FloatPicture): ImageData8 {
  const data = image.data.slice();
  for (let i = 0, from = 0; i < data.length; i += image.channels) {
    for (let c = 0; c < count; c++) data[i + c] = Math.min(Math.max(shares[from++]!, 0), 1) * 255;
  }
  return { ...image, data };
}

/** Weights up to `truncate` deviations to both sides; together 1. */
export function truncatedGaussian(sigma: number, truncate = 4): Float64Array {
  const radius = Math.trunc(truncate * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** How far each step of a line is from the first, and its weight: half a Gaussian, one step a pixel. */
export function motionTaps(radius: number, sigma: number, degrees: number): Tap[] {
  const count = 2 * radius + 1;
  const weights = Float64Array.from({ length: count }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)));
  const sum = weights.reduce((a, b) => a + b, 0);
  const angle = (degrees * Math.PI) / 180;
  return Array.from(weights, (weight, i) => ({
    dy: Math.ceil(i * Math.sin(angle) - 0.5),
    dx: Math.ceil(i * Math.cos(angle) - 0.5),
    weight: weight / sum,
  }));
}

/** Drawn out along a line, as far as that is shorter than the picture. */
export function motionFloat(picture: FloatPicture, taps: readonly Tap[]): FloatPicture {
  const { data, width, height, channels } = picture;
  const result = new Float64Array(data.length);
  const columns = new Int32Array(width);
  for (const { dx, dy, weight } of withinPicture(taps, picture)) {
    for (let x = 0; x < width; x++) columns[x] = Math.min(Math.max(x + dx, 0), width - 1) * channels;
    for (let y = 0; y < height; y++) {
      const from = Math.min(Math.max(y + dy, 0), height - 1) * width * channels;
      addGathered(result, y * width * channels, data, from, columns, channels, weight);
    }
  }
  return { ...picture, data: result };
}

/** Until the first that lies as far away as the picture is long. */
export function withinPicture(taps: readonly Tap[], { width, height }: { width: number; height: number }): Tap[] {
  const end = taps.findIndex(({ dx, dy }) => Math.abs(dy) >= height || Math.abs(dx) >= width);
  return end < 0 ? [...taps] : taps.slice(0, end);
}

function addGathered(
  sums: Float64Array,
  to: number,
  data: Float64Array,
  from: number,
  columns: Int32Array,
  channels: number,
  weight: number,
): void {
  for (const column of columns) {
    const at = from + column;
    for (let c = 0; c < channels; c++) sums[to++]! += weight * data[at + c]!;
  }
}

/** A plane of numbers, one a pixel. */
export function plane(width: number, height: number, value: (i: number) => number): FloatPicture {
  const data = new Float64Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = value(i);
  return { data, width, height, channels: 1 };
}

/** A plane of normal numbers. */
export function normalPlane(width: number, height: number, mean: number, deviation: number, random: SeededRandom) {
  const numbers = new NormalNumbers(random);
  return plane(width, height, () => mean + deviation * numbers.next());
}

/** A plane of even numbers from low to high. */
export function evenPlane(width: number, height: number, low: number, high: number, random: SeededRandom) {
  const result: FloatPicture = { data: new Float64Array(width * height), width, height, channels: 1 };
  fillEven(random, result.data, low, high);
  return result;
}
