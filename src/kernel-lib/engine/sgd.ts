/**
 * Stochastic gradient descent with momentum, as torch.optim.SGD: `g = gradient + l2 · w`, `v = momentum · v + g`,
 * `w = w - rate · v`. Nesterov's variant moves by `g + momentum · v` (Sutskever et al., "On the importance of initialization and
 * momentum in deep learning", ICML 2013).
 */
import * as tf from "@tensorflow/tfjs-core";

import type { LearningVariable, Optimizer, SgdSettings } from "./optimizer.js";
import { zeroSlot } from "./optimizer-slot.js";

export class Sgd implements Optimizer {
  steps = 0;
  private readonly settings: SgdSettings;
  private readonly slots: (LearningVariable & { velocity: tf.Variable })[];

  constructor(variables: readonly LearningVariable[], settings: SgdSettings) {
    this.settings = settings;
    this.slots = variables.map((entry) => ({ ...entry, velocity: zeroSlot(entry.variable) }));
  }

  get variables(): tf.Variable[] {
    return this.slots.map(({ variable }) => variable);
  }

  get memory(): tf.Variable[] {
    return this.slots.map(({ velocity }) => velocity);
  }

  apply(gradients: Readonly<Record<string, tf.Tensor>>, rate: number): void {
    const { momentum, nesterov } = this.settings;
    this.steps++;
    for (const { variable, velocity, l2, rate: factor } of this.slots) {
      const gradient = gradients[variable.name];
      if (!gradient) continue;
      tf.tidy(() => {
        const decayed = l2 === 0 ? gradient : tf.add(gradient, tf.mul(variable, l2));
        const next = tf.add(tf.mul(velocity, momentum), decayed);
        velocity.assign(next);
        const move = nesterov ? tf.add(decayed, tf.mul(next, momentum)) : next;
        variable.assign(tf.sub(variable, tf.mul(move, rate * factor)));
      });
    }
  }

  dispose(): void {
    tf.dispose(this.memory);
  }
}
