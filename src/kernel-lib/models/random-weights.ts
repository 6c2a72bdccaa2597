/** Weights to begin from nothing: He et al., "Delving Deep into Rectifiers" (ICCV 2015), fan-out, as torchvision starts a ResNet. */
import { SeededRandom } from "../structures/random.js";
import { weightShapes, type NetworkPlan } from "./plan.js";
import type { TensorData } from "./tensor-data.js";

/** The same seed gives the same weights. Batch norm starts as the identity. */
export function randomTensors(plan: NetworkPlan, seed: number): Map<string, TensorData> {
  const random = new SeededRandom(seed);
  const tensors = new Map<string, TensorData>();
  for (const [name, shape] of weightShapes(plan)) {
    const data = new Float32Array(shape.reduce((product, side) => product * side, 1));
    const own = random.fork(name);
    if (shape.length === 4) {
      const [outputs = 1, , height = 1, width = 1] = shape;
      const deviation = Math.sqrt(2 / (outputs * height * width));
      for (let i = 0; i < data.length; i++) data[i] = own.normal(0, deviation);
    } else if (shape.length === 2) {
      // A linear layer keeps the size of what comes in.
      const deviation = Math.sqrt(2 / (shape[1] ?? 1));
      for (let i = 0; i < data.length; i++) data[i] = own.normal(0, deviation);
    } else if (name.endsWith(".weight") || name.endsWith(".running_var")) {
      data.fill(1);
    }
    tensors.set(name, { shape, data });
  }
  return tensors;
}
