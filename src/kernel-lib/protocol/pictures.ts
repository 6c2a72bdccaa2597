/**
 * Pictures on their way to the browser. A view names the pictures that it shows and how large; nothing travels for what is not
 * seen. Each request of a reader replaces its previous one, so that fast paging never waits for pages that were left behind.
 */

/** What every gallery knows of a picture without having its pixels. */
export interface PictureRow {
  /** The picture's index in the data set. */
  id: number;
  name: string;
  path: string;
  storageId: string;
  /** In pixels, as displayed. */
  width: number;
  height: number;
  /** Whose picture it is, where that is known. */
  credit?: PictureCredit;
}

/** Whose picture it is, and on what terms it may be used. "" for what is not known. */
export interface PictureCredit {
  title: string;
  author: string;
  licence: string;
  /** Addresses of the terms and of the page that shows the picture; of the web, or "". */
  licenceUrl: string;
  page: string;
}

export interface PictureRequest {
  type: "pictures";
  /** One part of one view: its grid, say. */
  reader: string;
  /** Wanted now, the most urgent first; none takes the reader's request back. */
  ids: readonly number[];
  /** The picture fits into a square of this many pixels; it is never enlarged. */
  side: number;
}

/** Answered to every view. `picture` comes with its bytes as the one buffer. */
export type PictureEvent =
  | { type: "picture"; id: number; side: number; mime: string; width: number; height: number }
  | { type: "pictureFailed"; id: number; side: number; reason: string };

/** The largest side that is sent: 8192 × 8192 pixels are 256 MB once the browser has decoded them. */
export const MAX_PICTURE_SIDE = 8192;

/** Few sizes, so that a picture that was sent once serves many layouts: half octaves from 96 up. */
export function pictureSide(pixels: number): number {
  let side = 96;
  while (side < pixels && side < MAX_PICTURE_SIDE) side = Math.ceil((side * Math.SQRT2) / 32) * 32;
  return Math.min(side, MAX_PICTURE_SIDE);
}
