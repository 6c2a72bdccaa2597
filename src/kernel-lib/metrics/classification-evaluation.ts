/**
 * How good a classifier is on labelled pictures: scores once, every figure from them.
 *
 * N pictures, L labels: scores are N × L, the truth of a picture is the first of its labels.
 */
import { type Matrix, matrixRow } from "../structures/matrix.js";
import { choiceOption, datasetOption, givenOption, knownOptions } from "../structures/options.js";
import { classRecalls } from "./accuracy.js";
import {
  calibrationCurve,
  type CalibrationCurve,
  type CalibrationOptions,
  confidenceCurve,
  expectedCalibrationError,
} from "./calibration-curve.js";
import { confusionMatrix, type ConfusionMatrixOptions } from "./confusion-matrix.js";
import { evaluationAsHtml, evaluationAsText } from "./evaluation-display.js";
import {
  checkEvaluation,
  checkPictures,
  checkPlaces,
  type EvaluatedPicture,
  indexOfMaximum,
  type LabelledImages,
  labelIndex,
  truthOf,
} from "./evaluation-input.js";
import { bootstrapInterval, type BootstrapOptions, type Interval } from "./interval.js";
import { logLoss } from "./log-loss.js";
import { averagePrecision, precisionRecallCurve, type PrecisionRecallCurve } from "./precision-recall-curve.js";
import { type ClassPrecisionRecall, precisionRecallF1 } from "./precision-recall-f1.js";
import { rocAuc, rocCurve, type RocCurve } from "./roc-curve.js";
import { topKAccuracy } from "./top-k-accuracy.js";

export type { EvaluatedPicture, LabelledImages } from "./evaluation-input.js";

export interface ScoreOptions {
  /** Pictures a batch. */
  batchSize?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Anything that scores pictures: one row a picture, one column a label, higher is likelier. */
export interface ImageClassifier<D extends LabelledImages = LabelledImages> {
  readonly labels: readonly string[];
  score(dataset: D, options?: ScoreOptions): Promise<Matrix>;
}

/**
 * How good a classifier is on labelled pictures: scores them once, and gives every figure from that.
 *
 * ```ts
 * const evaluation = await ClassificationEvaluation.run(model, test);
 * evaluation.accuracy();                         // the mean of the labels' own accuracies
 * evaluation.confusionMatrix();                  // rows: truth, columns: prediction
 * ```
 */
export class ClassificationEvaluation {
  /** The classes, in the order of the scores' columns. */
  readonly labels: readonly string[];
  /** The index of each picture's true label in `labels`. */
  readonly truth: readonly number[];
  /** One row a picture, one column a label. */
  readonly scores: Matrix;
  /** The index of the label with the highest score, the first one where several share it. */
  readonly predictions: readonly number[];
  /** The pictures, in the order of the scores' rows; undefined where only scores were given. */
  readonly pictures: readonly EvaluatedPicture[] | undefined;

  private constructor(
    labels: readonly string[],
    truth: readonly number[],
    scores: Matrix,
    pictures?: readonly EvaluatedPicture[],
  ) {
    checkEvaluation(labels, truth, scores);
    checkPictures(pictures, truth.length);
    this.pictures = pictures && [...pictures];
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
    givenOption("model", model, ["labels", "score"], "a model");
    const truth = truthOf(model.labels, datasetOption(dataset));
    return new ClassificationEvaluation(model.labels, truth, await model.score(dataset, options), dataset.images);
  }

  /** From scores that are there already; `truth` names each row's label, or gives its index in `labels`. */
  static fromScores(from: {
    labels: readonly string[];
    truth: readonly (number | string)[];
    scores: Matrix;
    /** Where each row's picture is: a report shows it. */
    pictures?: readonly EvaluatedPicture[];
  }): ClassificationEvaluation {
    const truth = from.truth.map((label) => (typeof label === "string" ? labelIndex(from.labels, label) : label));
    return new ClassificationEvaluation(from.labels, truth, from.scores, from.pictures);
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
    knownOptions("accuracy", options, ["average"]);
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

  /** The share of pictures whose label is among the k highest scores, in 0..1. */
  topK(k: number): number {
    return topKAccuracy(this.truth, this.scores, k);
  }

  /**
   * Mean surprise at the truth, in nats, at least 0.
   *
   * @throws InvalidOption where the scores are no probabilities
   */
  logLoss(): number {
    return logLoss(this.truth, this.scores);
  }

  /**
   * How often that label is right where its score says p, by bins of p; without a label, the predicted one's.
   *
   * @throws InvalidOption where the scores are no probabilities
   */
  calibration(label?: string, options: CalibrationOptions = {}): CalibrationCurve {
    if (label === undefined) return confidenceCurve(this.truth, this.scores, options);
    return calibrationCurve(...this.against(label), options);
  }

  /** How far the predicted labels' scores are from how often they are right, on average, in 0..1 (ECE). */
  calibrationError(options: CalibrationOptions = {}): number {
    return expectedCalibrationError(this.truth, this.scores, options);
  }

  /**
   * How sure a figure is, given that there are only so many pictures: a bootstrap interval, of 95 % where nothing else is said.
   * `evaluation.interval((e) => e.auc("cup"))`
   *
   * @param statistic default: `accuracy()`
   */
  interval(
    statistic: (evaluation: ClassificationEvaluation) => number = (evaluation) => evaluation.accuracy(),
    options: BootstrapOptions = {},
  ): Interval {
    return bootstrapInterval(this.truth.length, (indices) => statistic(this.pick(indices)), options);
  }

  /** The evaluation of these of the pictures, by their places; of some perhaps several times. */
  pick(indices: Uint32Array | readonly number[]): ClassificationEvaluation {
    checkPlaces(indices, this.truth.length);
    const { columns } = this.scores;
    const data = new Float32Array(indices.length * columns);
    indices.forEach((from, to) => {
      data.set(matrixRow(this.scores, from), to * columns);
    });
    const truth = Array.from(indices, (index) => this.truth[index] ?? 0);
    const pictures = this.pictures && Array.from(indices, (index) => this.pictures?.[index] ?? {});
    return new ClassificationEvaluation(this.labels, truth, { rows: indices.length, columns, data }, pictures);
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
