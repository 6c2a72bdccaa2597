/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `pooling`: blocks of pixels become one. */
import type { ImageData8 } from "../structures/image.js";
import { booleanOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { type Augmenter, type AugmenterOptions, chance, knownOptions, madeAugmenter } from "./augmenter.js";
import { padded, type PadMode } from "./pad.js";
import { isParameter, numberParameter, type NumberParameter } from "./parameters.js";
import { resized } from "./resize.js";
import { movedSubject } from "./subject.js";
import { resizedMap } from "./value-map.js";

/** One for both sides, or { height, width }. */
export type BlockSizeParameter = NumberParameter | { height: NumberParameter; width: NumberParameter };

export interface PoolingOptions extends AugmenterOptions {
  /** How many pixels become one, down and across; [1, 5] by default. */
  kernelSize?: BlockSizeParameter;
  /** Bring the picture back to its old size; true by default. */
  keepSize?: boolean;
}

/** What a block becomes. */
type Pool = (values: number[]) => number;

/** Blocks become their mean. */
export function AveragePooling(given: NumberParameter | PoolingOptions = {}): Augmenter {
  return pooling("AveragePooling", given, "reflect", (values) =>
    Math.trunc(values.reduce((sum, value) => sum + value, 0) / values.length),
  );
}

/** Blocks become their lightest level, in each channel. */
export function MaxPooling(given: NumberParameter | PoolingOptions = {}): Augmenter {
  return pooling("MaxPooling", given, "edge", (values) => Math.max(...values));
}

/** Blocks become their darkest level, in each channel. */
export function MinPooling(given: NumberParameter | PoolingOptions = {}): Augmenter {
  return pooling("MinPooling", given, "edge", (values) => Math.min(...values));
}

/** Blocks become their median. */
export function MedianPooling(given: NumberParameter | PoolingOptions = {}): Augmenter {
  return pooling("MedianPooling", given, "reflect", (values) => {
    const sorted = values.sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return Math.trunc(sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2);
  });
}

function pooling(name: string, given: NumberParameter | PoolingOptions, mode: PadMode, pool: Pool): Augmenter {
  const isFirst = typeof given === "number" || Array.isArray(given) || isParameter(given);
  const options: PoolingOptions = isFirst
    ? { kernelSize: given }
    : knownOptions(name, given as PoolingOptions, ["kernelSize", "keepSize"]);
  const blockSize = blockSizeParameter("kernelSize", options.kernelSize ?? [1, 5], 0);
  const keepSize = booleanOption("keepSize", options.keepSize ?? true);
  return madeAugmenter(name, options, (subject, random) => {
    const { image } = subject;
    const [down, across] = blockSize(random ?? chance()).map((size) => Math.max(size, 1)) as [number, number];
    if (down < 2 && across < 2) return subject;
    const small = pooled(image, down, across, mode, pool);
    if (keepSize) return { ...subject, image: resized(small, image.width, image.height) };
    const [scaleX, scaleY] = [small.width / image.width, small.height / image.height];
    return movedSubject(
      subject,
      small,
      (x, y) => [x * scaleX, y * scaleY],
      (map) => resizedMap(map, Math.ceil(map.width / across), Math.ceil(map.height / down)),
    );
  });
}

/** @throws `InvalidOption` */
export function blockSizeParameter(option: string, value: BlockSizeParameter, min: number) {
  const range = { min, integer: true };
  if (typeof value === "number" || Array.isArray(value) || isParameter(value)) {
    const both = numberParameter(option, value, range);
    return (random: SeededRandom): [down: number, across: number] => {
      const drawn = both.sample(random);
      return [drawn, drawn];
    };
  }
  const { height, width } = value as { height: NumberParameter; width: NumberParameter };
  const [down, across] = [
    numberParameter(`${option}.height`, height, range),
    numberParameter(`${option}.width`, width, range),
  ];
  return (random: SeededRandom): [down: number, across: number] => [down.sample(random), across.sample(random)];
}

/** Pictures that blocks don't divide are padded first, half on each side. */
function pooled(image: ImageData8, down: number, across: number, mode: PadMode, pool: Pool): ImageData8 {
  const missing = (length: number, block: number) => (block - (length % block)) % block;
  const [high, wide] = [missing(image.height, down), missing(image.width, across)];
  const sides = [Math.floor(high / 2), Math.ceil(wide / 2), Math.ceil(high / 2), Math.floor(wide / 2)] as const;
  const { data, width, height, channels } = padded(image, sides, mode, 0);
  const result = new Uint8Array((width / across) * (height / down) * channels);
  let to = 0;
  for (let top = 0; top < height; top += down) {
    for (let left = 0; left < width; left += across) {
      for (let c = 0; c < channels; c++) {
        const values: number[] = [];
        for (let y = top; y < top + down; y++) {
          for (let x = left; x < left + across; x++) values.push(data[(y * width + x) * channels + c]!);
        }
        result[to++] = pool(values);
      }
    }
  }
  return { data: result, width: width / across, height: height / down, channels };
}
