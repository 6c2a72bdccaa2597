/** Grad-CAM of one picture, laid over all of it. */
import * as tf from "@tensorflow/tfjs-core";

import { centredPart } from "../data/decode.js";
import { readPicture, type PictureFile } from "../data/picture-file.js";
import { gradCam } from "../models/grad-cam.js";
import { headLogits } from "../models/linear-head.js";
import type { Grid } from "../structures/saliency.js";
import type { PictureInput, SaliencyRequest } from "./messages.js";
import { residentNetwork } from "./network-store.js";
import type { OperationContext } from "./operation-context.js";
import { decodeFor, normalised } from "./pictures.js";

/** Cells of what is laid over a picture that the network sees a part of, for each of the network's own along a side. */
const FINER = 4;
/** Of a picture of any shape. */
const MOST_CELLS = 256;

/** How much each place speaks for the answer, 0 to 1; what the network does not see is 0. */
export async function explainPicture(request: SaliencyRequest, { control }: OperationContext): Promise<Grid> {
  const { network, input, picture, head, answer } = request;
  const file = await readPicture(picture.path);
  const pixels = await decodeFor(file, input);
  control.check();
  const map = tf.tidy(() => {
    const upright = normalised([pixels], input, network);
    const x = input.mirror ? tf.concat([upright, tf.reverse4d(upright, 2)]) : upright;
    const value = (features: tf.Tensor2D) => tf.slice(headLogits(features, head), [0, answer], [-1, 1]);
    const maps = gradCam(residentNetwork(network), x, value, { checkpoint: control.check });
    return tf.relu(input.mirror ? unmirrored(maps) : tf.squeeze<tf.Tensor2D>(maps, [0]));
  });
  const [height, width] = map.shape;
  const data = map.dataSync<"float32">().slice();
  map.dispose();
  return toOne(overPicture({ width, height, data }, file, input));
}

/** The mean of a picture's map and of its mirror image's, turned back: the answer is of the mean of both's features. */
function unmirrored(maps: tf.Tensor3D): tf.Tensor2D {
  const [upright, mirrored] = tf.split(maps, 2);
  if (!upright || !mirrored) throw new RangeError("expected the maps of a picture and of its mirror image");
  return tf.squeeze<tf.Tensor2D>(tf.mul(tf.add(upright, tf.reverse(mirrored, 2)), 0.5), [0]);
}

/** From what the network saw to the whole picture, which it sees the middle of where `fit` is "crop". */
export function overPicture(map: Grid, picture: Pick<PictureFile, "width" | "height">, input: PictureInput): Grid {
  const part = centredPart(picture, input.width / input.height);
  const whole = part.width === picture.width && part.height === picture.height;
  if (input.fit === "stretch" || whole) return map;
  const cells = [(picture.width / part.width) * map.width, (picture.height / part.height) * map.height] as const;
  const finer = Math.min(FINER, MOST_CELLS / Math.max(...cells));
  const [width, height] = cells.map((count) => Math.max(1, Math.round(count * finer))) as [number, number];
  const data = Float32Array.from({ length: width * height }, (_, i) => {
    const x = ((((i % width) + 0.5) / width) * picture.width - part.left) / part.width;
    const y = (((Math.floor(i / width) + 0.5) / height) * picture.height - part.top) / part.height;
    return x < 0 || x > 1 || y < 0 || y > 1 ? 0 : sampled(map, x * map.width - 0.5, y * map.height - 0.5);
  });
  return { width, height, data };
}

/** Between four cells, whose centres are at whole numbers. */
function sampled({ width, height, data }: Grid, x: number, y: number): number {
  const within = (value: number, most: number) => Math.min(most - 1, Math.max(0, value));
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const cell = (column: number, row: number) => data[within(row, height) * width + within(column, width)] ?? 0;
  const line = (row: number) => cell(left, row) + (x - left) * (cell(left + 1, row) - cell(left, row));
  return line(top) + (y - top) * (line(top + 1) - line(top));
}

/** The largest becomes 1; where nothing speaks for the answer, all stay 0. */
function toOne({ width, height, data }: Grid): Grid {
  const most = data.reduce((high, value) => Math.max(high, value), 0);
  return { width, height, data: most > 0 ? data.map((value) => value / most) : data };
}
