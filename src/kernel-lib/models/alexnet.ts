/**
 * AlexNet as torchvision builds it: the single-column network of Krizhevsky, "One weird trick for parallelizing convolutional
 * neural networks" (2014). Its 4096 features are the outputs of the last hidden layer, after the ReLU.
 */
import type { ConvLayer, LinearLayer, MaxPoolLayer, NetworkPlan } from "./plan.js";

/** Smaller pictures leave nothing for the last pool. */
export const ALEXNET_MIN_SIDE = 63;

const PLACES = 6;
const FEATURES = 4096;
const PICTURE = 3;

/** Five convolutions, each stage begins with one; `classifier.1` and `classifier.4` make the features. */
export function alexnetPlan(): NetworkPlan {
  const stages = [
    { name: "conv1", layers: [conv("features.0", 11, 4, 2, PICTURE, 64), pool] },
    { name: "conv2", layers: [conv("features.3", 5, 1, 2, 64, 192), pool] },
    { name: "conv3", layers: [conv("features.6", 3, 1, 1, 192, 384)] },
    { name: "conv4", layers: [conv("features.8", 3, 1, 1, 384, 256)] },
    { name: "conv5", layers: [conv("features.10", 3, 1, 1, 256, 256), pool] },
  ];
  const linear: LinearLayer[] = [
    { name: "classifier.1", inputs: 256 * PLACES ** 2, outputs: FEATURES },
    { name: "classifier.4", inputs: FEATURES, outputs: FEATURES },
  ];
  return { name: "alexnet", stages, places: PLACES, linear, features: FEATURES };
}

const pool: MaxPoolLayer = { kind: "maxPool", kernel: 3, stride: 2, padding: 0 };

const conv = (
  name: string,
  kernel: number,
  stride: number,
  padding: number,
  inputs: number,
  outputs: number,
): ConvLayer => ({ kind: "conv", name, kernel, stride, padding, inputs, outputs, relu: true });
