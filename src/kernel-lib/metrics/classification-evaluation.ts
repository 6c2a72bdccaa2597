/**
 * How good a classifier is on labelled pictures: scores once, every figure from them.
 *
 * N pictures, L labels: scores are N × L, the truth of a picture is the first of its labels.
 */
import { quote, VitrineError } from "../structures/errors.js";
import { type Matrix, matrixRow } from "../structures/matrix.js";
import { choiceOption } from "../structures/options.js";
import { classRecalls } from "./accuracy.js";
import { confusionMatrix, type ConfusionMatrixOptions } from "./confusion-matrix.js";
import { evaluationAsHtml, evaluationAsText } from "./evaluation-display.js";
import { averagePrecision, precisionRecallCurve, type PrecisionRecallCurve } from "./precision-recall-curve.js";
import { type ClassPrecisionRecall, precisionRecallF1 } from "./precision-recall-f1.js";
import { rocAuc, rocCurve, type RocCurve } from "./roc-curve.js";

/** What an evaluation needs to know of a data set. */
export interface LabelledImages {
  readonly images: readonly { readonly name?: string; readonly labels: readonly string[] }[];
}

export interface ScoreOptions {
  /** Pictures a batch. */
  batchSize?: number;
  signal?: AbortSignal;
}

/** Anything that scores pictures: one row a picture, one column a label, higher is likelier. */
export interface ImageClassifier<D extends LabelledImages = LabelledImages> {
  readonly labels: readonly string[];
  score(dataset: D, options?: ScoreOptions): Promise<Matrix>;
}

export class ClassificationEvaluation {
  /** The classes, in the order of the scores' columns. */
  readonly labels: readonly string[];
  /** The index of each picture's true label in `labels`. */
  readonly truth: readonly number[];
  /** One row a picture, one column a label. */
  readonly scores: Matrix;
  /** The index of the label with the highest score, the first one where several share it. */
  readonly predictions: readonly number[];

  private constructor(labels: readonly string[], truth: readonly number[], scores: Matrix) {
    checkScores(labels, truth, scores);
    this.labels = [...labels];
    this.truth = [...truth];
    this.scores = scores;
    this.predictions = truth.map((_, row) => indexOfMaximum(matrixRow(scores, row)));
  }

  /**
   * Scores every picture of `dataset` by `model`. A picture with several labels counts by its first one.
   *
   * @throws InvalidDataset where there is no picture, or one has no label
   * @throws UnknownLabel where a picture's label is not among the model's
   */
  static async run<D extends LabelledImages>(
    model: ImageClassifier<D>,
    dataset: D,
    options: ScoreOptions = {},
  ): Promise<ClassificationEvaluation> {
    const truth = truthOf(model.labels, dataset);
    return new ClassificationEvaluation(model.labels, truth, await model.score(dataset, options));
  }

  /** From scores that are there already; `truth` names each row's label, or gives its index in `labels`. */
  static fromScores(from: {
    labels: readonly string[];
    truth: readonly (number | string)[];
    scores: Matrix;
  }): ClassificationEvaluation {
    const truth = from.truth.map((label) => (typeof label === "string" ? labelIndex(from.labels, label) : label));
    return new ClassificationEvaluation(from.labels, truth, from.scores);
  }

  /** The label with the highest score, for each picture. */
  get predictedLabels(): readonly string[] {
    return this.predictions.map((index) => this.labels[index] ?? "");
  }

  /**
   * In 0..1: the mean of the classes' recalls ("class", the default: classes without pictures are left out), or the share of
   * all pictures that are right ("overall").
   */
  accuracy(options: { average?: "class" | "overall" } = {}): number {
    const average = choiceOption("average", options.average ?? "class", ["class", "overall"]);
    if (average === "overall") return this.truth.filter((t, i) => t === this.predictions[i]).length / this.truth.length;
    const recalls = [...this.accuracyByLabel().values()].filter((recall) => !Number.isNaN(recall));
    return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
  }

