/** Pictures in memory as files that a notebook shows. */
import sharp from "sharp";

import { imageOption, type ImageData8 } from "../structures/image.js";

/** @throws InvalidOption where the fields don't agree with each other */
export async function encodePng(image: ImageData8): Promise<Uint8Array> {
  const { data, width, height, channels } = imageOption("image", image);
  return sharp(data, { raw: { width, height, channels } }).png({ compressionLevel: 6 }).toBuffer();
}
