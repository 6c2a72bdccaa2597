/** Pictures that were decoded elsewhere: a service decodes the next ones while this thread computes. N pictures, F features, K classes. */
import * as tf from "@tensorflow/tfjs-core";

import { headLogits } from "../models/linear-head.js";
import type { Matrix } from "../structures/matrix.js";
import { pixelFeatures } from "./inference.js";
import type { PixelsRequest } from "./messages.js";
import type { OperationContext } from "./operation-context.js";

/** Features N × F; with a head its values N × K before the softmax. Nothing is kept of them. */
export function inferPixels(request: PixelsRequest, { control }: OperationContext): Matrix {
  const { pixels, head } = request;
  const values = tf.tidy(() => {
    const features = pixelFeatures(pixels, request, control, true);
    return head ? headLogits(features, head) : features;
  });
  const [rows, columns] = values.shape;
  const data = values.dataSync<"float32">().slice();
  values.dispose();
  return { rows, columns, data };
}
