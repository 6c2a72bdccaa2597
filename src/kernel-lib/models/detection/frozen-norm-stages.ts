/**
 * Stages of a backbone whose batch norm never changes, as detectors train them: a step sees one or two pictures, too few for
 * statistics. The normalisation is then a factor and an offset, which go into the convolutions: in advance for stages that don't
 * learn, inside the step for those that do, so that no pass over the activations is spent on it either way.
 *
 * Activations are N × H × W × C.
 */
import * as tf from "@tensorflow/tfjs-core";

import { overBiased } from "../bias.js";
import { NORM_EPSILON } from "../batch-norm.js";
import type { ConvLayer, Layer, MaxPoolLayer, Stage } from "../plan.js";
import { reluOfSum } from "../rectifier.js";
import type { Parameters } from "./parameters.js";

export interface RunOptions {
  /** Kernels take part in the gradient. */
  learn: boolean;
  /** Called before every convolution; may throw to abandon the computation. */
  checkpoint?: (() => void) | undefined;
  onStage?: (name: string, output: tf.Tensor4D) => void;
}

interface Affine {
  scale: tf.Tensor1D;
  bias: tf.Tensor1D;
}

export class FrozenNormStages {
  private readonly parameters: Parameters;
  private readonly prefix: string;
  private readonly affines = new Map<string, Affine>();
  private readonly kernels = new Map<string, tf.Tensor4D>();

  /** @param prefix of the tensors' names, "backbone.body." say */
  constructor(parameters: Parameters, prefix: string) {
    this.parameters = parameters;
    this.prefix = prefix;
  }

  run(x: tf.Tensor4D, stages: readonly Stage[], options: RunOptions): tf.Tensor4D {
    let y = x;
    for (const { name, layers } of stages) {
      for (const layer of layers) y = this.layer(y, layer, options);
      options.onStage?.(name, y);
    }
    return y;
  }

  /** The kernels have changed. */
  forgetKernels(): void {
    tf.dispose([...this.kernels.values()]);
    this.kernels.clear();
  }

  /** What was made of the weights in advance. */
  get residentTensors(): number {
    return this.kernels.size + 2 * this.affines.size;
  }

  dispose(): void {
    this.forgetKernels();
    for (const { scale, bias } of this.affines.values()) tf.dispose([scale, bias]);
    this.affines.clear();
  }

  private layer(x: tf.Tensor4D, layer: Layer, options: RunOptions): tf.Tensor4D {
    if (layer.kind === "conv") return this.conv(x, layer, options);
    if (layer.kind === "maxPool") return maxPool(x, layer);
    const body = layer.body.reduce((y, conv) => this.conv(y, conv, options), x);
    const { shortcutStride = 1 } = layer;
    const start = shortcutStride === 1 ? x : tf.maxPool(x, 1, shortcutStride, "valid");
    const shortcut = layer.shortcut.reduce((y, conv) => this.conv(y, conv, options), start);
    const y = reluOfSum(body, shortcut);
    // The gradient needs the end alone.
    body.dispose();
    if (shortcut !== x) shortcut.dispose();
    return y;
  }

  private conv(x: tf.Tensor4D, layer: ConvLayer, { learn, checkpoint }: RunOptions): tf.Tensor4D {
    checkpoint?.();
    const { scale, bias } = this.affine(layer);
    const kernel = learn ? tf.mul<tf.Tensor4D>(this.kernel(layer), scale) : this.folded(layer, scale);
    return overBiased(convolve(x, kernel, layer.stride, layer.padding), bias, layer.relu);
  }

  private kernel = ({ name }: ConvLayer) => this.parameters.get<tf.Rank.R4>(`${this.prefix}${name}.weight`);

  private folded(layer: ConvLayer, scale: tf.Tensor1D): tf.Tensor4D {
    const known = this.kernels.get(layer.name);
    if (known) return known;
    const folded = tf.keep(tf.tidy(() => tf.mul<tf.Tensor4D>(this.kernel(layer), scale)));
    this.kernels.set(layer.name, folded);
    return folded;
  }

  private affine({ name, norm = "" }: ConvLayer): Affine {
    const known = this.affines.get(name);
    if (known) return known;
    const get = (part: string) => this.parameters.get<tf.Rank.R1>(`${this.prefix}${norm}.${part}`);
    const made = tf.tidy(() => {
      const scale = tf.div<tf.Tensor1D>(get("weight"), tf.sqrt(tf.add(get("running_var"), NORM_EPSILON)));
      return { scale, bias: tf.sub<tf.Tensor1D>(get("bias"), tf.mul(get("running_mean"), scale)) };
    });
    tf.keep(made.scale);
    tf.keep(made.bias);
    this.affines.set(name, made);
    return made;
  }
}

/** torch's padding, zeros on every side. With stride 1 TensorFlow's "same" is that too, and spares a copy. */
export function convolve(x: tf.Tensor4D, kernel: tf.Tensor4D, stride: number, padding: number): tf.Tensor4D {
  if (padding === 0) return tf.conv2d(x, kernel, stride, "valid");
  if (stride === 1 && kernel.shape[0] === 2 * padding + 1) return tf.conv2d(x, kernel, 1, "same");
  return tf.conv2d(padded(x, padding), kernel, stride, "valid");
}

function maxPool(x: tf.Tensor4D, { kernel, stride, padding, same }: MaxPoolLayer): tf.Tensor4D {
  if (same) return tf.maxPool(x, kernel, stride, "same");
  return tf.maxPool(padding === 0 ? x : padded(x, padding), kernel, stride, "valid");
}

const padded = (x: tf.Tensor4D, padding: number): tf.Tensor4D =>
  tf.pad(x, [[0, 0], [padding, padding], [padding, padding], [0, 0]]); // prettier-ignore
