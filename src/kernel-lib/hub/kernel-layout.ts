/** Kernels from TensorFlow's layout to torch's. */
import type { FloatTensor } from "./tensor.js";

/** Height × width × inputs × outputs to outputs × inputs × height × width; inputs × outputs to outputs × inputs. */
export function turnedKernel({ shape, data }: FloatTensor): FloatTensor {
  const [inputs = 1, outputs = 1] = shape.slice(-2);
  const places = data.length / (inputs * outputs);
  const turned = new Float32Array(data.length);
  for (let place = 0; place < places; place++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        turned[(output * inputs + input) * places + place] = data[(place * inputs + input) * outputs + output] ?? 0;
      }
    }
  }
  return { dtype: "F32", shape: [outputs, inputs, ...shape.slice(0, -2)], data: turned };
}
