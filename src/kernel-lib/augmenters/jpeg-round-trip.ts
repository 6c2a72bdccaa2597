/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * What JPEG makes of a picture, without a file: colours at half the resolution, blocks of 8 × 8 by their cosine transform, its numbers
 * in steps by the tables of the standard's annex K, and all the way back. What a file does beside that loses nothing.
 * The steps and their scale of qualities are libjpeg's; colours at half the resolution are the lower cosines of blocks of 16 × 16, as in
 * libjpeg since version 7, which Pillow had in imgaug's time.
 */
import type { ImageData8 } from "../structures/image.js";

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
  const { data, width, height, channels } = image;
  const luma = new Plane(width, height);
  if (channels === 1) {
    luma.values.set(data);
    coded(luma, steps(LUMA_STEPS, quality), 8);
    return { ...image, data: Uint8Array.from(luma.values) };
  }
  const [blue, red] = [new Plane(width, height), new Plane(width, height)];
  for (let i = 0, at = 0; i < width * height; i++, at += channels) {
    const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
    luma.values[i] = Math.floor(0.299 * r + 0.587 * g + 0.114 * b + 0.5);
    blue.values[i] = Math.floor(-0.168735892 * r - 0.331264108 * g + 0.5 * b + 128.499999);
    red.values[i] = Math.floor(0.5 * r - 0.418687589 * g - 0.081312411 * b + 128.499999);
  }
  coded(luma, steps(LUMA_STEPS, quality), 8);
  for (const plane of [blue, red]) coded(plane, steps(CHROMA_STEPS, quality), 16);
  return { ...image, data: colored(image, luma.values, blue.values, red.values) };
}

function colored(
  { data, channels }: ImageData8,
  luma: Float32Array,
  blue: Float32Array,
  red: Float32Array,
): Uint8Array {
  const result = data.slice();
  const clipped = (value: number) => Math.min(Math.max(value, 0), 255);
  luma.forEach((y, i) => {
    const [b, r] = [blue[i]! - 128, red[i]! - 128];
    result[i * channels] = clipped(y + Math.floor(1.402 * r + 0.5));
    result[i * channels + 1] = clipped(y + Math.floor(-0.344136286 * b - 0.714136286 * r + 0.5));
    result[i * channels + 2] = clipped(y + Math.floor(1.772 * b + 0.5));
  });
  return result;
}

class Plane {
  readonly values: Float32Array;
  readonly width: number;
  readonly height: number;
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.values = new Float32Array(width * height);
  }
}

function steps(table: readonly number[], quality: number): Float32Array {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - quality * 2;
  return Float32Array.from(table, (base) => Math.min(Math.max(Math.floor((base * scale + 50) / 100), 1), 255));
}

/** The lower eight cosines of a row of so many values, `cosines[k * size + n]`, orthonormal. */
const cosinesOf = (size: number): Float64Array =>
  Float64Array.from({ length: 8 * size }, (_, i) => {
    const [k, n] = [Math.floor(i / size), i % size];
    return Math.sqrt((k === 0 ? 1 : 2) / size) * Math.cos(((2 * n + 1) * k * Math.PI) / (2 * size));
  });
const COSINES = { 8: cosinesOf(8), 16: cosinesOf(16) } as const;

/**
 * Each block of 8 × 8, or of 16 × 16 by its lower 8 × 8 cosines alone, rounded to steps, and back. Beyond the edges lies the edge's pixel.
 */
function coded({ values, width, height }: Plane, table: Float32Array, size: 8 | 16): void {
  const cosines = COSINES[size];
  const scale = 8 / size;
  const block = new Float64Array(size * size);
  for (let top = 0; top < height; top += size) {
    for (let left = 0; left < width; left += size) {
      for (let i = 0; i < block.length; i++) {
        const row = Math.min(top + Math.floor(i / size), height - 1);
        block[i] = values[row * width + Math.min(left + (i % size), width - 1)]! - 128;
      }
      const numbers = forward(block, cosines, size);
      for (let i = 0; i < 64; i++) {
        const step = table[i]! / scale;
        const rounded = Math.floor(Math.abs(numbers[i]!) / step + 0.5) * step;
        numbers[i] = numbers[i]! < 0 ? -rounded : rounded;
      }
      const result = backward(numbers, cosines, size);
      for (let i = 0; i < result.length; i++) {
        const [row, column] = [top + Math.floor(i / size), left + (i % size)];
        if (row >= height || column >= width) continue;
        values[row * width + column] = Math.min(Math.max(Math.floor(result[i]! + 128.5), 0), 255);
      }
    }
  }
}

/** Along rows, and then along columns: 8 × 8 numbers. */
function forward(block: Float64Array, cosines: Float64Array, size: number): Float64Array {
  const half = new Float64Array(size * 8);
  for (let y = 0; y < size; y++) {
    for (let k = 0; k < 8; k++) {
      let sum = 0;
      for (let n = 0; n < size; n++) sum += cosines[k * size + n]! * block[y * size + n]!;
      half[y * 8 + k] = sum;
    }
  }
  const result = new Float64Array(64);
  for (let x = 0; x < 8; x++) {
    for (let k = 0; k < 8; k++) {
      let sum = 0;
      for (let n = 0; n < size; n++) sum += cosines[k * size + n]! * half[n * 8 + x]!;
      result[k * 8 + x] = sum;
    }
  }
  return result;
}

function backward(numbers: Float64Array, cosines: Float64Array, size: number): Float64Array {
  const half = new Float64Array(size * 8);
  for (let y = 0; y < size; y++) {
    for (let k = 0; k < 8; k++) {
      const cosine = cosines[k * size + y]!;
      for (let x = 0; x < 8; x++) half[y * 8 + x]! += cosine * numbers[k * 8 + x]!;
    }
  }
  const result = new Float64Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (let k = 0; k < 8; k++) sum += cosines[k * size + x]! * half[y * 8 + k]!;
      result[y * size + x] = sum;
    }
  }
  return result;
}
