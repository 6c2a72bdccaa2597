/**
 * RoIAlign: features of one size for every region, sampled between the pixels. He et al., "Mask R-CNN" (ICCV 2017), section 3,
 * with torchvision's conventions at the borders.
 *
 * A bin's mean over sampled points is an average pool over a crop with as many pixels as there are points, which every backend
 * cuts out in one operation. tfjs has no gradient for it; roi-align-gradient.ts has.
 *
 * Shapes: features B × H × W × C; R regions, R × 4 (xmin, ymin, xmax, ymax) in pixels of the picture; output R × P × P × C.
 */
import * as tf from "@tensorflow/tfjs-core";

import { roiAlignGradient, type RoiAlignOptions } from "./roi-align-gradient.js";

export type { RoiAlignOptions } from "./roi-align-gradient.js";

/**
 * @param regions R × 4, plain numbers: there is no gradient to them
 * @param pictures R: which of the B pictures a region is in
 */
export function roiAlign(
  features: tf.Tensor4D,
  regions: Float32Array,
  pictures: Int32Array,
  options: RoiAlignOptions,
): tf.Tensor4D {
  const { size, sampling } = options;
  const [, height, width] = features.shape;
  const points = size * sampling;
  const align = tf.customGrad((...args) => {
    const [input] = args as unknown as [tf.Tensor4D];
    const boxes = tf.tensor2d(sampledBoxes(regions, width, height, points, options), [pictures.length, 4]);
    const owners = tf.tensor1d(pictures.slice(), "int32");
    // Repeated by one at the borders, points between the outermost pixel's centre and one pixel further get that pixel.
    const framed = tf.mirrorPad(input, [[0, 0], [1, 1], [1, 1], [0, 0]], "symmetric"); // prettier-ignore
    const crops = tf.image.cropAndResize(framed, boxes, owners, [points, points], "bilinear", 0);
    const value = tf.avgPool(crops, sampling, sampling, "valid");
    const shape = input.shape;
    const gradFunc = (dy: tf.Tensor) => {
      const slopes = roiAlignGradient(dy.dataSync<"float32">(), regions, pictures, shape, options);
      return tf.tensor4d(slopes, shape);
    };
    return { value, gradFunc };
  });
  return align(features);
}

/** The regions as a crop over the framed features wants them: from the first sampled point to the last, in parts of the sides. */
function sampledBoxes(
  regions: Float32Array,
  width: number,
  height: number,
  points: number,
  { scale, aligned = false }: RoiAlignOptions,
): Float32Array {
  const boxes = new Float32Array(regions.length);
  const shift = aligned ? 0.5 : 0;
  for (let i = 0; i < regions.length; i++) {
    const along = i % 2 === 0 ? width : height;
    const [low, high] = i % 4 < 2 ? [i, i + 2] : [i - 2, i];
    const start = (regions[low] ?? 0) * scale - shift;
    const length = (regions[high] ?? 0) * scale - shift - start;
    const half = (aligned ? length : Math.max(length, 1)) / points / 2;
    const point = i % 4 < 2 ? start + half : start + half * (2 * points - 1);
    // One pixel of frame before, two more pixels in all; TensorFlow counts from centre to centre, and y comes first.
    boxes[i ^ 1] = (point + 1) / (along + 1);
  }
  return boxes;
}
