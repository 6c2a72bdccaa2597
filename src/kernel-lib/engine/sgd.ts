/** Stochastic gradient descent with momentum, as torch.optim.SGD: `v = momentum · v + gradient`, `w = w - rate · v`. */
import * as tf from "@tensorflow/tfjs-core";

export interface LearningVariable {
  variable: tf.Variable;
  /** In parts of the step's rate. */
  rate: number;
  /** Weight decay: so much of the weight is added to its gradient. */
  l2: number;
}

export class Sgd {
  private readonly momentum: number;
  private readonly slots: (LearningVariable & { velocity: tf.Variable })[];

  constructor(variables: readonly LearningVariable[], momentum: number) {
    this.momentum = momentum;
    this.slots = variables.map((entry) => {
      const zero = tf.zerosLike(entry.variable);
      const velocity = tf.variable(zero, false);
      zero.dispose();
      return { ...entry, velocity };
    });
  }

  get variables(): tf.Variable[] {
    return this.slots.map(({ variable }) => variable);
  }

  /** @param gradients by the variables' names, as `tf.variableGrads` gives them */
  apply(gradients: Readonly<Record<string, tf.Tensor>>, rate: number): void {
    for (const { variable, velocity, l2, rate: factor } of this.slots) {
      const gradient = gradients[variable.name];
      if (!gradient) continue;
      tf.tidy(() => {
        const decayed = l2 === 0 ? gradient : tf.add(gradient, tf.mul(variable, l2));
        const next = tf.add(tf.mul(velocity, this.momentum), decayed);
        velocity.assign(next);
        variable.assign(tf.sub(variable, tf.mul(next, rate * factor)));
      });
    }
  }

  dispose(): void {
    for (const { velocity } of this.slots) velocity.dispose();
  }
}
