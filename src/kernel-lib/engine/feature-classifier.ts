/**
 * A classifier that isn't a network, over what a network sees: the base's features, standardised with the training pictures'
 * mean and deviation, then a linear SVM or logistic regression. N pictures, K labels.
 */
/* eslint-disable @typescript-eslint/unified-signatures -- from the last overload alone ClassificationEvaluation.run infers its data set */
import { LinearSVC } from "../classifiers/linear-svc.js";
import { LogisticRegression } from "../classifiers/logistic-regression.js";
import { StandardScaler } from "../classifiers/standard-scaler.js";
import { ClassificationEvaluation } from "../metrics/classification-evaluation.js";
import type { HeadData } from "../models/linear-head.js";
import { quote, VitrineError } from "../structures/errors.js";
import type { Matrix } from "../structures/matrix.js";
import type { SaliencyMap } from "../structures/saliency.js";
import { parseScores } from "../structures/serialized-result.js";
import { bestLabels } from "./best-labels.js";
import { checkFolds, heldOutDecisions, type CrossValidationOptions } from "./cross-validation.js";
import { pictureSet, trainingPictures, type OnePicture, type Pictures, type PictureSet } from "./labelled-pictures.js";
import type { PredictOptions } from "./predict-options.js";
import { labelsText, TransferLearningModel } from "./transfer-learning-model.js";

interface SavedClassifier {
  format: "vitrine.FeatureClassifier";
  version: 1;
  scaler: unknown;
  classifier: unknown;
}

/**
 * A linear classifier on what a network sees: the base's features, standardised, then a support vector machine or logistic regression.
 *
 * ```ts
 * const svm = new FeatureClassifier(model, new LinearSVC({ C: 0.01, classWeight: "balanced" }));
 * await svm.train(train);
 * ```
 */
export class FeatureClassifier {
  readonly model: TransferLearningModel;
  readonly classifier: LinearSVC | LogisticRegression;
  private scaler: StandardScaler | undefined;

  /** @param model gives the features; its head is not used, and need not be trained */
  constructor(model: TransferLearningModel, classifier: LinearSVC | LogisticRegression = new LinearSVC()) {
    if (!(model instanceof TransferLearningModel)) {
      const expected = "a TransferLearningModel";
      throw new VitrineError("InvalidOption", { option: "model", expected, received: quote(typeof model) });
    }
    this.model = model;
    this.classifier = classifier;
  }

  get labels(): readonly string[] {
    return this.model.labels;
  }

  /** Learns afresh; a picture of several labels counts as its first. */
  async train(dataset: PictureSet, options: PredictOptions = {}): Promise<void> {
    const { classes } = trainingPictures(dataset, this.labels);
    const firsts = classes.map(([first = 0]) => first);
    requireEach(dataset, firsts, this.labels);
    const features = await this.model.features(dataset, options);
    const scaler = StandardScaler.fit(features);
    const { signal } = options;
    const names = this.labels;
    await this.classifier.fitAsync(scaler.transform(features), firsts, { names, ...(signal && { signal }) });
    this.scaler = scaler;
  }

  /**
   * What each picture is taken for by a classifier that has not seen it: the pictures are dealt into parts, and each part is judged by
   * one like this that learnt from the others. What `findLabelErrors` needs of all pictures. This classifier stays as it is.
   * @throws InvalidDataset where a label has fewer than two pictures; and as `train`
   */
  async crossValidate(dataset: PictureSet, options: CrossValidationOptions = {}): Promise<ClassificationEvaluation> {
    const checked = checkFolds(options);
    const { classes } = trainingPictures(dataset, this.labels);
    const truth = classes.map(([first = 0]) => first);
    const features = await this.model.features(dataset, checked.predict);
    const { labels } = this;
    const question = { features, classes: truth, labels, name: dataset.name ?? "dataset", fresh: () => this.fresh() };
    const scores = softmaxRows(await heldOutDecisions(question, checked));
    return ClassificationEvaluation.fromScores({ labels, truth, scores, pictures: dataset.images });
  }

  /** The classifier's decision values N × K, as scikit-learn's `decision_function`; with two labels one column, for the second. */
  async decisionFunction(pictures: OnePicture | readonly OnePicture[], options?: PredictOptions): Promise<Matrix>;
  async decisionFunction(dataset: PictureSet, options?: PredictOptions): Promise<Matrix>;
  async decisionFunction(dataset: Pictures, options: PredictOptions = {}): Promise<Matrix> {
    const scaler = this.trainedScaler();
    return this.classifier.decisionFunction(scaler.transform(await this.model.features(pictureSet(dataset), options)));
  }

  /**
   * Scores N × K in 0 to 1 that add up to 1 in a row: the softmax over the decision values (with two labels, over minus and plus
   * half the one value). Of logistic regression these are its probabilities; of an SVM the order is its own, and they are no
   * calibrated probabilities.
   */
  async score(pictures: OnePicture | readonly OnePicture[], options?: PredictOptions): Promise<Matrix>;
  async score(dataset: PictureSet, options?: PredictOptions): Promise<Matrix>;
  async score(dataset: Pictures, options: PredictOptions = {}): Promise<Matrix> {
    return softmaxRows(await this.decisionFunction(pictureSet(dataset), options));
  }

  /** What the base sees of each picture, N × F, as the model's own `features`. */
  features(pictures: OnePicture | readonly OnePicture[], options?: PredictOptions): Promise<Matrix>;
  features(dataset: PictureSet, options?: PredictOptions): Promise<Matrix>;
  features(dataset: Pictures, options: PredictOptions = {}): Promise<Matrix> {
    return this.model.features(pictureSet(dataset), options);
  }