  /** Each label's recall, in 0..1; NaN for a label without pictures. */
  accuracyByLabel(): Map<string, number> {
    const recalls = classRecalls(this.confusionMatrix());
    return new Map(this.labels.map((label, i) => [label, recalls[i] ?? NaN]));
  }

  /** Rows: truth, columns: prediction, in the order of `labels`. */
  confusionMatrix(options: Pick<ConfusionMatrixOptions, "normalize"> = {}): number[][] {
    return confusionMatrix(this.truth, this.predictions, { ...options, labels: this.labels.map((_, i) => i) });
  }

  /** Precision, recall, F1 and the number of pictures, by label. */
  precisionRecallF1(): ClassPrecisionRecall[] {
    const rows = precisionRecallF1(this.truth, this.predictions, { labels: this.labels.map((_, i) => i) });
    return rows.map((row, i) => ({ ...row, label: this.labels[i] ?? "" }));
  }

  /** That label against the rest; without a label, all (picture, label) pairs pooled: the micro average. */
  precisionRecallCurve(label?: string): PrecisionRecallCurve {
    return precisionRecallCurve(...this.against(label));
  }

  /** That label against the rest; without a label, the micro average. */
  rocCurve(label?: string): RocCurve {
    return rocCurve(...this.against(label));
  }

  /** Area under `rocCurve(label)`, in 0..1; NaN where every picture or none is of that label. */
  auc(label?: string): number {
    return rocAuc(...this.against(label));
  }

  /** Average precision of `precisionRecallCurve(label)`, in 0..1. */
  averagePrecision(label?: string): number {
    return averagePrecision(...this.against(label));
  }

  private against(label: string | undefined): [boolean[], Float32Array] {
    if (label === undefined) {
      const pairs = this.truth.flatMap((t) => this.labels.map((_, column) => column === t));
      return [pairs, this.scores.data];
    }
    const column = labelIndex(this.labels, label);
    const scores = Float32Array.from(this.truth, (_, row) => matrixRow(this.scores, row)[column] ?? NaN);
    return [this.truth.map((t) => t === column), scores];
  }

  /** How a notebook shows it as a cell's value. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": evaluationAsHtml(this), "text/plain": evaluationAsText(this) };
  }

  /** How Node prints it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return evaluationAsText(this);
  }
}

function truthOf(labels: readonly string[], dataset: LabelledImages): number[] {
  return dataset.images.map(({ name, labels: own }, i) => {
    if (own[0] !== undefined) return labelIndex(labels, own[0]);
    throw new VitrineError("InvalidDataset", {
      path: name ?? `image ${i}`,
      reason: "it has no label, so there is no truth to compare a prediction with",
    });
  });
}

function labelIndex(labels: readonly string[], label: string): number {
  const index = labels.indexOf(label);
  if (index < 0) throw new VitrineError("UnknownLabel", { label, labels });
  return index;
}

function indexOfMaximum(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? NaN) > (values[best] ?? NaN)) best = i;
  return best;
}

function checkScores(labels: readonly string[], truth: readonly number[], scores: Matrix): void {
  if (truth.length === 0) {
    throw new VitrineError("InvalidDataset", { path: "the evaluated set", reason: "it holds no pictures" });
  }
  const reject = (option: string, expected: string, received: unknown) => {
    throw new VitrineError("InvalidOption", { option, expected, received: quote(received) });
  };
  const bad = truth.findIndex((index) => !Number.isInteger(index) || index < 0 || index >= labels.length);
  if (bad >= 0) reject(`truth[${bad}]`, `a label's index below ${labels.length}`, truth[bad]);
  const { rows, columns, data } = scores;
  if (rows !== truth.length || columns !== labels.length || data.length !== rows * columns) {
    const received = { rows, columns, "data.length": data.length };
    reject("scores", `${truth.length} rows (pictures) and ${labels.length} columns (labels)`, received);
  }
  const odd = data.findIndex((score) => !Number.isFinite(score));
  if (odd >= 0) {
    reject(`scores, row ${Math.floor(odd / columns)}, column ${odd % columns},`, "a finite number", data[odd]);
  }
}
