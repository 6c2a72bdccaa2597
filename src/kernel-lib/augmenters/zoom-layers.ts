/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * The mean of a picture and of its middle parts enlarged, as `zoom_blur` of imagecorruptions has it: scipy's `zoom` of order 1, whose sums are
 * in double precision, added up in single precision.
 */
import type { ImageData8 } from "../structures/image.js";
import { roundHalfEven } from "./enlarge.js";
import { uninitialised } from "./picture-simd.js";

/** @param factors by which the middle parts are enlarged; what of them does not fill the picture counts as black */
export function meanOfZooms(image: ImageData8, factors: readonly number[]): ImageData8 {
  const { data, width, height, channels } = image;
  const shares = Float32Array.from(data, (level) => level / 255);
  const sums = new Float32Array(data.length);
  for (const factor of factors) addZoomed(shares, image, factor, sums);
  const result = uninitialised(data.length);
  const count = factors.length + 1;
  for (let i = 0; i < data.length; i++) {
    const mean = Math.fround(Math.fround(shares[i]! + sums[i]!) / count);
    result[i] = Math.min(Math.max(Math.fround(mean * 255), 0), 255);
  }
  if (channels === 4) for (let i = 3; i < data.length; i += 4) result[i] = data[i]!;
  return { data: result, width, height, channels };
}

type Size = Pick<ImageData8, "width" | "height" | "channels">;

function addZoomed(shares: Float32Array, { width, height, channels }: Size, factor: number, sums: Float32Array): void {
  const [columns, rows] = [zoomPlaces(width, factor), zoomPlaces(height, factor)];
  const colors = channels === 4 ? 3 : channels;
  const stride = width * channels;
  for (let y = 0; y < rows.count; y++) {
    const [upper, lower] = [rows.here[y]! * stride, rows.next[y]! * stride];
    const [above, below] = [rows.first[y]!, rows.second[y]!];
    for (let x = 0, to = y * stride; x < columns.count; x++, to += channels) {
      const [here, next] = [columns.here[x]! * channels, columns.next[x]! * channels];
      const [left, right] = [columns.first[x]!, columns.second[x]!];
      for (let c = 0; c < colors; c++) {
        const value =
          shares[upper + here + c]! * above * left +
          shares[upper + next + c]! * above * right +
          shares[lower + here + c]! * below * left +
          shares[lower + next + c]! * below * right;
        sums[to + c]! += Math.fround(value);
      }
    }
  }
}

/** For each place of the enlarged part, as far as the picture has it: two pixels, and their weights. */
export interface ZoomPlaces {
  count: number;
  here: Int32Array;
  next: Int32Array;
  first: Float64Array;
  second: Float64Array;
}

/** scipy's `zoom` with order 1 of the middle part that then fills a length, as far as it reaches. */
export function zoomPlaces(length: number, factor: number): ZoomPlaces {
  const part = Math.ceil(length / factor);
  const start = (length - part) >> 1;
  const target = roundHalfEven(part * factor);
  const step = target > 1 ? (part - 1) / (target - 1) : 1;
  const count = Math.min(target, length);
  const at = Array.from({ length: count }, (_, i) => i * step);
  // Steps may add up to a little more than the part has: scipy then takes nothing.
  const isWithin = (place: number) => place <= part - 1;
  return {
    count,
    here: Int32Array.from(at, (place) => start + Math.min(Math.floor(place), part - 1)),
    next: Int32Array.from(at, (place) => start + Math.min(Math.floor(place) + 1, part - 1)),
    first: Float64Array.from(at, (place) => (isWithin(place) ? 1 - (place - Math.floor(place)) : 0)),
    second: Float64Array.from(at, (place) => (isWithin(place) ? place - Math.floor(place) : 0)),
  };
}
