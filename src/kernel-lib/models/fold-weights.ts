/** Weights as whoever only infers wants them: batch norm in the convolutions, standardisation in the head. */
import { VitrineError } from "../structures/errors.js";
import { NORM_EPSILON } from "./batch-norm.js";
import type { HeadData } from "./linear-head.js";
import type { ConvLayer } from "./plan.js";
import type { NamedTensors, TensorData } from "./tensor-data.js";

export interface FoldedLayer {
  weight: TensorData;
  bias: TensorData;
}

/** The convolution and the batch norm after it, as one with a bias. */
export function foldedConv({ name, norm }: ConvLayer, tensors: NamedTensors): FoldedLayer {
  const weight = tensor(tensors, `${name}.weight`);
  if (norm === undefined) return { weight, bias: tensor(tensors, `${name}.bias`) };
  const [gamma, beta, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map(
    (part) => tensor(tensors, `${norm}.${part}`).data,
  ) as [Float32Array, Float32Array, Float32Array, Float32Array];
  const scale = gamma.map((value, i) => value / Math.sqrt((variance[i] ?? 0) + NORM_EPSILON));
  const size = weight.data.length / scale.length;
  const data = new Float32Array(weight.data.length);
  for (let i = 0; i < data.length; i++) data[i] = (weight.data[i] ?? 0) * (scale[Math.floor(i / size)] ?? 0);
  const bias = beta.map((value, i) => value - (mean[i] ?? 0) * (scale[i] ?? 0));
  return { weight: { shape: weight.shape, data }, bias: { shape: [bias.length], data: bias } };
}

/** The head as torch's linear layer over the features as they are; the weight is classes × features. */
export function foldedHead({ features, classes, shift, scale, weights, bias }: HeadData): FoldedLayer {
  const weight = new Float32Array(classes * features);
  const offset = Float64Array.from(bias);
  for (let feature = 0; feature < features; feature++) {
    for (let label = 0; label < classes; label++) {
      const value = (weights[feature * classes + label] ?? 0) / (scale[feature] ?? 1);
      weight[label * features + feature] = value;
      offset[label] = (offset[label] ?? 0) - value * (shift[feature] ?? 0);
    }
  }
  const data = Float32Array.from(offset);
  return { weight: { shape: [classes, features], data: weight }, bias: { shape: [classes], data } };
}

/** @throws InvalidWeights */
export function tensor(tensors: NamedTensors, name: string): TensorData {
  const found = tensors.get(name);
  if (found) return found;
  throw new VitrineError("InvalidWeights", { path: "memory", tensor: name, expected: "a tensor", received: "none" });
}
