/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pictures at half and at twice the size by the Gaussian of P. Burt (1 4 6 4 1), as OpenCV's `pyrDown` and `pyrUp`. */
import type { ImageData8 } from "../structures/image.js";
import { borderIndex } from "./border.js";

export function halved(image: ImageData8): ImageData8 {
  const { data, width, height, channels } = image;
  const [wide, high] = [(width + 1) >> 1, (height + 1) >> 1];
  const result = new Uint8Array(wide * high * channels);
  const across = new Int32Array(wide * height * channels);
  const weights = [1, 4, 6, 4, 1];
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < wide; x++) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < 5; k++) {
          sum += weights[k]! * data[(y * width + borderIndex(2 * x + k - 2, width, "reflect")) * channels + c]!;
        }
        across[to++] = sum;
      }
    }
  }
  const stride = wide * channels;
  for (let y = 0, to = 0; y < high; y++) {
    for (let i = 0; i < stride; i++) {
      let sum = 128;
      for (let k = 0; k < 5; k++)
        sum += weights[k]! * across[borderIndex(2 * y + k - 2, height, "reflect") * stride + i]!;
      result[to++] = sum >> 8;
    }
  }
  return { data: result, width: wide, height: high, channels };
}

/** @param width at most twice the picture's, as `height` */
export function doubled(
  { data, width: wide, height: high, channels }: ImageData8,
  width: number,
  height: number,
): ImageData8 {
  const result = new Uint8Array(width * height * channels);
  const taps = (i: number, length: number): readonly (readonly [place: number, weight: number])[] => {
    const here = i >> 1;
    const next = Math.min(here + 1, length - 1);
    if (i % 2 === 1)
      return [
        [here, 4],
        [next, 4],
      ];
    return [
      [here === 0 ? Math.min(1, length - 1) : here - 1, 1],
      [here, 6],
      [next, 1],
    ];
  };
  const columns = Array.from({ length: width }, (_, x) => taps(x, wide));
  // OpenCV has the last row of an odd height made over, four values at a time, by the row that would come after it.
  const overwritten = height % 2 === 1 ? Math.floor((width * channels) / 4) * 4 : 0;
  for (let y = 0, to = 0; y < height; y++) {
    const [own, next] = [taps(y, high), taps(y + 1, high)];
    for (const [x, column] of columns.entries()) {
      for (let c = 0; c < channels; c++) {
        let sum = 32;
        const rows = y === height - 1 && x * channels + c < overwritten ? next : own;
        for (const [row, down] of rows) {
          for (const [place, across] of column) sum += down * across * data[(row * wide + place) * channels + c]!;
        }
        result[to++] = sum >> 6;
      }
    }
  }
  return { data: result, width, height, channels };
}
