/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** Pictures by table: each level of a colour becomes another. Alpha stays as it is. */
import type { ImageData8 } from "../structures/image.js";

/** How many of a picture's channels are colours. */
export const colourCount = ({ channels }: ImageData8): number => (channels === 4 ? 3 : channels);

/** The new level of each level, 0 to 255; beyond those it is clipped, and then cut off as C does it. */
export function levelTable(map: (level: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, level) => Math.min(Math.max(map(level), 0), 255));
}

/** @param tables one for all colours, or one for each */
export function lookUp(image: ImageData8, tables: readonly Uint8Array[]): ImageData8 {
  const { data, width, height, channels } = image;
  const result = new Uint8Array(data.length);
  const colours = colourCount(image);
  for (let c = 0; c < channels; c++) {
    const table = tables[tables.length === 1 ? 0 : c];
    if (c >= colours || table === undefined) for (let i = c; i < data.length; i += channels) result[i] = data[i]!;
    else for (let i = c; i < data.length; i += channels) result[i] = table[data[i]!]!;
  }
  return { data: result, width, height, channels };
}

/** Combines each colour with a value of a field that has one a pixel or one for each colour. */
export function combine(
  image: ImageData8,
  field: Float64Array,
  combined: (level: number, value: number) => number,
): ImageData8 {
  const { data, width, height, channels } = image;
  const result = data.slice();
  const perPixel = field.length / (width * height);
  const colours = colourCount(image);
  for (let at = 0, from = 0; at < data.length; at += channels, from += perPixel) {
    for (let c = 0; c < colours; c++) {
      const value = combined(data[at + c]!, field[perPixel === 1 ? from : from + c]!);
      result[at + c] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
  return { data: result, width, height, channels };
}
