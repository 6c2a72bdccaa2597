/**
 * Features of one size for every region as TensorFlow's detection API makes them: a crop by bilinear interpolation whose outermost
 * points are the region's corners, then the largest of neighbouring points. Huang et al., "Speed/accuracy trade-offs for modern
 * convolutional object detectors" (CVPR 2017), section 3.2; the paper's RoIPool by other means.
 *
 * Shapes: features B × H × W × C; R regions, R × 4 (xmin, ymin, xmax, ymax) in pixels of the picture; output R × P × P × C.
 */
import * as tf from "@tensorflow/tfjs-core";

import { pointGradient } from "./roi-align-gradient.js";

export interface CropAndPoolOptions {
  /** Bins a side, P. */
  size: number;
  /** Points a bin and side. */
  sampling: number;
  /** Height and width of the picture, which the features span from the first one's centre to the last one's. */
  picture: readonly [height: number, width: number];
}

/**
 * @param regions R × 4, plain numbers: there is no gradient to them
 * @param pictures R: which of the B pictures a region is in
 */
export function cropAndPool(
  features: tf.Tensor4D,
  regions: Float32Array,
  pictures: Int32Array,
  { size, sampling, picture }: CropAndPoolOptions,
): tf.Tensor4D {
  const points = size * sampling;
  const [, height, width] = features.shape;
  const crop = tf.customGrad((...args) => {
    const [input] = args as unknown as [tf.Tensor4D];
    const boxes = tf.tensor2d(inParts(regions, picture), [pictures.length, 4]);
    const owners = tf.tensor1d(pictures.slice(), "int32");
    const value = tf.image.cropAndResize(input, boxes, owners, [points, points], "bilinear", 0);
    const gradFunc = (dy: tf.Tensor) => {
      const places = {
        down: (region: number) => pointsAlong(regions, region, 1, picture[0], height, points),
        across: (region: number) => pointsAlong(regions, region, 0, picture[1], width, points),
      };
      return tf.tensor4d(pointGradient(dy.dataSync<"float32">(), pictures, input.shape, points, places), input.shape);
    };
    return { value, gradFunc };
  });
  return tf.maxPool(crop(features), sampling, sampling, "valid");
}

/** ymin, xmin, ymax, xmax in parts of the picture. */
function inParts(regions: Float32Array, [height, width]: readonly [number, number]): Float32Array {
  return regions.map((_, i) => (regions[i ^ 1] ?? 0) / (i % 2 === 0 ? height : width));
}

/** Where along one axis the points of a region are, in features. */
function pointsAlong(
  regions: Float32Array,
  region: number,
  axis: 0 | 1,
  side: number,
  length: number,
  points: number,
): Float64Array {
  const scale = (length - 1) / side;
  const low = (regions[region * 4 + axis] ?? 0) * scale;
  const high = (regions[region * 4 + axis + 2] ?? 0) * scale;
  return new Float64Array(points).map((_, i) => low + (i * (high - low)) / (points - 1));
}
