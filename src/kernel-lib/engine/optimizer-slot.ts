/** A number beside every weight, where an optimiser remembers something. */
import * as tf from "@tensorflow/tfjs-core";

/** All zero, of the weight's shape. */
export function zeroSlot(beside: tf.Variable): tf.Variable {
  const zero = tf.zerosLike(beside);
  const slot = tf.variable(zero, false);
  zero.dispose();
  return slot;
}
