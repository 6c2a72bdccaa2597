/**
 * Figures of evaluations and of a training. Where several models are to be compared, their evaluations come by name:
 * `plotRocCurve({ svm, head })`. Each is live in a notebook; `await figure.save("roc.svg")` writes it without a browser.
 */
import type { ClassificationEvaluation } from "../metrics/classification-evaluation.js";
import type { DetectionEvaluation } from "../metrics/detection-evaluation.js";
import {
  accuraciesSpec,
  calibrationPlot,
  CLASS_FIGURES,
  type ClassFigure,
  classBarsPlot,
  confusionMatrixPlot,
  type CurvedEvaluation,
  errorCountsPlot,
  errorMatrixSpec,
  learningRateSpec,
  type Models,
  namedModels,
  type PlotSpec,
  precisionRecallPlot,
  rocCurvePlot,
  scoreHistogramPlot,
} from "../plots/index.js";
import { VitrineError } from "../structures/errors.js";
import { choiceOption, integerOption, knownOptions } from "../structures/options.js";
import type { LearningRateCurve } from "../structures/training.js";
import { Figure } from "./figure.js";

export interface CurvePlotOptions {
  /** Only this class; of several models, without one, the average over all. */
  label?: string;
}

/** ROC curves of every class with pictures, each against the rest, over the diagonal of guessing; of several models one each. */
export function plotRocCurve(evaluation: Models<ClassificationEvaluation>, options: CurvePlotOptions = {}): Figure {
  knownOptions("plotRocCurve", options, ["label"]);
  return withLegend(rocCurvePlot(evaluation, options.label));
}

/** Precision against recall of every class, over lines of equal F1; of several models one curve each. */
export function plotPrecisionRecallCurve(evaluation: Models<CurvedEvaluation>, options: CurvePlotOptions = {}): Figure {
  knownOptions("plotPrecisionRecallCurve", options, ["label"]);
  return withLegend(precisionRecallPlot(evaluation, options.label));
}

/** Counts by truth (rows) and prediction (columns); a cell's shade is its share of its row. A detector's has the background. */
export function plotConfusionMatrix(
  evaluation: CurvedEvaluation,
  options: { iou?: number; score?: number } = {},
): Figure {
  knownOptions("plotConfusionMatrix", options, ["iou", "score"]);
  return new Figure(confusionMatrixPlot(evaluation, options), { height: matrixHeight(evaluation.labels.length) });
}

const matrixHeight = (labels: number) => Math.min(900, Math.max(400, 130 + 34 * labels));

/** A matrix of counts with the names of its rows and columns: a `ClassificationEvaluation`, or what `metrics.confusionMatrix` gives. */
export interface CountedPredictions {
  readonly labels: readonly (string | number)[];
  /** Rows: truth, columns: prediction. */
  confusionMatrix: readonly (readonly number[])[] | (() => readonly (readonly number[])[]);
}

/**
 * What is mistaken for what: each row's errors in percent, with what is right left out.
 *
 * @throws InvalidOption where the matrix is not as large as the labels are many
 */
export function plotErrorMatrix(counted: CountedPredictions): Figure {
  const labels = counted.labels.map(String);
  const matrix = typeof counted.confusionMatrix === "function" ? counted.confusionMatrix() : counted.confusionMatrix;
  if (matrix.length !== labels.length || matrix.some((row) => row.length !== labels.length)) {
    const details = { option: "confusionMatrix", expected: `${labels.length} rows and columns, one a label,` };
    throw new VitrineError("InvalidOption", { ...details, received: `${matrix.length} × ${matrix[0]?.length ?? 0}` });
  }
  return new Figure(errorMatrixSpec(matrix, labels), { height: matrixHeight(labels.length) });
}

/**
 * How often the model is right against how sure it is.
 *
 * @throws InvalidOption where the scores are no probabilities
 */
export function plotCalibration(
  evaluation: Models<ClassificationEvaluation>,
  options: CurvePlotOptions & { bins?: number } = {},
): Figure {
  knownOptions("plotCalibration", options, ["label", "bins"]);
  return withLegend(calibrationPlot(evaluation, options.label, integerOption("bins", options.bins ?? 10, 1, 1000)));
}

/** How the scores are spread: of right and wrong predictions, or of one label and the others. */
export function plotScoreHistogram(
  evaluation: ClassificationEvaluation,
  options: CurvePlotOptions & { bins?: number } = {},
): Figure {
  knownOptions("plotScoreHistogram", options, ["label", "bins"]);
  return withLegend(scoreHistogramPlot(evaluation, options.label, integerOption("bins", options.bins ?? 20, 1, 1000)));
}

/** Precision and recall of each class with intervals of 95 %; of several models one figure, "recall" where nothing else is said. */
export function plotClassBars(
  evaluation: Models<ClassificationEvaluation>,
  options: { figure?: ClassFigure } = {},
): Figure {
  knownOptions("plotClassBars", options, ["figure"]);
  const figure = options.figure === undefined ? undefined : choiceOption("figure", options.figure, CLASS_FIGURES);
  return withLegend(classBarsPlot(evaluation, figure));
}

export interface ErrorCountsOptions {
  /** How many errors there are of each kind, or what they cost in average precision. Default "counts". */
  by?: "counts" | "dAP";
  /** From which intersection over union a detection is in the right place. Default 0.5. */
  iou?: number;
}

/** A detector's errors by TIDE's six kinds. */
export function plotErrorCounts(evaluation: Models<DetectionEvaluation>, options: ErrorCountsOptions = {}): Figure {
  knownOptions("plotErrorCounts", options, ["by", "iou"]);
  const by = choiceOption("by", options.by ?? "counts", ["counts", "dAP"]);
  const figure = errorCountsPlot(evaluation, by, options.iou);
  return namedModels(evaluation) ? withLegend(figure) : new Figure(figure);
}

/** Two entries fit beside each other. */
function heightWithLegend(entries: number): number {
  return Math.min(900, 350 + 20 * Math.ceil(entries / 2));
}

function withLegend(spec: PlotSpec): Figure {
  return new Figure(spec, { height: heightWithLegend(spec.data.filter(({ name }) => name !== undefined).length) });
}

/** What `findLearningRate` saw: losses against the rate, which has a logarithmic axis, and the suggestion. */
export function plotLearningRates(curve: LearningRateCurve): Figure {
  return new Figure(learningRateSpec(curve), { height: heightWithLegend(3) });
}

/** `[training accuracies, evaluation accuracies, epochs]`, as a trained model has them. */
export type TrainEvalAccs = readonly [readonly number[], readonly (number | null)[], readonly number[]];

/** Both accuracies against the epoch. */
export function plotAccuracies(model: { readonly trainEvalAccs: TrainEvalAccs }): Figure {
  const [train, evaluation, epochs] = model.trainEvalAccs;
  return new Figure(accuraciesSpec({ train, evaluation, epochs }));
}
