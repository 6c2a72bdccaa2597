/** A training's pictures in the worker: decoded once, flipped, scaled, and what frozen stages see of them kept where it can't change. */
import * as tf from "@tensorflow/tfjs-core";

import { decodePicture } from "../data/decode.js";
import { readPicture } from "../data/picture-file.js";
import type { FasterRcnnNetwork, StageOutputs } from "../models/detection/faster-rcnn-network.js";
import { padPictures, preparePicture, type PictureBatch } from "../models/detection/picture-batch.js";
import type { Truth } from "../models/detection/roi-heads.js";
import { scaleBoxes } from "../ops/box-overlap.js";
import type { ImageData8 } from "../structures/image.js";
import { augmentedBoxes, type SuppliedPicture } from "./detection-augmented.js";
import type { BoxedPicture, DetectionTrainRequest } from "./detection-messages.js";
import type { OperationContext } from "./operation-context.js";

/** Pixels and activations that are kept in memory; what is beyond it is made again. */
const ROOM = 512 * 2 ** 20;

export interface Draw {
  /** Place among the training pictures. */
  index: number;
  flip: boolean;
  shorter: number;
  /** For the augmenter. */
  seed: string;
}

export interface TrainingBatch {
  batch: PictureBatch;
  truths: Truth[];
  frozen: StageOutputs;
  /** Frees what is not kept. */
  release: () => void;
}

export class DetectionPictures {
  private readonly request: DetectionTrainRequest;
  private readonly network: FasterRcnnNetwork;
  private readonly context: OperationContext;
  private readonly pixels = new Map<string, ImageData8>();
  private readonly kept = new Map<string, TrainingBatch>();
  private readonly coming = new Map<string, Promise<SuppliedPicture>>();
  private room = ROOM;

  constructor(request: DetectionTrainRequest, network: FasterRcnnNetwork, context: OperationContext) {
    this.request = request;
    this.network = network;
    this.context = context;
  }

  /** Begins to make pictures that are wanted soon. */
  prepare(draws: readonly Draw[]): void {
    for (const { index, seed } of draws) {
      if (!this.request.augment || this.coming.has(seed)) continue;
      const picture = augmentedBoxes(index, seed, this.context);
      // It is awaited in its turn; until then a failure is nobody's.
      picture.catch(() => undefined);
      this.coming.set(seed, picture);
    }
  }

  async batch(draws: readonly Draw[]): Promise<TrainingBatch> {
    const { augment, train } = this.request;
    const key = draws.map(({ index, flip, shorter }) => `${index}/${flip}/${shorter}`).join();
    const known = augment ? undefined : this.kept.get(key);
    if (known) return known;
    this.prepare(draws);
    const pictures = await Promise.all(draws.map((draw) => this.picture(draw)));
    const made = this.made(pictures, draws);
    // A batch of several pictures hardly comes twice.
    if (augment || draws.length > 1 || train.length === 0) return made;
    return this.keep(key, made);
  }

  /** A picture of the evaluation set, as it is. */
  async plain(picture: BoxedPicture): Promise<{ image: ImageData8; truth: Truth }> {
    return { image: await this.decoded(picture.path), truth: learnable(picture) };
  }

  /** Scaled and padded. */
  made(
    pictures: readonly { image: ImageData8; truth: Truth }[],
    draws: readonly Pick<Draw, "shorter">[],
  ): TrainingBatch {
    const { longer } = this.request;
    const tensors = pictures.map(({ image }, i) =>
      preparePicture(image, { shorter: draws[i]?.shorter ?? longer, longer }, this.network.plan),
    );
    const batch = padPictures(tensors, this.network.plan.input);
    const truths = pictures.map(({ image, truth }, i) => {
      const [height, width] = batch.sizes[i] ?? [1, 1];
      const boxes = scaleBoxes(truth.boxes.slice(), width / image.width, height / image.height);
      return { boxes, classes: truth.classes };
    });
    const frozen = this.network.frozenOutputs(batch.x);
    return { batch, truths, frozen, release: () => tf.dispose([batch.x, ...frozen.values()]) };
  }

  dispose(): void {
    for (const { batch, frozen } of this.kept.values()) tf.dispose([batch.x, ...frozen.values()]);
    this.kept.clear();
  }

  private keep(key: string, made: TrainingBatch): TrainingBatch {
    const tensors = [made.batch.x, ...made.frozen.values()];
    const bytes = tensors.reduce((sum, tensor) => sum + tensor.size * 4, 0);
    if (bytes > this.room) return made;
    this.room -= bytes;
    const own = { ...made, release: () => undefined };
    this.kept.set(key, own);
    return own;
  }

  private async picture({ index, flip, seed }: Draw): Promise<{ image: ImageData8; truth: Truth }> {
    const source = this.request.train[index];
    if (!source) throw new Error(`there is no training picture ${index}`);
    const coming = this.coming.get(seed);
    this.coming.delete(seed);
    const supplied = await coming;
    const image = supplied?.image ?? (await this.decoded(source.path));
    const truth = supplied ? { boxes: supplied.boxes, classes: supplied.classes } : learnable(source);
    return flip ? mirrored(image, truth) : { image, truth };
  }

  private async decoded(path: string): Promise<ImageData8> {
    const known = this.pixels.get(path);
    if (known) return known;
    const image = await decodePicture(await readPicture(path));
    if (image.data.length <= this.room) {
      this.room -= image.data.length;
      this.pixels.set(path, image);
    }
    return image;
  }
}

/** Objects that are hard to see even for a person are not learnt from. */
function learnable({ boxes, classes, difficult }: BoxedPicture): Truth {
  const places = [...classes.keys()].filter((place) => !difficult[place]);
  return {
    boxes: Float32Array.from(places.flatMap((place) => [...boxes.subarray(place * 4, place * 4 + 4)])),
    classes: Int32Array.from(places, (place) => classes[place] ?? 0),
  };
}

/** From left to right, boxes too. */
export function mirrored(image: ImageData8, truth: Truth): { image: ImageData8; truth: Truth } {
  const { width, height, channels } = image;
  const data = new Uint8Array(image.data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [from, to] = [row * width + column, row * width + width - 1 - column];
      for (let channel = 0; channel < channels; channel++) {
        data[to * channels + channel] = image.data[from * channels + channel] ?? 0;
      }
    }
  }
  const boxes = truth.boxes.slice();
  for (let i = 0; i < boxes.length; i += 4) {
    boxes[i] = width - (truth.boxes[i + 2] ?? 0);
    boxes[i + 2] = width - (truth.boxes[i] ?? 0);
  }
  return { image: { ...image, data }, truth: { boxes, classes: truth.classes } };
}
