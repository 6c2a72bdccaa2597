/** `ResultsUI`: what a model said about pictures, beside what they are. */
import type { BrowsingCommand, BrowsingState, GalleryEvent } from "./browsing.js";
import type { FigurePanel } from "./figure.js";
import { NO_FLAGS, type FlagCounts, type MarkCommand, type MarkedRow, type MarkFilter } from "./marks.js";
import type { PictureRequest, PictureRow } from "./pictures.js";

export interface ResultsRow extends MarkedRow {
  truth: readonly string[];
  prediction: string;
  /** The score of the predicted label. */
  score: number;
  /** The prediction is one of the true labels. */
  correct: boolean;
  /** The label that confident learning would rather have; `null` where it has no doubt. */
  suggested: string | null;
}

/** Pictures whose score of a label lies within these ends; `null` is no end, and for the label the predicted one. */
export interface ScoreRange {
  label: string | null;
  /** Included. */
  low: number | null;
  /** Not included, but for the end of the scale. */
  high: number | null;
}

export interface ResultsFilter {
  correct: boolean;
  incorrect: boolean;
  /** Only pictures that are this; `null` for any. */
  truth: string | null;
  /** Only pictures that were taken for this; `null` for any. */
  prediction: string | null;
  range: ScoreRange | null;
  mark: MarkFilter | null;
  /** Only pictures whose label confident learning doubts. */
  doubtful: boolean;
}

/**
 * `confidence` is the score of the predicted label, `truthScore` that of the true one: pictures with the lowest are where
 * the model contradicts the label most, so wrong labels gather at the head of the list. `loss` is the cross-entropy, `margin` how far
 * the second-best label is behind the best, `disagreement` how far two models are apart, or one from the truth.
 */
export const RESULTS_ORDERS = [
  "index",
  "confidence ascending",
  "confidence descending",
  "truth score ascending",
  "loss descending",
  "margin ascending",
  "disagreement descending",
] as const;
export type ResultsOrder = (typeof RESULTS_ORDERS)[number];

/** What is drawn of the results as a whole; a click on it lists the pictures behind it. */
export const RESULTS_PLOTS = ["none", "matrix", "curve", "scores", "classes"] as const;
export type ResultsPlot = (typeof RESULTS_PLOTS)[number];

/** A figure over all pictures, by the labels as they are now. */
export interface ResultsFigure {
  name: string;
  value: number;
  /** Ends of an interval of 95 %. */
  low: number;
  high: number;
}

/** Something that takes a while: it is asked for once, and comes when it is there. */
export type Progressing = "off" | "busy" | "ready";

/** A picture that the model was trained on. */
export interface SimilarRow extends PictureRow {
  labels: readonly string[];
  /** Cosine of the features, -1 to 1. */
  similarity: number;
}

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
  figures: readonly ResultsFigure[];
  /** Pictures whose label confident learning doubts; `null` where the scores are no probabilities. */
  doubtful: number | null;
  flags: FlagCounts;
  plotKind: ResultsPlot;
  plot: FigurePanel | null;
  /** `null` where no model with features was given. */
  similarState: Progressing | null;
  /** To the chosen picture, the most similar first. */
  similar: readonly SimilarRow[];
  /** `null` where no model that explains itself was given. */
  saliencyState: Progressing | null;
  /** Over the chosen picture: a small PNG to be stretched over it, and the label that it is about. */
  saliency: { url: string; label: string } | null;
  canUndo: boolean;
  canRedo: boolean;
}

export type ResultsCommand =
  | PictureRequest
  | BrowsingCommand
  /** What is named is another filter from now on, the rest stays. */
  | { type: "filter"; filter: Partial<ResultsFilter> }
  | { type: "order"; order: ResultsOrder }
  /** The order after the present one. */
  | { type: "nextOrder" }
  /** Corrects what a picture is, on the data set. */
  | { type: "label"; label: string; id: number }
  /** Gives a doubtful picture the label that is suggested. */
  | { type: "acceptLabel"; id: number }
  | { type: "plot"; kind: ResultsPlot }
  /** A click on the plot: `index` within the trace, `[row, column]` of a matrix. */
  | { type: "pick"; trace: number; index: number | readonly number[] }
  | { type: "similar"; on: boolean }
  | { type: "saliency"; on: boolean }
  | MarkCommand
  | { type: "undo" }
  | { type: "redo" };

export type ResultsEvent = GalleryEvent;

export const EVERY_RESULT: ResultsFilter = {
  correct: true,
  incorrect: true,
  truth: null,
  prediction: null,
  range: null,
  mark: null,
  doubtful: false,
};

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
  figures: [],
  doubtful: null,
  flags: NO_FLAGS,
  plotKind: "none",
  plot: null,
  similarState: null,
  similar: [],
  saliencyState: null,
  saliency: null,
  canUndo: false,
  canRedo: false,
};
