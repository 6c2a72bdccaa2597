/** An encoded picture as the 8-bit RGB of the size that a network takes. */
import sharp from "sharp";

import { decodeImage } from "../../data/decode.js";
import type { PictureOptions } from "../../data/picture-file.js";
import type { PictureInput } from "../../engine/messages.js";
import type { ImageData8 } from "../../structures/image.js";
import type { PictureItem } from "./served-model.js";

export async function preparePixels(
  { picture, resize }: PictureItem,
  { width, height, fit }: PictureInput,
  options: PictureOptions,
): Promise<Uint8Array> {
  const bytes = resize ? await stretched(picture, resize, options) : picture;
  return (await decodeImage(bytes, { width, height, fit, ...options })).data;
}

/** The picture, stretched to height × width pixels, without loss. */
export async function stretched(
  picture: string | Uint8Array,
  [height, width]: readonly [number, number],
  options: PictureOptions = {},
): Promise<Uint8Array> {
  return encoded(await decodeImage(picture, { width, height, fit: "stretch", ...options }));
}

/** PNG without compression: for somebody who decodes it at once. */
export async function encoded({ data, width, height, channels }: ImageData8): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels } }).png({ compressionLevel: 0 }).toBuffer();
}
