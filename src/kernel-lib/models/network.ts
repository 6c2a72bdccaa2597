/**
 * A plan with weights, on the running backend. Shapes: N pictures, side S, C channels, F features.
 *
 * For inference batch norm is folded into the convolutions. With gradients it is one fused operation, live or frozen.
 */
import * as tf from "@tensorflow/tfjs-core";

import { VitrineError } from "../structures/errors.js";
import { adaptiveAveragePool } from "./adaptive-pool.js";
import { addBias } from "./bias.js";
import { foldNorm, fusedBatchNorm, type NormVariables } from "./batch-norm.js";
import { convLayers, NORM_PARTS, type ConvLayer, type Layer, type MaxPoolLayer, type NetworkPlan } from "./plan.js";
import { relu, reluOfSum } from "./rectifier.js";
import type { NamedTensors, TensorData } from "./tensor-data.js";

/** How batch norm takes its statistics while the network learns. */
export type NormMode = "live" | "frozen";

export interface ForwardOptions {
  /** Called before every convolution; may throw to abandon the computation. */
  checkpoint?: () => void;
  /** Changes what each linear layer of the network sees, while it learns. */
  beforeLinear?: (x: tf.Tensor2D) => tf.Tensor2D;
  /** Sees the output of every stage; the tensor is valid during the call only. */
  onStage?: (name: string, output: tf.Tensor4D) => void;
}

type RunConv = (x: tf.Tensor4D, layer: ConvLayer) => tf.Tensor4D;

export class Network {
  readonly plan: NetworkPlan;
  /** By torchvision's names; convolutions lie as height × width × inputs × outputs, linear layers as in torch. */
  private readonly variables = new Map<string, tf.Variable>();
  private folded: Map<string, { kernel: tf.Tensor4D; bias: tf.Tensor1D }> | undefined;

  /** @param tensors exactly what `weightShapes(plan)` asks, in torch's shapes; copied */
  constructor(plan: NetworkPlan, tensors: NamedTensors) {
    this.plan = plan;
    for (const [name, { shape, data }] of tensors) {
      const trainable = !name.includes(".running_");
      // TensorFlow takes the memory of what it is given, so it is given a copy.
      const value = tf.tidy(() => fromTorch(tf.tensor(data.slice(), [...shape])));
      this.variables.set(name, tf.variable(value, trainable));
      value.dispose();
    }
  }

  /** What learns: everything except running statistics. */
  get trainable(): tf.Variable[] {
    return [...this.variables.values()].filter((variable) => variable.trainable);
  }

  /** All that a forward pass reads, and that it changes where batch norm is live. */
  get state(): tf.Variable[] {
    return [...this.variables.values()];
  }

  /** All that `infer` reads; the network's until a weight changes. */
  get inferenceWeights(): tf.Tensor[] {
    const folded = (this.folded ??= this.fold());
    const convolutions = [...folded.values()].flatMap(({ kernel, bias }) => [kernel, bias]);
    return [...convolutions, ...this.plan.linear.flatMap(({ name }) => [this.weight(name), this.bias(name)])];
  }

  /** Pictures N × S × S × 3, normalised, to features N × F; nothing can be differentiated. */
  infer(x: tf.Tensor4D, options: ForwardOptions = {}): tf.Tensor2D {
    const folded = (this.folded ??= this.fold());
    return tf.tidy(() => this.run(x, (input, layer) => convFolded(input, layer, part(folded, layer.name)), options));
  }

  /** The same with gradients, for the inside of `tf.variableGrads`. */
  forward(x: tf.Tensor4D, norm: NormMode, options: ForwardOptions = {}): tf.Tensor2D {
    this.unfold();
    return this.run(x, (input, layer) => this.convWithNorm(input, layer, norm, options.checkpoint), options);
  }