  /**
   * Where in a picture the decision for a label comes from, as `TransferLearningModel.saliency`; of two labels, the first speaks with
   * what speaks against the second. @throws NotReady before a training, UnknownLabel, MissingFile, InvalidImage
   */
  async saliency(
    picture: { readonly storagePath: string },
    label: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<SaliencyMap> {
    return this.model.saliencyOf(picture, label, this.asHead(), options);
  }

  /** For a service, which decodes pictures itself: the decision values of N pictures. @internal */
  async decidePixels(pixels: readonly Uint8Array[]): Promise<Matrix> {
    const features = await this.model.inferPixels(pixels, "features");
    return this.classifier.decisionFunction(this.trainedScaler().transform(features));
  }

  /** The label of each number that a service answers with: `classMap[index]`. */
  get classMap(): readonly string[] {
    return this.labels;
  }

  /** What a service answered for a picture: a number for each label, in the labels' order. @throws InvalidFile */
  static parseSerializedResult(result: string): number[] {
    return parseScores(result);
  }

  /** The label of each picture. */
  async predict(pictures: OnePicture | readonly OnePicture[], options?: PredictOptions): Promise<string[]>;
  async predict(dataset: PictureSet, options?: PredictOptions): Promise<string[]>;
  async predict(dataset: Pictures, options: PredictOptions = {}): Promise<string[]> {
    return bestLabels(await this.score(pictureSet(dataset), options), this.labels);
  }

  /** Writes a folder with the base, the scaler and the classifier. */
  async save(path: string): Promise<void> {
    const scaler = this.trainedScaler("save");
    const saved: SavedClassifier = {
      format: "vitrine.FeatureClassifier",
      version: 1,
      scaler: scaler.toJSON(),
      classifier: this.classifier.toJSON(),
    };
    await this.model.saveWith(path, saved);
  }

  /** As a cell's value. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const kind = this.classifier instanceof LinearSVC ? "LinearSVC" : "LogisticRegression";
    const state = this.scaler ? "Trained" : "Not trained yet";
    return `FeatureClassifier: ${kind} on ${this.model.baseModel}, ${labelsText(this.labels)}. ${state}.`;
  }

  /** A classifier with the same options that has learnt nothing. */
  private fresh(): LinearSVC | LogisticRegression {
    const { classifier } = this;
    return classifier instanceof LinearSVC
      ? new LinearSVC(classifier.options)
      : new LogisticRegression(classifier.options);
  }

  /** Scaler and hyperplanes as a network's last layer. */
  private asHead(): HeadData {
    const { mean, scale } = this.trainedScaler("saliency");
    const { weights, intercepts } = this.classifier;
    const [only, bias] = [weights[0], intercepts[0] ?? 0];
    const both = weights.length === 1 && only ? [only.map((weight) => -weight), only] : weights;
    const data = Float32Array.from({ length: mean.length * both.length }, (_, i) => {
      return both[i % both.length]?.[Math.floor(i / both.length)] ?? 0;
    });
    return {
      features: mean.length,
      classes: both.length,
      shift: Float32Array.from(mean),
      scale: Float32Array.from(scale),
      weights: data,
      bias: Float32Array.from(weights.length === 1 ? [-bias, bias] : intercepts),
    };
  }

  private trainedScaler(operation = "score"): StandardScaler {
    if (this.scaler) return this.scaler;
    throw new VitrineError("NotReady", { operation, reason: "the classifier has not been trained" });
  }

  /** @throws MissingFile, InvalidFile, InvalidWeights */
  static async load(path: string): Promise<FeatureClassifier> {
    const { model, document } = await TransferLearningModel.loadWith(path);
    const saved = document.classifier as Partial<SavedClassifier> | undefined;
    if (saved?.format !== "vitrine.FeatureClassifier" || saved.version !== 1) {
      const expected = "a FeatureClassifier of version 1";
      throw new VitrineError("InvalidFile", { path, where: "classifier", expected, received: quote(saved?.format) });
    }
    const loaded = new FeatureClassifier(model, readClassifier(saved.classifier));
    loaded.scaler = StandardScaler.fromJSON(saved.scaler);
    return loaded;
  }
}

/** Whichever of the two wrote it. */
function readClassifier(saved: unknown): LinearSVC | LogisticRegression {
  const { format } = (saved ?? {}) as { format?: unknown };
  return format === "vitrine.LogisticRegression" ? LogisticRegression.fromJSON(saved) : LinearSVC.fromJSON(saved);
}

function softmaxRows({ rows, columns, data }: Matrix): Matrix {
  const wide =
    columns === 1
      ? {
          columns: 2,
          data: Float32Array.from({ length: rows * 2 }, (_, i) => (data[i >> 1] ?? 0) * (i % 2 === 0 ? -0.5 : 0.5)),
        }
      : { columns, data };
  const scores = new Float32Array(rows * wide.columns);
  for (let row = 0; row < rows; row++) {
    const values = wide.data.subarray(row * wide.columns, (row + 1) * wide.columns);
    const largest = Math.max(...values);
    const powers = Float64Array.from(values, (value) => Math.exp(value - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    powers.forEach((power, i) => (scores[row * wide.columns + i] = power / sum));
  }
  return { rows, columns: wide.columns, data: scores };
}

function requireEach(dataset: PictureSet, firsts: readonly number[], labels: readonly string[]): void {
  const missing = labels.filter((_, index) => !firsts.includes(index));
  if (missing.length === 0) return;
  const reason = `${missing.map(quote).join(", ")} is no picture's first label, and a linear classifier learns from that alone`;
  throw new VitrineError("InvalidDataset", { path: dataset.name ?? "dataset", reason });
}
