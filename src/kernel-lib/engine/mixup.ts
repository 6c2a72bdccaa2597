/**
 * Mixup (Zhang et al., "mixup: Beyond Empirical Risk Minimization", ICLR 2018): a batch is mixed with itself in another order,
 * and so are its targets, by one part λ for the batch, drawn from Beta(α, α).
 */
import * as tf from "@tensorflow/tfjs-core";

import type { SeededRandom } from "../structures/random.js";

export interface Mix {
  /** How much of each row stays, 0 to 1. */
  part: number;
  /** For each row the one that is mixed in. */
  partners: readonly number[];
}

export function drawMix(random: SeededRandom, alpha: number, rows: number): Mix {
  const part = beta(random, alpha);
  return { part, partners: random.shuffle(Array.from({ length: rows }, (_, row) => row)) };
}

/** Rows of anything, pictures, features or targets, mixed. */
export function mixed<T extends tf.Tensor>(rows: T, { part, partners }: Mix): T {
  return tf.tidy(() => {
    const others = tf.gather(rows, tf.tensor1d([...partners], "int32"));
    return tf.add<T>(tf.mul(rows, part), tf.mul(others, 1 - part));
  });
}

/** Beta(α, α), as x / (x + y) of two gamma variates. */
export function beta(random: SeededRandom, alpha: number): number {
  const [x, y] = [gamma(random, alpha), gamma(random, alpha)];
  // Both are zero where α is tiny: then all of one, or all of the other.
  return x + y > 0 ? x / (x + y) : random.integer(2);
}

/** Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. */
function gamma(random: SeededRandom, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * random.next() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = random.normal();
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(1 - random.next()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
