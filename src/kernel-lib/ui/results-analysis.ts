/** Results as a whole, by the labels as they are now: figures, plots, and the pictures behind a point of a plot. */
import { ClassificationEvaluation } from "../metrics/classification-evaluation.js";
import { wilsonInterval } from "../metrics/interval.js";
import { findLabelErrors } from "../metrics/label-errors.js";
import {
  classBarsPlot,
  confusionMatrixPlot,
  histogramRange,
  type PlotSpec,
  precisionRecallPlot,
  scoreHistogramPlot,
  shownPoints,
} from "../plots/index.js";
import {
  EVERY_RESULT,
  type FigurePanel,
  type ResultsFigure,
  type ResultsFilter,
  type ResultsPlot,
} from "../protocol/index.js";
import { matrixRow } from "../structures/matrix.js";
import { describePlot } from "./describe-plot.js";
import type { Predictions } from "./predictions.js";

const BINS = 20;

export class ResultsAnalysis {
  private readonly predictions: Predictions;
  private readonly truth: (id: number) => readonly string[];
  private readonly ids: readonly number[];
  private known: Known | undefined;

  constructor(predictions: Predictions, ids: readonly number[], truth: (id: number) => readonly string[]) {
    this.predictions = predictions;
    this.ids = ids;
    this.truth = truth;
  }

  /** A label has changed: what was computed is out of date. */
  forget(): void {
    this.known = undefined;
  }

  figures(): ResultsFigure[] {
    const now = this.now();
    return (now.figures ??= now.evaluation ? this.figuresOf(now.evaluation) : []);
  }

  private figuresOf(evaluation: ClassificationEvaluation): ResultsFigure[] {
    const right = evaluation.truth.filter((truth, i) => truth === evaluation.predictions[i]).length;
    const overall = wilsonInterval(right, evaluation.truth.length);
    return [
      { name: "Accuracy", value: right / evaluation.truth.length, ...overall },
      { name: "Accuracy by class", value: evaluation.accuracy(), ...byClass(evaluation) },
    ];
  }

  /** The label that confident learning would rather have, by picture; undefined where the scores are no probabilities. */
  doubts(): ReadonlyMap<number, string> | undefined {
    const now = this.now();
    if (!this.predictions.probable) return undefined;
    // Asked for with every row of every state.
    return (now.doubts ??= doubted(now));
  }

  panel(kind: ResultsPlot): FigurePanel | null {
    const now = this.now();
    if (!now.evaluation || kind === "none") return null;
    const cached = now.panels.get(kind);
    if (cached) return cached;
    const spec = draw(kind, now.evaluation);
    const panel = { spec: { ...spec }, description: describePlot(spec), height: kind === "matrix" ? 320 : 340 };
    now.panels.set(kind, panel);
    return panel;
  }

  /** The filter that lists what was clicked. */
  pick(kind: ResultsPlot, trace: number, index: number | readonly number[]): ResultsFilter | undefined {
    const { evaluation } = this.now();
    if (!evaluation) return undefined;
    const { labels } = evaluation;
    if (kind === "matrix" && Array.isArray(index)) {
      const [row = -1, column = -1] = index as readonly number[];
      return { ...EVERY_RESULT, truth: labels[row] ?? null, prediction: labels[column] ?? null };
    }
    if (typeof index !== "number") return undefined;
    if (kind === "scores") return pickedBin(evaluation, trace, index);
    if (kind === "curve") return pickedPoint(evaluation, trace, index);
    const label = labels[index] ?? null;
    // The bars of precision are of what was taken for a label, those of recall of what is one.
    return trace === 0 ? { ...EVERY_RESULT, prediction: label } : { ...EVERY_RESULT, truth: label };
  }

  private now(): Known {
    this.known ??= this.evaluate();
    return this.known;
  }

  /** Pictures without a label that the model knows have no place in a matrix: they are left out. */
  private evaluate(): Known {
    const { labels, matrix } = this.predictions;
    const known = new Set(labels);
    const truths = this.ids.map((id) => this.truth(id).find((label) => known.has(label)));
    const ids = this.ids.filter((_, i) => truths[i] !== undefined);
    const truth = truths.filter((label) => label !== undefined);
    const panels = new Map<ResultsPlot, FigurePanel>();
    if (ids.length === 0 || labels.length < 2) return { ids, panels, evaluation: undefined };
    const data = new Float32Array(ids.length * labels.length);
    ids.forEach((id, row) => data.set(matrixRow(matrix, id), row * labels.length));
    const scores = { rows: ids.length, columns: labels.length, data };
    return { ids, panels, evaluation: ClassificationEvaluation.fromScores({ labels, truth, scores }) };
  }
}

function byClass(evaluation: ClassificationEvaluation): { low: number; high: number } {
  const count = evaluation.truth.length;
  // Drawing hundreds of thousands of pictures anew would be felt at every label that is corrected.
  if (count > 20_000) return { low: NaN, high: NaN };
  return evaluation.interval(undefined, { resamples: Math.max(50, Math.min(300, Math.floor(300_000 / count))) });
}

function doubted({ evaluation, ids }: Known): Map<number, string> {
  const found = evaluation ? findLabelErrors(evaluation) : [];
  return new Map(found.map(({ index, suggested }) => [ids[index] ?? -1, suggested]));
}

interface Known {
  /** The picture of each row of the evaluation. */
  ids: readonly number[];
  evaluation: ClassificationEvaluation | undefined;
  panels: Map<ResultsPlot, FigurePanel>;
  doubts?: Map<number, string>;
  figures?: ResultsFigure[];
}

function draw(kind: Exclude<ResultsPlot, "none">, evaluation: ClassificationEvaluation): PlotSpec {
  if (kind === "matrix") return confusionMatrixPlot(evaluation);
  if (kind === "curve") return precisionRecallPlot(evaluation);
  return kind === "scores" ? scoreHistogramPlot(evaluation, undefined, BINS) : classBarsPlot(evaluation);
}

function pickedBin(evaluation: ClassificationEvaluation, trace: number, index: number): ResultsFilter {
  const tops = evaluation.predictions.map((column, row) => matrixRow(evaluation.scores, row)[column] ?? NaN);
  const [low, high] = histogramRange([{ name: "", scores: tops }]);
  const width = (high - low) / BINS;
  const last = index >= BINS - 1;
  const range = { label: null, low: low + index * width, high: last ? null : low + (index + 1) * width };
  return { ...EVERY_RESULT, correct: trace === 0, incorrect: trace === 1, range };
}

/** What counts as found at that point: the pictures whose score of the curve's label is at least its threshold. */
function pickedPoint(evaluation: ClassificationEvaluation, trace: number, index: number): ResultsFilter | undefined {
  const drawn = evaluation.labels.filter((_, i) => evaluation.truth.includes(i));
  const label = drawn[trace];
  if (label === undefined) return undefined;
  const { precision, recall, thresholds } = evaluation.precisionRecallCurve(label);
  const at = shownPoints(recall, precision)[index];
  const low = thresholds[at ?? -1];
  return { ...EVERY_RESULT, range: { label, low: low ?? Number.MAX_VALUE, high: null } };
}
