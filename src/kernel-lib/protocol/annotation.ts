/** `AnnotationUI`: pictures in a grid, labels by key and by menu. */
import type { BrowsingCommand, BrowsingState, GalleryEvent } from "./browsing.js";
import type { PictureRequest, PictureRow } from "./pictures.js";

export interface AnnotationRow extends PictureRow {
  labels: readonly string[];
  /** Its labels are other than when the widget was made. */
  changed: boolean;
}

export interface AnnotationFilter {
  /** Only pictures with this label; `null` for any. */
  label: string | null;
  /** Only pictures without a label. */
  unlabelled: boolean;
  /** Only pictures whose labels were changed here. */
  changed: boolean;
}

export interface AnnotationState extends BrowsingState {
  dataset: string;
  labels: readonly string[];
  /** Pictures a label, parallel to `labels`; a picture with two labels counts for both. */
  counts: readonly number[];
  /** Pictures without a label. */
  unlabelled: number;
  /** Pictures whose labels are other than when the widget was made. */
  changed: number;
  /** Pictures that the widget shows when nothing is filtered out. */
  total: number;
  filter: AnnotationFilter;
  /** The rows of the page on which the chosen picture lies. */
  page: readonly AnnotationRow[];
  canUndo: boolean;
  canRedo: boolean;
  /** A label key goes on to the next picture. */
  autoAdvance: boolean;
  /** Files that were left out when the data set was read; the first of them only. */
  problems: readonly { path: string; reason: string }[];
  problemCount: number;
  /** Other notebooks that have the same folder open. */
  others: number;
}

export type AnnotationCommand =
  | PictureRequest
  | BrowsingCommand
  /** Without `id`, the picture that is chosen when the command arrives. `toggle` adds or takes away one of several. */
  | { type: "label"; label: string; id?: number; toggle?: boolean }
  /** Takes all labels away. */
  | { type: "unlabel"; id?: number }
  | { type: "addLabel"; label: string }
  /** The person came back to the page: other notebooks may have changed labels meanwhile. */
  | { type: "refresh" }
  | { type: "undo" }
  | { type: "redo" }
  | { type: "filter"; filter: AnnotationFilter }
  /** Without `on`, the other way round: pressed twice before the first answer, it is as it was. */
  | { type: "autoAdvance"; on?: boolean };

export type AnnotationEvent = GalleryEvent;

export const NO_FILTER: AnnotationFilter = { label: null, unlabelled: false, changed: false };

/** How many problems the state carries by name. */
export const SHOWN_PROBLEMS = 20;

export const ANNOTATION_DEFAULTS: AnnotationState = {
  dataset: "",
  labels: [],
  counts: [],
  unlabelled: 0,
  changed: 0,
  total: 0,
  columns: 3,
  rows: 2,
  matching: 0,
  position: -1,
  stale: 0,
  filter: NO_FILTER,
  page: [],
  canUndo: false,
  canRedo: false,
  autoAdvance: false,
  problems: [],
  problemCount: 0,
  others: 0,
};
