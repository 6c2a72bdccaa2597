/** What the calling thread and the engine's worker say to each other about detectors. */
import type { DetectorBackbone } from "../models/detection/detector-plans.js";
import type { DetectorPlan } from "../models/detection/detector-plan.js";
import type { PictureSides } from "../models/detection/picture-batch.js";
import type { Detections } from "../structures/detections.js";
import type { ImageData8 } from "../structures/image.js";
import type { EpochReport } from "../structures/training.js";
import type { OptimizerSettings } from "./optimizer.js";
import type { NetworkOrigin } from "./shared-network.js";
import type { SharedTensors } from "./shared-tensors.js";

/** A detector as both threads see it. */
export interface SharedDetector extends SharedTensors {
  plan: DetectorPlan;
}

export interface OpenDetectorRequest {
  backbone: DetectorBackbone;
  /** Labels, without the background. */
  classes: number;
  /** "coco", "imagenet", "embedded", "random", or a path or URL. */
  weights: string;
  /** Of what is random. */
  seed: number;
}

/** Overlapping parts of a large picture, each looked at for itself. */
export interface TileSettings {
  /** Pixels of the picture, a tile's side. */
  size: number;
  /** In parts of the side. */
  overlap: number;
}

export interface DetectRequest {
  detector: SharedDetector;
  sides: PictureSides;
  pictures: readonly (string | ImageData8)[];
  batchSize: number;
  tiles: TileSettings | undefined;
}

/** A picture with its objects. */
export interface BoxedPicture {
  path: string;
  /** M × 4: xmin, ymin, xmax, ymax in pixels. */
  boxes: Float32Array;
  /** M. */
  classes: Int32Array;
  /** M: objects that evaluations leave out and that nothing is learnt from. */
  difficult: boolean[];
  /** M: those of them that stand for many objects. */
  crowd: boolean[];
}

export interface DetectionEarlyStopping {
  /** Evaluations without a better one, after which the training ends. */
  patience: number;
  minDelta: number;
}

export interface DetectionTrainSettings {
  numSteps: number;
  learningRate: number;
  decay: "constant" | "cosine" | "step";
  /** Steps in which the rate rises to its height. */
  warmUp: number;
  batchSize: number;
  optimizer: OptimizerSettings;
  l2: number;
  /** The most that the length of all gradients together may be; 0: no limit. */
  clipNorm: number;
  flip: boolean;
  /** One is drawn for every step. */
  shorterSides: readonly number[];
  longer: number;
  /** The backbone's stages, from the picture on, that stay as they are. */
  frozenStages: number;
  /** The backbone's rate in parts of the others'. */
  baseRate: number;
  seed: number;
  augment: boolean;
  /** What the augmenter does, as a hash, where a checkpoint must not go on with another. */
  augmenterPrint: string | undefined;
  /** Steps between two reports, and between two evaluations where there is an evaluation set. */
  reportEvery: number;
  evaluateEvery: number;
  earlyStopping: DetectionEarlyStopping | undefined;
  keep: "last" | "best";
  checkpoints: { path: string; every: number | undefined } | undefined;
  resume: boolean;
}

export interface DetectionTrainRequest extends DetectionTrainSettings {
  detector: SharedDetector;
  train: readonly BoxedPicture[];
  evaluation: readonly BoxedPicture[] | undefined;
}

export interface DetectionTrainResponse {
  reason: "finished" | "early" | "stopped" | "diverged";
  history: EpochReport[];
  /** The step whose weights these are; 0: there are none. */
  bestStep: number;
  detector?: SharedDetector;
  /** The loss that is not a number, its step and rate. */
  diverged?: { step: number; loss: number; learningRate: number };
}

/** A training picture after its augmenter; or why there is none. */
export interface SupplyBoxedRequest {
  id: number;
  picture?: { image: ImageData8; boxes: Float32Array; classes: Int32Array };
  reason?: string;
}

/** Every operation of detectors: what it takes and what it gives. */
export interface DetectionOperations {
  openDetector: { request: OpenDetectorRequest; response: { detector: SharedDetector; origin: NetworkOrigin } };
  detect: { request: DetectRequest; response: Detections[] };
  trainDetector: { request: DetectionTrainRequest; response: DetectionTrainResponse };
  supplyBoxed: { request: SupplyBoxedRequest; response: null };
  /** Gives the file's name, which follows from its content. */
  writeDetector: { request: { folder: string; detector: SharedDetector }; response: string };
  readDetector: { request: { path: string; plan: DetectorPlan }; response: SharedDetector };
}

/** A training wants this of its pictures augmented; `supplyBoxed` brings it. */
export interface AugmentBoxedEvent {
  kind: "augmentBoxed";
  id: number;
  /** Its place among the training pictures. */
  index: number;
  seed: string;
}
