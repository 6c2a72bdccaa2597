/**
 * A classifier for a handful of pictures: a network that learnt from many others looks at them, and a head learns from what it
 * sees. N pictures, F features, K labels.
 */
/* eslint-disable @typescript-eslint/unified-signatures -- from the last overload alone ClassificationEvaluation.run infers its data set */
import type { BaseModelName } from "../models/base-models.js";
import type { HeadData } from "../models/linear-head.js";
import { quote, VitrineError } from "../structures/errors.js";
import { effectiveSignal } from "../structures/interrupt.js";
import type { Matrix } from "../structures/matrix.js";
import { knownOptions, textOption } from "../structures/options.js";
import type { SaliencyMap } from "../structures/saliency.js";
import { parseScores } from "../structures/serialized-result.js";
import type { EpochReport, LearningRateCurve } from "../structures/training.js";
import { AugmentSupply } from "./augment-supply.js";
import { BaseWeights } from "./base-weights.js";
import { bestLabels } from "./best-labels.js";
import { engineClient } from "./engine.js";
import { checkExportOptions, type ExportOptions } from "./export-options.js";
import { checkSearch, type FindLearningRateOptions } from "./find-rate-options.js";
import {
  pictureReferences,
  pictureSet,
  trainingPictures,
  type OnePicture,
  type Pictures,
  type PictureSet,
} from "./labelled-pictures.js";
import type { FeaturesRequest, PictureInput, TrainRequest, TrainResponse } from "./messages.js";
import type { ModelDocument } from "./model-file.js";
import { readModelFolder, writeModelFolder } from "./model-folder.js";
import { checkModelOptions, type TransferLearningModelOptions } from "./model-options.js";
import { ModelSummary } from "./model-summary.js";
import { observerOption } from "./observers.js";
import { batchSizeOf, type PredictOptions } from "./predict-options.js";
import { openPretrained, type PretrainedOptions } from "./pretrained.js";
import { recordRun, type RunFacts } from "./record-run.js";
import { networkPlan, type NetworkOrigin } from "./shared-network.js";
import { checkTrainOptions, type CheckedTrainOptions, type TrainOptions } from "./train-options.js";
import { runEnd, trainingResult, type TrainingResult } from "./training-end.js";
import { trainRequest } from "./train-request.js";
import { endRecords, runTraining } from "./training-run.js";

/**
 * A classifier for a handful of pictures: a network that learnt from many others looks at them, and a head learns your labels.
 *
 * ```ts
 * const model = new TransferLearningModel({ labels: dataset.labels, baseModel: "embedded" });
 * await model.train(train, { evalDataset: test });
 * await model.score(test);                       // N × K: a row a picture, a column a label
 * ```
 */
export class TransferLearningModel {
  readonly labels: readonly string[];
  readonly baseModel: BaseModelName;
  /** Height and width of what the network sees, in pixels. */
  readonly imageSize: readonly [number, number];
  private readonly input: PictureInput;
  private readonly base: BaseWeights;
  private head: HeadData | undefined;
  private reports: readonly EpochReport[] = [];
  private bestEpoch = 0;
  /** Where another classifier stood on this one in the folder that it was loaded from. */
  private under: string | undefined;

  /** Nothing is read or computed yet. @throws InvalidOption */
  constructor(options: TransferLearningModelOptions) {
    const { labels, input, base } = checkModelOptions(options);
    this.labels = labels;
    this.baseModel = base.baseModel;
    this.imageSize = [input.height, input.width];
    this.input = input;
    this.base = new BaseWeights(base);
  }

