/**
 * A detector: what is in a picture, and where. Ren et al., "Faster R-CNN: Towards Real-Time Object Detection with Region Proposal
 * Networks" (NIPS 2015), as torchvision builds it.
 *
 * ```ts
 * const boxes = await ObjectDetectionDataset.createFromDir("fridge", "sample_data/fridge/train");
 * const detector = new FasterRCNN({ labels: boxes.labels });
 * await detector.train(boxes, { numSteps: 350, initialLearningRate: 0.001 });
 * const found = await detector.score("sample_data/fridge/test/JPEGImages/fridge-26.jpg");
 * ```
 */
import { join, resolve } from "node:path";

import type { ShownPicture } from "../data/shown-picture.js";
import { DetectionEvaluation } from "../metrics/detection-evaluation.js";
import type { DetectorBackbone } from "../models/detection/detector-plans.js";
import type { Detections } from "../structures/detections.js";
import type { ImageData8 } from "../structures/image.js";
import { effectiveSignal } from "../structures/interrupt.js";
import { textOption } from "../structures/options.js";
import type { EpochReport } from "../structures/training.js";
import { fetchLines } from "./base-weights.js";
import { boxedPictures, type BoxedSet } from "./detection-boxes.js";
import { detectionTrainingResult, type DetectionTrainingResult } from "./detection-end.js";
import { detectionFigures, recordEvaluation, type DetectionFigures } from "./detection-evaluate.js";
import type { DetectionTrainResponse, SharedDetector } from "./detection-messages.js";
import { readDetectorDocument, writeDetectorDocument } from "./detection-model-file.js";
import { detectorPlan } from "./detection-open.js";
import { checkDetectorOptions, type CheckedDetectorOptions, type FasterRCNNOptions } from "./detection-options.js";
import {
  detectionResult,
  visualize,
  type DetectionResult,
  type VisualizeDetectionsOptions,
  type VisualizedPicture,
} from "./detection-result.js";
import { runDetectionTraining } from "./detection-run.js";
import {
  checkEvaluateOptions,
  checkScoreOptions,
  type DetectorEvaluateOptions,
  type DetectorScoreOptions,
} from "./detection-score-options.js";
import { detectorPictures, storedPaths, type DetectorPicture, type StoredPictures } from "./detection-sources.js";
import { checkDetectionTrainOptions, type DetectionTrainOptions } from "./detection-train-options.js";
import { detectionTrainPictures, detectionTrainRequest } from "./detection-train-request.js";
import { engineClient } from "./engine.js";
import { observerOption } from "./observers.js";
import { parseDetectionResult } from "./parse-detection-result.js";
import type { NetworkOrigin } from "./shared-network.js";
import { labelsText } from "./transfer-learning-model.js";

interface Opened {
  detector: SharedDetector;
  origin: NetworkOrigin;
}

/**
 * A detector: what is in a picture, and where.
 *
 * ```ts
 * const detector = new FasterRCNN({ labels: boxes.labels });
 * await detector.train(boxes, { numSteps: 350, initialLearningRate: 0.001 });
 * const found = await detector.score("fridge.jpg");
 * ```
 */
export class FasterRCNN {
  readonly labels: readonly string[];
  readonly backbone: DetectorBackbone;
  /** Where trainings write their curves: `tensorboard --logdir` shows them. */
  readonly trainDir: string;
  /** Where evaluations write figures and pictures. */
  readonly evalDir: string;
  private readonly options: CheckedDetectorOptions;
  private opened: Promise<Opened> | undefined;
  private trained = false;
  private past: readonly EpochReport[] = [];

  /** Nothing is read or computed yet. @throws InvalidOption */
  constructor(options: FasterRCNNOptions) {
    this.options = checkDetectorOptions(options);
    this.labels = this.options.labels;
    this.backbone = this.options.backbone;
    const folder = join(this.options.context.outputsPath, `faster-rcnn-${this.backbone}`);
    this.trainDir = join(folder, "train");
    this.evalDir = join(folder, "eval");
  }

  /** Each label's number in `detectionClasses`, from 1. */
  get classMap(): Record<string, number> {
    return Object.fromEntries(this.labels.map((label, index) => [label, index + 1]));
  }

