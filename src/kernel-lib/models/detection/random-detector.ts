/** The part of a detector that no weights were given for: torchvision's beginnings. */
import { SeededRandom } from "../../structures/random.js";
import type { TensorData } from "../tensor-data.js";

/**
 * Weights for the shapes, the same ones for the same seed. Proposals begin with small numbers, as in the paper; the pyramid and
 * linear layers uniform by the number of their inputs, linear biases too; a backbone by its outputs.
 */
export function randomDetectorTensors(
  shapes: ReadonlyMap<string, readonly number[]>,
  seed: number,
): Map<string, TensorData> {
  const random = new SeededRandom(seed);
  const inputsOf = (name: string) => shapes.get(name.replace(/bias$/, "weight"))?.[1] ?? 1;
  return new Map(
    [...shapes].map(([name, shape]) => [name, { shape, data: begin(name, shape, inputsOf(name), random.fork(name)) }]),
  );
}

function begin(name: string, shape: readonly number[], fanIn: number, random: SeededRandom): Float32Array {
  const data = new Float32Array(shape.reduce((product, side) => product * side, 1));
  const [outputs = 1, inputs = 1, height = 1, width = 1] = shape;
  const normal = (deviation: number) => data.map(() => random.normal(0, deviation));
  const uniform = (limit: number) => data.map(() => random.uniform(-limit, limit));
  if (/^roi_heads\..*(fc\d|cls_score|bbox_pred)\./.test(name)) return uniform(1 / Math.sqrt(fanIn));
  if (shape.length === 1) return /running_var|(bn\d|downsample\.1)\.weight/.test(name) ? data.fill(1) : data;
  if (name.startsWith("rpn.")) return normal(0.01);
  if (name.startsWith("backbone.fpn.")) return uniform(Math.sqrt(3 / (inputs * height * width)));
  return normal(Math.sqrt(2 / (outputs * height * width)));
}
