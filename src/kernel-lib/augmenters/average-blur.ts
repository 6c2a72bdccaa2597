/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's `AverageBlur`. */
import type { ImageData8 } from "../structures/image.js";
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { roundHalfEven } from "./enlarge.js";
import { numberParameter, type NumberParameter } from "./parameters.js";
import { borderIndex } from "./border.js";
import { spreadBytes, spreadPicture } from "./picture-margins.js";
import { workplace } from "./picture-simd.js";

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
  return averagedBySimd(image, size) ?? averagedPlainly(image, size);
}

/** Of sizes whose sums fit into 16 bits, and whose means are a product and a shift of 32. */
function averagedBySimd(image: ImageData8, size: number): ImageData8 | undefined {
  const { data, width, height, channels } = image;
  const means = size <= 15 ? meanFactor(size * size) : undefined;
  const [before, behind] = [size >> 1, size - (size >> 1) - 1];
  const margins = { left: before, right: behind, above: before, below: behind };
  const bytes = width * channels;
  const sizes = [
    spreadBytes(image, margins),
    data.length,
    size * 4,
    ...Array.from({ length: height }, () => bytes * 2 + 32),
  ];
  const place = means && workplace(...sizes);
  if (!place) return undefined;
  const { rows } = spreadPicture(place, image, margins, "reflect");
  const [to, listAt] = [place.take(data.length), place.take(size * 4)];
  const list = new Uint32Array(place.buffer, listAt, size);
  const sumsOf = new Map<number, number>();
  for (const row of rows) {
    if (sumsOf.has(row)) continue;
    const at = place.take(bytes * 2 + 32);
    sumsOf.set(row, at);
    place.loops.sumAcross(row, at, bytes, channels, size);
  }
  const addresses = rows.map((row) => sumsOf.get(row) ?? 0);
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < size; k++) list[k] = addresses[y + k]!;
    place.loops.meanDown(listAt, to + y * bytes, bytes, size, means.more, means.factor, means.shift);
  }
  return { data: place.result(to, data.length), width, height, channels };
}

interface MeanFactor {
  more: number;
  factor: number;
  shift: number;
}

const factors = new Map<number, MeanFactor | null>();

/** Numbers of 16 bits by which every sum of `count` levels becomes the same mean as by `divisionBy`; nothing where there are none. */
function meanFactor(count: number): MeanFactor | undefined {
  const known = factors.get(count);
  if (known !== undefined) return known ?? undefined;
  const mean = divisionBy(count);
  const means = Uint8Array.from({ length: 255 * count + 1 }, (_, sum) => mean(sum));
  const isRight = ({ more, factor, shift }: MeanFactor) =>
    means.every((level, sum) => Math.floor(((sum + more) * factor) / 2 ** shift) === level);
  const shift = 15 + Math.floor(Math.log2(count));
  const near = Math.floor(2 ** shift / count);
  const tried = [0, 1].flatMap((a) => [0, 1].map((b) => ({ more: (count >> 1) + a, factor: near + b, shift })));
  const found = tried.find(({ factor, ...rest }) => factor < 65536 && isRight({ factor, ...rest })) ?? null;
  factors.set(count, found);
  return found ?? undefined;
}

function averagedPlainly(image: ImageData8, size: number): ImageData8 {
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
