/** `ResultsUI`: what a model said about pictures, beside what they are. */
import type { BrowsingCommand, BrowsingState, GalleryEvent } from "./browsing.js";
import type { PictureRequest, PictureRow } from "./pictures.js";

export interface ResultsRow extends PictureRow {
  truth: readonly string[];
  prediction: string;
  /** The score of the predicted label. */
  score: number;
  /** The prediction is one of the true labels. */
  correct: boolean;
}

export interface ResultsFilter {
  correct: boolean;
  incorrect: boolean;
  /** Only pictures that are this; `null` for any. */
  truth: string | null;
  /** Only pictures that were taken for this; `null` for any. */
  prediction: string | null;
}

/**
 * `confidence` is the score of the predicted label, `truthScore` that of the true one: pictures with the lowest are where
 * the model contradicts the label most, so wrong labels gather at the head of the list.
 */
export const RESULTS_ORDERS = [
  "index",
  "confidence ascending",
  "confidence descending",
  "truth score ascending",
] as const;
export type ResultsOrder = (typeof RESULTS_ORDERS)[number];

export interface ResultsState extends BrowsingState {
  dataset: string;
  labels: readonly string[];
  total: number;
  correct: number;
  incorrect: number;
  /** Pictures that are a label and that were taken for it, parallel to `labels`, over the whole list. */
  truthCounts: readonly number[];
  predictionCounts: readonly number[];
  filter: ResultsFilter;
  order: ResultsOrder;
  page: readonly ResultsRow[];
  /** The scores of the chosen picture, parallel to `labels`. */
  scores: readonly number[];
  /** What the bars span: 0 to 1 for probabilities, else the lowest and the highest score of all. */
  scoreRange: readonly [number, number];
  canUndo: boolean;
  canRedo: boolean;
}

export type ResultsCommand =
  | PictureRequest
  | BrowsingCommand
  | { type: "filter"; filter: ResultsFilter }
  | { type: "order"; order: ResultsOrder }
  /** The order after the present one. */
  | { type: "nextOrder" }
  /** Corrects what a picture is, on the data set. */
  | { type: "label"; label: string; id: number }
  | { type: "undo" }
  | { type: "redo" };

export type ResultsEvent = GalleryEvent;

export const EVERY_RESULT: ResultsFilter = { correct: true, incorrect: true, truth: null, prediction: null };

export const RESULTS_DEFAULTS: ResultsState = {
  dataset: "",
  labels: [],
  total: 0,
  correct: 0,
  incorrect: 0,
  truthCounts: [],
  predictionCounts: [],
  columns: 3,
  rows: 2,
  matching: 0,
  position: -1,
  stale: 0,
  filter: EVERY_RESULT,
  order: "index",
  page: [],
  scores: [],
  scoreRange: [0, 1],
  canUndo: false,
  canRedo: false,
};
