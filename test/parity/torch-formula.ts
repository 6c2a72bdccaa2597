/** The weights and pictures of test/fixtures/resnet/make.py, made by the same formula. */
import { weightShapes, type NetworkPlan } from "../../src/kernel-lib/models/plan.js";
import type { TensorData } from "../../src/kernel-lib/models/tensor-data.js";

/** Numbers in [-1, 1): the fraction of a large sine. */
export function noise(count: number, seed: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return (x - Math.floor(x)) * 2 - 1;
  });
}

/** Weights of a plan and of `fc`, a linear layer to `classes`; seeds follow torch's state dict, where `fc` comes last. */
export function formulaTensors(plan: NetworkPlan, classes: number): Map<string, TensorData> {
  const shapes: [string, number[]][] = [
    ...weightShapes(plan),
    ["fc.weight", [classes, plan.features]],
    ["fc.bias", [classes]],
  ];
  return new Map(shapes.map(([name, shape], seed) => [name, { shape, data: values(name, shape, seed) }]));
}

function values(name: string, shape: readonly number[], seed: number): Float32Array {
  const count = shape.reduce((product, side) => product * side, 1);
  const u = noise(count, seed);
  if (shape.length >= 2) {
    const factor = Math.sqrt(6 / (count / (shape[0] ?? 1)));
    return Float32Array.from(u, (value) => value * factor);
  }
  const positive = name.endsWith("running_var") || name.endsWith("weight");
  return Float32Array.from(u, (value) => (positive ? 1 + 0.3 * value : 0.1 * value));
}

/** N × S × S × 3 out of torch's N × 3 × S × S. */
export function formulaPictures(count: number, side: number): Float32Array {
  const torch = noise(count * 3 * side * side, 1000);
  const plane = side * side;
  return Float32Array.from(torch, (_, i) => {
    const [picture, place, channel] = [Math.floor(i / (3 * plane)), Math.floor(i / 3) % plane, i % 3];
    return torch[(picture * 3 + channel) * plane + place] ?? 0;
  });
}
