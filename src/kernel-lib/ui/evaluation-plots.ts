/** Figures of an evaluation and of a training. */
import type { ClassificationEvaluation } from "../metrics/classification-evaluation.js";
import {
  accuraciesSpec,
  confusionMatrixSpec,
  learningRateSpec,
  precisionRecallSpec,
  rocCurveSpec,
} from "../plots/index.js";
import type { LearningRateCurve } from "../structures/training.js";
import { Figure } from "./figure.js";

/** ROC curves of every class with pictures, each against the rest, over the diagonal of guessing. */
export function plotRocCurve(evaluation: ClassificationEvaluation): Figure {
  const curves = evaluation.labels.map((label) => {
    const { fpr, tpr } = evaluation.rocCurve(label);
    return { label, fpr, tpr, auc: evaluation.auc(label) };
  });
  return new Figure(rocCurveSpec(curves), { height: heightWithLegend(curves.length + 1) });
}

/** Precision against recall of every class with pictures, each against the rest. */
export function plotPrecisionRecallCurve(evaluation: ClassificationEvaluation): Figure {
  const present = evaluation.labels.filter((_, index) => evaluation.truth.includes(index));
  const curves = present.map((label) => {
    const { precision, recall } = evaluation.precisionRecallCurve(label);
    return { label, precision, recall, averagePrecision: evaluation.averagePrecision(label) };
  });
  return new Figure(precisionRecallSpec(curves), { height: heightWithLegend(curves.length) });
}

/** Two entries fit beside each other. */
function heightWithLegend(entries: number): number {
  return Math.min(900, 350 + 20 * Math.ceil(entries / 2));
}

/** Counts by truth (rows) and prediction (columns); a cell's shade is its share of its row. */
export function plotConfusionMatrix(evaluation: ClassificationEvaluation): Figure {
  const matrix = evaluation.confusionMatrix();
  const height = Math.min(900, Math.max(400, 130 + 34 * evaluation.labels.length));
  return new Figure(confusionMatrixSpec(matrix, evaluation.labels), { height });
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
