/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's `AverageBlur`. */
import type { ImageData8 } from "../structures/image.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { roundHalfEven } from "./enlarge.js";
import { numberParameter, type NumberParameter } from "./parameters.js";
import { borderIndex } from "./border.js";

export interface AverageBlurOptions extends AugmenterOptions {
  /** How many pixels across and down; [1, 7] by default. 0 and 1 do nothing. */
  k?: NumberParameter;
}

/** Makes each pixel the mean of those around it. */
export function AverageBlur(given: NumberParameter | AverageBlurOptions = {}): Augmenter {
  const options = firstOption<AverageBlurOptions>("AverageBlur", "k", given, ["k"]);
  const size = numberParameter("k", options.k ?? [1, 7], { min: 0, max: 999, integer: true });
  return imageAugmenter("AverageBlur", options, (image, random) => {
    const drawn = size.sample(random);
    return drawn > 1 ? averaged(image, drawn) : image;
  });
}

/** Around the picture lies its mirror image without the edge pixel. Of an even size, one pixel more lies before than behind. */
function averaged(image: ImageData8, size: number): ImageData8 {
  const { data, width, height, channels } = image;
  const across = sums(
    data,
    { count: width, stride: channels, lines: height, lineStride: width * channels },
    channels,
    size,
  );
  const both = sums(
    across,
    { count: height, stride: width * channels, lines: width, lineStride: channels },
    channels,
    size,
  );
  const mean = divisionBy(size * size);
  return { data: Uint8Array.from(both, mean), width, height, channels };
}

/** As OpenCV: sums of up to 256 pixels are multiplied with whole 2^-23s, which rounds most halves up and some less than a half. */
function divisionBy(count: number): (sum: number) => number {
  if (count > 256) return (sum) => roundHalfEven(sum * (1 / count));
  const exact = 2 ** 23 / count;
  const isLow = exact - Math.floor(exact) < 0.5;
  const factor = Math.floor(exact) + (isLow ? 0 : 1);
  const more = (count >> 1) + (isLow ? 1 : 0);
  return (sum) => Math.floor(((sum + more) * factor) / 2 ** 23);
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
