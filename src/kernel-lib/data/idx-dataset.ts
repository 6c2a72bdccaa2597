/**
 * Small grey pictures with a number each, as MNIST, Fashion-MNIST and EMNIST come: one idx file of pictures, one of labels.
 *
 * ```ts
 * const test = await IdxDataset.fromFolder("sample_data/digits", "test");
 * const predicted = classifier.predict(test.features());
 * ```
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import type { Matrix } from "../structures/matrix.js";
import { choiceOption, integerOption } from "../structures/options.js";
import { readIdx, type IdxArray, type ReadIdxOptions } from "./idx.js";

export type IdxPart = "train" | "test";

/** What these files are called: MNIST's own names, those of `torchvision` without gzip, and the documents'. */
const NAMES: Readonly<Record<IdxPart, readonly (readonly [string, string])[]>> = {
  train: names(["train-images-idx3-ubyte", "train-labels-idx1-ubyte"], ["train-images", "train-labels"]),
  test: names(["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"], ["test-images", "test-labels"]),
};

function names(...pairs: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return pairs.flatMap((pair) => [[`${pair[0]}.gz`, `${pair[1]}.gz`] as const, pair]);
}

/**
 * Small grey pictures with a number each, as MNIST's files hold them.
 *
 * ```ts
 * const test = await IdxDataset.fromFolder("sample_data/digits", "test");
 * ```
 */
export class IdxDataset {
  /** size × height × width; 0 is the ground, 255 full ink. */
  readonly pixels: Uint8Array;
  /** One a picture. */
  readonly labels: readonly number[];
  readonly width: number;
  readonly height: number;

  private constructor(pixels: Uint8Array, labels: readonly number[], [height, width]: readonly [number, number]) {
    this.pixels = pixels;
    this.labels = labels;
    this.width = width;
    this.height = height;
  }

  /** @throws MissingFile; InvalidFile; InvalidDataset where the files do not belong together */
  static async fromFiles(images: string, labels: string, options: ReadIdxOptions = {}): Promise<IdxDataset> {
    const pictures = await readIdx(images, options);
    const numbers = await readIdx(labels, options);
    const [count, height, width] = bytesOf(images, pictures, 3).shape as [number, number, number];
    const [labelled] = bytesOf(labels, numbers, 1).shape;
    if (labelled !== count) {
      const reason = `expected a label for each of the ${count} pictures of ${images} but found ${labelled}`;
      throw new VitrineError("InvalidDataset", { path: labels, reason });
    }
    return new IdxDataset(pictures.data as Uint8Array, Array.from(numbers.data), [height, width]);
  }

  /** Finds the files by their usual names, with `.gz` or without. @throws MissingFile, and what `fromFiles` does */
  static async fromFolder(folder: string, part: IdxPart, options: ReadIdxOptions = {}): Promise<IdxDataset> {
    const pairs = NAMES[choiceOption("part", part, ["train", "test"])];
    const found = pairs.find((pair) => pair.every((name) => existsSync(join(folder, name))));
    if (found) return IdxDataset.fromFiles(join(folder, found[0]), join(folder, found[1]), options);
    const what = pairs.map((pair) => pair.join(" and ")).join(", or ");
    throw new VitrineError("MissingFile", { path: resolve(folder), what, reason: "it has none of these pairs" });
  }

  size(): number {
    return this.labels.length;
  }

  /** Numbers of the labels that occur, rising. */
  get classes(): readonly number[] {
    return [...new Set(this.labels)].sort((a, b) => a - b);
  }

  /** size × (height · width), each pixel as 0 to 1; of some pictures only, in that order. */
  features(indices?: readonly number[]): Matrix {
    const columns = this.width * this.height;
    const chosen = indices?.map((index) => this.checkIndex(index)) ?? this.labels.map((_, index) => index);
    const data = new Float32Array(chosen.length * columns);
    chosen.forEach((index, row) => {
      const pixels = this.pixels.subarray(index * columns, (index + 1) * columns);
      for (let i = 0; i < columns; i++) data[row * columns + i] = (pixels[i] ?? 0) / 255;
    });
    return { rows: chosen.length, columns, data };
  }

  /** One picture, light on dark as it is stored. */
  image(index: number): ImageData8 {
    const { width, height } = this;
    const start = this.checkIndex(index) * width * height;
    return { data: this.pixels.slice(start, start + width * height), width, height, channels: 1 };
  }

  private checkIndex(index: number): number {
    return integerOption("index", index, 0, this.size() - 1);
  }
}

function bytesOf(path: string, array: IdxArray, dimensions: number): IdxArray {
  if (array.data instanceof Uint8Array && array.shape.length === dimensions) return array;
  const received = `${array.data.constructor.name} of ${array.shape.join(" × ")}`;
  const expected = `bytes of ${dimensions} dimension${dimensions === 1 ? "" : "s"}`;
  throw new VitrineError("InvalidFile", { path, where: "its header", expected, received });
}
