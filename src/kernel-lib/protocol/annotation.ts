/** `AnnotationUI`: pictures in a grid, on a wall or in columns, labels by key and by menu, suggestions by a model. */
import type { BrowsingCommand, BrowsingState, GalleryEvent } from "./browsing.js";
import type { KeyMap, KeysCommand } from "./keys.js";
import { NO_FLAGS, type FlagCounts, type MarkCommand, type MarkedRow, type MarkFilter } from "./marks.js";
import type { PictureRequest } from "./pictures.js";

/** What a model takes a picture for. */
export interface LabelSuggestion {
  label: string;
  /** How sure it is, 0 to 1. */
  score: number;
  /** The picture has this label. */
  agrees: boolean;
}

export interface AnnotationRow extends MarkedRow {
  labels: readonly string[];
  /** Its labels are other than when the widget was made. */
  changed: boolean;
  /** One of several that the next label is for. */
  selected: boolean;
  /** Null where there is no model, and where it was rejected. */
  suggestion: LabelSuggestion | null;
}

export interface AnnotationFilter {
  /** Only pictures with this label; `null` for any. */
  label: string | null;
  /** Only pictures without a label. */
  unlabelled: boolean;
  /** Only pictures whose labels were changed here. */
  changed: boolean;
  /** Only pictures that the model takes for something else. */
  disagrees: boolean;
  mark: MarkFilter | null;
  /** Only pictures whose name holds this text, whatever its case. */
  name: string;
}

/** "grid" turns pages, "wall" scrolls through all, "columns" has one a label. */
export const ANNOTATION_VIEWS = ["grid", "wall", "columns"] as const;
export type AnnotationView = (typeof ANNOTATION_VIEWS)[number];

/**
 * In which order pictures come. "disagreement" begins with labels that confident learning suspects; "diversity" with pictures that are
 * least like those that are labelled.
 */
export const ANNOTATION_ORDERS = [
  "index",
  "least confidence",
  "margin",
  "entropy",
  "disagreement",
  "diversity",
] as const;
export type AnnotationOrder = (typeof ANNOTATION_ORDERS)[number];

export interface AnnotationColumn {
  /** `null` holds the pictures without a label. */
  label: string | null;
  /** Pictures in it, after the filter. */
  count: number;
  /** The place of the first one that is shown. */
  from: number;
  rows: readonly AnnotationRow[];
}

/** What the model is doing. */
export interface ModelState {
  phase: "none" | "untrained" | "scoring" | "training" | "ready" | "failed";
  /** What there is to say of it: "epoch 3 of 15". */
  text: string;
  /** 0 to 1. */
  progress: number;
  trainable: boolean;
  /** Orders that its answers allow. */
  orders: readonly AnnotationOrder[];
  /** Label changes since it learnt. */
  newLabels: number;
}

/** A change of the chosen picture: who, when, what. */
export interface HistoryLine {
  time: string;
  user: string;
  text: string;
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
  flags: FlagCounts;
  /** Pictures that the widget shows when nothing is filtered out. */
  total: number;
  /** Pictures that the next label is for; 0 where it is the chosen one alone. */
  selected: number;
  filter: AnnotationFilter;
  view: AnnotationView;
  order: AnnotationOrder;
  /** The rows of the page on which the chosen picture lies. */
  page: readonly AnnotationRow[];
  /** In the view of that name only. */
  labelColumns: readonly AnnotationColumn[];
  /** Grows with every change of what the list shows: a view that scrolls asks for its rows again. */
  revision: number;
  /** Of the chosen picture, the last first. */
  history: readonly HistoryLine[];
  model: ModelState;
  /** Suggestions at or above the threshold that "accept all" would take over. */
  sureSuggestions: number;
  threshold: number;
  canUndo: boolean;
  canRedo: boolean;
  /** A label key goes on to the next picture. */
  autoAdvance: boolean;
  /** Files that were left out when the data set was read; the first of them only. */
  problems: readonly { path: string; reason: string }[];
  problemCount: number;
  /** Pictures of which nobody knows yet whether they can be decoded; they are looked at in the background. */
  unchecked: number;
  /** Other notebooks that have the same folder open. */
  others: number;
  keys: KeyMap;
}

