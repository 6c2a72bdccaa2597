/**
 * What the calling thread and the engine's worker say to each other. A request carries a flag in shared memory, so that a
 * computation that never yields can be stopped in the middle of a step.
 */
import type { AugmentBoxedEvent, DetectionOperations } from "./detection-messages.js";
import type { ExportFormat } from "./export-options.js";
import type { Matrix } from "../structures/matrix.js";
import type { Grid } from "../structures/saliency.js";
import type { EpochReport, LearningRateCurve, StepReport } from "../structures/training.js";
import type { NetworkOrigin, NetworkRequest, SharedNetwork } from "./shared-network.js";
import type { HeadData } from "../models/linear-head.js";
import type { EarlyStoppingSettings } from "./best-epoch.js";
import type { OptimizerSettings } from "./optimizer.js";
import type { Rates } from "./schedule.js";
import type { StageHistograms } from "./stage-histograms.js";

export interface EngineInfo {
  backend: "tensorflow" | "wasm";
  /** TensorFlow's version; WebAssembly has none. */
  version?: string;
  device: "cpu" | "gpu";
  /** Why it is this backend: what the set-up found, or what is missing. */
  reason: string;
  /** Why steps of a training run operation by operation, not as one graph; undefined where they are graphs. */
  withoutGraphs?: string;
}

export interface EngineMemory {
  /** Tensors that are alive in the worker. */
  tensors: number;
  /** Of these, the weights of networks that are kept for the next call. */
  networkTensors: number;
  bytes: number;
}

/** A picture as the worker needs it. */
export interface PictureReference {
  /** A file. */
  path: string;
}

export interface PictureInput {
  width: number;
  height: number;
  fit: "crop" | "stretch";
  /** Features of the picture and of its mirror image are averaged. */
  mirror: boolean;
}

export interface FeaturesRequest {
  network: SharedNetwork;
  input: PictureInput;
  pictures: readonly PictureReference[];
  batchSize: number;
}

/** Pictures of the input's size, 8-bit RGB, row by row. */
export interface PixelsRequest {
  network: SharedNetwork;
  input: PictureInput;
  pixels: readonly Uint8Array[];
  head?: HeadData | undefined;
}

export interface ScoreRequest extends FeaturesRequest {
  head: HeadData;
}

/** One picture, and the number of the answer to look for. */
export interface SaliencyRequest {
  network: SharedNetwork;
  input: PictureInput;
  picture: PictureReference;
  head: HeadData;
  answer: number;
}

/** Pictures with the classes they belong to; a picture of several classes belongs to each in equal parts. */
export interface LabelledPictures {
  pictures: readonly PictureReference[];
  classes: readonly (readonly number[])[];
}

/** How a training goes. */
export interface TrainSettings {
  epochs: number;
  rates: Rates;
  batchSize: number;
  optimizer: OptimizerSettings;
  dropout: number;
  l2: number;
  seed: number;
  /** The base stays as it is. */
  freeze: boolean;
  /** For fine-tuning: the rates of the stages that learn, in parts of the head's. */
  stageRates: Readonly<Record<string, number>>;
  /** Batches whose gradients make one step. */
  accumulate: number;
  earlyStopping: EarlyStoppingSettings | undefined;
  batchNorm: "live" | "frozen";
  keep: "last" | "best";
  /** Beside the end of each epoch, after every so many steps of the optimiser. */
  checkpoints: { path: string; every: number | undefined } | undefined;
  resume: boolean;
  /** Training pictures come augmented from the calling thread. */
  augment: boolean;
  /** What the augmenter does, as a hash, where a checkpoint must not go on with another. */
  augmenter: string | undefined;
  /** Histograms of weights and gradients are reported. */
  record: boolean;
  /** In the order of the classes. */
  classWeights: readonly number[] | undefined;
  /** 0 to 1. */
  labelSmoothing: number;
  /** α; 0: none. */
  mixup: number;
}

export interface TrainRequest extends TrainSettings {
  network: SharedNetwork;
  input: PictureInput;
  train: LabelledPictures;
  evaluation?: LabelledPictures;
  classCount: number;
}

