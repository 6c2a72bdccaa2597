/** Pictures with captions as one piece of HTML that needs nothing else: no script, no file, no kernel. */
import { thumbnail } from "../data/thumbnail.js";
import { escapeHtml } from "./html.js";

export interface SheetTile {
  /** A file, or an encoded picture. */
  source: string | Uint8Array;
  caption: string;
  /** Drawn over the picture, in its own pixels. */
  boxes?: SheetBoxes;
}

export interface SheetBoxes {
  /** Of the picture, in pixels. */
  width: number;
  height: number;
  boxes: readonly SheetBox[];
}

export interface SheetBox {
  xmin: number;
  ymin: number;
  xmax: number;
  ymax: number;
  colour: string;
  dashed: boolean;
  /** What the box is. */
  title: string;
}

export interface SheetLayout {
  columns: number;
  /** The longest side of a picture, in CSS pixels. */
  side: number;
}

/** For screens with two device pixels a CSS pixel. */
const DENSITY = 1.5;

/** A picture that can't be read is a field that says why. */
export async function pictureSheet(tiles: readonly SheetTile[], { columns, side }: SheetLayout): Promise<string> {
  const cells: string[] = [];
  // One after the other: libvips has threads of its own, and few full pictures are in memory at once.
  for (const tile of tiles) cells.push(await figure(tile, side));
  const across = Math.min(columns, Math.max(1, tiles.length));
  const grid = `display:grid;grid-template-columns:repeat(${across},minmax(0,${side}px));gap:8px`;
  return `<div style="${grid}">${cells.join("")}</div>`;
}

async function figure({ source, caption, boxes }: SheetTile, side: number): Promise<string> {
  const text = escapeHtml(caption);
  const picture = await pictureHtml(source, side, text).catch((error: unknown) => unreadable(error));
  const below = text && `<figcaption style="${CAPTION}">${breakable(caption)}</figcaption>`;
  const over = boxes ? overlay(boxes) : "";
  const inRow = text && ";grid-row:span 2;display:grid;grid-template-rows:subgrid;row-gap:2px";
  const above = "position:relative;align-self:end";
  return `<figure style="margin:0;min-width:0${inRow}"><div style="${above}">${picture}${over}</div>${below}</figure>`;
}

/** Names of several words in one break between them. */
const breakable = (caption: string): string =>
  caption
    .split(/(?<=[a-z0-9])(?=[A-Z])/)
    .map(escapeHtml)
    .join("<wbr>");

/** Over the picture. */
function overlay({ width, height, boxes }: SheetBoxes): string {
  const stroke = Math.max(width, height) / 130;
  const drawn = boxes.map(({ xmin, ymin, xmax, ymax, colour, dashed, title }) => {
    const place = `x="${xmin}" y="${ymin}" width="${xmax - xmin}" height="${ymax - ymin}"`;
    const dash = dashed ? ` stroke-dasharray="${3 * stroke} ${2 * stroke}"` : "";
    return `<rect ${place} fill="none" stroke="${colour}" stroke-width="${stroke}"${dash}><title>${escapeHtml(title)}</title></rect>`;
  });
  return `<svg viewBox="0 0 ${width} ${height}" style="position:absolute;inset:0;width:100%;height:100%">${drawn.join("")}</svg>`;
}

async function pictureHtml(source: string | Uint8Array, side: number, text: string): Promise<string> {
  const { bytes, mime, width, height } = await thumbnail(source, Math.round(side * DENSITY));
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  const size = `width="${width}" height="${height}"`;
  // As large as its square lets it be, and no higher than it is: a row of wide pictures is a low one.
  const shape = `width:min(100%,${Math.round(side * Math.min(1, width / height))}px);aspect-ratio:${width}/${height}`;
  return `<img src="data:${mime};base64,${data}" alt="${text}" ${size} style="display:block;margin:0 auto;height:auto;${shape}">`;
}

function unreadable(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `<p style="margin:0;padding:1em;border:1px solid;overflow-wrap:anywhere">${escapeHtml(reason)}</p>`;
}

const CAPTION = "font-size:12px;line-height:1.4;text-align:center;overflow-wrap:anywhere";
