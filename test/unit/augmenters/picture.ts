import type { ImageData8 } from "../../../src/kernel-lib/structures/image.js";

/** The picture of test/fixtures/augmenters/make.py: edges, slopes and something that looks like noise. */
export function picture(width: number, height: number, channels: 1 | 3 | 4 = 3): ImageData8 {
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++, i++) {
        data[i] = x * 7 + y * 13 + c * 29 + ((x * y) % 17) * 5 + ((x >> 2) ^ (y >> 1)) * 9;
      }
    }
  }
  return { data, width, height, channels };
}
