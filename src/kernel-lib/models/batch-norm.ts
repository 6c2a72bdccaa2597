/**
 * Batch norm with its gradient as one TensorFlow operation each way. tfjs composes both of small operations, which takes a third
 * of a training step. Live: the batch's statistics, and running ones that follow them. Frozen: the running statistics as
 * constants; scale and shift learn in both.
 */
import * as tf from "@tensorflow/tfjs-core";

/** What torchvision's models and the backbone have. */
export const NORM_EPSILON = 1e-5;

/** torch's momentum: the part of the new statistics in the running ones. */
const NORM_MOMENTUM = 0.1;

/** The parts of tfjs-node's backend that reach an operation by its name. */
interface TensorFlowBackend {
  binding: {
    TF_ATTR_TYPE: number;
    TF_ATTR_FLOAT: number;
    TF_ATTR_STRING: number;
    TF_ATTR_BOOL: number;
    TF_FLOAT: number;
  };
  executeMultipleOutputs(name: string, attributes: object[], inputs: tf.Tensor[], outputs: number): tf.Tensor[];
}

export interface NormVariables {
  /** γ. */
  weight: tf.Variable;
  /** β. */
  bias: tf.Variable;
  mean: tf.Variable;
  variance: tf.Variable;
}

/** Whether batch norm with a gradient is there: the TensorFlow backend's alone. */
export function hasFusedBatchNorm(): boolean {
  return "executeMultipleOutputs" in tf.backend();
}

/**
 * @param x N × H × W × C
 * @param live updates the running statistics, outside of any gradient
 * @param checkpoint called before each direction's work; may throw to abandon the step
 */
export function fusedBatchNorm(
  x: tf.Tensor4D,
  norm: NormVariables,
  live: boolean,
  checkpoint: () => void,
): tf.Tensor4D {
  const operation = tf.customGrad((...args) => {
    const [input, weight, bias] = args as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
    const save = args.at(-1) as unknown as (tensors: tf.Tensor[]) => void;
    checkpoint();
    const outputs = forward([input, weight, bias, norm.mean, norm.variance], live);
    const [y, mean, variance, first, second, third] = outputs as [tf.Tensor, ...tf.Tensor[]];
    if (live && mean && variance) {
      norm.mean.assign(mean);
      norm.variance.assign(variance);
    }
    save([input, weight, first, second, third].filter((tensor) => tensor !== undefined));
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      checkpoint();
      return backward([dy, ...saved], live).slice(0, 3);
    };
    return { value: y, gradFunc };
  });
  return operation(x, norm.weight, norm.bias) as tf.Tensor4D;
}

/** The frozen normalisation folded into the convolution before it: its kernel and a bias. */
export function foldNorm(kernel: tf.Tensor4D, norm: NormVariables): { kernel: tf.Tensor4D; bias: tf.Tensor1D } {
  return tf.tidy(() => {
    const scale = tf.div(norm.weight, tf.sqrt(tf.add(norm.variance, NORM_EPSILON)));
    const bias = tf.sub(norm.bias, tf.mul(norm.mean, scale));
    return { kernel: tf.mul(kernel, scale), bias: bias as tf.Tensor1D };
  });
}

function forward(inputs: tf.Tensor[], live: boolean): tf.Tensor[] {
  const { backend, attributes } = operation(live);
  const factor = { name: "exponential_avg_factor", type: backend.binding.TF_ATTR_FLOAT, value: NORM_MOMENTUM };
  // While live the operation blends the running statistics itself; its variance has Bessel's correction, as torch's.
  return backend.executeMultipleOutputs("FusedBatchNormV3", [...attributes, ...(live ? [factor] : [])], inputs, 6);
}

function backward(inputs: tf.Tensor[], live: boolean): tf.Tensor[] {
  const { backend, attributes } = operation(live);
  return backend.executeMultipleOutputs("FusedBatchNormGradV3", attributes, inputs, 5);
}

function operation(live: boolean) {
  const backend = tf.backend() as unknown as TensorFlowBackend;
  const { TF_ATTR_TYPE, TF_ATTR_FLOAT, TF_ATTR_STRING, TF_ATTR_BOOL, TF_FLOAT } = backend.binding;
  const attributes = [
    { name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: "U", type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: "epsilon", type: TF_ATTR_FLOAT, value: NORM_EPSILON },
    { name: "data_format", type: TF_ATTR_STRING, value: "NHWC" },
    { name: "is_training", type: TF_ATTR_BOOL, value: live },
  ];
  return { backend, attributes };
}
