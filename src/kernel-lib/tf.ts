/**
 * Raw tfjs on the same TensorFlow that the library uses, in the calling thread:
 *
 *     import { tf } from "vitrine/tf";
 *     tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).print();
 *
 * An operation holds up the thread until it is done. Where the set-up found no TensorFlow this is tfjs on WebAssembly, and
 * `await tf.ready()` comes first.
 */
import type * as TensorFlow from "@tensorflow/tfjs";

import { loadTensorFlow } from "./engine/tensorflow.js";

export const tf: typeof TensorFlow = loadTensorFlow().tf;
