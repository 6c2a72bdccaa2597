/**
 * Moving about a list of pictures that is shown page by page. Only the page's rows are in the state, so a list of 100,000
 * pictures costs what a list of 10 does.
 *
 * Moves are relative: ten presses of a key that arrive before the first answer still move by ten.
 */
import type { PictureEvent, PictureRow } from "./pictures.js";

export interface BrowsingState {
  /** The grid's shape; a page holds `columns * rows` pictures. */
  columns: number;
  rows: number;
  /** Pictures in the list, after the filter. */
  matching: number;
  /** The chosen picture's place in the list, from 0; -1 where the list is empty. */
  position: number;
  /** Pictures of the list that would not pass the filter any more: they stay where they are until it is applied again. */
  stale: number;
}

export type BrowsingCommand =
  | { type: "move"; by: number }
  | { type: "select"; position: number }
  /** To this page, from 0, keeping the place within it. */
  | { type: "page"; page: number }
  | { type: "grid"; columns: number; rows: number };

/** Rows of the list for a view that scrolls: they are of the kind that the widget's own state has. */
export interface RowsEvent {
  type: "rows";
  reader: string;
  from: number;
  /** Of the list, when the rows were taken from it. */
  revision: number;
  rows: readonly PictureRow[];
}

/** `announce` is read out and shown; `failed` is what the kernel could not do. */
export type GalleryEvent =
  PictureEvent | RowsEvent | { type: "announce"; text: string } | { type: "failed"; text: string };

/** The widest and the tallest grid. */
export const MAX_GRID = 20;

/** The page, from 0, on which the chosen picture lies. */
export function pageOf(state: BrowsingState): number {
  return Math.max(0, Math.floor(state.position / (state.columns * state.rows)));
}

/** How many pages there are: one at least, be it an empty one. */
export function pageCount(state: BrowsingState): number {
  return Math.max(1, Math.ceil(state.matching / (state.columns * state.rows)));
}
