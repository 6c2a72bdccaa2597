/** The head while it learns: standardised features N × F, dropout, one linear layer, cross-entropy against N × K targets. */
import * as tf from "@tensorflow/tfjs-core";

import type { HeadData } from "../models/linear-head.js";
import { standardise } from "../models/linear-head.js";
import type { SeededRandom } from "../structures/random.js";
import { dropout } from "./dropout.js";
import type { LearningVariable } from "./optimizer.js";

export class HeadLearner {
  readonly weights: tf.Variable<tf.Rank.R2>;
  readonly bias: tf.Variable<tf.Rank.R1>;
  private readonly start: HeadData;
  private readonly dropout: number;
  readonly random: SeededRandom;

  constructor(start: HeadData, dropout: number, random: SeededRandom) {
    this.start = start;
    this.dropout = dropout;
    this.random = random;
    this.weights = made(() => tf.tensor2d(start.weights.slice(), [start.features, start.classes]));
    this.bias = made(() => tf.tensor1d(start.bias.slice()));
  }

  learning(l2: number): LearningVariable[] {
    return [
      { variable: this.weights, rate: 1, l2 },
      { variable: this.bias, rate: 1, l2: 0 },
    ];
  }

  /** Logits N × K, with dropout where the head learns from them. */
  logits(features: tf.Tensor2D, learning: boolean): tf.Tensor2D {
    const standard = standardise(features, this.start);
    const kept = learning ? dropout(standard, this.dropout, this.random) : standard;
    return tf.add(tf.matMul(kept, this.weights), this.bias);
  }

  snapshot(): HeadData {
    const [weights, bias] = [this.weights, this.bias].map((variable) => variable.dataSync<"float32">().slice());
    return { ...this.start, weights: weights as Float32Array, bias: bias as Float32Array };
  }

  dispose(): void {
    tf.dispose([this.weights, this.bias]);
  }
}

/** Rows that add up to 1: each of a picture's classes in equal parts. */
export function targetRows(classes: readonly (readonly number[])[], count: number): tf.Tensor2D {
  const rows = new Float32Array(classes.length * count);
  classes.forEach((own, row) => {
    for (const index of own) rows[row * count + index] = 1 / own.length;
  });
  return tf.tensor2d(rows, [classes.length, count]);
}

/** How many rows have their highest score at a class that isn't theirs. */
export function wrongRows(logits: tf.Tensor2D, classes: readonly (readonly number[])[]): number {
  const [, columns] = logits.shape;
  const data = logits.dataSync<"float32">();
  return classes.filter((own, row) => {
    const scores = data.subarray(row * columns, (row + 1) * columns);
    return !own.includes(scores.indexOf(Math.max(...scores)));
  }).length;
}

function made<R extends tf.Rank>(make: () => tf.Tensor<R>): tf.Variable<R> {
  const value = make();
  const variable = tf.variable<R>(value);
  value.dispose();
  return variable;
}
