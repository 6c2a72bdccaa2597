/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pictures of broken numbers, and what is done to them before they are 8 bits again. */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex, type BorderMode } from "./border.js";

/** Interleaved, row by row. */
export interface FloatPicture {
  data: Float64Array;
  width: number;
  height: number;
  channels: number;
}

type Edge = Exclude<BorderMode, "constant">;

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

/** A Gaussian filter cut off at `truncate` deviations, as scipy's. */
export function gaussianFloat(picture: FloatPicture, sigma: number, mode: Edge = "edge", truncate = 4): FloatPicture {
  const radius = Math.trunc(truncate * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return separable(
    picture,
    weights.map((weight) => weight / sum),
    mode,
  );
}

/** The same odd number of weights down and across. */
export function separable(picture: FloatPicture, weights: Float64Array, mode: Edge): FloatPicture {
  const { data, width, height, channels } = picture;
  const radius = weights.length >> 1;
  const down = new Float64Array(data.length);
  const stride = width * channels;
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < weights.length; k++) {
      const from = borderIndex(y + k - radius, height, mode) * stride;
      const weight = weights[k]!;
      for (let i = 0; i < stride; i++) down[y * stride + i]! += weight * data[from + i]!;
    }
  }
  const places = Int32Array.from(
    { length: width + 2 * radius },
    (_, i) => borderIndex(i - radius, width, mode) * channels,
  );
  const result = new Float64Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k]! * down[y * stride + places[x + k]! + c]!;
        result[y * stride + x * channels + c] = sum;
      }
    }
  }
  return { ...picture, data: result };
}

/** scipy's `zoom` with order 1 of the middle part that then fills the picture, as far as it reaches. */
export function zoomed(picture: FloatPicture, factor: number): FloatPicture {
  const { data, width, height, channels } = picture;
  const part = (length: number) => Math.ceil(length / factor);
  const [wide, high] = [part(width), part(height)];
  const [left, top] = [(width - wide) >> 1, (height - high) >> 1];
  const columns = zoomPlaces(wide, Math.round(wide * factor), width);
  const rows = zoomPlaces(high, Math.round(high * factor), height);
  const result = new Float64Array(rows.length * columns.length * channels);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      for (let c = 0; c < channels; c++) {
        const at = (y: number, x: number) => data[((top + y) * width + left + x) * channels + c]!;
        const upper = at(row.here, column.here) * (1 - column.share) + at(row.here, column.next) * column.share;
        const lower = at(row.next, column.here) * (1 - column.share) + at(row.next, column.next) * column.share;
        result[to++] = upper * (1 - row.share) + lower * row.share;
      }
    }
  }
  return { data: result, width: columns.length, height: rows.length, channels };
}

function zoomPlaces(from: number, target: number, most: number) {
  return Array.from({ length: Math.min(target, most) }, (_, i) => {
    const place = target > 1 ? (i * (from - 1)) / (target - 1) : 0;
    const here = Math.min(Math.floor(place), from - 1);
    return { here, next: Math.min(here + 1, from - 1), share: place - here };
  });
}

/** Drawn out along a line: half a Gaussian, one step a pixel. */
export function motionFloat(picture: FloatPicture, radius: number, sigma: number, degrees: number): FloatPicture {
  const { data, width, height, channels } = picture;
  const count = 2 * radius + 1;
  const weights = Float64Array.from({ length: count }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)));
  const sum = weights.reduce((a, b) => a + b, 0);
  const angle = (degrees * Math.PI) / 180;
  const result = new Float64Array(data.length);
  for (let i = 0; i < count; i++) {
    const dy = -Math.ceil(i * Math.sin(angle) - 0.5);
    const dx = -Math.ceil(i * Math.cos(angle) - 0.5);
    if (Math.abs(dy) >= height || Math.abs(dx) >= width) break;
    const weight = weights[i]! / sum;
    for (let y = 0, to = 0; y < height; y++) {
      const row = Math.min(Math.max(y - dy, 0), height - 1) * width;
      for (let x = 0; x < width; x++) {
        const from = (row + Math.min(Math.max(x - dx, 0), width - 1)) * channels;
        for (let c = 0; c < channels; c++) result[to++]! += weight * data[from + c]!;
      }
    }
  }
  return { ...picture, data: result };
}

/** A plane of numbers, one a pixel. */
export const plane = (width: number, height: number, value: (i: number) => number): FloatPicture => ({
  data: Float64Array.from({ length: width * height }, (_, i) => value(i)),
  width,
  height,
  channels: 1,
});
