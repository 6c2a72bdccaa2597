/**
 * Feature pyramid: what the upper levels know about things is added to the lower ones, which know where they are. Lin et al.,
 * "Feature Pyramid Networks for Object Detection" (CVPR 2017), section 3.
 *
 * Shapes: levels N × H × W × C of the backbone, the finest first; out come as many of `channels` each, and one more with `extra`.
 */
import * as tf from "@tensorflow/tfjs-core";

import { overLearntBias } from "../bias.js";
import { convolve } from "./frozen-norm-stages.js";
import type { Parameters } from "./parameters.js";

export function featurePyramid(levels: readonly tf.Tensor4D[], parameters: Parameters, extra: boolean): tf.Tensor4D[] {
  const results: tf.Tensor4D[] = [];
  let above: tf.Tensor4D | undefined;
  for (const [i, level] of [...levels.entries()].reverse()) {
    const lateral = biasedConv(level, parameters, `backbone.fpn.inner_blocks.${i}.0`, 0);
    above = above ? overSum(lateral, enlarged(above, lateral)) : lateral;
    results.unshift(biasedConv(above, parameters, `backbone.fpn.layer_blocks.${i}.0`, 1));
  }
  const top = results.at(-1);
  return extra && top ? [...results, tf.maxPool(top, 1, 2, "valid")] : results;
}

/** A convolution with a bias of its own. */
export function biasedConv(x: tf.Tensor4D, parameters: Parameters, name: string, padding: number): tf.Tensor4D {
  const kernel = parameters.get<tf.Rank.R4>(`${name}.weight`);
  return overLearntBias(convolve(x, kernel, 1, padding), parameters.get<tf.Rank.R1>(`${name}.bias`));
}

/** By the nearest neighbour, to the other's size. */
const enlarged = (x: tf.Tensor4D, { shape: [, height, width] }: tf.Tensor4D) =>
  tf.image.resizeNearestNeighbor(x, [height, width]);

/** a + b; both are freed, which tfjs would keep for the gradient, and the gradient doesn't need. */
function overSum(a: tf.Tensor4D, b: tf.Tensor4D): tf.Tensor4D {
  const operation = tf.customGrad((...args) => {
    const [first, second] = args as unknown as [tf.Tensor4D, tf.Tensor4D];
    return { value: tf.add(first, second), gradFunc: (dy: tf.Tensor) => [dy.clone(), dy.clone()] };
  });
  const sum = operation(a, b) as tf.Tensor4D;
  tf.dispose([a, b]);
  return sum;
}
