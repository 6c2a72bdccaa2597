/** `AnnotationUI` of a data set for object detection: boxes around objects, drawn and edited. */
import type { BrowsingCommand, BrowsingState, GalleryEvent } from "./browsing.js";
import type { KeyMap, KeysCommand } from "./keys.js";
import { NO_FLAGS, type FlagCounts, type MarkCommand, type MarkedRow, type MarkFilter } from "./marks.js";
import type { PictureRequest } from "./pictures.js";

/** In pixels of the picture as displayed, continuous; 0 is the left or top edge of the first pixel. */
export interface BoxShape {
  xmin: number;
  ymin: number;
  xmax: number;
  ymax: number;
}

/** Pascal VOC's marks of an object. */
export const BOX_FLAGS = ["difficult", "truncated", "occluded"] as const;
export type BoxFlag = (typeof BOX_FLAGS)[number];

/** `crowd` is COCO's mark of one box around many objects: shown and kept, not given here. */
export type LabelledBox = BoxShape & { label: string; crowd?: boolean | undefined } & { [flag in BoxFlag]: boolean };

/** What a model takes for an object; 0 to 1 how sure it is. */
export type SuggestedBox = BoxShape & { label: string; score: number };

export interface BoxesRow extends MarkedRow {
  boxes: readonly LabelledBox[];
  /** Its boxes are other than when the widget was made. */
  changed: boolean;
  /** Objects that the model sees and nobody has decided on. */
  suggested: number;
}

export interface BoxesFilter {
  /** Only pictures with an object of this label; `null` for any. */
  label: string | null;
  /** Only pictures without a box. */
  empty: boolean;
  /** Only pictures whose boxes were changed here. */
  changed: boolean;
  /** Only pictures with suggestions that nobody has decided on. */
  suggested: boolean;
  mark: MarkFilter | null;
  /** Only pictures whose name holds this text, whatever its case. */
  name: string;
}

export interface BoxesState extends BrowsingState {
  dataset: string;
  labels: readonly string[];
  /** Objects a label, parallel to `labels`. */
  counts: readonly number[];
  total: number;
  /** Pictures without a box. */
  empty: number;
  changed: number;
  flags: FlagCounts;
  filter: BoxesFilter;
  page: readonly BoxesRow[];
  /** Boxes of the picture before the chosen one in the list: what "copy from the previous picture" would bring. */
  previousBoxes: number;
  /** What the model sees in the chosen picture, the surest first. */
  suggestions: readonly SuggestedBox[];
  /** There is a model. */
  model: boolean;
  /** Suggestions of the whole data set at or above the threshold. */
  sureSuggestions: number;
  threshold: number;
  canUndo: boolean;
  canRedo: boolean;
  problems: readonly { path: string; reason: string }[];
  problemCount: number;
  /** Pictures of which nobody knows yet whether they can be decoded; they are looked at in the background. */
  unchecked: number;
  /** Pictures whose boxes nobody has read yet: labels and counts are what was read so far. */
  unread: number;
  others: number;
  keys: KeyMap;
}

/** What is done to one box; wherever boxes are drawn. */
export type BoxEdit =
  | { type: "addBox"; id: number; box: LabelledBox }
  /** `index` is the box's place in the picture's list. */
  | { type: "shapeBox"; id: number; index: number; shape: BoxShape }
  | { type: "relabelBox"; id: number; index: number; label: string }
  /** Sets the flag, or takes it away. */
  | { type: "flagBox"; id: number; index: number; flag: BoxFlag }
  | { type: "removeBox"; id: number; index: number }
  /** Draws the box over all others, or under them. */
  | { type: "orderBox"; id: number; index: number; to: "front" | "back" }
  /** A copy beside it, last in the list. */
  | { type: "duplicateBox"; id: number; index: number };

/** Commands name the picture, so that one which comes late changes the picture that it was meant for. */
export type BoxesCommand =
  | PictureRequest
  | BrowsingCommand
  | KeysCommand
  | MarkCommand
  | BoxEdit
  /** Adds the boxes of the picture before this one in the list. */
  | { type: "copyBoxes"; id: number }
  /** A suggestion becomes a box; the surest without `index`. */
  | { type: "acceptBox"; id: number; index?: number }
  | { type: "rejectBox"; id: number; index?: number }
  /** All suggestions at or above the threshold, of every picture listed. */
  | { type: "acceptBoxes" }
  | { type: "threshold"; threshold: number }
  | { type: "addLabel"; label: string }
  | { type: "refresh" }
  | { type: "undo" }
  | { type: "redo" }
  /** What is named is another filter from now on, the rest stays. */
  | { type: "filter"; filter: Partial<BoxesFilter> };

export type BoxesEvent = GalleryEvent;

export const EVERY_BOX: BoxesFilter = {
  label: null,
  empty: false,
  changed: false,
  suggested: false,
  mark: null,
  name: "",
};

export const BOXES_DEFAULTS: BoxesState = {
  dataset: "",
  labels: [],
  counts: [],
  total: 0,
  empty: 0,
  changed: 0,
  flags: NO_FLAGS,
  columns: 6,
  rows: 1,
  matching: 0,
  position: -1,
  stale: 0,
  filter: EVERY_BOX,
  page: [],
  previousBoxes: 0,
  suggestions: [],
  model: false,
  sureSuggestions: 0,
  threshold: 0.5,
  canUndo: false,
  canRedo: false,
  problems: [],
  problemCount: 0,
  unchecked: 0,
  unread: 0,
  others: 0,
  keys: {},
};
