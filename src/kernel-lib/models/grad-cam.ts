/**
 * Where in a picture an answer comes from: Grad-CAM (Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via
 * Gradient-based Localization", ICCV 2017), over the last convolution. N pictures, C channels, F features.
 */
import * as tf from "@tensorflow/tfjs-core";

import type { ForwardOptions, Network } from "./network.js";

/**
 * How much each place speaks for the answer, N × H × W, before the ReLU: what speaks against it is negative. Each channel counts by
 * the mean, over its places, of the answer's slope.
 *
 * @param x pictures N × S × S × 3, normalised
 * @param answer from the features N × F to one number a picture, before any softmax
 */
export function gradCam(
  network: Network,
  x: tf.Tensor4D,
  answer: (features: tf.Tensor2D) => tf.Tensor,
  options: ForwardOptions = {},
): tf.Tensor3D {
  return tf.tidy(() => {
    const { maps, pooled } = network.lastMaps(x, options);
    const slope = tf.grad((y: tf.Tensor) => answer(network.featuresOf(y as tf.Tensor4D)));
    // A pool of maxima hands each slope to one place of its window, so their sum is the same on either side of it.
    const sums = tf.sum(slope(pooled), [1, 2], true);
    const [, height, width] = maps.shape;
    return tf.sum(tf.mul(maps, tf.div(sums, height * width)), 3);
  });
}
