/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's `AverageBlur`. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { roundHalfEven } from "./enlarge.js";
import type { NumberParameter } from "./parameters.js";
import { borderIndex } from "./border.js";
import { workplace, type PictureLoops } from "./picture-simd.js";
import { blockSizeParameter, type BlockSizeParameter, type NumberPair } from "./pooling.js";

export interface AverageBlurOptions extends AugmenterOptions {
  /**
   * How many pixels across and down; [1, 7] by default. 0 and 1 do nothing. [across, down], of which at least one is no plain number, is
   * in imgaug's order, which is another than its documentation says; { width, height } says which is which.
   */
  k?: BlockSizeParameter;
}

/** Makes each pixel the mean of those around it. */
export function AverageBlur(given: NumberParameter | NumberPair | AverageBlurOptions = {}): Augmenter {
  const options = firstOption<AverageBlurOptions>("AverageBlur", "k", given as NumberParameter, ["k"]);
  const size = sizeParameter(options.k ?? [1, 7]);
  return imageAugmenter("AverageBlur", options, (image, random) => {
    const drawn = size(random);
    return drawn.across * drawn.down > 1 ? averaged(image, drawn) : image;
  });
}

interface Window {
  across: number;
  down: number;
}

function sizeParameter(k: BlockSizeParameter): (random: SeededRandom) => Window {
  const size = blockSizeParameter("k", k, 0, 999);
  return (random) => {
    const [first, second] = size(random);
    return Array.isArray(k) ? { across: first, down: second } : { across: second, down: first };
  };
}

/** Around the picture lies its mirror image without the edge pixel. Of an even size, one pixel more lies before than behind. */
function averaged(image: ImageData8, size: Window): ImageData8 {
  return averagedBySimd(image, size) ?? averagedPlainly(image, size);
}

/** Sums of columns move down by a row, and sums of those across by a pixel. */
function averagedBySimd(image: ImageData8, { across, down }: Window): ImageData8 | undefined {
  const { data, width, height, channels } = image;
  const [bytes, above] = [width * channels, down >> 1];
  const copies = marginCopies(width, channels, across);
  const wide = (width + across - 1) * channels * 4;
  const place = workplace(data.length, data.length, wide, bytes * 4, copies.byteLength, bytes);
  if (!place) return undefined;
  const { loops } = place;
  const [from, to] = [place.put(data), place.take(data.length)];
  const [columns, sums] = [place.take(wide), place.take(bytes * 4)];
  const [copiesAt, nothing] = [place.put(copies), place.take(bytes)];
  place.bytes(columns, wide).fill(0);
  place.bytes(nothing, bytes).fill(0);
  const inside = columns + (across >> 1) * channels * 4;
  const rowAt = (y: number) => from + borderIndex(y, height, "reflect") * bytes;
  for (let k = 1; k < down; k++) loops.moveColumns(inside, rowAt(k - 1 - above), nothing, bytes);
  const means = meansOf(across * down);
  for (let y = 0; y < height; y++) {
    const less = y === 0 ? nothing : rowAt(y - 1 - above);
    loops.moveColumns(inside, rowAt(y + down - 1 - above), less, bytes);
    loops.copyWithin(columns, copiesAt, copies.length / 2);
    loops.slideAcross(columns, sums, width, channels, across);
    means(loops, sums, to + y * bytes, bytes);
  }
  return { data: place.result(to, data.length), width, height, channels };
}

/** Which numbers of a row with margins lie there a second time: pairs of places, to and from. */
function marginCopies(width: number, channels: number, size: number): Uint32Array {
  const before = size >> 1;
  const outside = Array.from({ length: size - 1 }, (_, i) => (i < before ? i : width + i));
  return Uint32Array.from(
    outside.flatMap((x) => {
      const from = before + borderIndex(x - before, width, "reflect");
      return Array.from({ length: channels }, (_, c) => [x * channels + c, from * channels + c]).flat();
    }),
  );
}

function averagedPlainly(image: ImageData8, { across, down }: Window): ImageData8 {
  const { data, width, height, channels } = image;
  const rows = sums(
    data,
    { count: width, stride: channels, lines: height, lineStride: width * channels },
    channels,
    across,
  );
  const both = sums(
    rows,
    { count: height, stride: width * channels, lines: width, lineStride: channels },
    channels,
    down,
  );
  const mean = divisionBy(across * down);
  return { data: Uint8Array.from(both, mean), width, height, channels };
}

interface WholeDivision {
  more: number;
  factor: number;
}

/** As OpenCV: sums of up to 256 pixels are multiplied with whole 2^-23s, which rounds most halves up and some less than a half. */
function wholeDivision(count: number): WholeDivision | undefined {
  if (count > 256) return undefined;
  const exact = 2 ** 23 / count;
  const isLow = exact - Math.floor(exact) < 0.5;
  return { more: (count >> 1) + (isLow ? 1 : 0), factor: Math.floor(exact) + (isLow ? 0 : 1) };
}

function divisionBy(count: number): (sum: number) => number {
  const whole = wholeDivision(count);
  if (!whole) return (sum) => roundHalfEven(sum * (1 / count));
  const { more, factor } = whole;
  return (sum) => Math.floor(((sum + more) * factor) / 2 ** 23);
}

/** The same of a row of sums. */
function meansOf(count: number): (loops: PictureLoops, sums: number, to: number, length: number) => void {
  const whole = wholeDivision(count);
  if (!whole) return (loops, ...row) => loops.exactMeans(...row, 1 / count);
  const { more, factor } = whole;
  return (loops, ...row) => loops.wholeMeans(...row, more, factor);
}

/** Where lines of pixels lie in memory. */
interface Lines {
  count: number;
  stride: number;
  lines: number;
  lineStride: number;
}

/** The sum of `size` neighbours along each line, which moves along. */
function sums(values: ArrayLike<number>, lines: Lines, channels: number, size: number): Float64Array {
  const result = new Float64Array(values.length);
  const before = size >> 1;
  for (let line = 0; line < lines.lines; line++) {
    for (let c = 0; c < channels; c++) {
      const start = line * lines.lineStride + c;
      const at = (i: number) => values[start + borderIndex(i, lines.count, "reflect") * lines.stride]!;
      let sum = 0;
      for (let i = -before; i < size - before - 1; i++) sum += at(i);
      for (let i = 0; i < lines.count; i++) {
        sum += at(i + size - before - 1);
        result[start + i * lines.stride] = sum;
        sum -= at(i - before);
      }
    }
  }
  return result;
}