/** The rate rises from one to the other, in so many steps. */
export interface RateSearch {
  from: number;
  to: number;
  steps: number;
}

export interface TrainResponse {
  /** "early": no epoch got better for as long as was agreed. */
  reason: "finished" | "early" | "stopped" | "diverged";
  history: EpochReport[];
  /** The epoch whose weights these are; 0: none was finished, and there are none. */
  bestEpoch: number;
  head?: HeadData;
  /** Where the base has learnt too. */
  network?: SharedNetwork;
  /** The loss that is not a number, its epoch, and the rate of the step before it. */
  diverged?: { epoch: number; loss: number; learningRate: number };
}

export interface WriteWeightsRequest {
  folder: string;
  network: SharedNetwork;
  head?: HeadData;
}

export interface ExportRequest {
  path: string;
  format: ExportFormat;
  network: SharedNetwork;
  head: HeadData | undefined;
  input: PictureInput;
  labels: readonly string[];
}

export interface ReadWeightsRequest extends Pick<SharedNetwork, "architecture" | "mean" | "deviation"> {
  path: string;
  /** How many classes the head has; undefined: there is no head. */
  classes?: number;
}

export interface OpenedWeights {
  network: SharedNetwork;
  origin: NetworkOrigin;
  /** Where it was asked for, and is there. */
  head?: HeadData;
  /** In the order of the head's classes, where they are known. */
  labels?: readonly string[];
}

export interface SharedWeights {
  network: SharedNetwork;
  head?: HeadData;
}

/** A picture that a training asked for; or why there is none. */
export interface SupplyRequest {
  id: number;
  /** 8-bit RGB of the network's size. */
  pixels?: Uint8Array;
  reason?: string;
}

/** Every operation: what it takes and what it gives. */
export interface Operations extends DetectionOperations {
  info: { request: null; response: EngineInfo };
  export: { request: ExportRequest; response: null };
  memory: { request: null; response: EngineMemory };
  open: { request: NetworkRequest; response: OpenedWeights };
  features: { request: FeaturesRequest; response: Matrix };
  score: { request: ScoreRequest; response: Matrix };
  inferPixels: { request: PixelsRequest; response: Matrix };
  saliency: { request: SaliencyRequest; response: Grid };
  train: { request: TrainRequest; response: TrainResponse };
  findLearningRate: { request: TrainRequest & { search: RateSearch }; response: LearningRateCurve };
  supply: { request: SupplyRequest; response: null };
  /** Gives the file's name, which follows from its content. */
  writeWeights: { request: WriteWeightsRequest; response: string };
  readWeights: { request: ReadWeightsRequest; response: SharedWeights };
}

export type OperationName = keyof Operations;

/** Progress of a running operation. */
export type EngineEvent =
  | { kind: "step"; report: StepReport }
  | { kind: "epoch"; report: EpochReport }
  | { kind: "histograms"; histograms: StageHistograms }
  /** A training wants this picture of the network's size, augmented; `supply` brings it. */
  | { kind: "augment"; id: number; path: string; seed: string }
  | AugmentBoxedEvent
  /** Something went wrong that the work goes on without. */
  | { kind: "warning"; message: string }
  /** Weights on their way here, in bytes; the total where the server says it. */
  | { kind: "fetch"; received: number; total: number | undefined };

/** Instead of a request: the worker ends when what is under way has ended. */
export const END = "end";

export const RUN = 0;
export const STOP = 1;

export interface RequestMessage<N extends OperationName = OperationName> {
  id: number;
  operation: N;
  request: Operations[N]["request"];
  /** One 32-bit integer, `RUN` or `STOP`. */
  flag: SharedArrayBuffer;
}

/** An error on its way through a message: only its tags survive. */
export interface ErrorMessage {
  code?: string;
  details?: unknown;
  message: string;
}

export type ResponseMessage =
  | { id: number; kind: "event"; event: EngineEvent }
  | { id: number; kind: "result"; result: unknown }
  | { id: number; kind: "error"; error: ErrorMessage };