  /**
   * Learns from labelled pictures. The head begins afresh each time; a base that was fine-tuned goes on from where it is.
   *
   * Ended by the observer's stop it keeps the best epoch; by a signal or the cell's interrupt too, and throws `Stopped`.
   * @throws InvalidOption, InvalidDataset, UnknownLabel, MissingFile, InvalidImage, TrainingDiverged, Stopped,
   *   EngineUnavailable, EngineFailed, WeightsUnavailable; only `TrainingDiverged` and `Stopped` may have changed the model
   */
  async train(dataset: PictureSet, options: TrainOptions = {}): Promise<TrainingResult> {
    const checked = checkTrainOptions(options);
    const train = trainingPictures(dataset, this.labels);
    const request = await this.trainRequest(train, checked, options.signal);
    const plan = {
      title: `${this.baseModel}, ${whatLearns(checked, request)}`,
      epochs: checked.epochs,
      images: train.pictures.length,
      batchSize: checked.batchSize,
    };
    const { origin } = await this.base.get();
    const { folder, recorders } = await recordRun(this.runFacts(plan.title, dataset, checked, origin, request));
    const observer = observerOption(options.observer);
    const augment = checked.augmenter && new AugmentSupply(checked.augmenter, this.input);
    const response = await runTraining(request, { plan, observer, recorders, signal: options.signal, augment });
    this.adopt(response, origin);
    await endRecords(recorders, runEnd(response));
    return trainingResult(response, checked, folder);
  }

  /**
   * Losses while the rate rises step by step, and the rate where they fall fastest; for `plotLearningRates`. The model stays as it is.
   * @throws as `train`
   */
  async findLearningRate(dataset: PictureSet, options: FindLearningRateOptions = {}): Promise<LearningRateCurve> {
    const { from: _from, to: _to, steps: _steps, ...training } = options;
    const search = checkSearch(options);
    const checked = checkTrainOptions(training);
    const train = trainingPictures(dataset, this.labels);
    const request = { ...(await this.trainRequest(train, checked, options.signal)), search };
    return engineClient().request("findLearningRate", request, { signal: effectiveSignal(options.signal) });
  }

  /** What the base sees: N × F, 192 columns for "embedded", 512 for ResNet-18 and 34, 2048 for 50, 101 and 152, 4096
   * for AlexNet. Kept for pictures that were seen before. */
  async features(pictures: OnePicture | readonly OnePicture[], options?: PredictOptions): Promise<Matrix>;
  async features(dataset: PictureSet, options?: PredictOptions): Promise<Matrix>;
  async features(dataset: Pictures, options: PredictOptions = {}): Promise<Matrix> {
    const signal = effectiveSignal(options.signal);
    return engineClient().request("features", await this.featuresRequest(pictureSet(dataset), options), { signal });
  }

  /** Probabilities N × K, of a data set, or of pictures: paths, or some of a data set's. @throws NotReady before a training */
  async score(pictures: OnePicture | readonly OnePicture[], options?: PredictOptions): Promise<Matrix>;
  async score(dataset: PictureSet, options?: PredictOptions): Promise<Matrix>;
  async score(dataset: Pictures, options: PredictOptions = {}): Promise<Matrix> {
    const head = this.trainedHead();
    const signal = effectiveSignal(options.signal);
    const request = await this.featuresRequest(pictureSet(dataset), options);
    return engineClient().request("score", { ...request, head }, { signal });
  }

  /**
   * For a service, which decodes pictures itself: the head's values N × K before the softmax, or the features N × F.
   * @internal
   */
  async inferPixels(pixels: readonly Uint8Array[], what: "logits" | "features"): Promise<Matrix> {
    const { input } = this;
    const head = what === "logits" ? this.trainedHead() : undefined;
    const { network } = await this.base.get();
    return engineClient().request("inferPixels", { network, input, pixels, head });
  }

