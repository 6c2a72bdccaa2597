/**
 * A classifier for a handful of pictures: a network that learnt from many others looks at them, and a head learns from what it
 * sees. N pictures, F features, K labels.
 */
import { resolve } from "node:path";

import type { HeadData } from "../models/linear-head.js";
import { quote, VitrineError } from "../structures/errors.js";
import { effectiveSignal } from "../structures/interrupt.js";
import { matrixRow, type Matrix } from "../structures/matrix.js";
import { choiceOption, integerOption, textOption } from "../structures/options.js";
import type { EpochReport } from "../structures/training.js";
import { engineClient } from "./engine.js";
import { EpochCurves } from "./epoch-curves.js";
import { labelledPictures, pictureReferences, trainingPictures, type PictureSet } from "./labelled-pictures.js";
import type { EngineEvent, FeaturesRequest, PictureInput, TrainRequest, TrainResponse } from "./messages.js";
import { readModelDocument, writeModelDocument, type ModelDocument } from "./model-file.js";
import { ModelSummary } from "./model-summary.js";
import { defaultObserver } from "./observers.js";
import { networkPlan, type NetworkOrigin, type SharedNetwork } from "./shared-network.js";
import {
  booleanOption,
  checkTrainOptions,
  knownOptions,
  type CheckedTrainOptions,
  type TrainOptions,
} from "./train-options.js";
import { runTraining } from "./training-run.js";

export interface TransferLearningModelOptions {
  /** What pictures can be, two at least; their order is that of the scores' columns. */
  labels: readonly string[];
  /** "embedded" (the default) comes with vitrine and needs no download; "resnet18" is torchvision's. */
  baseModel?: "embedded" | "resnet18";
  /** Pixels, one number or [height, width], 32 to 1024; by default 112 for "embedded", 224 for "resnet18". */
  imageSize?: number | readonly [number, number];
  /**
   * The base's weights: "embedded", "imagenet" (resnet18 from the hub), "random", a path or a URL of a safetensors or .pth file
   * in torchvision's or timm's names. By default what fits the base.
   */
  weights?: string;
  /** "crop" (the default) takes the biggest centred part of the input's shape, "stretch" the whole picture. */
  fit?: "crop" | "stretch";
  /** Features are the mean over the picture and its mirror image: better, and twice the work. true by default. */
  mirror?: boolean;
  /** Of random weights; 1 by default. */
  seed?: number;
}

export interface PredictOptions {
  /** Pictures at once; 32 by default. */
  batchSize?: number;
  signal?: AbortSignal;
}

/** How a training went. */
export interface TrainingResult {
  reason: "finished" | "stopped";
  /** The epoch whose weights the model has; 0: none was finished, and the model is as it was. */
  bestEpoch: number;
  history: readonly EpochReport[];
}

interface Opened {
  network: SharedNetwork;
  origin: NetworkOrigin;
}

const OPTIONS = ["labels", "baseModel", "imageSize", "weights", "fit", "mirror", "seed"];
const PREDICT_OPTIONS = ["batchSize", "signal"];

export class TransferLearningModel {
  readonly labels: readonly string[];
  readonly baseModel: "embedded" | "resnet18";
  /** Height and width of what the network sees, in pixels. */
  readonly imageSize: readonly [number, number];
  private readonly input: PictureInput;
  private readonly open: (signal: AbortSignal | undefined) => Promise<Opened>;
  private opened: Promise<Opened> | undefined;
  private head: HeadData | undefined;
  private history: readonly EpochReport[] = [];
  private bestEpoch = 0;

  /** Nothing is read or computed yet. @throws InvalidOption */
  constructor(options: TransferLearningModelOptions) {
    knownOptions("TransferLearningModel", options, OPTIONS);
    this.labels = labelsOption(options.labels);
    const baseModel = choiceOption("baseModel", options.baseModel ?? "embedded", ["embedded", "resnet18"]);
    this.baseModel = baseModel;
    this.imageSize = sizeOption(options.imageSize ?? (baseModel === "embedded" ? 112 : 224));
    const [height, width] = this.imageSize;
    const fit = choiceOption("fit", options.fit ?? "crop", ["crop", "stretch"]);
    this.input = { height, width, fit, mirror: booleanOption("mirror", options.mirror ?? true) };
    const weights = weightsOption(baseModel, options.weights);
    const seed = integerOption("seed", options.seed ?? 1, 0, 2 ** 32 - 1);
    this.open = (signal) => {
      const onEvent = fetchLines(weights);
      return engineClient().request("open", { baseModel, weights, seed }, { signal, onEvent });
    };
  }

