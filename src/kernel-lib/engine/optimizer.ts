/** What every optimiser is: gradients in, weights moved, and a memory that a checkpoint can keep. */
import type * as tf from "@tensorflow/tfjs-core";

export interface LearningVariable {
  variable: tf.Variable;
  /** In parts of the step's rate. */
  rate: number;
  /** Weight decay. */
  l2: number;
}

export interface Optimizer {
  /** What it moves. */
  readonly variables: tf.Variable[];
  /** What it remembers between steps, in an order that follows from the variables'. */
  readonly memory: tf.Variable[];
  /** Steps taken so far. */
  steps: number;
  /** @param gradients by the variables' names, as `tf.variableGrads` gives them */
  apply(gradients: Readonly<Record<string, tf.Tensor>>, rate: number): void;
  dispose(): void;
}

export interface SgdSettings {
  /** 0 to 1. */
  momentum: number;
  nesterov: boolean;
}

export interface AdamWSettings {
  /** How much the running means of gradient and squared gradient keep of themselves in a step, 0 to 1. */
  betas: readonly [number, number];
  /** Added to the root of the mean square, so that nothing is divided by zero. */
  epsilon: number;
}

/** Which optimiser, with all its numbers. */
export type OptimizerSettings = ({ kind: "sgd" } & SgdSettings) | ({ kind: "adamw" } & AdamWSettings);