  /**
   * Where in a picture the model looked for a label: Grad-CAM (Selvaraju et al. 2017) over the last convolution, on the whole picture;
   * what the network does not see of it, with `fit: "crop"`, is 0. `ResultsUI` shows it where it is given the model.
   * @throws NotReady before a training, UnknownLabel, MissingFile, InvalidImage
   */
  async saliency(
    picture: { readonly storagePath: string },
    label: string,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<SaliencyMap> {
    return this.saliencyOf(picture, label, this.trainedHead("saliency"), options);
  }

  /** The same for another linear classifier over the features. @internal */
  async saliencyOf(
    picture: { readonly storagePath: string },
    label: string,
    head: HeadData,
    options: { signal?: AbortSignal | undefined },
  ): Promise<SaliencyMap> {
    knownOptions("saliency", options, ["signal"]);
    // Callers in plain JavaScript pass anything.
    const path = textOption("picture.storagePath", (picture as Partial<typeof picture> | undefined)?.storagePath);
    const answer = this.labels.indexOf(label);
    if (answer < 0) throw new VitrineError("UnknownLabel", { label, labels: this.labels, where: "saliency" });
    const { network } = await this.base.get(options.signal);
    const signal = effectiveSignal(options.signal);
    const request = { network, input: this.input, picture: { path }, head, answer };
    return { label, ...(await engineClient().request("saliency", request, { signal })) };
  }

  /** How a picture becomes what the network sees. @internal */
  get pictureInput(): PictureInput {
    return this.input;
  }

  /** The likeliest label of each picture: of a data set, of `test.images[0]`, of a path. */
  async predict(pictures: OnePicture | readonly OnePicture[], options?: PredictOptions): Promise<string[]>;
  async predict(dataset: PictureSet, options?: PredictOptions): Promise<string[]>;
  async predict(dataset: Pictures, options: PredictOptions = {}): Promise<string[]> {
    const scores = await this.score(pictureSet(dataset), options);
    return bestLabels(scores, this.labels);
  }

  /** The label of each number that a service answers with: `classMap[index]`. */
  get classMap(): readonly string[] {
    return this.labels;
  }

  /** What a service answered for a picture: a number for each label, in the labels' order. @throws InvalidFile */
  static parseSerializedResult(result: string): number[] {
    return parseScores(result);
  }

  /** The last training's epochs, for `compareRuns`. */
  get history(): readonly EpochReport[] {
    return this.reports;
  }

  /** Accuracies of the last training's epochs, 0 to 1; `testAccs` is empty where there was no evaluation set. */
  get trainEvalAccs(): [trainAccs: number[], testAccs: number[], epochs: number[]] {
    const testErrors = this.reports.flatMap(({ evalError }) => (evalError === undefined ? [] : [evalError]));
    return [
      this.reports.map(({ trainError }) => 1 - trainError),
      testErrors.map((error) => 1 - error),
      this.reports.map(({ epoch }) => epoch),
    ];
  }

  /** Layers, parameters, and where the weights came from; shows itself as a table. */
  async summary(): Promise<ModelSummary> {
    const { network, origin } = await this.base.get();
    const plan = networkPlan(network.architecture);
    const title = `${this.baseModel}: ${plan.name}, width ${network.architecture.width}`;
    const { imageSize, labels } = this;
    return new ModelSummary({ title, plan, imageSize, labels, origin, state: this.state() });
  }

  /** As a cell's value; `summary()` has the layers. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const [height, width] = this.imageSize;
    return `TransferLearningModel: ${this.baseModel}, pictures of ${height} × ${width}, ${labelsText(this.labels)}. ${this.state()}.`;
  }

  private state(): string {
    if (!this.head) return "Not trained yet";
    const epochs = this.reports.length;
    return epochs === 0 ? "With its own classifier" : `Trained, epoch ${this.bestEpoch} of ${epochs}`;
  }

  /** Writes a folder that `load` reads; one that is there already becomes this model, whole or not at all. */
  async save(path: string): Promise<void> {
    await this.saveWith(path, undefined);
  }

  /**
   * Writes a file for other programs, one that is there already whole or not at all. "onnx": a graph from pictures N × 3 × H × W,
   * RGB from 0 to 1, to `features` and `probabilities`, which are those of `features()` and `score()`. "safetensors": the weights
   * under torchvision's names, the head as its last linear layer; they answer as `score()` does where `mirror` is false. "tfjs": a layers
   * model for `tf.loadLayersModel`, `model.json` and its weights beside it; pictures N × H × W × 3, else as ONNX.
   * Without a head before a training. @throws InvalidOption, CannotWrite
   */
  async export(path: string, options: ExportOptions = {}): Promise<void> {
    const { path: file, format } = checkExportOptions(path, options);
    const { network } = await this.base.get();
    const { head, input, labels } = this;
    await engineClient().request("export", { path: file, format, network, head, input, labels });
  }

  /**
   * A model that already knows its classes: weights with the classifier that they were trained with, the thousand classes of ImageNet,
   * say. `mirror` is false by default, so that it scores as the publisher's own. It can be trained like any other, with a new head.
   * @throws InvalidOption, WeightsUnavailable, InvalidFile, InvalidWeights where the weights have no classifier
   */
  static async pretrained(options: PretrainedOptions = {}): Promise<TransferLearningModel> {
    const { base, head, labels } = await openPretrained(options);
    const { signal: _signal, ...rest } = options;
    const model = new TransferLearningModel({ mirror: false, ...rest, labels });
    model.base.replace(base);
    model.head = head;
    return model;
  }

  /** @throws MissingFile, InvalidFile, InvalidWeights */
  static async load(path: string): Promise<TransferLearningModel> {
    return (await TransferLearningModel.loadWith(path)).model;
  }

  /** For what is built on a model and saved with it. @internal */
  async saveWith(path: string, classifier: unknown): Promise<void> {
    const { labels, baseModel, input, head, bestEpoch, reports: history } = this;
    const base = await this.base.get();
    await writeModelFolder(path, { labels, baseModel, input, base, head, bestEpoch, history }, classifier);
  }

  /** @internal */
  static async loadWith(path: string): Promise<{ model: TransferLearningModel; document: ModelDocument }> {
    const { document, base, head } = await readModelFolder(path);
    const { labels, baseModel, imageSize, fit, mirror, history, bestEpoch } = document;
    const model = new TransferLearningModel({ labels, baseModel, imageSize, fit, mirror });
    model.base.replace(base);
    model.head = head;
    model.reports = history;
    model.bestEpoch = bestEpoch;
    if (document.classifier !== undefined) model.under = path;
    return { model, document };
  }

  private trainedHead(operation = "score"): HeadData {
    if (this.head) return this.head;
    const { under } = this;
    const reason = "the model has not been trained";
    const instead =
      under === undefined ? "" : `; FeatureClassifier.load(${quote(under)}) has the classifier that is saved with it`;
    throw new VitrineError("NotReady", { operation, reason: `${reason}${instead}` });
  }

  private async trainRequest(
    train: TrainRequest["train"],
    checked: CheckedTrainOptions,
    signal: AbortSignal | undefined,
  ): Promise<TrainRequest> {
    const { network } = await this.base.get(signal);
    return trainRequest({ network, input: this.input, labels: this.labels }, train, checked);
  }

  private runFacts(
    title: string,
    dataset: PictureSet,
    options: CheckedTrainOptions,
    origin: NetworkOrigin,
    { network }: TrainRequest,
  ): RunFacts {
    const { baseModel, labels } = this;
    const { height, width, fit, mirror } = this.input;
    const model = { baseModel, imageSize: `${height} × ${width}`, fit, mirror, weights: origin.source };
    const score = (set: PictureSet) => this.score(set, { batchSize: options.batchSize });
    return { title, model, labels, plan: networkPlan(network.architecture), dataset, options, score };
  }

  private async featuresRequest(dataset: PictureSet, options: PredictOptions): Promise<FeaturesRequest> {
    const batchSize = batchSizeOf(options);
    const pictures = pictureReferences("dataset", dataset);
    if (pictures.length === 0) {
      throw new VitrineError("InvalidDataset", { path: dataset.name ?? "dataset", reason: "it has no pictures" });
    }
    return { network: (await this.base.get(options.signal)).network, input: this.input, pictures, batchSize };
  }

  private adopt({ head, network, history, bestEpoch }: TrainResponse, origin: NetworkOrigin): void {
    if (!head) return;
    this.head = head;
    this.reports = history;
    this.bestEpoch = bestEpoch;
    if (network) this.base.replace({ network, origin: tuned(origin) });
  }
}

const tuned = ({ source, ...rest }: NetworkOrigin): NetworkOrigin => ({
  ...rest,
  source: `${source}; then fine-tuned`,
});

/** The first ones by name. */
export function labelsText(labels: readonly string[]): string {
  const more = labels.length > 10 ? ", …" : "";
  return `${labels.length} label${labels.length === 1 ? "" : "s"} (${labels.slice(0, 10).join(", ")}${more})`;
}

/** For a person: what of the network this training changes. */
function whatLearns({ freeze }: CheckedTrainOptions, request: TrainRequest): string {
  if (request.freeze) return "base frozen";
  return typeof freeze === "string" ? `base frozen up to ${freeze}` : "all layers learn";
}