  /**
   * For explanations: what the last convolution makes of N pictures, N × H × W × C, and what a pool after it leaves of that (the
   * same where there is none). Nothing can be differentiated.
   */
  lastMaps(x: tf.Tensor4D, { checkpoint }: ForwardOptions = {}): { maps: tf.Tensor4D; pooled: tf.Tensor4D } {
    const folded = (this.folded ??= this.fold());
    const conv: RunConv = (input, layer) => {
      checkpoint?.();
      return convFolded(input, layer, part(folded, layer.name));
    };
    const layers = this.plan.stages.flatMap((stage) => stage.layers);
    const end = layers.findLastIndex(({ kind }) => kind !== "maxPool") + 1;
    return tf.tidy(() => {
      const maps = inTurn(x, x, layers.slice(0, end), (input, layer) => runLayer(input, layer, conv));
      return { maps, pooled: inTurn(maps, maps, layers.slice(end), (input, layer) => runLayer(input, layer, conv)) };
    });
  }

  /** From the end of the last stage to the features N × F, with gradients. */
  featuresOf(y: tf.Tensor4D, { checkpoint, beforeLinear = (z) => z }: ForwardOptions = {}): tf.Tensor2D {
    return this.plan.linear.reduce(
      (z, { name }) => {
        checkpoint?.();
        return relu(tf.add(tf.matMul(beforeLinear(z), this.weight(name), false, true), this.bias(name)));
      },
      flattened(adaptiveAveragePool(y, this.plan.places)),
    );
  }

  /** A copy of the weights, in torch's shapes. */
  export(): Map<string, TensorData> {
    const result = new Map<string, TensorData>();
    for (const [name, variable] of this.variables) {
      const torch = tf.tidy(() => toTorch(variable));
      result.set(name, { shape: torch.shape, data: torch.dataSync<"float32">().slice() });
      torch.dispose();
    }
    return result;
  }

  /** The weights as they are now; costs no memory until they change. The caller disposes it. */
  snapshot(): Map<string, tf.Tensor> {
    return new Map([...this.variables].map(([name, variable]) => [name, tf.keep(variable.clone())]));
  }

  /** Takes a snapshot's weights. */
  restore(snapshot: ReadonlyMap<string, tf.Tensor>): void {
    this.unfold();
    for (const [name, value] of snapshot) part(this.variables, name).assign(value);
  }

  dispose(): void {
    this.unfold();
    for (const variable of this.variables.values()) variable.dispose();
    this.variables.clear();
  }

  /** Tensors that this network keeps, for those who count leaks. */
  get residentTensors(): number {
    return this.variables.size + 2 * (this.folded?.size ?? 0);
  }

  private run(x: tf.Tensor4D, conv: RunConv, options: ForwardOptions): tf.Tensor2D {
    const { checkpoint, onStage } = options;
    let y = x;
    const step: RunConv = (input, layer) => {
      checkpoint?.();
      return conv(input, layer);
    };
    for (const stage of this.plan.stages) {
      y = inTurn(x, y, stage.layers, (input, layer) => runLayer(input, layer, step));
      onStage?.(stage.name, y);
    }
    return this.featuresOf(y, options);
  }

  private convWithNorm(x: tf.Tensor4D, layer: ConvLayer, mode: NormMode, checkpoint: () => void = () => undefined) {
    const y = convolved(x, this.kernel(layer), layer);
    const z =
      layer.norm === undefined
        ? tf.add<tf.Tensor4D>(y, this.bias(layer.name))
        : fusedBatchNorm(y, this.norm(layer.norm), mode === "live", checkpoint);
    y.dispose();
    return layer.relu ? rectified(z) : z;
  }

  private fold() {
    const folded = new Map<string, { kernel: tf.Tensor4D; bias: tf.Tensor1D }>();
    for (const layer of convLayers(this.plan)) {
      const kernel = this.kernel(layer);
      const plain = () => ({ kernel: kernel.clone(), bias: this.bias(layer.name).clone() });
      const both = layer.norm === undefined ? plain() : foldNorm(kernel, this.norm(layer.norm));
      // They outlive the caller's tidy.
      folded.set(layer.name, { kernel: tf.keep(both.kernel), bias: tf.keep(both.bias) });
    }
    return folded;
  }

  /** Forgets what inference made of the weights, as large as they are; it is made anew when it is needed. */
  unfold(): void {
    for (const { kernel, bias } of this.folded?.values() ?? []) tf.dispose([kernel, bias]);
    this.folded = undefined;
  }

