/** Pictures that were decoded elsewhere: a service decodes the next ones while this thread computes. N pictures, F features, K classes. */
import * as tf from "@tensorflow/tfjs-core";

import { headLogits } from "../models/linear-head.js";
import type { Network } from "../models/network.js";
import type { Matrix } from "../structures/matrix.js";
import type { Control } from "./control.js";
import { pictureFeatures } from "./inference.js";
import type { PixelsRequest } from "./messages.js";
import { companionOf, residentNetwork } from "./network-store.js";
import type { OperationContext } from "./operation-context.js";
import { normalised } from "./pictures.js";
import { TracedFunction } from "./traced-function.js";

/** Features N × F; with a head its values N × K before the softmax. Nothing is kept of them. */
export function inferPixels(request: PixelsRequest, { control }: OperationContext): Matrix {
  const { network, input, pixels, head } = request;
  const resident = residentNetwork(network);
  const values = tf.tidy(() => {
    const features = servedFeatures(resident, normalised(pixels, input, network), input.mirror, control);
    return head ? headLogits(features, head) : features;
  });
  const [rows, columns] = values.shape;
  const data = values.dataSync<"float32">().slice();
  values.dispose();
  return { rows, columns, data };
}

/**
 * Up to so many numbers a network's computing is little beside its calls to TensorFlow. As a graph that is given its weights, the
 * embedded base takes 38 to 66 % of the CPU time and 5 MB for each number of pictures; a ResNet-18 at 224 pixels gains nothing so, and its
 * weights inside the graph would take hundreds of megabytes.
 */
const SMALL_NETWORK = 4e6;
/** More at a time gain little, and each number of pictures needs a graph of its own. */
const FEW_PICTURES = 16;

/** The features of pictures that come by the same few numbers at a time, again and again. */
function servedFeatures(network: Network, x: tf.Tensor4D, mirror: boolean, control: Control): tf.Tensor2D {
  const weights = network.inferenceWeights;
  const small = weights.reduce((sum, { size }) => sum + size, 0) <= SMALL_NETWORK;
  if (!small || x.shape[0] > FEW_PICTURES) return pictureFeatures(network, x, mirror, control);
  const graph = companionOf(network, `features of ${x.shape.join(" × ")}, mirror ${mirror}`, () => {
    return new TracedFunction(([y]) => [pictureFeatures(network, y as tf.Tensor4D, mirror, control)], []);
  });
  return graph.call([x, ...weights])[0] as tf.Tensor2D;
}
