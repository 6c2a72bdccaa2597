/** Where weights come from: files of several kinds, the Hugging Face hub, a cache. */
export type { DownloadProgress } from "./download.js";
export { loadWeights, type LoadedWeights, type LoadWeightsOptions } from "./load-weights.js";
export { readKerasH5 } from "./keras-h5.js";
export { readPth } from "./pth.js";
export { readTensorflowCheckpoint, type ReadTensorflowCheckpointOptions } from "./tensorflow-checkpoint.js";
export { readWeights } from "./read-weights.js";
export { readSafetensors } from "./safetensors.js";
export { writeSafetensors } from "./safetensors-writer.js";
export type { FloatTensor, Tensor } from "./tensor.js";
