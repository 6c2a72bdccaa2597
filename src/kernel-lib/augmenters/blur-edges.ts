/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `blur`: `BilateralBlur`, which keeps edges (C. Tomasi and R. Manduchi, 1998), and `MotionBlur`. */
import type { ImageData8 } from "../structures/image.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { borderIndex } from "./border.js";
import { convolved, type Kernel } from "./convolutional.js";
import { affineMap, orderParameter, radians, singleRadians, type OrderParameter } from "./geometric.js";
import { colourCount } from "./lookup.js";
import { numberParameter, type NumberParameter } from "./parameters.js";
import { spreadBytes, spreadPicture } from "./picture-margins.js";
import { workplace } from "./picture-simd.js";
import { roundHalfEven } from "./enlarge.js";
import { warpAffine } from "./warp-affine.js";

export interface BilateralBlurOptions extends AugmenterOptions {
  /** Across how many pixels; [1, 9] by default. 1 does nothing. */
  d?: NumberParameter;
  /** How far colours may differ, in levels, at least 1; [10, 250] by default. */
  sigmaColor?: NumberParameter;
  /** How far pixels may be apart, in pixels, at least 1; [10, 250] by default. */
  sigmaSpace?: NumberParameter;
}

/** Blurs what is alike. */
export function BilateralBlur(given: NumberParameter | BilateralBlurOptions = {}): Augmenter {
  const options = firstOption<BilateralBlurOptions>("BilateralBlur", "d", given, ["d", "sigmaColor", "sigmaSpace"]);
  const d = numberParameter("d", options.d ?? [1, 9], { min: 1, max: 999, integer: true });
  const color = numberParameter("sigmaColor", options.sigmaColor ?? [10, 250], { min: 1 });
  const space = numberParameter("sigmaSpace", options.sigmaSpace ?? [10, 250], { min: 1 });
  return imageAugmenter("BilateralBlur", options, (image, random) => {
    const drawn = d.sample(random);
    const [sigmaColor, sigmaSpace] = [color.sample(random), space.sample(random)];
    return drawn === 1 ? image : bilateral(image, Math.max(drawn >> 1, 1), sigmaColor, sigmaSpace);
  });
}

function bilateral(image: ImageData8, radius: number, sigmaColor: number, sigmaSpace: number): ImageData8 {
  const falling = (sigma: number) => (x: number) => single(Math.exp((-0.5 * x * x) / (sigma * sigma)));
  const alike = Float32Array.from({ length: 256 * 3 }, (_, i) => falling(sigmaColor)(i));
  const around = disc(radius, falling(sigmaSpace));
  return bilateralBySimd(image, radius, around, alike) ?? bilateralPlainly(image, radius, around, alike);
}

function bilateralBySimd(image: ImageData8, radius: number, around: Disc, alike: Float32Array): ImageData8 | undefined {
  const { data, width, height, channels } = image;
  const { dx, dy, weights } = around;
  const margins = { left: radius, right: radius, above: radius, below: radius };
  const sizes = [spreadBytes(image, margins), data.length, weights.length * 8, alike.byteLength];
  const place = channels === 3 ? workplace(...sizes) : undefined;
  if (!place) return undefined;
  const { rows } = spreadPicture(place, image, margins, "reflect");
  const [to, tapsAt, alikeAt] = [place.take(data.length), place.take(weights.length * 8), place.put(alike)];
  const places = new Uint32Array(place.buffer, tapsAt, weights.length * 2);
  new Float32Array(place.buffer, tapsAt, weights.length * 2).set([...weights].flatMap((weight) => [0, weight]));
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < weights.length; k++) places[2 * k] = rows[y + dy[k]! + radius]! + (dx[k]! + radius) * 3;
    const here = rows[y + radius]! + radius * 3;
    place.loops.bilateralRow(here, tapsAt, weights.length, alikeAt, to + y * width * 3, width);
  }
  return { data: place.result(to, data.length), width, height, channels };
}

/** Sums are in single precision, as OpenCV's. */
const single = Math.fround;

function bilateralPlainly(image: ImageData8, radius: number, around: Disc, alike: Float32Array): ImageData8 {
  const { data, width, height, channels } = image;
  const { dx, dy, weights } = around;
  const result = data.slice();
  const colours = colourCount(image);
  const columns = borderTable(width, radius);
  const rows = borderTable(height, radius);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      let [total, first, second, third] = [0, 0, 0, 0];
      for (let k = 0; k < weights.length; k++) {
        const from = (rows[y + dy[k]! + radius]! * width + columns[x + dx[k]! + radius]!) * channels;
        let distance = Math.abs(data[from]! - data[at]!);
        if (colours === 3)
          distance += Math.abs(data[from + 1]! - data[at + 1]!) + Math.abs(data[from + 2]! - data[at + 2]!);
        const weight = single(weights[k]! * alike[distance]!);
        total = single(total + weight);
        first = single(first + single(weight * data[from]!));
        if (colours === 1) continue;
        second = single(second + single(weight * data[from + 1]!));
        third = single(third + single(weight * data[from + 2]!));
      }
      result[at] = roundHalfEven(single(first / total));
      if (colours === 1) continue;
      result[at + 1] = roundHalfEven(single(second / total));
      result[at + 2] = roundHalfEven(single(third / total));
    }
  }
  return { ...image, data: result };
}

