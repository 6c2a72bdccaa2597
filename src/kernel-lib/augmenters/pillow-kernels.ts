/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pillow's filters by small matrices, and how it applies them: turned upside down, without the edges, half up. */
import type { ImageData8 } from "../structures/image.js";
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

export function kernelFiltered(image: ImageData8, { weights, scale, offset }: PillowKernel): ImageData8 {
  const { data, width, height, channels } = image;
  const result = data.slice();
  const size = weights.length === 9 ? 3 : 5;
  const radius = size >> 1;
  const colours = colourCount(image);
  const taps = weights.flatMap((weight, i) => {
    const [dx, dy] = [(i % size) - radius, radius - Math.floor(i / size)];
    return weight === 0 ? [] : [{ by: (dy * width + dx) * channels, weight: Math.fround(weight / scale) }];
  });
  const [steps, factors] = [taps.map(({ by }) => by), taps.map(({ weight }) => weight)];
  for (let y = radius; y < height - radius; y++) {
    for (let x = radius; x < width - radius; x++) {
      const at = (y * width + x) * channels;
      for (let c = 0; c < colours; c++) {
        let sum = offset + 0.5;
        for (let k = 0; k < steps.length; k++) sum += data[at + c + steps[k]!]! * factors[k]!;
        result[at + c] = sum < 0 ? 0 : sum > 255 ? 255 : sum;
      }
    }
  }
  return { ...image, data: result };
}
