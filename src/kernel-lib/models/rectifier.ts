/** max(x, 0) with its gradient as one TensorFlow operation, from the output alone: tfjs makes five of it, and keeps the input. */
import * as tf from "@tensorflow/tfjs-core";

/** The parts of tfjs-node's backend that reach an operation by its name. */
interface TensorFlowBackend {
  binding: { TF_ATTR_TYPE: number; TF_FLOAT: number };
  executeSingleOutput(name: string, attributes: object[], inputs: tf.Tensor[]): tf.Tensor;
}

/** The larger of x and 0, number by number. */
export function relu<T extends tf.Tensor>(x: T): T {
  return hasReluGradient() ? (rectified(x) as T) : tf.relu(x);
}

/** The larger of a + b and 0; a and b have one shape. */
export function reluOfSum<T extends tf.Tensor>(a: T, b: T): T {
  return hasReluGradient() ? (rectified(a, b) as T) : tf.relu(tf.add<T>(a, b));
}

const hasReluGradient = () => "executeSingleOutput" in tf.backend();

/** Of the sum of one tensor or two. Each call needs an operation of its own. */
function rectified(...summands: [tf.Tensor, tf.Tensor?]): tf.Tensor {
  const operation = tf.customGrad((...args) => {
    const [a, b] = args as unknown as [tf.Tensor, tf.Tensor?];
    const save = args.at(-1) as unknown as (tensors: tf.Tensor[]) => void;
    const sum = summands.length === 2 && b ? tf.add(a, b) : a;
    const y = execute("Relu", [sum]);
    if (sum !== a) sum.dispose();
    save([y]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const gradient = execute("ReluGrad", [dy, ...saved]);
      // One tensor for both would be disposed twice.
      return summands.length === 2 ? [gradient, gradient.clone()] : gradient;
    };
    return { value: y, gradFunc };
  });
  return operation(...(summands as tf.Tensor[]));
}

function execute(name: string, inputs: tf.Tensor[]): tf.Tensor {
  const backend = tf.backend() as unknown as TensorFlowBackend;
  const { TF_ATTR_TYPE, TF_FLOAT } = backend.binding;
  return backend.executeSingleOutput(name, [{ name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT }], inputs);
}
