/** torch's adaptive average pool: any size to a fixed number of places. */
import * as tf from "@tensorflow/tfjs-core";

/**
 * N × H × W × C to N × P × P × C. Place i is the mean over ⌊i·H/P⌋ to ⌈(i+1)·H/P⌉, so neighbours may overlap, and a smaller
 * picture is spread. Made of slices and means: it has a gradient on every backend.
 */
export function adaptiveAveragePool(x: tf.Tensor4D, places: number): tf.Tensor4D {
  if (places === 1) return tf.mean(x, [1, 2], true);
  return poolAxis(poolAxis(x, 1, places), 2, places);
}

/** Where place `index` of `places` begins and how long it is, along an axis of `side`. */
export function poolWindow(side: number, places: number, index: number): { start: number; length: number } {
  const start = Math.floor((index * side) / places);
  return { start, length: Math.ceil(((index + 1) * side) / places) - start };
}

function poolAxis(x: tf.Tensor4D, axis: 1 | 2, places: number): tf.Tensor4D {
  const side = x.shape[axis];
  if (side === places) return x;
  const parts = Array.from({ length: places }, (_, index) => {
    const { start, length } = poolWindow(side, places, index);
    const begin = axis === 1 ? [0, start, 0, 0] : [0, 0, start, 0];
    const size = axis === 1 ? [-1, length, -1, -1] : [-1, -1, length, -1];
    return tf.mean<tf.Tensor4D>(tf.slice(x, begin, size), axis, true);
  });
  return tf.concat(parts, axis);
}