  /**
   * Learns from labelled pictures, afresh each time.
   *
   * Ended by the observer's stop it keeps the best epoch; by a signal or the cell's interrupt too, and throws `Stopped`.
   * @throws InvalidOption, InvalidDataset, UnknownLabel, MissingFile, InvalidImage, TrainingDiverged, Stopped,
   *   EngineUnavailable, EngineFailed, WeightsUnavailable; only `TrainingDiverged` and `Stopped` may have changed the model
   */
  async train(dataset: PictureSet, options: TrainOptions = {}): Promise<TrainingResult> {
    const checked = checkTrainOptions(options);
    const train = trainingPictures(dataset, this.labels);
    const request = await this.trainRequest(train, checked, options.signal);
    const observer = options.observer === undefined ? defaultObserver() : (options.observer ?? undefined);
    const { learningRates, batchSize, freeze } = checked;
    const title = `${this.baseModel}, ${freeze ? "base frozen" : "all layers learn"}`;
    const plan = { title, epochs: learningRates.length, images: train.pictures.length, batchSize };
    const { tensorboardLogdir } = checked;
    const curves = tensorboardLogdir === undefined ? undefined : new EpochCurves(tensorboardLogdir);
    const response = await runTraining(request, { plan, observer, curves, signal: options.signal });
    this.adopt(response);
    refuseEnd(response);
    const reason = response.reason === "stopped" ? "stopped" : "finished";
    return { reason, bestEpoch: response.bestEpoch, history: response.history };
  }

  /** What the base sees: N × F, 192 columns for "embedded", 512 for "resnet18". Kept for pictures that were seen before. */
  async features(dataset: PictureSet, options: PredictOptions = {}): Promise<Matrix> {
    const signal = effectiveSignal(options.signal);
    return engineClient().request("features", await this.featuresRequest(dataset, options), { signal });
  }

  /** Probabilities N × K. @throws NotReady before a training */
  async score(dataset: PictureSet, options: PredictOptions = {}): Promise<Matrix> {
    const head = this.head;
    if (!head) throw new VitrineError("NotReady", { operation: "score", reason: "the model has not been trained" });
    const signal = effectiveSignal(options.signal);
    const request = await this.featuresRequest(dataset, options);
    return engineClient().request("score", { ...request, head }, { signal });
  }

  /** The likeliest label of each picture. */
  async predict(dataset: PictureSet, options: PredictOptions = {}): Promise<string[]> {
    const scores = await this.score(dataset, options);
    return bestLabels(scores, this.labels);
  }

  /** Accuracies of the last training's epochs, 0 to 1; `testAccs` is empty where there was no evaluation set. */
  get trainEvalAccs(): [trainAccs: number[], testAccs: number[], epochs: number[]] {
    const testErrors = this.history.flatMap(({ evalError }) => (evalError === undefined ? [] : [evalError]));
    return [
      this.history.map(({ trainError }) => 1 - trainError),
      testErrors.map((error) => 1 - error),
      this.history.map(({ epoch }) => epoch),
    ];
  }

  /** Layers, parameters, and where the weights came from; shows itself as a table. */
  async summary(): Promise<ModelSummary> {
    const { network, origin } = await this.weights();
    const plan = networkPlan(network.architecture);
    const title = `${this.baseModel}: ${plan.name}, width ${network.architecture.width}`;
    const { imageSize, labels, head, bestEpoch, history } = this;
    const state = head ? `Trained, epoch ${bestEpoch} of ${history.length}` : "Not trained yet";
    return new ModelSummary({ title, plan, imageSize, labels, origin, state });
  }

  /** Writes a folder that `load` reads; one that is there already becomes this model, whole or not at all. */
  async save(path: string): Promise<void> {
    await this.saveWith(path, undefined);
  }

  /** @throws MissingFile, InvalidFile, InvalidWeights */
  static async load(path: string): Promise<TransferLearningModel> {
    return (await TransferLearningModel.loadWith(path)).model;
  }

  /** For what is built on a model and saved with it. @internal */
  async saveWith(path: string, classifier: unknown): Promise<void> {
    const folder = resolve(textOption("path", path));
    const { network, origin } = await this.weights();
    const head = this.head;
    const weights = await engineClient().request("writeWeights", { folder, network, ...(head ? { head } : {}) });
    const { architecture, mean, deviation } = network;
    const { fit, mirror } = this.input;
    await writeModelDocument(folder, {
      format: "vitrine.TransferLearningModel",
      version: 1,
      labels: [...this.labels],
      baseModel: this.baseModel,
      architecture: { name: "resnet18", width: architecture.width },
      imageSize: [...this.imageSize],
      fit,
      mirror,
      mean: [...mean],
      deviation: [...deviation],
      origin,
      weights,
      head: head !== undefined,
      bestEpoch: this.bestEpoch,
      history: [...this.history],
      ...(classifier === undefined ? {} : { classifier }),
    });
  }

  /** @internal */
  static async loadWith(path: string): Promise<{ model: TransferLearningModel; document: ModelDocument }> {
    const folder = resolve(textOption("path", path));
    const document = await readModelDocument(folder);
    const { labels, baseModel, imageSize, fit, mirror, architecture, mean, deviation } = document;
    const model = new TransferLearningModel({ labels, baseModel, imageSize, fit, mirror });
    const classes = document.head ? { classes: labels.length } : {};
    const weightsPath = resolve(folder, document.weights);
    const request = { path: weightsPath, architecture, mean, deviation, ...classes };
    const { network, head } = await engineClient().request("readWeights", request);
    model.opened = Promise.resolve({ network, origin: document.origin });
    model.head = head;
    model.history = document.history;
    model.bestEpoch = document.bestEpoch;
    return { model, document };
  }

