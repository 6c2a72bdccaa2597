/**
 * Weights of keras.applications' ResNets as torchvision's: other names, other layouts, biases before batch norm, which go into its
 * mean, and another epsilon, which goes into its variance. What is left to tell apart is where the stride is, and the pictures'
 * scale; see `KERAS_INPUT`.
 */
import { turnedKernel } from "./kernel-layout.js";
import type { FloatTensor } from "./tensor.js";

/** Of the two homes' batch norms. */
const KERAS_EPSILON = 1.001e-5;
const TORCH_EPSILON = 1e-5;

const CONV = /^conv(\d)_block(\d+)_(\d)_(conv|bn)$/;
const STEM = /^conv1_(conv|bn)$/;

/** Whether names are those of a ResNet of keras.applications, of version 1, whose blocks begin with a convolution. */
export function isKerasResNet(names: Iterable<string>): boolean {
  const all = new Set(names);
  return all.has("conv1_bn/moving_mean") && all.has("conv2_block1_1_conv/kernel") && all.has("conv5_block3_3_bn/gamma");
}

/** The base's and, where they are there, the classifier's tensors under torchvision's names, for RGB. */
export function fromKeras(tensors: ReadonlyMap<string, FloatTensor>): Map<string, FloatTensor> {
  const converted = new Map<string, FloatTensor>();
  for (const [key, tensor] of tensors) {
    const [layer = "", part = ""] = key.split("/");
    const name = torchName(layer);
    if (name === undefined) continue;
    if (part === "kernel")
      converted.set(`${name}.weight`, turnedKernel(layer === "conv1_conv" ? reversedInputs(tensor) : tensor));
    else if (name === "fc") converted.set("fc.bias", tensor);
    else if (part in NORM)
      converted.set(`${name}.${NORM[part as keyof typeof NORM]}`, normTensor(layer, part, tensor, tensors));
  }
  return converted;
}

const NORM = { gamma: "weight", beta: "bias", moving_mean: "running_mean", moving_variance: "running_var" } as const;

function torchName(layer: string): string | undefined {
  if (layer === "predictions" || layer === "probs" || layer === "fc1000") return "fc";
  const stem = STEM.exec(layer);
  if (stem) return stem[1] === "conv" ? "conv1" : "bn1";
  const [, stage, block, index, kind] = CONV.exec(layer) ?? [];
  if (stage === undefined) return undefined;
  const home = `layer${Number(stage) - 1}.${Number(block) - 1}`;
  if (index === "0") return `${home}.downsample.${kind === "conv" ? 0 : 1}`;
  return `${home}.${kind === "conv" ? "conv" : "bn"}${index ?? ""}`;
}

/** The convolution's bias moves the mean, and the difference of the epsilons the variance: the same numbers come out. */
function normTensor(
  layer: string,
  part: string,
  tensor: FloatTensor,
  all: ReadonlyMap<string, FloatTensor>,
): FloatTensor {
  if (part === "moving_variance") {
    return { ...tensor, data: tensor.data.map((value) => value + (KERAS_EPSILON - TORCH_EPSILON)) };
  }
  const bias = part === "moving_mean" ? all.get(`${layer.replace(/_bn$/, "_conv")}/bias`) : undefined;
  return bias ? { ...tensor, data: tensor.data.map((value, i) => value - (bias.data[i] ?? 0)) } : tensor;
}

/** Blue, green, red to red, green, blue. */
function reversedInputs({ shape, data, dtype }: FloatTensor): FloatTensor {
  const [inputs = 1, outputs = 1] = shape.slice(-2);
  const reversed = data.map((_, i) => {
    const [output, input, place] = [i % outputs, Math.floor(i / outputs) % inputs, Math.floor(i / outputs / inputs)];
    return data[(place * inputs + inputs - 1 - input) * outputs + output] ?? 0;
  });
  return { dtype, shape, data: reversed };
}

/** What these networks see of a channel's value / 255: minus `mean`, by `deviation`. Their own scale is 0 to 255 minus a mean. */
export const KERAS_INPUT = {
  mean: [123.68 / 255, 116.779 / 255, 103.939 / 255],
  deviation: [1 / 255, 1 / 255, 1 / 255],
} as const;
