/** What the worker can do, by name. */
import type * as TensorFlow from "@tensorflow/tfjs";

import { exportModel } from "./export-model.js";
import { supplyPicture } from "./augmented-pictures.js";
import { supplyBoxed } from "./detection-augmented.js";
import { readDetector, writeDetector } from "./detection-file.js";
import { detect } from "./detection-inference.js";
import { openDetector } from "./detection-open.js";
import { detectorTensors } from "./detection-store.js";
import { trainDetector } from "./detection-training.js";
import { readFeatures, scorePictures } from "./inference.js";
import type { OperationContext } from "./operation-context.js";
import type { EngineInfo, OperationName, Operations } from "./messages.js";
import { residentTensors } from "./network-store.js";
import { inferPixels } from "./pixel-inference.js";
import { openNetwork } from "./open-network.js";
import { explainPicture } from "./saliency.js";
import { loadTensorFlow } from "./tensorflow.js";
import { noGraphs } from "./traced-function.js";
import { searchRate, train } from "./train.js";
import { readWeights, writeWeights } from "./weights-file.js";

export type Operation = (request: never, context: OperationContext) => unknown;

type Table<N extends OperationName> = {
  [K in N]: (
    request: Operations[K]["request"],
    context: OperationContext,
  ) => Operations[K]["response"] | Promise<Operations[K]["response"]>;
};

/** Answered also while another operation runs, as soon as that one waits for a file. */
const immediate: Table<"info" | "memory" | "supply" | "supplyBoxed"> = {
  supplyBoxed: (request) => supplyBoxed(request),
  supply: (request) => supplyPicture(request),
  info: async () => {
    await ready();
    const { backend, version, device, reason } = loadTensorFlow();
    const withoutGraphs = noGraphs();
    return {
      backend,
      device,
      reason,
      ...(version === undefined ? {} : { version }),
      ...(withoutGraphs === undefined ? {} : { withoutGraphs }),
    } satisfies EngineInfo;
  },
  memory: async () => {
    const { numTensors, numBytes } = (await ready()).memory();
    return { tensors: numTensors, networkTensors: residentTensors() + detectorTensors(), bytes: numBytes };
  },
};

const queued: Table<
  | "open"
  | "features"
  | "score"
  | "inferPixels"
  | "saliency"
  | "train"
  | "writeWeights"
  | "readWeights"
  | "export"
  | "findLearningRate"
  | "openDetector"
  | "detect"
  | "trainDetector"
  | "writeDetector"
  | "readDetector"
> = {
  open: (request, context) => openNetwork(request, context),
  features: async (request, context) => {
    await ready();
    return readFeatures(request, context);
  },
  score: async (request, context) => {
    await ready();
    return scorePictures(request, context);
  },
  inferPixels: async (request, context) => {
    await ready();
    return inferPixels(request, context);
  },
  saliency: async (request, context) => {
    await ready();
    return explainPicture(request, context);
  },
  findLearningRate: async (request, context) => {
    await ready();
    return searchRate(request, context);
  },
  train: async (request, context) => {
    await ready();
    return train(request, context);
  },
  export: async (request) => {
    await exportModel(request);
    return null;
  },
  writeWeights: (request) => writeWeights(request),
  readWeights: (request) => readWeights(request),
  openDetector: (request, context) => openDetector(request, context),
  detect: async (request, context) => {
    await ready();
    return detect(request, context);
  },
  trainDetector: async (request, context) => {
    await ready();
    return trainDetector(request, context);
  },
  writeDetector: (request) => writeDetector(request),
  readDetector: (request) => readDetector(request),
};

export const immediateOperations: Partial<Record<OperationName, Operation>> = immediate;
export const queuedOperations: Partial<Record<OperationName, Operation>> = queued;

async function ready(): Promise<typeof TensorFlow> {
  const { tf } = loadTensorFlow();
  await tf.ready();
  return tf;
}
