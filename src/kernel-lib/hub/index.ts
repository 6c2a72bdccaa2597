/** Where weights come from: files of several kinds, the Hugging Face hub, a cache. */
export type { DownloadProgress } from "./download.js";
export { loadWeights, type LoadedWeights, type LoadWeightsOptions } from "./load-weights.js";
export { readPth } from "./pth.js";
export { readWeights } from "./read-weights.js";
export { knownWeights, type KnownWeights } from "./registry.js";
export { readSafetensors } from "./safetensors.js";
export { encodeSafetensors, writeSafetensors } from "./safetensors-writer.js";
export type { Dtype, FloatTensor, Tensor, TensorValues } from "./tensor.js";
export { canonicalName, canonicalNames, type NameScheme, schemeOf } from "./weight-names.js";
