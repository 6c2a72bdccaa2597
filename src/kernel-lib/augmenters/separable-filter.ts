/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Filters of one row of weights, which goes down and across, over pictures of broken numbers. */
import { borderIndex, type BorderMode } from "./border.js";
import { truncatedGaussian, type FloatPicture } from "./float-picture.js";
import { levelPlace, type LevelPlace } from "./level-simd.js";
import type { Workplace } from "./picture-simd.js";

type Edge = Exclude<BorderMode, "constant">;

/** A Gaussian filter cut off at `truncate` deviations, as scipy's. */
export function gaussianFloat(picture: FloatPicture, sigma: number, mode: Edge = "edge", truncate = 4): FloatPicture {
  return separable(picture, truncatedGaussian(sigma, truncate), mode);
}

/** The same odd number of weights down and across. */
export function separable(picture: FloatPicture, weights: Float64Array, mode: Edge): FloatPicture {
  return separableBySimd(picture, weights, mode) ?? separablePlainly(picture, weights, mode);
}

function separableBySimd(picture: FloatPicture, weights: Float64Array, mode: Edge): FloatPicture | undefined {
  const { data } = picture;
  const found = levelPlace(data.byteLength, data.byteLength, ...filterSizes(picture, weights.length));
  if (!found) return undefined;
  const { place } = found;
  const [from, to] = [place.put(data), place.take(data.byteLength)];
  filterInPlace(found, from, to, picture, weights, mode);
  return { ...picture, data: new Float64Array(place.buffer, to, data.length).slice() };
}

type Size = Pick<FloatPicture, "width" | "height" | "channels">;

/** What `filterInPlace` takes of the memory. */
export function filterSizes({ width, channels }: Size, count: number): number[] {
  return [(width * channels + (count - 1) * channels) * 8, count * 16, count * 16];
}

/** The same with numbers that lie in memory, at one address, and become others at another. */
export function filterInPlace(
  { place, loops }: LevelPlace,
  from: number,
  to: number,
  { width, height, channels }: Size,
  weights: Float64Array,
  mode: Edge,
): void {
  const [radius, stride] = [weights.length >> 1, width * channels];
  const rowValues = stride + 2 * radius * channels;
  const rowAt = place.take(rowValues * 8);
  const row = new Float64Array(place.buffer, rowAt, rowValues);
  const [down, across] = [putTaps(place, weights), putTaps(place, weights)];
  for (let k = 0; k < weights.length; k++) across.places[4 * k] = rowAt + k * channels * 8;
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < weights.length; k++) {
      down.places[4 * k] = from + borderIndex(y + k - radius, height, mode) * stride * 8;
    }
    loops.weighted(down.address, weights.length, rowAt + radius * channels * 8, stride);
    fillMargins(row, width, channels, radius, mode);
    loops.weighted(across.address, weights.length, to + y * stride * 8, stride);
  }
}

/** Taps for the loop `weighted`: of every four `places`, the first is an address. */
export function putTaps(place: Workplace, weights: ArrayLike<number>): { address: number; places: Uint32Array } {
  const address = place.take(weights.length * 16);
  const shares = new Float64Array(place.buffer, address, 2 * weights.length);
  for (let k = 0; k < weights.length; k++) shares[2 * k + 1] = weights[k]!;
  return { address, places: new Uint32Array(place.buffer, address, 4 * weights.length) };
}

function separablePlainly(picture: FloatPicture, weights: Float64Array, mode: Edge): FloatPicture {
  const { data, width, height, channels } = picture;
  const radius = weights.length >> 1;
  const stride = width * channels;
  const result = new Float64Array(data.length);
  const row = new Float64Array(stride + 2 * radius * channels);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (let k = 0; k < weights.length; k++) {
      const from = borderIndex(y + k - radius, height, mode) * stride;
      addWeighted(row, radius * channels, data, from, stride, weights[k]!);
    }
    fillMargins(row, width, channels, radius, mode);
    sumAcross(row, weights, channels, result, y * stride, stride);
  }
  return { ...picture, data: result };
}

/** What lies beyond a row's ends, `radius` pixels each. */
function fillMargins(row: Float64Array, width: number, channels: number, radius: number, mode: Edge): void {
  for (let i = 0; i < 2 * radius; i++) {
    const place = i < radius ? i - radius : width + i - radius;
    const from = (radius + borderIndex(place, width, mode)) * channels;
    row.copyWithin((radius + place) * channels, from, from + channels);
  }
}

function addWeighted(
  sums: Float64Array,
  to: number,
  data: Float64Array,
  from: number,
  count: number,
  weight: number,
): void {
  for (let i = 0; i < count; i++) sums[to + i]! += weight * data[from + i]!;
}

function sumAcross(
  row: Float64Array,
  weights: Float64Array,
  step: number,
  result: Float64Array,
  to: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let k = 0, at = i; k < weights.length; k++, at += step) sum += weights[k]! * row[at]!;
    result[to + i] = sum;
  }
}