  /** The base, opened once; a failure may pass, so it is tried again. */
  private async weights(signal?: AbortSignal): Promise<Opened> {
    const opened = (this.opened ??= this.open(effectiveSignal(signal)));
    try {
      return await opened;
    } catch (error) {
      this.opened = undefined;
      throw error;
    }
  }

  private async trainRequest(
    train: TrainRequest["train"],
    checked: CheckedTrainOptions,
    signal: AbortSignal | undefined,
  ): Promise<TrainRequest> {
    const { evalDataset, tensorboardLogdir: _, ...rest } = checked;
    const { network } = await this.weights(signal);
    const evaluation = evalDataset && { evaluation: labelledPictures("evalDataset", evalDataset, this.labels) };
    return { network, input: this.input, train, classCount: this.labels.length, ...rest, ...evaluation };
  }

  private async featuresRequest(dataset: PictureSet, options: PredictOptions): Promise<FeaturesRequest> {
    knownOptions("score", options, PREDICT_OPTIONS);
    const batchSize = integerOption("batchSize", options.batchSize ?? 32, 1, 4096);
    const pictures = pictureReferences("dataset", dataset);
    if (pictures.length === 0) {
      throw new VitrineError("InvalidDataset", { path: dataset.name ?? "dataset", reason: "it has no pictures" });
    }
    return { network: (await this.weights(options.signal)).network, input: this.input, pictures, batchSize };
  }

  private adopt({ head, network, history, bestEpoch }: TrainResponse): void {
    if (!head) return;
    this.head = head;
    this.history = history;
    this.bestEpoch = bestEpoch;
    if (network && this.opened) this.opened = this.opened.then(({ origin }) => ({ network, origin: tuned(origin) }));
  }
}

/** The label with the highest score in each row; the first where several share it. */
export function bestLabels(scores: Matrix, labels: readonly string[]): string[] {
  return Array.from({ length: scores.rows }, (_, index) => {
    const row = matrixRow(scores, index);
    return labels[row.indexOf(Math.max(...row))] ?? "";
  });
}

/** A download says every two seconds how far it is. */
function fetchLines(weights: string): (event: EngineEvent) => void {
  let last = performance.now();
  return (event) => {
    if (event.kind !== "fetch" || performance.now() - last < 2000) return;
    last = performance.now();
    const [received, total] = [event.received, event.total].map((bytes) => ((bytes ?? NaN) / 1e6).toFixed(1));
    const of = event.total === undefined ? "" : ` of ${total ?? ""}`;
    process.stdout.write(`Fetching the weights ${weights}: ${received ?? ""}${of} MB\n`);
  };
}

const tuned = ({ source, ...rest }: NetworkOrigin): NetworkOrigin => ({
  ...rest,
  source: `${source}; then fine-tuned`,
});

function refuseEnd({ interrupted, bestEpoch, diverged }: TrainResponse & { interrupted: boolean }): void {
  const kept = bestEpoch > 0 ? `the weights of epoch ${bestEpoch} were kept` : "the model is as it was before";
  if (interrupted) throw new VitrineError("Stopped", { operation: "The training", kept });
  if (!diverged) return;
  const waysOut = ["Lower the learning rates", `Go on with the model: ${kept}`];
  throw new VitrineError("TrainingDiverged", { ...diverged, waysOut });
}

function labelsOption(labels: unknown): string[] {
  const expected = "a list of at least two different labels";
  if (!Array.isArray(labels))
    throw new VitrineError("InvalidOption", { option: "labels", expected, received: quote(labels) });
  const names = labels.map((label, index) => textOption(`labels[${index}]`, label));
  if (names.length >= 2 && new Set(names).size === names.length) return names;
  throw new VitrineError("InvalidOption", { option: "labels", expected, received: quote(names) });
}

function sizeOption(size: number | readonly [number, number]): [number, number] {
  const [height, width] = typeof size === "number" ? [size, size] : size;
  return [integerOption("imageSize", height, 32, 1024), integerOption("imageSize", width, 32, 1024)];
}

function weightsOption(baseModel: "embedded" | "resnet18", weights: string | undefined): string {
  const usual = baseModel === "embedded" ? "embedded" : "imagenet";
  const name = textOption("weights", weights ?? usual);
  const wrong = baseModel === "embedded" ? "imagenet" : "embedded";
  if (name !== wrong) return name;
  const expected = `${quote(usual)}, "random", a path or a URL for baseModel ${quote(baseModel)}`;
  throw new VitrineError("InvalidOption", { option: "weights", expected, received: quote(name) });
}
