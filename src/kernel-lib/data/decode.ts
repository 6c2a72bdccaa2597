/** A picture file as pixels. */
import { type Sharp } from "sharp";
import type { ImageData8 } from "../structures/image.js";
import { choiceOption, integerOption, knownOptions } from "../structures/options.js";
import { invalidImage, readPicture, type PictureFile, type PictureOptions } from "./picture-file.js";
import { openPicture } from "./picture-pipeline.js";

export interface DecodeOptions extends PictureOptions {
  /** In pixels; where only one of the two is given, the other follows the picture's shape. By default as it is. */
  width?: number;
  height?: number;
  /** "crop" (the default) takes the biggest centred part of the wanted shape, "stretch" the whole picture. */
  fit?: "crop" | "stretch";
}

/**
 * Decodes a picture to 8-bit sRGB, upright (EXIF orientation applied), the first frame of an animation, what is
 * transparent over white; 16-bit, grey, palette and CMYK pictures are converted. Resized by Lanczos3.
 * @throws `MissingFile`, `InvalidImage` (a truncated file too: no half pictures), `ImageTooLarge`
 */
export async function decodeImage(source: string | Uint8Array, options: DecodeOptions = {}): Promise<ImageData8> {
  knownOptions("decodeImage", options, ["width", "height", "fit", "maxPixels"]);
  const picture = await readPicture(source, options);
  return decodePicture(picture, options);
}

/** The same for a picture whose file was read before. */
export async function decodePicture(picture: PictureFile, options: DecodeOptions = {}): Promise<ImageData8> {
  const pipeline = resized(openPicture(picture), picture, options)
    .flatten({ background: "white" })
    .toColourspace("srgb");
  try {
    const { data, info } = await pipeline.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return threeChannels(data, info);
  } catch (cause) {
    throw invalidImage(picture.path, cause);
  }
}

function resized(pipeline: Sharp, picture: PictureFile, options: DecodeOptions): Sharp {
  const fit = choiceOption("fit", options.fit ?? "crop", ["crop", "stretch"]);
  const size = targetSize(picture, options);
  if (!size) return pipeline;
  if (fit === "crop") pipeline.extract(centredPart(picture, size.width / size.height));
  return pipeline.resize(size.width, size.height, { fit: "fill", kernel: "lanczos3", fastShrinkOnLoad: false });
}

function targetSize(picture: PictureFile, options: DecodeOptions): { width: number; height: number } | undefined {
  const width = sideOption("width", options.width);
  const height = sideOption("height", options.height);
  const shape = picture.width / picture.height;
  if (width !== undefined) return { width, height: height ?? Math.max(1, Math.round(width / shape)) };
  return height === undefined ? undefined : { width: Math.max(1, Math.round(height * shape)), height };
}

const sideOption = (name: string, value: number | undefined) =>
  value === undefined ? undefined : integerOption(name, value, 1, 16384);

/** The biggest centred rectangle of the given shape (width / height), as torchvision's CenterCrop places it. */
export function centredPart(
  picture: Pick<PictureFile, "width" | "height">,
  shape: number,
): { left: number; top: number; width: number; height: number } {
  const width = Math.min(picture.width, Math.max(1, Math.round(picture.height * shape)));
  const height = Math.min(picture.height, Math.max(1, Math.round(picture.width / shape)));
  const left = Math.floor((picture.width - width) / 2);
  const top = Math.floor((picture.height - height) / 2);
  return { left, top, width, height };
}

function threeChannels(data: Uint8Array, info: { width: number; height: number; channels: number }): ImageData8 {
  const { width, height, channels } = info;
  if (channels === 3)
    return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels };
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) rgb.fill(data[i * channels] ?? 0, i * 3, i * 3 + 3);
  return { data: rgb, width, height, channels: 3 };
}
