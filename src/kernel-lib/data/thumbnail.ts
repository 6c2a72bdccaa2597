/** Pictures made small for looking at: one thumbnail, or many on one sheet. */
import sharp from "sharp";
import { VitrineError } from "../structures/errors.js";
import { integerOption } from "../structures/options.js";
import { invalidImage, readPicture } from "./picture-file.js";
import { openPicture } from "./picture-pipeline.js";

export interface EncodedPicture {
  bytes: Uint8Array;
  mime: string;
  /** In pixels. */
  width: number;
  height: number;
}

export interface SheetItem {
  source: string;
  caption?: string;
}

const CAPTION_HEIGHT = 18;
const GAP = 6;

/**
 * A JPEG that fits into `side` × `side` pixels, upright, never enlarged, what is transparent over white.
 * @throws `MissingFile`, `InvalidImage`, `ImageTooLarge`
 */
export async function thumbnail(source: string | Uint8Array, side: number): Promise<EncodedPicture> {
  integerOption("side", side, 1, 8192);
  const picture = await readPicture(source);
  try {
    const pipeline = openPicture(picture).resize(side, side, { fit: "inside", withoutEnlargement: true });
    return encoded(await jpeg(pipeline.flatten({ background: "white" })).toBuffer({ resolveWithObject: true }));
  } catch (cause) {
    throw invalidImage(picture.path, cause);
  }
}

/** Rows of thumbnails with captions on one JPEG; a picture that can't be read is a grey field that says so. */
export async function contactSheet(
  items: readonly SheetItem[],
  options: { columns: number; side: number },
): Promise<EncodedPicture> {
  const columns = Math.min(integerOption("columns", options.columns, 1, 100), Math.max(1, items.length));
  const side = integerOption("side", options.side, 16, 1024);
  const rows = Math.max(1, Math.ceil(items.length / columns));
  const width = columns * (side + GAP) + GAP;
  const height = rows * (side + CAPTION_HEIGHT + GAP) + GAP;
  if (height > 65500) {
    const expected = `at most ${Math.floor(65500 / (side + CAPTION_HEIGHT + GAP)) * columns} pictures on a sheet`;
    throw new VitrineError("InvalidOption", { option: "items", expected, received: String(items.length) });
  }
  const layers: sharp.OverlayOptions[] = [{ input: captions(items, columns, side, width, height), left: 0, top: 0 }];
  for (const [index, item] of items.entries()) layers.push(await placed(item, index, columns, side));
  const sheet = sharp({ create: { width, height, channels: 3, background: "white" } }).composite(layers);
  return encoded(await jpeg(sheet).toBuffer({ resolveWithObject: true }));
}

async function placed(item: SheetItem, index: number, columns: number, side: number): Promise<sharp.OverlayOptions> {
  const { left, top } = cell(index, columns, side);
  const small = await thumbnail(item.source, side).catch(() => undefined);
  if (!small) return { input: unreadable(side), left, top };
  const offset = (length: number) => Math.floor((side - length) / 2);
  return { input: Buffer.from(small.bytes), left: left + offset(small.width), top: top + offset(small.height) };
}

function cell(index: number, columns: number, side: number): { left: number; top: number } {
  const row = Math.floor(index / columns);
  return { left: GAP + (index % columns) * (side + GAP), top: GAP + row * (side + CAPTION_HEIGHT + GAP) };
}

/** All captions as one drawing: one layer to compose instead of one a picture. */
function captions(items: readonly SheetItem[], columns: number, side: number, width: number, height: number): Buffer {
  const longest = Math.floor(side / 6.2);
  const texts = items.map((item, index) => {
    const { left, top } = cell(index, columns, side);
    return svgText(shortened(item.caption ?? "", longest), left + side / 2, top + side + 13);
  });
  return svg(width, height, texts.join(""));
}

const unreadable = (side: number) =>
  svg(side, side, `<rect width="100%" height="100%" fill="#ddd"/>${svgText("unreadable", side / 2, side / 2)}`);

const svg = (width: number, height: number, content: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`);

const svgText = (text: string, x: number, y: number) =>
  `<text x="${x}" y="${y}" font-family="sans-serif" font-size="11" text-anchor="middle">${escapeXml(text)}</text>`;

const shortened = (text: string, longest: number) =>
  text.length <= longest ? text : `${text.slice(0, Math.max(1, longest - 1))}…`;

// XML knows no control characters and no half surrogates, not even escaped.
const escapeXml = (text: string) =>
  text.replace(/[\p{Cc}\p{Cs}]/gu, "␀").replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

const jpeg = (pipeline: sharp.Sharp) => pipeline.toColourspace("srgb").jpeg({ quality: 82 });

function encoded({ data, info }: { data: Buffer; info: sharp.OutputInfo }): EncodedPicture {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { bytes, mime: "image/jpeg", width: info.width, height: info.height };
}
