/** Whether weights are still numbers: a step can break them although its own loss, which was computed before it, was one. */
import * as tf from "@tensorflow/tfjs-core";

export function areFinite(weights: readonly tf.Tensor[]): boolean {
  // A sum with a NaN or an infinity in it is none itself.
  return weights.every((tensor) => Number.isFinite(tf.tidy(() => tf.sum(tensor).dataSync<"float32">()[0])));
}
