/** Plots of one evaluation by class, or of several models by name, as plain specifications. */
import type { ClassificationEvaluation } from "../metrics/classification-evaluation.js";
import type { DetectionEvaluation } from "../metrics/detection-evaluation.js";
import { wilsonInterval } from "../metrics/interval.js";
import { quote, VitrineError } from "../structures/errors.js";
import { matrixRow } from "../structures/matrix.js";
import { calibrationSpec } from "./calibration.js";
import { classBarsSpec, type PlottedBars } from "./class-bars.js";
import { confusionMatrixSpec } from "./confusion-matrix.js";
import { errorCountsSpec } from "./error-counts.js";
import type { PlotSpec } from "./plot-spec.js";
import { precisionRecallSpec } from "./precision-recall-curve.js";
import { rocCurveSpec } from "./roc-curve.js";
import { scoreHistogramSpec } from "./score-histogram.js";

/** One evaluation, or several by their models' names. */
export type Models<E> = E | Readonly<Record<string, E>>;

/** Evaluations that have precision-recall curves. */
export type CurvedEvaluation = ClassificationEvaluation | DetectionEvaluation;

interface NamedModel<E> {
  name: string;
  evaluation: E;
}

function isEvaluation(value: unknown): boolean {
  const { labels, precisionRecallCurve } = (value ?? {}) as Partial<Record<keyof CurvedEvaluation, unknown>>;
  return Array.isArray(labels) && typeof precisionRecallCurve === "function";
}

/** Undefined for a single evaluation. @throws InvalidOption for what is neither one nor several */
export function namedModels<E extends object>(models: Models<E>): NamedModel<E>[] | undefined {
  if (isEvaluation(models)) return undefined;
  const several = Object.entries((models as Readonly<Record<string, E>> | null) ?? {});
  if (several.length > 0 && several.every(([, value]) => isEvaluation(value)))
    return several.map(([name, evaluation]) => ({ name, evaluation }));
  const expected = "an evaluation, as ClassificationEvaluation.run gives it, or evaluations by their models' names";
  throw new VitrineError("InvalidOption", { option: "evaluation", expected, received: quote(models) });
}

const everyModel = <E extends object>(models: Models<E>): NamedModel<E>[] =>
  namedModels(models) ?? [{ name: "", evaluation: models as E }];

/** One curve a class; of several models one each: of that label, or over all. */
function curves<E extends { readonly labels: readonly string[] }, C>(
  models: Models<E>,
  label: string | undefined,
  curve: (evaluation: E, label: string | undefined, name: string, model?: number) => C,
): C[] {
  const several = namedModels(models);
  if (several) return several.map(({ name, evaluation }, model) => curve(evaluation, label, name, model));
  const evaluation = models as E;
  const labels = label === undefined ? evaluation.labels : [label];
  return labels.map((own) => curve(evaluation, own, own));
}

export function rocCurvePlot(models: Models<ClassificationEvaluation>, label?: string): PlotSpec {
  return rocCurveSpec(
    curves(models, label, (evaluation, own, name, model) => ({
      label: name,
      ...evaluation.rocCurve(own),
      auc: evaluation.auc(own),
      ...(model !== undefined && { model }),
    })),
  );
}

export function precisionRecallPlot(models: Models<CurvedEvaluation>, label?: string): PlotSpec {
  return precisionRecallSpec(
    curves(models, label, (evaluation, own, name, model) => ({
      label: name,
      ...evaluation.precisionRecallCurve(own),
      averagePrecision: hasObjects(evaluation, own) ? evaluation.averagePrecision(own) : NaN,
      ...(model !== undefined && { model }),
    })),
  );
}

function hasObjects(evaluation: CurvedEvaluation, label: string | undefined): boolean {
  if (label === undefined || !("predictions" in evaluation)) return true;
  return evaluation.truth.includes(evaluation.labels.indexOf(label));
}

