/**
 * AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019), as torch.optim.AdamW: the weights shrink by
 * `rate · l2` of themselves, apart from the gradient's moments.
 */
import * as tf from "@tensorflow/tfjs-core";

import type { AdamWSettings, LearningVariable, Optimizer } from "./optimizer.js";
import { zeroSlot } from "./optimizer-slot.js";

export class AdamW implements Optimizer {
  steps = 0;
  private readonly settings: AdamWSettings;
  private readonly slots: (LearningVariable & { mean: tf.Variable; square: tf.Variable })[];

  constructor(variables: readonly LearningVariable[], settings: AdamWSettings) {
    this.settings = settings;
    this.slots = variables.map((entry) => ({
      ...entry,
      mean: zeroSlot(entry.variable),
      square: zeroSlot(entry.variable),
    }));
  }

  get variables(): tf.Variable[] {
    return this.slots.map(({ variable }) => variable);
  }

  get memory(): tf.Variable[] {
    return this.slots.flatMap(({ mean, square }) => [mean, square]);
  }

  apply(gradients: Readonly<Record<string, tf.Tensor>>, rate: number): void {
    const { betas, epsilon } = this.settings;
    this.steps++;
    // The means begin at zero and are too small for it at first.
    const [first, second] = betas.map((beta) => 1 - beta ** this.steps) as [number, number];
    for (const { variable, mean, square, l2, rate: factor } of this.slots) {
      const gradient = gradients[variable.name];
      if (!gradient) continue;
      tf.tidy(() => {
        mean.assign(follow(mean, gradient, betas[0]));
        square.assign(follow(square, tf.square(gradient), betas[1]));
        const deviation = tf.add(tf.div(tf.sqrt(square), Math.sqrt(second)), epsilon);
        const move = tf.mul(tf.div(mean, deviation), (rate * factor) / first);
        variable.assign(tf.sub(tf.mul(variable, 1 - rate * factor * l2), move));
      });
    }
  }

  dispose(): void {
    tf.dispose(this.memory);
  }
}

/** A running mean, one value later. */
const follow = (mean: tf.Tensor, value: tf.Tensor, beta: number): tf.Tensor =>
  tf.add(tf.mul(mean, beta), tf.mul(value, 1 - beta));
