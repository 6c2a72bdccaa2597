/** Cross-entropy, as torch.nn.functional.cross_entropy. N rows, K classes. */
import * as tf from "@tensorflow/tfjs-core";

export interface LossSettings {
  /** How much of every target is spread evenly over all classes (Szegedy et al., 2016), 0 to 1. */
  labelSmoothing?: number;
  /** A weight for each class. */
  classWeights?: readonly number[] | undefined;
}

/**
 * The mean over N of the cross-entropy between targets N × K and the softmax of logits N × K; a scalar. With class weights a mean
 * weighted by each row's class, or by its classes' shares.
 */
export function crossEntropy(
  logits: tf.Tensor2D,
  targets: tf.Tensor2D,
  { labelSmoothing = 0, classWeights }: LossSettings = {},
): tf.Scalar {
  const surprise = tf.sub(tf.logSumExp(logits, 1, true), logits);
  const smooth =
    labelSmoothing === 0 ? targets : tf.add(tf.mul(targets, 1 - labelSmoothing), labelSmoothing / targets.shape[1]);
  if (!classWeights) return tf.mean(tf.sum(tf.mul(smooth, surprise), 1));
  const weights = tf.tensor1d([...classWeights]);
  const total = tf.sum(tf.mul(targets, weights));
  return tf.div(tf.sum(tf.mul(tf.mul(smooth, surprise), weights)), total);
}
