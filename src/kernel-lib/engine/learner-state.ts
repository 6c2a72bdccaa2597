/** What a learner remembers, as plain numbers under names, and back. */
import * as tf from "@tensorflow/tfjs-core";

import type { HeadData } from "../models/linear-head.js";
import type { TensorData } from "../models/tensor-data.js";
import type { RandomPosition, SeededRandom } from "../structures/random.js";
import type { HeadLearner } from "./head-learner.js";
import type { LearnerState } from "./learner.js";
import type { Optimizer } from "./optimizer.js";

type Tensors = LearnerState["tensors"];
type Named = [name: string, data: TensorData];

const dataOf = (tensor: tf.Tensor): TensorData => ({
  shape: tensor.shape,
  data: tensor.dataSync<"float32">().slice(),
});

export const tensorData = (prefix: string, tensors: ReadonlyMap<string, tf.Tensor>): Named[] =>
  [...tensors].map(([name, tensor]) => [`${prefix}/${name}`, dataOf(tensor)]);

/** The caller disposes them. */
export function tensorsFrom(prefix: string, tensors: Tensors): Map<string, tf.Tensor> {
  const own = [...tensors].filter(([name]) => name.startsWith(`${prefix}/`));
  // TensorFlow takes the memory of what it is given, so it is given a copy.
  const made = ({ shape, data }: TensorData) => tf.tensor(data.slice(), [...shape]);
  return new Map(own.map(([name, data]) => [name.slice(prefix.length + 1), made(data)]));
}

export const namedTensors = (prefix: string, { weights, bias }: HeadLearner): Named[] =>
  tensorData(prefix, new Map<string, tf.Tensor>([["weights", weights], ["bias", bias]])); // prettier-ignore

export const namedMemory = ({ memory }: Optimizer): Named[] =>
  tensorData("optimizer", new Map(memory.map((slot, index) => [String(index), slot])));

export const headTensors = (prefix: string, { features, classes, weights, bias }: HeadData): Named[] => [
  [`${prefix}/weights`, { shape: [features, classes], data: weights }],
  [`${prefix}/bias`, { shape: [classes], data: bias }],
];

export function headFrom(like: HeadData, prefix: string, tensors: Tensors): HeadData {
  const [weights, bias] = [part(tensors, `${prefix}/weights`), part(tensors, `${prefix}/bias`)];
  return { ...like, weights: weights.data, bias: bias.data };
}

export function restoreHead({ weights, bias }: HeadLearner, prefix: string, tensors: Tensors): void {
  assign(weights, part(tensors, `${prefix}/weights`));
  assign(bias, part(tensors, `${prefix}/bias`));
}

export function restoreMemory({ memory }: Optimizer, tensors: Tensors): void {
  for (const [index, slot] of memory.entries()) assign(slot, part(tensors, `optimizer/${index}`));
}

export function restoreRandoms(
  sources: Readonly<Record<string, SeededRandom>>,
  positions: Readonly<Record<string, RandomPosition>>,
): void {
  for (const [name, source] of Object.entries(sources)) {
    const position = positions[name];
    if (position) source.position = position;
  }
}

function assign(variable: tf.Variable, { shape, data }: TensorData): void {
  const value = tf.tensor(data.slice(), [...shape]);
  variable.assign(value);
  value.dispose();
}

function part(tensors: Tensors, name: string): TensorData {
  const found = tensors.get(name);
  // The file is whole and of this very training, so it has them all.
  if (!found) throw new Error(`the checkpoint lacks ${name}`);
  return found;
}
