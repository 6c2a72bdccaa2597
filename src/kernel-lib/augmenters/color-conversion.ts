/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pictures from one colour space into another, pixel by pixel, or by SIMD where there is some. */
import { colorLoopsCode } from "../simd/color-loops-code.js";
import { SimdCode } from "../simd/simd-code.js";
import type { ImageData8 } from "../structures/image.js";
import { uninitialised, workplace, type PutArray } from "./picture-simd.js";

/** What `src/simd/color-loops.ts` exports; addresses in bytes. */
export interface ColorLoops {
  toHsv(from: number, to: number, count: number): void;
  fromHsv(from: number, to: number, parts: number, shares: number, width: number, height: number, whole: number): void;
  toHls(from: number, to: number, width: number, height: number, vectors: number): void;
  fromHls(from: number, to: number, signs: number, slopes: number, shares: number, count: number): void;
  reversed(from: number, to: number, count: number): void;
  toGrey(from: number, to: number, count: number): void;
  mixed(from: number, to: number, weights: number, count: number): void;
  toDifferences(from: number, to: number, ofRed: number, ofBlue: number, isBlueFirst: number, count: number): void;
  fromDifferences(
    from: number,
    to: number,
    toRed: number,
    redToGreen: number,
    blueToGreen: number,
    toBlue: number,
    isBlueFirst: number,
    count: number,
  ): void;
  toLab(from: number, to: number, sums: number, roots: number, count: number): void;
  fromLab(
    from: number,
    to: number,
    lights: number,
    cubes: number,
    weights: number,
    levels: number,
    count: number,
  ): void;
  toLuv(from: number, to: number, nodes: number, count: number): void;
  fromLuv(
    from: number,
    to: number,
    lights: number,
    ofU: number,
    ofV: number,
    weights: number,
    levels: number,
    count: number,
  ): void;
}

const CODE = new SimdCode<ColorLoops>(colorLoopsCode);

/** Three values in, three out, written into `out`; whole numbers, not yet clipped. */
export type PixelConversion = (a: number, b: number, c: number, out: Float64Array) => void;

/** One colour space into another. */
export interface Conversion {
  pixel: PixelConversion;
  /** For the last pixels of a row, which are too few for a vector of `lanes`, where OpenCV does something else with them. */
  rest?: { lanes: number; pixel: PixelConversion };
  /** What the loop looks up. */
  tables?: () => readonly PutArray[];
  /** The same for a whole picture. */
  loop: (loops: ColorLoops, from: number, to: number, size: Size, tables: readonly number[]) => void;
}

export interface Size {
  width: number;
  height: number;
  count: number;
}

/** How many pixels of a row come in whole vectors. */
export const inVectors = (width: number, lanes: number): number => width - (width % lanes);

/** What is needed later, if at all. */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Alpha stays. */
export function converted(image: ImageData8, conversion: Conversion): ImageData8 {
  return (image.channels === 3 ? convertedBySimd(image, conversion) : undefined) ?? convertedPlainly(image, conversion);
}

function convertedBySimd(
  { data, width, height, channels }: ImageData8,
  conversion: Conversion,
): ImageData8 | undefined {
  const tables = conversion.tables?.() ?? [];
  const place = workplace(data.length, data.length, ...tables.map(({ byteLength }) => byteLength));
  const loops = place?.loopsOf(CODE);
  if (!place || !loops) return undefined;
  const [from, to] = [place.put(data), place.take(data.length)];
  const size = { width, height, count: width * height };
  conversion.loop(
    loops,
    from,
    to,
    size,
    tables.map((table) => place.put(table)),
  );
  return { data: place.result(to, data.length), width, height, channels };
}

function convertedPlainly({ data, width, height, channels }: ImageData8, { pixel, rest }: Conversion): ImageData8 {
  const bytes = uninitialised(data.length);
  const result = new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, bytes.length);
  const most = rest ? inVectors(width, rest.lanes) : width;
  const out = new Float64Array(3);
  for (let i = 0, x = 0; i < data.length; i += channels, x++) {
    if (x === width) x = 0;
    const conversion = rest && x >= most ? rest.pixel : pixel;
    conversion(data[i]!, data[i + 1]!, data[i + 2]!, out);
    result[i] = out[0]!;
    result[i + 1] = out[1]!;
    result[i + 2] = out[2]!;
    if (channels === 4) result[i + 3] = data[i + 3]!;
  }
  return { data: bytes, width, height, channels };
}
