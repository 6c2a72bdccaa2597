/** The weights and pictures of test/fixtures/formula.py, made by the same formulas. */
import { weightShapes, type NetworkPlan } from "../../src/kernel-lib/models/plan.js";
import type { TensorData } from "../../src/kernel-lib/models/tensor-data.js";
import type { HeadData } from "../../src/kernel-lib/models/linear-head.js";

/** Numbers in [-1, 1): a hash of place and seed in 32-bit arithmetic. */
export function noise(count: number, seed: number): Float64Array {
  const start = Math.imul(seed + 1, 0x85ebca77);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let h = Math.imul(i + 1, 0x9e3779b1) ^ start;
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
    values[i] = ((h ^ (h >>> 15)) >>> 0) / 2 ** 31 - 1;
  }
  return values;
}

/** Weights of a plan and of `fc`, a linear layer to `classes`; seeds follow torch's state dict, where `fc` comes last. */
export function formulaTensors(plan: NetworkPlan, classes: number): Map<string, TensorData> {
  const shapes: [string, number[]][] = [
    ...weightShapes(plan),
    ["fc.weight", [classes, plan.features]],
    ["fc.bias", [classes]],
  ];
  return formulaValues(new Map(shapes));
}

/** Weights of the shapes, with seeds in their order. */
export function formulaValues(shapes: ReadonlyMap<string, readonly number[]>): Map<string, TensorData> {
  const lastNorm = (name: string) =>
    name.endsWith("bn3.weight") || (name.endsWith("bn2.weight") && !shapes.has(name.replace("bn2", "bn3")));
  return new Map(
    [...shapes].map(([name, shape], seed) => [name, { shape, data: values(name, shape, seed, lastNorm(name)) }]),
  );
}

function values(name: string, shape: readonly number[], seed: number, lastNorm: boolean): Float32Array {
  const count = shape.reduce((product, side) => product * side, 1);
  const positive = name.endsWith("running_var") || name.endsWith("weight");
  let [offset, factor] = positive ? [1, 0.3] : [0, 0.1];
  if (lastNorm) [offset, factor] = [0.2, 0.06];
  if (shape.length >= 2) [offset, factor] = [0, Math.sqrt(6 / (count / (shape[0] ?? 1)))];
  const u = noise(count, seed);
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) data[i] = offset + factor * (u[i] ?? 0);
  return data;
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

/** Every number of a head with three classes by the formula. */
export function formulaHead(features: number): HeadData {
  const values = (count: number, seed: number, offset = 0, scale = 1) =>
    Float32Array.from(noise(count, seed), (value) => offset + scale * value);
  const [shift, scale] = [values(features, 2001, 0.5), values(features, 2002, 1, 0.3)];
  return { features, classes: 3, shift, scale, weights: values(features * 3, 2003), bias: values(3, 2004) };
}