/** Rows of the list for a view that scrolls; answered to every view by an event that names the reader. */
export interface RowsRequest {
  type: "rows";
  reader: string;
  from: number;
  count: number;
}

export type AnnotationCommand =
  | PictureRequest
  | BrowsingCommand
  | KeysCommand
  | MarkCommand
  | RowsRequest
  /**
   * Without `id`, the pictures that are selected when the command arrives, or the chosen one. `toggle` adds or takes away one of
   * several.
   */
  | { type: "label"; label: string; id?: number; toggle?: boolean }
  /** Takes all labels away. */
  | { type: "unlabel"; id?: number }
  /**
   * From one column to another: `from` goes, `to` comes; `null` is the column of those without a label. A picture that is selected when
   * the command arrives takes the others with it.
   */
  | { type: "transfer"; id: number; from: string | null; to: string | null }
  | { type: "addLabel"; label: string }
  /** Chooses the picture with this id. */
  | { type: "choose"; id: number }
  /** Selects, beside what is selected: one more or one less, or all from the chosen one to here. */
  | { type: "pick"; position: number; how: "toggle" | "range" }
  /** The same, that many places from the chosen one: of several quick presses none is lost. */
  | { type: "pickBy"; by: number; how: "toggle" | "range" }
  | { type: "pickIds"; ids: readonly number[]; how: "set" | "add" | "remove" }
  | { type: "pickAll" }
  | { type: "pickNone" }
  | { type: "view"; view: AnnotationView }
  | { type: "scrollColumn"; label: string | null; from: number }
  /** An arrow among the columns, from the picture that is chosen when the command arrives: -1, 0 or 1; `wide` pictures lie side by side. */
  | { type: "moveInColumns"; across: number; down: number; wide: number }
  | { type: "order"; order: AnnotationOrder }
  /** Takes the model's label over, for what is selected or chosen. */
  | { type: "accept"; id?: number }
  | { type: "reject"; id?: number }
  /** All sure suggestions for pictures without a label; of those that are listed because they disagree, also others. */
  | { type: "acceptAll" }
  | { type: "threshold"; threshold: number }
  /** The model learns from the labels as they are now, in the background. */
  | { type: "train" }
  | { type: "stopTraining" }
  /** The person came back to the page: other notebooks may have changed labels meanwhile. */
  | { type: "refresh" }
  | { type: "undo" }
  | { type: "redo" }
  /** What is named is another filter from now on, the rest stays. */
  | { type: "filter"; filter: Partial<AnnotationFilter> }
  /** Without `on`, the other way round: pressed twice before the first answer, it is as it was. */
  | { type: "autoAdvance"; on?: boolean };

export type AnnotationEvent = GalleryEvent;

export const NO_FILTER: AnnotationFilter = {
  label: null,
  unlabelled: false,
  changed: false,
  disagrees: false,
  mark: null,
  name: "",
};

/** How many problems the state carries by name. */
export const SHOWN_PROBLEMS = 20;

/** The most rows that one request brings. */
export const MAX_ROWS = 200;

/** Cells in all columns together. */
export const MAX_COLUMN_CELLS = 180;

const NO_MODEL: ModelState = {
  phase: "none",
  text: "",
  progress: 0,
  trainable: false,
  orders: ["index"],
  newLabels: 0,
};

export const ANNOTATION_DEFAULTS: AnnotationState = {
  dataset: "",
  labels: [],
  counts: [],
  unlabelled: 0,
  changed: 0,
  flags: NO_FLAGS,
  total: 0,
  selected: 0,
  columns: 3,
  rows: 2,
  matching: 0,
  position: -1,
  stale: 0,
  filter: NO_FILTER,
  view: "grid",
  order: "index",
  page: [],
  labelColumns: [],
  revision: 0,
  history: [],
  model: NO_MODEL,
  sureSuggestions: 0,
  threshold: 0.9,
  canUndo: false,
  canRedo: false,
  autoAdvance: false,
  problems: [],
  problemCount: 0,
  unchecked: 0,
  others: 0,
  keys: {},
};
