/** A number a channel, added. TensorFlow's own operation for it is one that its graphs join to the convolution before. */
import * as tf from "@tensorflow/tfjs-core";

import { relu } from "./rectifier.js";

/** The parts of tfjs-node's backend that reach an operation by its name. */
interface TensorFlowBackend {
  binding: { TF_ATTR_TYPE: number; TF_ATTR_STRING: number; TF_FLOAT: number };
  executeSingleOutput(name: string, attributes: object[], inputs: tf.Tensor[]): tf.Tensor;
}

/** N × H × W × C plus C numbers; nothing can be differentiated. */
export function addBias(x: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  if (!("executeSingleOutput" in tf.backend())) return tf.add<tf.Tensor4D>(x, bias);
  const backend = tf.backend() as unknown as TensorFlowBackend;
  const { TF_ATTR_TYPE, TF_ATTR_STRING, TF_FLOAT } = backend.binding;
  const attributes = [
    { name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: "data_format", type: TF_ATTR_STRING, value: "NHWC" },
  ];
  return backend.executeSingleOutput("BiasAdd", attributes, [x, bias]) as tf.Tensor4D;
}

/**
 * The same with a gradient to x, and a rectifier after it where one is wanted. x is freed, which must have been made for this: not even the
 * gradient needs it, and such copies of all layers would be most of a training's memory.
 *
 * @param bias that doesn't learn
 */
export function overBiased(x: tf.Tensor4D, bias: tf.Tensor1D, rectify: boolean): tf.Tensor4D {
  const operation = tf.customGrad((...args) => {
    const [input] = args as unknown as [tf.Tensor4D];
    return { value: addBias(input, bias), gradFunc: (dy: tf.Tensor) => dy.clone() };
  });
  const sum = operation(x) as tf.Tensor4D;
  x.dispose();
  if (!rectify) return sum;
  const y = relu(sum);
  sum.dispose();
  return y;
}

/** The same for a bias that learns too. x is freed. */
export function overLearntBias(x: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  const operation = tf.customGrad((...args) => {
    const [input, own] = args as unknown as [tf.Tensor4D, tf.Tensor1D];
    const gradFunc = (dy: tf.Tensor) => [dy.clone(), tf.sum(dy, [0, 1, 2])];
    return { value: addBias(input, own), gradFunc };
  });
  const sum = operation(x, bias);
  x.dispose();
  return sum;
}
