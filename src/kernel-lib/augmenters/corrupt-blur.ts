/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Blurs of the corruptions by D. Hendrycks and T. Dietterich (2019), for severities 1 to 5. */
import { borderIndex } from "./border.js";
import type { ImageData8 } from "../structures/image.js";
import { convolvedBySimd, type Tap } from "./convolutional.js";
import type { Corruption } from "./corrupt-noise.js";
import { cutOffBySimd, smoothedBySimd } from "./corrupt-simd.js";
import {
  colorsOf,
  evenPlane,
  motionFloat,
  motionTaps,
  plane,
  truncatedGaussian,
  withColors,
  withinPicture,
  type FloatPicture,
} from "./float-picture.js";
import { colourCount } from "./lookup.js";
import { gaussianFloat, separable } from "./separable-filter.js";
import { meanOfZooms } from "./zoom-layers.js";

export const gaussianBlur: Corruption = (image, severity) => {
  const weights = truncatedGaussian([1, 2, 3, 4, 6][severity - 1] ?? 1);
  return smoothedBySimd(image, weights) ?? withColors(image, separable(colorsOf(image), weights, "edge"));
};

/** Blurred, pixels replaced by others nearby (imgaug means to swap them, and does not), and blurred again. */
export const glassBlur: Corruption = (image, severity, random) => {
  const settings = [
    [0.7, 1, 2],
    [0.9, 2, 1],
    [1, 2, 3],
    [1.1, 3, 2],
    [1.5, 4, 2],
  ] as const;
  const [sigma, reach, rounds] = settings[severity - 1] ?? settings[0];
  const first = gaussianFloat(colorsOf(image), sigma);
  const { data, width, height, channels } = {
    ...first,
    data: first.data.map((share) => Math.floor(share * 255) / 255),
  };
  for (let round = 0; round < rounds; round++) {
    for (let y = height - reach; y > reach; y--) {
      for (let x = width - reach; x > reach; x--) {
        const to = ((y + random.integer(2 * reach) - reach) * width + x + random.integer(2 * reach) - reach) * channels;
        const from = (y * width + x) * channels;
        for (let c = 0; c < channels; c++) data[from + c] = data[to + c]!;
      }
    }
  }
  return withColors(image, gaussianFloat({ data, width, height, channels }, sigma));
};

/** Under a soft disc. */
export const defocusBlur: Corruption = (image, severity) => {
  const settings = [
    [3, 0.1],
    [4, 0.5],
    [6, 0.5],
    [8, 0.5],
    [10, 0.5],
  ] as const;
  const [radius, soft] = settings[severity - 1] ?? settings[0];
  const taps = tapsOf(disc(radius, soft));
  return convolvedBySimd(image, taps, "reflect", null) ?? convolvedExactly(image, taps);
};

const single = Math.fround;

/** In single precision, as there: by how much the weights are together more or less than 1 decides what becomes of plain areas. */
function disc(radius: number, soft: number): FloatPicture {
  const reach = Math.max(radius, 8);
  const size = 2 * reach + 1;
  const hard = plane(size, size, (i) =>
    Number(((i % size) - reach) ** 2 + (Math.floor(i / size) - reach) ** 2 <= radius * radius),
  );
  // Together 1 before they are softened, as there: a disc that reaches its square's edge loses some of it.
  const total = hard.data.reduce((a, b) => a + b, 0);
  const plain = { ...hard, data: hard.data.map((weight) => single(weight / total)) };
  const half = radius <= 8 ? 1 : 2;
  const bell = Array.from({ length: half + 1 }, (_, i) => single(Math.exp(-(i ** 2) / (2 * soft * soft))));
  const sum = bell.reduce((all, weight, i) => all + (i === 0 ? weight : 2 * weight), 0);
  const weights = bell.map((weight) => single(weight * (1 / sum)));
  return softenedAcross(softenedAcross(plain, weights), weights);
}

/** Of a square, turned over its diagonal. @param weights of the middle and to both sides */
function softenedAcross({ data, ...square }: FloatPicture, weights: readonly number[]): FloatPicture {
  const size = square.width;
  const result = new Float64Array(data.length);
  for (let y = 0; y < size; y++) {
    const at = (x: number) => data[y * size + borderIndex(x, size, "reflect")]!;
    for (let x = 0; x < size; x++) {
      const sides = weights.slice(1).map((weight, i) => single(single(at(x - 1 - i) + at(x + 1 + i)) * weight));
      result[x * size + y] = sides.reduce((sum, side) => single(sum + side), single(at(x) * weights[0]!));
    }
  }
  return { ...square, data: result };
}

