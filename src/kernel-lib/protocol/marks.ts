/** What people say about a picture beside its labels or boxes: that it needs another look, that it is to be left out, a note. */
import type { PictureRow } from "./pictures.js";

/** "unsure" asks for another look, "skip" for the picture to be left out. */
export const PICTURE_FLAGS = ["unsure", "skip"] as const;
export type PictureFlagName = (typeof PICTURE_FLAGS)[number];

export interface MarkedRow extends PictureRow {
  flag: PictureFlagName | null;
  /** "" for none. */
  note: string;
}

/** Only pictures with this flag, with any, or with a note; `null` for all. */
export const MARK_FILTERS = ["unsure", "skip", "flagged", "noted"] as const;
export type MarkFilter = (typeof MARK_FILTERS)[number];

/** Without `id`, what is chosen or selected when the command arrives. */
export type MarkCommand =
  /** Sets the flag, or takes it away where it is set. */
  { type: "flag"; flag: PictureFlagName; id?: number } | { type: "note"; id: number; text: string };

/** How many pictures have each flag. */
export type FlagCounts = { readonly [flag in PictureFlagName]: number };

export const NO_FLAGS: FlagCounts = { unsure: 0, skip: 0 };
