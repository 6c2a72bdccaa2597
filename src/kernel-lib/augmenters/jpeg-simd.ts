/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index lies within its table */
/** What JPEG makes of pictures, by `src/simd/jpeg-loops.ts`. */
import { jpegLoopsCode } from "../simd/jpeg-loops-code.js";
import { SimdCode } from "../simd/simd-code.js";
import type { ImageData8 } from "../structures/image.js";
import { COSINES_16, COSINES_8, type CosineMatrix, type CosineTransform } from "./jpeg-cosines.js";
import { workplace, type Workplace } from "./picture-simd.js";

/** What `src/simd/jpeg-loops.ts` exports; addresses in bytes. */
interface JpegLoops {
  toPlanes(from: number, to: number, width: number, height: number, channels: number, wide: number, high: number): void;
  toPlane(from: number, to: number, width: number, height: number, wide: number, high: number): void;
  fromPlanes(
    planes: number,
    to: number,
    width: number,
    height: number,
    channels: number,
    wide: number,
    high: number,
  ): void;
  fromPlane(plane: number, to: number, width: number, height: number, wide: number): void;
  codePlane(
    plane: number,
    wide: number,
    high: number,
    size: number,
    tables: number,
    steps: number,
    scratch: number,
  ): void;
}

const CODE = new SimdCode<JpegLoops>(jpegLoopsCode);
const SCRATCH_BYTES = 640;

/** Weights of eight sums over a row: two columns and two, for each of eight rows. */
function rowWeights({ weights, rows, columns }: CosineMatrix): number[] {
  const result: number[] = [];
  for (let first = 0; first < rows; first += 8) {
    for (let column = 0; column < columns; column += 2) {
      for (let row = first; row < first + 8; row++)
        result.push(weights[row * columns + column]!, weights[row * columns + column + 1]!);
    }
  }
  return result;
}

/** Rows on the way there, columns; columns on the way back, rows. Weights of columns lie as they are. */
const tablesOf = ({ there, back }: CosineTransform): Int16Array =>
  Int16Array.from([...rowWeights(there), ...there.weights, ...back.weights, ...rowWeights(back)]);
const TABLES = { 8: tablesOf(COSINES_8), 16: tablesOf(COSINES_16) } as const;

/** @param steps of luma and of colours, 64 each */
export function jpegBySimd(
  image: ImageData8,
  steps: readonly [luma: Int16Array, chroma: Int16Array],
): ImageData8 | undefined {
  const { data, width, height, channels } = image;
  const [wide, high] = [Math.ceil(width / 16) * 16, Math.ceil(height / 16) * 16];
  const planes = channels === 1 ? 1 : 3;
  const place = workplace(data.length, wide * high * 2 * planes, 8192);
  const loops = place?.loopsOf(CODE);
  if (!place || !loops) return undefined;
  const [pixels, at, scratch] = [place.put(data), place.take(wide * high * 2 * planes), place.take(SCRATCH_BYTES)];
  const code = (plane: number, size: 8 | 16, tables: number, table: number) => {
    loops.codePlane(at + plane * wide * high * 2, wide, high, size, tables, table, scratch);
  };
  const luma = putSteps(place, steps[0]);
  const tables = place.put(TABLES[8]);
  if (channels === 1) {
    loops.toPlane(pixels, at, width, height, wide, high);
    code(0, 8, tables, luma);
    loops.fromPlane(at, pixels, width, height, wide);
  } else {
    loops.toPlanes(pixels, at, width, height, channels, wide, high);
    code(0, 8, tables, luma);
    const [chroma, larger] = [putSteps(place, steps[1]), place.put(TABLES[16])];
    for (const plane of [1, 2]) code(plane, 16, larger, chroma);
    loops.fromPlanes(at, pixels, width, height, channels, wide, high);
  }
  return { data: place.result(pixels, data.length), width, height, channels };
}

/** As floats, eight times as wide, and as they are. */
function putSteps(place: Workplace, steps: Int16Array): number {
  const address = place.take(steps.length * 6);
  new Float32Array(place.buffer, address, steps.length).set(Array.from(steps, (step) => step * 8));
  new Int16Array(place.buffer, address + steps.length * 4, steps.length).set(steps);
  return address;
}
