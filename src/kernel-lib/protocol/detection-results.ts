/** `DetectionResultsUI`: what a detector found in pictures, beside what is in them. */
import type { BoxEdit, BoxShape, LabelledBox } from "./boxes.js";
import type { BrowsingCommand, BrowsingState, GalleryEvent } from "./browsing.js";
import type { FigurePanel } from "./figure.js";
import { NO_FLAGS, type FlagCounts, type MarkCommand, type MarkedRow, type MarkFilter } from "./marks.js";
import type { PictureRequest } from "./pictures.js";

/** "mislabelled": a detection lies there that has another label; "ignored": counts neither way. */
export type TruthVerdict = "found" | "mislabelled" | "missed" | "ignored";
/** "mislabelled": an object is there that has another label; "spurious": nothing is there. */
export type FoundVerdict = "right" | "mislabelled" | "spurious" | "ignored";

export type TruthBox = LabelledBox & { verdict: TruthVerdict };

export type FoundBox = BoxShape & {
  /** Its place among all detections of the picture, whatever their scores. */
  place: number;
  label: string;
  score: number;
  verdict: FoundVerdict;
  /** Place of the object that it stands for, and how far both overlap; `null` where there is none. */
  pair: { truth: number; iou: number } | null;
};

export interface DetectionResultsRow extends MarkedRow {
  truth: readonly TruthBox[];
  /** At or above the score threshold. */
  found: readonly FoundBox[];
  /** Wrong detections and missed objects. */
  mistakes: number;
}

export const BACKGROUND = "background";

/** TIDE's kinds of errors, as `DetectionEvaluation.errors()` names them. */
export const DETECTION_ERROR_KINDS = [
  "classification",
  "localization",
  "both",
  "duplicate",
  "background",
  "missed",
] as const;
export type DetectionErrorKind = (typeof DETECTION_ERROR_KINDS)[number];

export interface DetectionResultsFilter {
  /** Pictures without a mistake, and with. */
  correct: boolean;
  incorrect: boolean;
  /** Only pictures with an object of this label; with `found`, one that was found as that, or missed ("background"). */
  truth: string | null;
  /** Only pictures with a detection of this label; with "background" as `truth`, one where nothing is. */
  found: string | null;
  kind: DetectionErrorKind | null;
  /** Only pictures with a detection of such a score that is right, or that is wrong. */
  range: { low: number; high: number | null; right: boolean } | null;
  mark: MarkFilter | null;
}

export const DETECTION_ORDERS = [
  "index",
  "mistakes descending",
  "confidence ascending",
  "wrong score descending",
] as const;
export type DetectionOrder = (typeof DETECTION_ORDERS)[number];

export const DETECTION_PLOTS = ["none", "matrix", "curve", "errors", "scores"] as const;
export type DetectionPlot = (typeof DETECTION_PLOTS)[number];

export interface DetectionResultsState extends BrowsingState {
  dataset: string;
  labels: readonly string[];
  total: number;
  /** Pictures without a mistake. */
  correct: number;
  /** From this score on a detection counts, from this overlap on it is in the right place. */
  score: number;
  iou: number;
  /** Over all pictures, at both thresholds. */
  right: number;
  wrong: number;
  missed: number;
  figures: readonly { name: string; value: number; low: number; high: number }[];
  filter: DetectionResultsFilter;
  order: DetectionOrder;
  flags: FlagCounts;
  page: readonly DetectionResultsRow[];
  plotKind: DetectionPlot;
  plot: FigurePanel | null;
  canUndo: boolean;
  canRedo: boolean;
}

export type DetectionResultsCommand =
  | PictureRequest
  | BrowsingCommand
  | MarkCommand
  /** What is named is another filter from now on, the rest stays. */
  | { type: "filter"; filter: Partial<DetectionResultsFilter> }
  | { type: "order"; order: DetectionOrder }
  | { type: "nextOrder" }
  | { type: "thresholds"; score?: number; iou?: number }
  /** A higher or a lower threshold: of several quick presses none is lost. */
  | { type: "scoreBy"; by: number }
  | { type: "plot"; kind: DetectionPlot }
  | { type: "pick"; trace: number; index: number | readonly number[] }
  /** Of the objects that are there. */
  | BoxEdit
  /** The object takes the outline of the detection that stands for it. */
  | { type: "fitBox"; id: number; index: number; place: number }
  /** The detection is right: it becomes an object. */
  | { type: "adoptBox"; id: number; place: number }
  | { type: "undo" }
  | { type: "redo" };

export type DetectionResultsEvent = GalleryEvent;

export const EVERY_DETECTION: DetectionResultsFilter = {
  correct: true,
  incorrect: true,
  truth: null,
  found: null,
  kind: null,
  range: null,
  mark: null,
};

export const DETECTION_RESULTS_DEFAULTS: DetectionResultsState = {
  dataset: "",
  labels: [],
  total: 0,
  correct: 0,
  score: 0.5,
  iou: 0.5,
  right: 0,
  wrong: 0,
  missed: 0,
  figures: [],
  filter: EVERY_DETECTION,
  order: "index",
  flags: NO_FLAGS,
  page: [],
  plotKind: "none",
  plot: null,
  columns: 6,
  rows: 1,
  matching: 0,
  position: -1,
  stale: 0,
  canUndo: false,
  canRedo: false,
};
