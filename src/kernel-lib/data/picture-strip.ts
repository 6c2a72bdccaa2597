/** Small pictures in a row with a word above each: samples beside what was said of them, the wrong ones marked. */
import sharp from "sharp";

import { VitrineError } from "../structures/errors.js";
import { imageOption, type ImageData8 } from "../structures/image.js";
import { integerOption, knownOptions } from "../structures/options.js";
import { ShownPicture } from "./shown-picture.js";

export interface PictureStripOptions {
  /** Above the pictures, one each. */
  captions?: readonly (string | number)[];
  /** Indices of those to mark: red words; a grey picture light on dark, where the others are dark on light; a coloured one in a red frame. */
  marked?: readonly number[];
  /** Of the pictures in a row; all in one by default, 40 of them at most. */
  columns?: number;
  /** Pixels a pixel, 1 to 16; 2 by default. */
  scale?: number;
}

const GAP = 4;
const CAPTION = 22;
/** Readable on a light page and on a dark one. */
const RED = "#e5484d";
const GREY = "#808488";

/**
 * ```ts
 * await pictureStrip(indices.map((index) => digits.image(index)), { captions: predicted, marked: wrong })
 * ```
 *
 * @throws InvalidOption
 */
export async function pictureStrip(
  images: readonly ImageData8[],
  options: PictureStripOptions = {},
): Promise<ShownPicture> {
  knownOptions("pictureStrip", options, ["captions", "marked", "columns", "scale"]);
  const pictures = images.map((image, index) => imageOption(`images[${index}]`, image));
  if (pictures.length === 0) throw invalid("images", "at least one picture", "none");
  const captions = checkCaptions(options.captions, pictures.length);
  const marked = new Set((options.marked ?? []).map((one) => integerOption("marked", one, 0, pictures.length - 1)));
  const scale = integerOption("scale", options.scale ?? 2, 1, 16);
  const columns = integerOption("columns", options.columns ?? Math.min(40, pictures.length), 1, 200);
  const side = scale * Math.max(...pictures.map(({ width, height }) => Math.max(width, height)));
  const cell = { width: side + GAP, height: side + GAP + (options.captions ? CAPTION : 0) };
  const at = (index: number) => ({
    left: (index % columns) * cell.width + GAP / 2,
    top: Math.floor(index / columns) * cell.height + cell.height - side - GAP / 2,
  });
  const width = Math.min(columns, pictures.length) * cell.width;
  const height = Math.ceil(pictures.length / columns) * cell.height;
  const layers: sharp.OverlayOptions[] = [];
  for (const [index, picture] of pictures.entries()) {
    layers.push({ input: await enlarged(picture, scale, marked.has(index)), ...at(index) });
  }
  const words = captions.map((caption, index) => {
    const { left, top } = at(index);
    return svgText(caption, left + side / 2, top - 6, marked.has(index) ? RED : GREY);
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${words.join("")}</svg>`;
  const sheet = sharp({ create: { width, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
  const bytes = await sheet
    .composite([...layers, { input: Buffer.from(svg), left: 0, top: 0 }])
    .png()
    .toBuffer();
  return new ShownPicture({ bytes, mime: "image/png", width, height }, described(captions, marked, pictures.length));
}

/** Its pixels stay square. */
async function enlarged(picture: ImageData8, scale: number, marked: boolean): Promise<Buffer> {
  const { data, width, height, channels } = picture;
  const raw = sharp(data, { raw: { width, height, channels } }).resize(width * scale, height * scale, {
    kernel: "nearest",
  });
  if (channels === 1) return (marked ? raw : raw.negate({ alpha: false })).png().toBuffer();
  if (!marked) return raw.png().toBuffer();
  const [w, h] = [width * scale, height * scale];
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><rect x="1.5" y="1.5" width="${w - 3}" height="${h - 3}" fill="none" stroke="${RED}" stroke-width="3"/></svg>`;
  return sharp(await raw.png().toBuffer())
    .composite([{ input: Buffer.from(frame) }])
    .png()
    .toBuffer();
}

function checkCaptions(captions: PictureStripOptions["captions"], count: number): string[] {
  if (captions === undefined) return [];
  if (captions.length === count) return captions.map(String);
  throw invalid("captions", `${count} texts, one a picture,`, String(captions.length));
}

function described(captions: readonly string[], marked: ReadonlySet<number>, count: number): string {
  const pictures = `${count} picture${count === 1 ? "" : "s"}`;
  const words =
    captions.length === 0
      ? ""
      : `: ${captions.map((caption, i) => (marked.has(i) ? `[${caption}]` : caption)).join(" ")}`;
  return `${pictures}${words}${marked.size === 0 ? "" : `; ${marked.size} marked`}`;
}

const svgText = (text: string, x: number, y: number, fill: string) =>
  `<text x="${x}" y="${y}" font-family="sans-serif" font-size="16" font-weight="600" text-anchor="middle" fill="${fill}">${escapeXml(text)}</text>`;

const escapeXml = (text: string) =>
  text.replace(/[\p{Cc}\p{Cs}]/gu, "␀").replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

const invalid = (option: string, expected: string, received: string) =>
  new VitrineError("InvalidOption", { option, expected, received });
