/** Pictures that came as bytes or pixels, kept as files under the hash of their content. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { imageOption, type ImageData8 } from "../structures/image.js";
import { writeFileAtomic } from "./atomic-file.js";
import { readPicture } from "./picture-file.js";
import { storageIdOf } from "./storage-id.js";

/** The file's path. Bytes are kept as they are, pixels as PNG; the same content is written once. */
export async function storePicture(
  image: Uint8Array | ImageData8,
  folder: string,
  maxPixels: number | undefined,
): Promise<string> {
  const bytes = image instanceof Uint8Array ? image : await encodePng(image);
  const { format } = await readPicture(bytes, maxPixels === undefined ? {} : { maxPixels });
  const path = join(folder, `${storageIdOf(bytes)}.${format === "jpeg" ? "jpg" : format}`);
  const there = await stat(path).catch(() => undefined);
  if (there?.size !== bytes.length) await writeFileAtomic(path, bytes, "a picture");
  return path;
}

/** @throws `InvalidOption` where the picture's fields contradict each other. */
export async function encodePng(image: ImageData8): Promise<Uint8Array> {
  const { data, width, height, channels } = imageOption("image", image);
  return new Uint8Array(
    await sharp(data, { raw: { width, height, channels } }).png({ compressionLevel: 6 }).toBuffer(),
  );
}
