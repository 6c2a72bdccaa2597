/** How a gallery looks where no kernel makes it live: its page of pictures and its figures. */
import type { StaticView } from "../comm/widget.js";
import { escapeHtml, tableHtml, tableText } from "./html.js";
import { pictureSheet, type SheetTile } from "./picture-sheet.js";

export interface Gallery {
  title: string;
  tiles: readonly SheetTile[];
  columns: number;
  heads: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A saved notebook carries these pictures; a large grid would make it heavy. */
const MOST_TILES = 24;
const SIDE = 160;

export async function staticGallery({ title, tiles, columns, heads, rows }: Gallery): Promise<StaticView> {
  const sheet = await pictureSheet(tiles.slice(0, MOST_TILES), { columns, side: SIDE });
  const lines = [title, tableText([heads, ...rows]), ...tiles.map(({ caption }) => `  ${printable(caption)}`)];
  const text = lines.join("\n");
  return { html: `<p><strong>${escapeHtml(title)}</strong></p>${sheet}${tableHtml(heads, rows)}`, text };
}

/** "1 picture", "22 pictures". */
export function pictures(count: number): string {
  return count === 1 ? "1 picture" : `${count} pictures`;
}

/** A file's name may hold line breaks and escape sequences: a terminal must not obey them. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, "␀");
