/** Gradients of several batches, until the optimiser takes their mean over the pictures. */
import * as tf from "@tensorflow/tfjs-core";

import type { Optimizer } from "./optimizer.js";

export class GradientSum {
  private readonly optimizer: Optimizer;
  private parts: { gradients: Record<string, tf.Tensor>; pictures: number }[] = [];

  constructor(optimizer: Optimizer) {
    this.optimizer = optimizer;
  }

  /** Keeps a batch's mean gradients, by the variables' names. */
  add(gradients: Readonly<Record<string, tf.Tensor>>, pictures: number): void {
    const kept = Object.entries(gradients).map(([name, gradient]) => [name, tf.keep(gradient.clone())] as const);
    this.parts.push({ gradients: Object.fromEntries(kept), pictures });
    if (this.parts.length === 2) this.merge();
  }

  /** The mean of what was added since the last step, by the variables' names. */
  get current(): Readonly<Record<string, tf.Tensor>> {
    return this.parts[0]?.gradients ?? {};
  }

  /** One step of the optimiser. */
  apply(rate: number): void {
    const [part] = this.parts;
    if (part) this.optimizer.apply(part.gradients, rate);
    this.dispose();
  }

  dispose(): void {
    for (const { gradients } of this.parts) tf.dispose(Object.values(gradients));
    this.parts = [];
  }

  /** Two means to one, so that there are never more than two in memory. */
  private merge(): void {
    const [a, b] = this.parts;
    if (!a || !b) return;
    const pictures = a.pictures + b.pictures;
    const gradients = Object.fromEntries(
      Object.entries(a.gradients).map(([name, first]) => {
        const mean = tf.tidy(() => {
          const second = b.gradients[name] ?? tf.zerosLike(first);
          return tf.keep(tf.add(tf.mul(first, a.pictures / pictures), tf.mul(second, b.pictures / pictures)));
        });
        return [name, mean];
      }),
    );
    this.dispose();
    this.parts = [{ gradients, pictures }];
  }
}
