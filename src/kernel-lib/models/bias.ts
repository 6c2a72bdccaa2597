/** A number a channel, added. TensorFlow's own operation for it is one that its graphs join to the convolution before. */
import * as tf from "@tensorflow/tfjs-core";

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
