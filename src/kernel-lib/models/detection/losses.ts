/** What both stages minimise: Girshick, "Fast R-CNN" (ICCV 2015), section 2.3. S sampled candidates, K + 1 classes. */
import * as tf from "@tensorflow/tfjs-core";

/** Where the smooth L1 loss turns from a square into a line, as torchvision has it. */
const BETA = 1 / 9;

/** Sum over all numbers of ½ d² / β below β, |d| - ½ β above. */
export function smoothL1Sum(predicted: tf.Tensor, target: tf.Tensor): tf.Scalar {
  const distance = tf.abs(tf.sub(predicted, target));
  // Of |d| the part up to β, and the rest: no choice between two branches is needed, and none has a gradient of its own.
  const small = tf.minimum(distance, BETA);
  return tf.sum(tf.add(tf.mul(tf.square(small), 0.5 / BETA), tf.sub(distance, small)));
}

/** Mean over S of the binary cross-entropy; targets are 0 or 1. */
export function binaryCrossEntropy(logits: tf.Tensor1D, targets: tf.Tensor1D): tf.Scalar {
  // max(x, 0) - x t + log(1 + exp(-|x|)) never overflows.
  const tail = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
  return tf.mean(tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), tail));
}

/** Mean over S of the cross-entropy; logits S × (K + 1). */
export function classCrossEntropy(logits: tf.Tensor2D, classes: Int32Array): tf.Scalar {
  const [count, depth] = logits.shape;
  const targets = tf.oneHot(tf.tensor1d(classes.slice(), "int32"), depth);
  const likelihoods = tf.sum(tf.mul(tf.logSoftmax(logits), tf.cast(targets, "float32")));
  return tf.neg(tf.div(likelihoods, count));
}