  /** The other way round: the label of each number. */
  get classLabels(): Record<number, string> {
    return Object.fromEntries(this.labels.map((label, index) => [index + 1, label]));
  }

  /** What the last training reported, step by step. */
  get history(): readonly EpochReport[] {
    return this.past;
  }

  /** Where the weights came from, and under which licence; opens them. */
  async origin(): Promise<NetworkOrigin> {
    return (await this.open()).origin;
  }

  /**
   * Learns from pictures with boxes, from the weights that there are. Difficult objects are not learnt from.
   *
   * Ended by the observer's stop it keeps the best weights that were measured, else the last; by a signal or the cell's interrupt too, and
   * throws `Stopped`.
   * @throws InvalidOption, InvalidDataset, UnknownLabel, MissingFile, InvalidImage, TrainingDiverged, Stopped, EngineUnavailable,
   *   EngineFailed, WeightsUnavailable, CannotWrite; only `TrainingDiverged` and `Stopped` may have changed the detector
   */
  async train(dataset: BoxedSet, options: DetectionTrainOptions = {}): Promise<DetectionTrainingResult> {
    const checked = checkDetectionTrainOptions(options, this.backbone === "embedded");
    const { augmenter, minVisible, evalDataset } = checked;
    const pictures = detectionTrainPictures(dataset, evalDataset, this.labels);
    const { detector, origin } = await this.open(options.signal);
    const request = detectionTrainRequest(this.tuned(detector), this.options.sides, pictures, checked);
    const response = await runDetectionTraining(request, {
      title: `Faster R-CNN, ${this.backbone}`,
      trainDir: this.trainDir,
      observer: observerOption(options.observer),
      signal: options.signal,
      augmenter,
      minVisible,
    });
    this.adopt(response, origin);
    return detectionTrainingResult(response);
  }

  /** What is in each picture of a data set, for `DetectionEvaluation`; boxes in pixels. @throws InvalidDataset, and as `score` */
  async detect(dataset: StoredPictures, options: DetectorScoreOptions = {}): Promise<Detections[]> {
    return this.run(storedPaths(dataset), options);
  }

  /** What is in a picture, or in each of a list: files, their bytes, pixels, or pictures of a data set. */
  async score(image: DetectorPicture, options?: DetectorScoreOptions): Promise<DetectionResult>;
  async score(images: readonly DetectorPicture[], options?: DetectorScoreOptions): Promise<DetectionResult[]>;
  async score(
    images: DetectorPicture | readonly DetectorPicture[],
    options: DetectorScoreOptions = {},
  ): Promise<DetectionResult | DetectionResult[]> {
    const list: readonly DetectorPicture[] = isList(images) ? images : [images];
    const sources = await detectorPictures(list);
    const pictures = sources.map(({ picture }) => picture);
    const found = await this.run(pictures, options);
    const results = found.map((detections, i) =>
      detectionResult(detections, sources[i] ?? { width: 1, height: 1 }, this.labels),
    );
    const [first] = results;
    return isList(images) || !first ? results : first;
  }

  /**
   * The documents' figures and COCO's by their names, `PASCAL/Precision/mAP@0.5IOU` say; they and pictures with what was found go into
   * `evalDir` for TensorBoard. Curves and kinds of errors: `DetectionEvaluation.run(detector, dataset)`.
   */
  async evaluate(dataset: BoxedSet, options: DetectorEvaluateOptions = {}): Promise<DetectionFigures> {
    const { pictures, scoring } = checkEvaluateOptions(options);
    // Boxes that can't be judged are refused before anything is computed.
    boxedPictures("dataset", dataset, this.labels);
    const evaluation = await DetectionEvaluation.run(
      { labels: this.labels, detect: (set) => this.detect(set, scoring) },
      dataset,
    );
    const figures = detectionFigures(evaluation);
    const step = this.past.at(-1)?.epoch ?? 0;
    await recordEvaluation({ evalDir: this.evalDir, step, dataset, evaluation, figures, pictures });
    return figures;
  }

