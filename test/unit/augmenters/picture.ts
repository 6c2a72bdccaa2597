import type { ImageData8 } from "../../../src/kernel-lib/structures/image.js";

/** The pictures of test/fixtures/augmenters/pictures.py. */
export type PictureKind = "texture" | "slopes" | "shapes";

type Level = (x: number, y: number, c: number, width: number, height: number) => number;

const LEVELS: Record<PictureKind, Level> = {
  texture: (x, y, c) => x * 7 + y * 13 + c * 29 + ((x * y) % 17) * 5 + ((x >> 2) ^ (y >> 1)) * 9,
  slopes: (x, y, c, width, height) => {
    const across = Math.floor((x * 255) / Math.max(width - 1, 1));
    const down = Math.floor((y * 255) / Math.max(height - 1, 1));
    return [across, down, Math.floor(((x + y) * 255) / Math.max(width + height - 2, 1)), 255 - across][c] ?? 0;
  },
  shapes: (x, y, c, width, height) => {
    if ((100 * x - 68 * width) ** 2 + (100 * y - 60 * height) ** 2 < (25 * height) ** 2)
      return [250, 230, 70, 90][c] ?? 0;
    const isInside = 8 * x >= width && 2 * x < width && 8 * y >= height && 2 * y < height;
    return (isInside ? [220, 60, 40, 255] : [30, 80, 140, 200])[c] ?? 0;
  },
};

export function picture(
  width: number,
  height: number,
  channels: 1 | 3 | 4 = 3,
  kind: PictureKind = "texture",
): ImageData8 {
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) data[i++] = LEVELS[kind](x, y, c, width, height);
    }
  }
  return { data, width, height, channels };
}

/** The same level everywhere. */
export const flat = (value: number, channels: 1 | 3 | 4 = 3, side = 100): ImageData8 => ({
  data: new Uint8Array(side * side * channels).fill(value),
  width: side,
  height: side,
  channels,
});
