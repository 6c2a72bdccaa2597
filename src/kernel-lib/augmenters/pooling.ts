/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's module `pooling`: blocks of pixels become one. */
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import { booleanOption, recordOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { type Augmenter, type AugmenterOptions, chance, knownOptions, madeAugmenter } from "./augmenter.js";
import { padded, type PadMode } from "./pad.js";
import { isParameter, numberParameter, type NumberParameter } from "./parameters.js";
import { medianBlocks } from "./pooling-median.js";
import { resized } from "./resize.js";
import { movedSubject } from "./subject.js";
import { resizedMap } from "./value-map.js";

/** One for each side. */
export type NumberPair = readonly [NumberParameter, NumberParameter];

/** One for both sides, { height, width }, or [height, width], of which at least one is a range, a list or a stochastic parameter. */
export type BlockSizeParameter = NumberParameter | NumberPair | { height: NumberParameter; width: NumberParameter };

export interface PoolingOptions extends AugmenterOptions {
  /** How many pixels become one, down and across; [1, 5] by default. */
  kernelSize?: BlockSizeParameter;
  /** Bring the picture back to its old size; true by default. */
  keepSize?: boolean;
}

/** What a block becomes, of which the values may change places. */
type Pool = (values: Uint8Array) => number;

/** Blocks become their mean. */
export function AveragePooling(given: NumberParameter | NumberPair | PoolingOptions = {}): Augmenter {
  return pooling("AveragePooling", given, "reflect", (values) => {
    let sum = 0;
    for (const value of values) sum += value;
    return Math.trunc(sum / values.length);
  });
}

/** Blocks become their lightest level, in each channel. */
export function MaxPooling(given: NumberParameter | NumberPair | PoolingOptions = {}): Augmenter {
  return pooling("MaxPooling", given, "edge", (values) => {
    let most = 0;
    for (const value of values) if (value > most) most = value;
    return most;
  });
}

/** Blocks become their darkest level, in each channel. */
export function MinPooling(given: NumberParameter | NumberPair | PoolingOptions = {}): Augmenter {
  return pooling("MinPooling", given, "edge", (values) => {
    let least = 255;
    for (const value of values) if (value < least) least = value;
    return least;
  });
}

/** Blocks become their median. */
export function MedianPooling(given: NumberParameter | NumberPair | PoolingOptions = {}): Augmenter {
  return pooling("MedianPooling", given, "reflect", median, medianBlocks);
}

function median(values: Uint8Array): number {
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) >> 1;
}

function pooling(
  name: string,
  given: NumberParameter | NumberPair | PoolingOptions,
  mode: PadMode,
  pool: Pool,
  quick?: (image: ImageData8, size: number) => ImageData8 | undefined,
): Augmenter {
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
    const whole = inBlocks(image, down, across, mode);
    const small = (down === across ? quick?.(whole, down) : undefined) ?? pooled(whole, down, across, pool);
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
export function blockSizeParameter(option: string, value: BlockSizeParameter, min: number, max = 1e6) {
  const range = { min, max, integer: true };
  const isTwo = isPair(value);
  if (!isTwo && (typeof value === "number" || Array.isArray(value) || isParameter(value))) {
    const both = numberParameter(option, value, range);
    return (random: SeededRandom): [down: number, across: number] => {
      const drawn = both.sample(random);
      return [drawn, drawn];
    };
  }
  const [height, width] = isTwo ? value : sidesOf(option, value);
  const [down, across] = [
    numberParameter(isTwo ? `${option}[0]` : `${option}.height`, height, range),
    numberParameter(isTwo ? `${option}[1]` : `${option}.width`, width, range),
  ];
  return (random: SeededRandom): [down: number, across: number] => [down.sample(random), across.sample(random)];
}

/** Two plain numbers are a range. */
const isPair = (value: unknown): value is NumberPair =>
  Array.isArray(value) && value.length === 2 && value.some((each) => Array.isArray(each) || isParameter(each));

function sidesOf(option: string, value: unknown): [height: NumberParameter, width: NumberParameter] {
  const expected = "a whole number, a range, { height, width } or [height, width]";
  const { height, width, ...rest } = recordOption(option, value, expected);
  const [stranger] = Object.keys(rest);
  if (stranger === undefined) return [height as NumberParameter, width as NumberParameter];
  throw new VitrineError("InvalidOption", { option, expected, received: quote(value) });
}

/** Pictures that blocks don't divide are padded first, half on each side. */
function inBlocks(image: ImageData8, down: number, across: number, mode: PadMode): ImageData8 {
  const missing = (length: number, block: number) => (block - (length % block)) % block;
  const [high, wide] = [missing(image.height, down), missing(image.width, across)];
  const sides = [Math.floor(high / 2), Math.ceil(wide / 2), Math.ceil(high / 2), Math.floor(wide / 2)] as const;
  return padded(image, sides, mode, 0);
}

function pooled(image: ImageData8, down: number, across: number, pool: Pool): ImageData8 {
  const { data, width, height, channels } = image;
  const result = new Uint8Array((width / across) * (height / down) * channels);
  const values = new Uint8Array(down * across);
  const [stride, step] = [width * channels, across * channels];
  for (let top = 0, to = 0; top < data.length; top += down * stride) {
    for (let left = top; left < top + stride; left += step) {
      for (let c = 0; c < channels; c++) {
        let count = 0;
        for (let row = left + c; count < values.length; row += stride) {
          for (let at = row; at < row + step; at += channels) values[count++] = data[at]!;
        }
        result[to++] = pool(values);
      }
    }
  }
  return { data: result, width: width / across, height: height / down, channels };
}