  /** The picture with what was found in it, in this detector's colours. */
  async visualize(
    image: VisualizedPicture,
    detections: DetectionResult,
    options: VisualizeDetectionsOptions = {},
  ): Promise<ShownPicture> {
    return visualize(image, detections, { labels: this.labels, ...options });
  }

  /** What a service answered for a picture, as `score()` gives it. @throws InvalidFile */
  static parseSerializedResult(result: string): DetectionResult {
    return parseDetectionResult(result);
  }

  /** Writes a folder that `load` reads; one that is there already becomes this detector, whole or not at all. */
  async save(path: string): Promise<void> {
    const folder = resolve(textOption("path", path));
    const { detector, origin } = await this.open();
    const weights = await engineClient().request("writeDetector", { folder, detector });
    const { sides, regions } = this.options;
    await writeDetectorDocument(folder, {
      format: "vitrine.FasterRCNN",
      version: 1,
      labels: [...this.labels],
      backbone: this.backbone,
      imageSize: [sides.shorter, sides.longer],
      scoreThreshold: regions.scoreThreshold,
      maxTotalDetections: regions.most,
      nmsThreshold: regions.nms,
      origin,
      weights,
      trained: this.trained,
      history: [...this.past],
    });
  }

  /** The same detections as before it was saved, to the bit. @throws MissingFile, InvalidFile, InvalidWeights */
  static async load(path: string): Promise<FasterRCNN> {
    const folder = resolve(textOption("path", path));
    const { labels, backbone, imageSize, origin, weights, trained, history, ...document } =
      await readDetectorDocument(folder);
    const { scoreThreshold, maxTotalDetections, nmsThreshold } = document;
    const thresholds = { scoreThreshold, maxTotalDetections, nmsThreshold };
    const model = new FasterRCNN({ labels, backbone, imageSize, ...thresholds, weights: "random" });
    const plan = await detectorPlan(backbone, labels.length);
    const detector = await engineClient().request("readDetector", { path: join(folder, weights), plan });
    model.opened = Promise.resolve({ detector, origin });
    model.trained = trained;
    model.past = history;
    return model;
  }

  private async run(pictures: (string | ImageData8)[], options: DetectorScoreOptions): Promise<Detections[]> {
    const { batchSize, tiles } = checkScoreOptions(options);
    const signal = effectiveSignal(options.signal);
    const { detector } = await this.open(options.signal);
    const request = { detector: this.tuned(detector), sides: this.options.sides, pictures, batchSize, tiles };
    return engineClient().request("detect", request, { signal });
  }

  /** With this detector's thresholds. */
  private tuned(detector: SharedDetector): SharedDetector {
    const { plan } = detector;
    return { ...detector, plan: { ...plan, regions: { ...plan.regions, ...this.options.regions } } };
  }

  /** As a cell's value; `origin()` says where the weights came from. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    const { shorter, longer } = this.options.sides;
    const state = this.trained ? "Trained" : "Not trained yet";
    return `FasterRCNN: ${this.backbone}, pictures of ${shorter} to ${longer} pixels, ${labelsText(this.labels)}. ${state}.`;
  }

  /** Opened once; a failure may pass, so it is tried again. */
  private async open(signal?: AbortSignal): Promise<Opened> {
    const { backbone, weights, seed, labels } = this.options;
    const request = { backbone, weights, seed, classes: labels.length };
    const options = { signal: effectiveSignal(signal), onEvent: fetchLines(weights) };
    const opened = (this.opened ??= engineClient().request("openDetector", request, options));
    try {
      return await opened;
    } catch (error) {
      if (this.opened === opened) this.opened = undefined;
      throw error;
    }
  }

  private adopt({ detector, history }: DetectionTrainResponse, { source, ...rest }: NetworkOrigin): void {
    if (!detector) return;
    const tuned = source.endsWith("; then trained") ? source : `${source}; then trained`;
    this.opened = Promise.resolve({ detector, origin: { ...rest, source: tuned } });
    this.trained = true;
    this.past = history;
  }
}

const isList = (images: DetectorPicture | readonly DetectorPicture[]): images is readonly DetectorPicture[] =>
  Array.isArray(images);
