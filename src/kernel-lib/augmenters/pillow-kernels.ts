/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pillow's filters by small matrices, and how it applies them: turned upside down, without the edges, half up. */
import type { ImageData8 } from "../structures/image.js";
import { levelPlace } from "./level-simd.js";
import { colourCount } from "./lookup.js";

export interface PillowKernel {
  /** 3 × 3 or 5 × 5 weights. */
  weights: readonly number[];
  scale: number;
  offset: number;
}

const kernel = (weights: readonly number[], scale: number, offset = 0): PillowKernel => ({ weights, scale, offset });
const around = (others: number, middle: number) => [
  others,
  others,
  others,
  others,
  middle,
  others,
  others,
  others,
  others,
];

export const PILLOW_KERNELS = {
  // prettier-ignore
  blur: kernel([1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1], 16),
  contour: kernel(around(-1, 8), 1, 255),
  detail: kernel([0, -1, 0, -1, 10, -1, 0, -1, 0], 6),
  edgeEnhance: kernel(around(-1, 10), 2),
  edgeEnhanceMore: kernel(around(-1, 9), 1),
  emboss: kernel([-1, 0, 0, 0, 1, 0, 0, 0, 0], 1, 128),
  findEdges: kernel(around(-1, 8), 1),
  sharpen: kernel(around(-2, 32), 16),
  smooth: kernel(around(1, 5), 13),
  // prettier-ignore
  smoothMore: kernel([1, 1, 1, 1, 1, 1, 5, 5, 5, 1, 1, 5, 44, 5, 1, 1, 5, 5, 5, 1, 1, 1, 1, 1, 1], 100),
} as const;

/** In single precision, the sums of each row of the matrix by themselves first, as Pillow's. */
export function kernelFiltered(image: ImageData8, kernel: PillowKernel): ImageData8 {
  const radius = radiusOf(kernel);
  const isLarge = image.width > 2 * radius && image.height > 2 * radius;
  return (
    (image.channels !== 4 && isLarge ? filteredBySimd(image, kernel) : undefined) ?? filteredPlainly(image, kernel)
  );
}

const radiusOf = ({ weights }: PillowKernel): number => (weights.length === 9 ? 1 : 2);
const factorsOf = ({ weights, scale }: PillowKernel): Float32Array =>
  Float32Array.from(weights, (weight) => Math.fround(weight) / Math.fround(scale));

function filteredBySimd(image: ImageData8, kernel: PillowKernel): ImageData8 | undefined {
  const { data, width, height, channels } = image;
  const [radius, stride] = [radiusOf(kernel), width * channels];
  const size = 2 * radius + 1;
  const at = levelPlace(data.length, data.length, height * stride * 4 + 64, 128, 32);
  if (!at) return undefined;
  const { place, loops } = at;
  const [from, to, floats] = [place.put(data), place.put(data), place.take(height * stride * 4 + 64)];
  const [weights, listAt] = [place.put(factorsOf(kernel)), place.take(32)];
  const list = new Uint32Array(place.buffer, listAt, size);
  place.loops.toFloats(from, floats, data.length);
  const inner = stride - 2 * radius * channels;
  for (let y = radius; y < height - radius; y++) {
    for (let k = 0; k < size; k++) list[k] = floats + (y + radius - k) * stride * 4;
    const start = y * stride;
    loops.filteredRow(listAt, weights, size, kernel.offset + 0.5, to + start + radius * channels, inner, channels);
  }
  keepEdges(place.bytes(to, data.length), image, radius);
  return { data: place.result(to, data.length), width, height, channels };
}

/** Rows are written with a few bytes beyond their ends. */
function keepEdges(result: Uint8Array, { data, width, channels }: ImageData8, radius: number): void {
  const [stride, edge] = [width * channels, radius * channels];
  for (let row = 0; row < data.length; row += stride) {
    for (let i = row; i < row + edge; i++) result[i] = data[i]!;
    for (let i = row + stride - edge; i < row + stride; i++) result[i] = data[i]!;
  }
  const below = data.length - radius * stride;
  result.set(data.subarray(below), below);
}

function filteredPlainly(image: ImageData8, kernel: PillowKernel): ImageData8 {
  const { data, width, height, channels } = image;
  const result = data.slice();
  const [radius, colours, factors] = [radiusOf(kernel), colourCount(image), factorsOf(kernel)];
  const size = 2 * radius + 1;
  for (let y = radius; y < height - radius; y++) {
    for (let x = radius; x < width - radius; x++) {
      for (let c = 0; c < colours; c++) {
        let sum = Math.fround(kernel.offset + 0.5);
        for (let k = 0; k < size; k++) {
          const first = ((y + radius - k) * width + x - radius) * channels + c;
          sum = Math.fround(sum + rowSum(data, first, channels, factors.subarray(k * size, (k + 1) * size)));
        }
        result[(y * width + x) * channels + c] = sum < 0 ? 0 : sum > 255 ? 255 : sum;
      }
    }
  }
  return { ...image, data: result };
}

function rowSum(data: Uint8Array, first: number, step: number, factors: Float32Array): number {
  let sum = Math.fround(data[first]! * factors[0]!);
  for (let i = 1; i < factors.length; i++) sum = Math.fround(sum + Math.fround(data[first + i * step]! * factors[i]!));
  return sum;
}
