/** Dropout (Srivastava et al., JMLR 2014): 0 for what is dropped, 1 / (1 - rate) for the rest, so that the mean stays. */
import * as tf from "@tensorflow/tfjs-core";

import type { SeededRandom } from "../structures/random.js";
import { drawn } from "./recording.js";

/** @param rate the part that is dropped, 0 to below 1 */
export function dropout(x: tf.Tensor2D, rate: number, random: SeededRandom): tf.Tensor2D {
  if (rate === 0) return x;
  const { shape, size } = x;
  return tf.tidy(() =>
    tf.mul<tf.Tensor2D>(
      x,
      drawn(() => tf.tensor2d(maskOf(size, rate, random), shape)),
    ),
  );
}

function maskOf(size: number, rate: number, random: SeededRandom): Float32Array {
  const kept = 1 / (1 - rate);
  const mask = new Float32Array(size);
  for (let i = 0; i < mask.length; i++) mask[i] = random.next() < rate ? 0 : kept;
  return mask;
}