function tapsOf({ data, width }: FloatPicture): Tap[] {
  const reach = width >> 1;
  const taps = Array.from(data, (weight, i) => ({
    dx: (i % width) - reach,
    dy: Math.floor(i / width) - reach,
    weight,
  }));
  return taps.filter(({ weight }) => weight !== 0);
}

function convolvedExactly(image: ImageData8, taps: readonly Tap[]): ImageData8 {
  const { width, height, channels } = image;
  const colours = colourCount(image);
  const data = image.data.slice();
  const sums = new Float64Array(width * colours);
  const reach = Math.max(...taps.map(({ dx }) => Math.abs(dx)));
  const places = Int32Array.from(
    { length: width + 2 * reach },
    (_, i) => borderIndex(i - reach, width, "reflect") * channels,
  );
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (const { dx, dy, weight } of taps) {
      const row = borderIndex(y + dy, height, "reflect") * width * channels;
      for (let x = 0, i = 0; x < width; x++) {
        const from = row + places[x + dx + reach]!;
        for (let c = 0; c < colours; c++) sums[i++]! += weight * image.data[from + c]!;
      }
    }
    for (let x = 0, i = 0; x < width; x++) {
      const to = (y * width + x) * channels;
      for (let c = 0; c < colours; c++) data[to + c] = Math.min(sums[i++]!, 255);
    }
  }
  return { data, width, height, channels };
}

export const motionBlur: Corruption = (image, severity, random) => {
  const settings = [
    [10, 3],
    [15, 5],
    [15, 8],
    [15, 12],
    [20, 15],
  ] as const;
  const [radius, sigma] = settings[severity - 1] ?? settings[0];
  const taps = withinPicture(motionTaps(radius, sigma, random.uniform(-45, 45)), image);
  return cutOffBySimd(image, taps, "edge") ?? withColors(image, motionFloat(colorsOf(image), taps));
};

/** The mean of the picture and of parts of it, ever smaller and enlarged. */
export const zoomBlur: Corruption = (image, severity) => {
  const settings = [
    [1.11, 0.01],
    [1.16, 0.01],
    [1.21, 0.02],
    [1.26, 0.02],
    [1.31, 0.03],
  ] as const;
  const [end, step] = settings[severity - 1] ?? settings[0];
  // Places as numpy's arange has them.
  const delta = 1 + step - 1;
  return meanOfZooms(
    image,
    Array.from({ length: Math.ceil((end - 1) / step) }, (_, i) => 1 + i * delta),
  );
};

/** Each pixel from a little beside it. */
export const elasticTransform: Corruption = (image, severity, random) => {
  const picture = colorsOf(image);
  const { data, width, height, channels } = picture;
  const strength = 250 * ([0.05, 0.065, 0.085, 0.1, 0.12][severity - 1] ?? 0.05);
  const reach = height * 0.005;
  const [shiftX, shiftY] = [0, 1].map(() => {
    const noise = evenPlane(width, height, -reach, reach, random);
    return gaussianFloat(noise, 0.01 * Math.max(Math.sqrt(width * height), 1), "symmetric", 3).data;
  }) as [Float64Array, Float64Array];
  const result = new Float64Array(data.length);
  const column = (x: number) => borderIndex(x, width, "symmetric") * channels;
  const row = (y: number) => borderIndex(y, height, "symmetric") * width * channels;
  for (let i = 0, to = 0; i < width * height; i++) {
    const x = (i % width) + shiftX[i]! * strength;
    const y = Math.floor(i / width) + shiftY[i]! * strength;
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [first, second, upper, lower] = [column(left), column(left + 1), row(top), row(top + 1)];
    const [beside, below] = [x - left, y - top];
    for (let c = 0; c < channels; c++) {
      const above = data[upper + first + c]! * (1 - beside) + data[upper + second + c]! * beside;
      const under = data[lower + first + c]! * (1 - beside) + data[lower + second + c]! * beside;
      result[to++] = above * (1 - below) + under * below;
    }
  }
  return withColors(image, { ...picture, data: result });
};
