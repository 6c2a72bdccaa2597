/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * What JPEG makes of a picture, without a file: colours at half the resolution, blocks of 8 × 8 by their cosine transform, its numbers
 * in steps by the tables of the standard's annex K, and all the way back. What a file does beside that loses nothing.
 * All of it is in integers, as libjpeg 9 does it, which Pillow had in imgaug's time: to the byte the same. Colours at half the resolution are
 * there the lower cosines of blocks of 16 × 16.
 */
import type { ImageData8 } from "../structures/image.js";
import {
  BACK_SHIFT,
  COSINES_16,
  COSINES_8,
  FIRST_SHIFT,
  thereShift,
  type CosineMatrix,
  type CosineTransform,
} from "./jpeg-cosines.js";
import { jpegBySimd } from "./jpeg-simd.js";

// prettier-ignore
const LUMA_STEPS = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
// prettier-ignore
const CHROMA_STEPS = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/** @param quality 1 to 100 */
export function jpegRoundTrip(image: ImageData8, quality: number): ImageData8 {
  const steps = [stepsOf(LUMA_STEPS, quality), stepsOf(CHROMA_STEPS, quality)] as const;
  return jpegBySimd(image, steps) ?? roundTrip(image, ...steps);
}

function stepsOf(table: readonly number[], quality: number): Int16Array {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - quality * 2;
  return Int16Array.from(table, (base) => Math.min(Math.max(Math.floor((base * scale + 50) / 100), 1), 255));
}

function roundTrip(image: ImageData8, lumaSteps: Int16Array, chromaSteps: Int16Array): ImageData8 {
  const { data, width, height, channels } = image;
  const plane = (): Plane => ({ values: new Int16Array(width * height), width, height });
  const luma = plane();
  if (channels === 1) {
    for (let i = 0; i < data.length; i++) luma.values[i] = data[i]! - 128;
    code(luma, lumaSteps, COSINES_8);
    return { ...image, data: Uint8Array.from(luma.values, (value) => value + 128) };
  }
  const [blue, red] = [plane(), plane()];
  for (let i = 0, at = 0; i < width * height; i++, at += channels) {
    const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
    // Shares of 65536. 128 is 0, and half a level is added: for luma 32768 - 128 * 65536.
    luma.values[i] = (19595 * r + 38470 * g + 7471 * b - 8355840) >> 16;
    blue.values[i] = (32768 * b - 11058 * r - 21710 * g + 32767) >> 16;
    red.values[i] = (32768 * r - 27439 * g - 5329 * b + 32767) >> 16;
  }
  code(luma, lumaSteps, COSINES_8);
  for (const color of [blue, red]) code(color, chromaSteps, COSINES_16);
  return { ...image, data: colored(image, luma.values, blue.values, red.values) };
}

function colored({ data, channels }: ImageData8, luma: Int16Array, blue: Int16Array, red: Int16Array): Uint8Array {
  const result = data.slice();
  const level = (value: number) => Math.min(Math.max(value, 0), 255);
  luma.forEach((value, i) => {
    const [y, b, r] = [value + 128, blue[i]!, red[i]!];
    result[i * channels] = level(y + ((91881 * r + 32768) >> 16));
    result[i * channels + 1] = level(y + ((32768 - 22553 * b - 46802 * r) >> 16));
    result[i * channels + 2] = level(y + ((116130 * b + 32768) >> 16));
  });
  return result;
}

/** Levels less 128. */
interface Plane {
  values: Int16Array;
  width: number;
  height: number;
}

/** Each block to steps and back. Beyond the edges lies the edge's pixel. */
function code({ values, width, height }: Plane, steps: Int16Array, { size, there, back }: CosineTransform): void {
  const block = new Int16Array(size * size);
  for (let top = 0; top < height; top += size) {
    for (let left = 0; left < width; left += size) {
      for (let i = 0; i < block.length; i++) {
        const row = Math.min(top + Math.floor(i / size), height - 1);
        block[i] = values[row * width + Math.min(left + (i % size), width - 1)]!;
      }
      const numbers = down(across(block, there, FIRST_SHIFT), 8, there, thereShift(size));
      for (let i = 0; i < 64; i++) numbers[i] = rounded(numbers[i]!, steps[i]!);
      const result = across(down(numbers, 8, back, FIRST_SHIFT), back, BACK_SHIFT);
      for (let i = 0; i < result.length; i++) {
        const [row, column] = [top + Math.floor(i / size), left + (i % size)];
        if (row < height && column < width) values[row * width + column] = Math.min(Math.max(result[i]!, -128), 127);
      }
    }
  }
}

/** Eight times a number, to whole steps: halves away from 0. */
function rounded(number: number, step: number): number {
  const size = Math.floor((Math.abs(number) + 4 * step) / (8 * step)) * step;
  return number < 0 ? -size : size;
}

/** Each row's sums, as a row. */
function across(values: Int16Array, { weights, rows, columns }: CosineMatrix, shift: number): Int16Array {
  const count = values.length / columns;
  const result = new Int16Array(count * rows);
  for (let y = 0; y < count; y++) {
    for (let k = 0; k < rows; k++) {
      let sum = 1 << (shift - 1);
      for (let n = 0; n < columns; n++) sum += weights[k * columns + n]! * values[y * columns + n]!;
      result[y * rows + k] = sum >> shift;
    }
  }
  return result;
}

/** Each column's sums, as a column; there are `count` columns. */
function down(values: Int16Array, count: number, { weights, rows, columns }: CosineMatrix, shift: number): Int16Array {
  const result = new Int16Array(count * rows);
  for (let x = 0; x < count; x++) {
    for (let k = 0; k < rows; k++) {
      let sum = 1 << (shift - 1);
      for (let n = 0; n < columns; n++) sum += weights[k * columns + n]! * values[n * count + x]!;
      result[k * count + x] = sum >> shift;
    }
  }
  return result;
}
