/** How large the weights of each stage are, and what their last gradients were, for who looks whether they learn. */
import type * as tf from "@tensorflow/tfjs-core";

import { histogramOf, type Histogram } from "./histogram.js";
import type { Learner } from "./learner.js";

export interface StageHistograms {
  epoch: number;
  /** By stage, "head" the last. */
  weights: Readonly<Record<string, Histogram>>;
  /** Of the epoch's last step. */
  gradients: Readonly<Record<string, Histogram>>;
}

/** A stage of millions of weights is seen as well by so many of them, evenly spread. */
const MOST_NUMBERS = 2 ** 16;

export type Histograms = StageHistograms["weights"];

export function weightHistograms(learner: Learner): Histograms {
  return byStage(learner, (variable) => variable);
}

/** Between `learn` and `apply`. */
export function gradientHistograms(learner: Learner): Histograms {
  const gradients = learner.gradients();
  return byStage(learner, ({ name }) => gradients[name]);
}

function byStage(learner: Learner, tensorOf: (variable: tf.Variable) => tf.Tensor | undefined): Histograms {
  const histograms: Record<string, Histogram> = {};
  for (const [stage, variables] of learner.stages) {
    const numbers = variables.flatMap((variable) => tensorOf(variable)?.dataSync<"float32">() ?? []);
    const histogram = histogramOf([evenly(numbers)]);
    if (histogram) histograms[stage] = histogram;
  }
  return histograms;
}

function evenly(parts: readonly Float32Array[]): Float32Array {
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  const gap = Math.max(1, total / MOST_NUMBERS);
  const chosen = new Float32Array(Math.floor((total - 1) / gap) + 1);
  let [count, before] = [0, 0];
  for (const part of parts) {
    for (; count < chosen.length; count++) {
      const value = part[Math.floor(count * gap) - before];
      if (value === undefined) break;
      chosen[count] = value;
    }
    before += part.length;
  }
  return chosen;
}