/** With the background as the last class for a detector. */
export function confusionMatrixPlot(
  evaluation: CurvedEvaluation,
  cut: { iou?: number; score?: number } = {},
): PlotSpec {
  if ("predictions" in evaluation) return confusionMatrixSpec(evaluation.confusionMatrix(), evaluation.labels);
  return confusionMatrixSpec(evaluation.confusionMatrix(cut), [...evaluation.labels, "background"]);
}

/** @throws InvalidOption where the scores are no probabilities */
export function calibrationPlot(models: Models<ClassificationEvaluation>, label?: string, bins = 10): PlotSpec {
  return calibrationSpec(
    everyModel(models).map(({ name, evaluation }, model) => ({
      name: [name, label ?? "predicted label"].filter((part) => part !== "").join(", "),
      ...evaluation.calibration(label, { bins }),
      ...(label === undefined && { error: evaluation.calibrationError({ bins }) }),
      model,
    })),
  );
}

/** Without a label, of the predicted labels: right and wrong ones. With one, of its scores: pictures of it and others. */
export function scoreHistogramPlot(evaluation: ClassificationEvaluation, label?: string, bins = 20): PlotSpec {
  const column = label === undefined ? undefined : evaluation.labels.indexOf(label);
  const scored = evaluation.truth.map((truth, i) => {
    const at = column ?? evaluation.predictions[i] ?? 0;
    return { positive: truth === at, score: matrixRow(evaluation.scores, i)[at] ?? NaN };
  });
  const of = (positive: boolean) => scored.filter((one) => one.positive === positive).map(({ score }) => score);
  const [yes, no] = label === undefined ? ["right", "wrong"] : [label, "others"];
  const title = label === undefined ? "Scores of the predicted labels" : `Scores of ${label}`;
  const groups = [
    { name: yes, scores: of(true) },
    { name: no, scores: of(false) },
  ];
  return scoreHistogramSpec(groups, { bins, title });
}

export const CLASS_FIGURES = ["precision", "recall", "f1"] as const;
export type ClassFigure = (typeof CLASS_FIGURES)[number];

const FIGURE_TITLES: { [figure in ClassFigure]: string } = {
  precision: "Precision by class",
  recall: "Recall by class",
  f1: "F1 by class",
};

/** Of one model precision and recall, of several one figure; shares with Wilson's interval of 95 %. */
export function classBarsPlot(models: Models<ClassificationEvaluation>, figure?: ClassFigure): PlotSpec {
  const several = namedModels(models);
  const [{ evaluation }] = everyModel(models) as [NamedModel<ClassificationEvaluation>];
  if (!several && figure === undefined) {
    const bars = (["precision", "recall"] as const).map((own) => barsOf(evaluation, own, own));
    return classBarsSpec(evaluation.labels, bars, "Precision and recall by class");
  }
  const chosen = figure ?? "recall";
  const bars = everyModel(models).map((model) => barsOf(model.evaluation, chosen, model.name || chosen));
  return classBarsSpec(evaluation.labels, bars, FIGURE_TITLES[chosen]);
}

function barsOf(evaluation: ClassificationEvaluation, figure: ClassFigure, name: string): PlottedBars {
  const rows = evaluation.precisionRecallF1();
  const matrix = evaluation.confusionMatrix();
  const values = rows.map((row) => (row.support === 0 && figure !== "precision" ? NaN : row[figure]));
  if (figure === "f1") return { name, values };
  const intervals = rows.map((_, i) => {
    const right = matrix[i]?.[i] ?? 0;
    const total = sum(figure === "recall" ? (matrix[i] ?? []) : matrix.map((row) => row[i] ?? 0));
    return total === 0 ? undefined : wilsonInterval(right, total);
  });
  return { name, values, intervals };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export function errorCountsPlot(
  models: Models<DetectionEvaluation>,
  by: "counts" | "dAP" = "counts",
  iou = 0.5,
): PlotSpec {
  const plotted = everyModel(models).map(({ name, evaluation }) => ({
    name: name || "errors",
    ...evaluation.errors({ iou }),
  }));
  return errorCountsSpec(plotted, by);
}