  private norm(name: string): NormVariables {
    const [weight, bias, mean, variance] = NORM_PARTS.map((suffix) => this.variables.get(`${name}.${suffix}`));
    if (!weight || !bias || !mean || !variance) throw incomplete(name);
    return { weight, bias, mean, variance };
  }

  private kernel({ name }: ConvLayer): tf.Tensor4D {
    return part(this.variables, `${name}.weight`) as tf.Tensor as tf.Tensor4D;
  }

  private weight(name: string): tf.Tensor2D {
    return part(this.variables, `${name}.weight`) as tf.Tensor as tf.Tensor2D;
  }

  private bias(name: string): tf.Tensor1D {
    return part(this.variables, `${name}.bias`) as tf.Tensor as tf.Tensor1D;
  }
}

function runLayer(x: tf.Tensor4D, layer: Layer, conv: RunConv): tf.Tensor4D {
  if (layer.kind === "conv") return conv(x, layer);
  if (layer.kind === "maxPool") return maxPool(x, layer);
  const body = inTurn(x, x, layer.body, conv);
  const shortcut = inTurn(x, x, layer.shortcut, conv);
  const sum = reluOfSum(body, shortcut);
  for (const part of [body, shortcut]) if (part !== x) part.dispose();
  return sum;
}

/**
 * One layer after the other. What lies between two of them is let go at once, but for `kept`: gradients have what they need, and
 * otherwise all of it would wait for the end.
 */
function inTurn<L>(
  kept: tf.Tensor4D,
  start: tf.Tensor4D,
  layers: readonly L[],
  run: (x: tf.Tensor4D, layer: L) => tf.Tensor4D,
) {
  return layers.reduce((x, layer) => {
    const y = run(x, layer);
    if (x !== kept) x.dispose();
    return y;
  }, start);
}

function rectified(x: tf.Tensor4D): tf.Tensor4D {
  const y = relu(x);
  x.dispose();
  return y;
}

function convFolded(x: tf.Tensor4D, layer: ConvLayer, { kernel, bias }: { kernel: tf.Tensor4D; bias: tf.Tensor1D }) {
  const product = convolved(x, kernel, layer);
  const y = addBias(product, bias);
  product.dispose();
  return layer.relu ? rectified(y) : y;
}

const maxPool = (x: tf.Tensor4D, { kernel, stride, padding }: MaxPoolLayer) =>
  tf.maxPool(padded(x, padding), kernel, stride, "valid");

/** N × H × W × C to N × (C·H·W): torch flattens channel by channel. */
function flattened(x: tf.Tensor4D): tf.Tensor2D {
  const [count, height, width, channels] = x.shape;
  const torch = height * width === 1 ? x : tf.transpose(x, [0, 3, 1, 2]);
  return tf.reshape(torch, [count, channels * height * width]);
}

/** TensorFlow's "same" is torch's padding where the size stays, and spares a padded copy each way; else it depends on the size. */
function convolved(x: tf.Tensor4D, kernelWeights: tf.Tensor4D, { kernel, stride, padding }: ConvLayer): tf.Tensor4D {
  if (stride === 1 && 2 * padding === kernel - 1) return tf.conv2d(x, kernelWeights, 1, "same");
  const wide = padded(x, padding);
  const y = tf.conv2d(wide, kernelWeights, stride, "valid");
  if (wide !== x) wide.dispose();
  return y;
}

/** Zeros on every side, as torch has them. */
const padded = (x: tf.Tensor4D, padding: number): tf.Tensor4D =>
  padding === 0 ? x : tf.pad(x, [[0, 0], [padding, padding], [padding, padding], [0, 0]]); // prettier-ignore

const fromTorch = (tensor: tf.Tensor) => (tensor.rank === 4 ? tf.transpose(tensor, [2, 3, 1, 0]) : tensor.clone());
const toTorch = (tensor: tf.Tensor) => (tensor.rank === 4 ? tf.transpose(tensor, [3, 2, 0, 1]) : tensor.clone());

function part<T>(parts: ReadonlyMap<string, T>, name: string): T {
  const found = parts.get(name);
  if (found === undefined) throw incomplete(name);
  return found;
}

const incomplete = (tensor: string) =>
  new VitrineError("InvalidWeights", { path: "weights", tensor, expected: "a tensor", received: "none" });
