/**
 * RoIAlign: features of one size for every region, sampled between the pixels. He et al., "Mask R-CNN" (ICCV 2017), section 3,
 * with torchvision's conventions at the borders.
 *
 * A bin's mean over sampled points is an average pool over a crop with as many pixels as there are points, which TensorFlow
 * cuts out in one operation. tfjs has no gradient for it; TensorFlow does, so it is put together here.
 *
 * Shapes: features B × H × W × C; R regions, R × 4 (xmin, ymin, xmax, ymax) in pixels of the picture; output R × P × P × C.
 */
import * as tf from "@tensorflow/tfjs-core";

import { VitrineError } from "../structures/errors.js";

export interface RoiAlignOptions {
  /** Bins a side, P. */
  size: number;
  /** Points a bin and side. */
  sampling: number;
  /** Features a pixel, 1 / 16 say. */
  scale: number;
  /** Pixels are meant by their centres. torchvision's detectors have false; false makes a region at least one feature large. */
  aligned?: boolean;
}

/** What tfjs-node offers to reach an operation by its name. */
interface NativeBackend {
  binding: { TF_ATTR_TYPE: number; TF_ATTR_STRING: number; TF_FLOAT: number; TF_INT32: number };
  executeSingleOutput(name: string, attributes: object[], inputs: tf.Tensor[]): tf.Tensor;
}

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
    const save = args.at(-1) as unknown as (tensors: tf.Tensor[]) => void;
    save([boxes, owners]);
    const framedShape = framed.shape;
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => backward(dy as tf.Tensor4D, saved, framedShape, sampling);
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

function backward(
  dy: tf.Tensor4D,
  saved: readonly tf.Tensor[],
  framedShape: [number, number, number, number],
  sampling: number,
): tf.Tensor {
  const backend = nativeBackend();
  const { TF_ATTR_TYPE, TF_ATTR_STRING, TF_FLOAT, TF_INT32 } = backend.binding;
  const type = { name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT };
  return tf.tidy(() => {
    const [count, size, , channels] = dy.shape;
    const spread = tf.mul(dy, 1 / sampling ** 2);
    // Every point of a bin gets the same part of the bin's gradient.
    const tall = tf.tile(tf.reshape(spread, [count, size, 1, size, channels]), [1, 1, sampling, 1, 1]);
    const rows = tf.reshape(tall, [count, size * sampling, size, 1, channels]);
    const points = size * sampling;
    const crops = tf.reshape(tf.tile(rows, [1, 1, 1, sampling, 1]), [count, points, points, channels]);
    const method = { name: "method", type: TF_ATTR_STRING, value: "bilinear" };
    const shape = tf.tensor1d(framedShape, "int32");
    const framed = backend.executeSingleOutput("CropAndResizeGradImage", [type, method], [crops, ...saved, shape]);
    const mode = { name: "mode", type: TF_ATTR_STRING, value: "SYMMETRIC" };
    const index = { name: "Tpaddings", type: TF_ATTR_TYPE, value: TF_INT32 };
    const paddings = tf.tensor2d([[0, 0], [1, 1], [1, 1], [0, 0]], [4, 2], "int32"); // prettier-ignore
    return backend.executeSingleOutput("MirrorPadGrad", [type, index, mode], [framed, paddings]);
  });
}

function nativeBackend(): NativeBackend {
  const backend: unknown = tf.backend();
  if (typeof (backend as Partial<NativeBackend>).executeSingleOutput === "function") return backend as NativeBackend;
  throw new VitrineError("EngineUnavailable", {
    operation: "The gradient of RoIAlign",
    reason: `the backend "${tf.getBackend()}" has none`,
    waysOut: ["run npm run setup, which installs TensorFlow", "use the detector as it is: it scores without gradients"],
  });
}