/** Places, how far they are from a pixel, and their weights. */
interface Disc {
  dx: Int32Array;
  dy: Int32Array;
  weights: Float32Array;
}

/** All places at most `radius` away. */
function disc(radius: number, weight: (distance: number) => number): Disc {
  const [dx, dy, weights]: [number[], number[], number[]] = [[], [], []];
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      const distance = Math.hypot(x, y);
      if (distance > radius) continue;
      dx.push(x);
      dy.push(y);
      weights.push(weight(distance));
    }
  }
  return { dx: Int32Array.from(dx), dy: Int32Array.from(dy), weights: Float32Array.from(weights) };
}

/** For each place from `radius` before to `radius` behind a row, the pixel that stands there. */
export const borderTable = (length: number, radius: number): Int32Array =>
  Int32Array.from({ length: length + 2 * radius }, (_, i) => borderIndex(i - radius, length, "reflect"));

export interface MotionBlurOptions extends AugmenterOptions {
  /** How many pixels long, at least 3; [3, 7] by default. An even number that is drawn becomes the next odd one. */
  k?: NumberParameter;
  /** Degrees, clockwise from up; [0, 360] by default. */
  angle?: NumberParameter;
  /** From -1 (backwards) by 0 (both ways) to 1 (forwards); [-1, 1] by default. */
  direction?: NumberParameter;
  /** How the matrix is turned; 1 by default. */
  order?: OrderParameter;
}

/** Blurs pictures as if the camera had moved. */
export function MotionBlur(given: NumberParameter | MotionBlurOptions = {}): Augmenter {
  const options = firstOption<MotionBlurOptions>("MotionBlur", "k", given, ["k", "angle", "direction", "order"]);
  const k = numberParameter("k", options.k ?? [3, 7], { min: 3, max: 999, integer: true });
  const angle = numberParameter("angle", options.angle ?? [0, 360]);
  const direction = numberParameter("direction", options.direction ?? [-1, 1], { min: -1, max: 1 });
  const order = orderParameter(options.order ?? 1);
  return imageAugmenter("MotionBlur", options, (image, random) => {
    const size = k.sample(random) | 1;
    const [turn, share] = [angle.sample(random), (fround(direction.sample(random)) + 1) / 2];
    return convolved(image, motionKernel(size, turn, share, order(random)));
  });
}

/** A line down the middle, turned as a picture of 8 bits. */
function motionKernel(size: number, degrees: number, share: number, order: 0 | 1 | 3): Kernel {
  const line: ImageData8 = { data: new Uint8Array(size * size), width: size, height: size, channels: 1 };
  const step = (1 - share - share) / (size - 1);
  for (let y = 0; y < size; y++) {
    const part = y === size - 1 ? 1 - share : y * step + share;
    line.data[y * size + (size >> 1)] = fround(fround(part) * 255);
  }
  const rotate = Number.isInteger(degrees) ? radians(degrees) : singleRadians(degrees);
  const map = affineMap(line, { scale: [1, 1], translate: [0, 0], rotate, shear: [0, 0] });
  const { data } = warpAffine(line, map, { order, mode: "constant", cval: [0] });
  const shares = Float32Array.from(data, (level) => level / 255);
  const sum = pairwiseSum(shares);
  return Array.from({ length: size }, (_, y) =>
    Array.from(shares.subarray(y * size, (y + 1) * size), (value) => fround(value / sum)),
  );
}

const { fround } = Math;

/** In 32 bits and in numpy's order: eight sums side by side over up to 128 values, and halves of more. */
function pairwiseSum(values: Float32Array): number {
  const { length } = values;
  if (length > 128) {
    const half = (length >> 1) & ~7;
    return fround(pairwiseSum(values.subarray(0, half)) + pairwiseSum(values.subarray(half)));
  }
  const even = length < 8 ? 0 : length & ~7;
  const lanes = new Float32Array(8);
  for (let i = 0; i < even; i++) lanes[i & 7]! += values[i]!;
  const two = (i: number) => fround(lanes[i]! + lanes[i + 1]!);
  let sum = fround(fround(two(0) + two(2)) + fround(two(4) + two(6)));
  for (let i = even; i < length; i++) sum = fround(sum + values[i]!);
  return sum;
}
