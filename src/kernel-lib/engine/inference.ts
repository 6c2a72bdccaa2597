/** Pictures to features and scores. N pictures, F features, K classes. */
import * as tf from "@tensorflow/tfjs-core";

import { headLogits } from "../models/linear-head.js";
import type { Network } from "../models/network.js";
import type { Matrix } from "../structures/matrix.js";
import type { StepReport } from "../structures/training.js";
import type { Control } from "./control.js";
import { cachedFeatures, cacheFeatures } from "./feature-cache.js";
import type { FeaturesRequest, PictureInput, PictureReference, ScoreRequest } from "./messages.js";
import { companionOf, residentNetwork } from "./network-store.js";
import type { OperationContext } from "./operation-context.js";
import { decodeFor, normalised, readAhead, readHashed } from "./pictures.js";
import { noGraphs, TracedFunction, type TensorFunction } from "./traced-function.js";

/** Features N × F of pictures, in their order. Computed once for a content, a network and a size. */
export async function readFeatures(request: FeaturesRequest, { control, report }: OperationContext): Promise<Matrix> {
  const { network, pictures } = request;
  const columns = residentNetwork(network).plan.features;
  const data = new Float32Array(pictures.length * columns);
  const batch = new Batch(request, control, (row, features) => data.set(features, row * columns));
  const progress = stepReporter(pictures.length, report);
  let row = 0;
  for await (const picture of readAhead(pictures, (reference) => readOrRecall(reference, request))) {
    control.check();
    batch.add(row++, picture);
    progress(row);
  }
  batch.flush();
  return { rows: pictures.length, columns, data };
}

/** A picture's features where they are known, else its pixels. */
interface Picture {
  key: string;
  features?: Float32Array;
  pixels?: Uint8Array;
}

async function readOrRecall(reference: PictureReference, { network, input }: FeaturesRequest): Promise<Picture> {
  const { file, hash } = await readHashed(reference);
  const key = [hash, network.key, input.width, input.height, input.fit, input.mirror].join();
  const features = cachedFeatures(key);
  return features ? { key, features } : { key, pixels: await decodeFor(file, input) };
}

/** Probabilities N × K: the softmax over the head. */
export async function scorePictures(request: ScoreRequest, context: OperationContext): Promise<Matrix> {
  const { rows, columns, data } = await readFeatures(request, context);
  const { classes } = request.head;
  if (rows === 0) return { rows, columns: classes, data: new Float32Array() };
  const scores = tf.tidy(() => tf.softmax(headLogits(tf.tensor2d(data, [rows, columns]), request.head)));
  const result = scores.dataSync<"float32">().slice();
  scores.dispose();
  return { rows, columns: classes, data: result };
}

/** From so many pictures on, a graph of the network pays for the making: it takes a fifth less of large ones, and two fifths of small. */
const FEWEST_PICTURES = 64;

/** Pictures whose features aren't cached, until there are enough for the network. */
class Batch {
  private readonly request: FeaturesRequest;
  private readonly control: Control;
  private readonly emit: (row: number, features: Float32Array) => void;
  private waiting: { row: number; key: string; pixels: Uint8Array }[] = [];

  constructor(request: FeaturesRequest, control: Control, emit: (row: number, features: Float32Array) => void) {
    this.request = request;
    this.control = control;
    this.emit = emit;
  }

  add(row: number, { key, features, pixels }: Picture): void {
    if (features) this.emit(row, features);
    else if (pixels) this.waiting.push({ row, key, pixels });
    if (this.waiting.length >= this.request.batchSize) this.flush();
  }

  flush(): void {
    if (this.waiting.length === 0) return;
    const { request, control } = this;
    const pixels = this.waiting.map((picture) => picture.pixels);
    const features = pixelFeatures(pixels, request, control, request.pictures.length >= FEWEST_PICTURES);
    const data = features.dataSync<"float32">();
    features.dispose();
    const [, columns] = features.shape;
    this.waiting.forEach(({ row, key }, index) => {
      const values = data.slice(index * columns, (index + 1) * columns);
      cacheFeatures(key, values);
      this.emit(row, values);
    });
    this.waiting = [];
  }
}

/** Pixels of pictures that a graph computes at a time: eight of 224 × 224. More gain nothing but memory, and a longer wait for a stop. */
const PIXELS_AT_ONCE = 8 * 224 * 224;

/**
 * Features N × F of decoded pictures.
 * @param often by a graph, which stays with the network
 */
export function pixelFeatures(
  pixels: readonly Uint8Array[],
  { network, input }: Pick<FeaturesRequest, "network" | "input">,
  control: Control,
  often: boolean,
): tf.Tensor2D {
  const resident = residentNetwork(network);
  const graph = often && noGraphs() === undefined ? graphOf(resident, input) : undefined;
  const most = graph ? Math.max(1, Math.floor(PIXELS_AT_ONCE / (input.width * input.height))) : pixels.length;
  return tf.tidy(() => {
    const parts: tf.Tensor2D[] = [];
    for (let start = 0; start < pixels.length; start += most) {
      control.check();
      const x = normalised(pixels.slice(start, start + most), input, network);
      parts.push(
        (graph?.call([x])[0] as tf.Tensor2D | undefined) ?? pictureFeatures(resident, x, input.mirror, control),
      );
      x.dispose();
    }
    return tf.concat(parts);
  });
}

/** Of pictures of one size; it stays with the network. */
function graphOf(network: Network, { width, height, mirror }: PictureInput): TracedFunction {
  const make = () => tracedFeatures(network, mirror);
  return companionOf(network, `features of ${height} × ${width}, mirror ${mirror}`, make);
}

/** `pictureFeatures` as a graph for any number of pictures of one size. It computes without looking whether it is to stop. */
export function tracedFeatures(network: Network, mirror: boolean): TracedFunction {
  const features: TensorFunction = ([x]) => [
    pictureFeatures(network, x as tf.Tensor4D, mirror, { check: () => undefined }),
  ];
  return new TracedFunction(features, [], { weights: () => network.inferenceWeights, anyCount: true });
}

/** Where `mirror` is set: the mean over the pictures and their mirror images. */
export function pictureFeatures(
  network: Network,
  x: tf.Tensor4D,
  mirror: boolean,
  control: Pick<Control, "check">,
): tf.Tensor2D {
  const features = network.infer(x, { checkpoint: control.check });
  if (!mirror) return features;
  const mirrored = network.infer(tf.reverse4d(x, 2), { checkpoint: control.check });
  return tf.mul(tf.add(features, mirrored), 0.5);
}

/** Says how far it has got, ten times a second at most. */
export function stepReporter(
  total: number,
  report: OperationContext["report"],
  at: Pick<StepReport, "phase" | "epoch"> = { phase: "features", epoch: 0 },
): (done: number) => void {
  const started = performance.now();
  let last = 0;
  return (done) => {
    const now = performance.now();
    if (done < total && now - last < 100) return;
    last = now;
    const imagesPerSecond = done / Math.max((now - started) / 1000, 1e-3);
    report({ kind: "step", report: { ...at, done, total, imagesPerSecond } });
  };
}
