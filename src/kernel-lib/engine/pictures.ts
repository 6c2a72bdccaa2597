/** Pictures from files to tensors, the next batch read while this one is computed. */
import { createHash } from "node:crypto";

import * as tf from "@tensorflow/tfjs-core";

import { decodePicture } from "../data/decode.js";
import { readPicture, type PictureFile } from "../data/picture-file.js";
import type { PictureInput, PictureReference } from "./messages.js";
import type { SharedNetwork } from "./shared-network.js";

/** Files that are read at once; sharp decodes on threads of its own. */
export const READERS = 4;

/** A picture's file, and the hash of its content. */
export interface HashedPicture {
  file: PictureFile;
  hash: string;
}

export async function readHashed({ path }: PictureReference): Promise<HashedPicture> {
  const file = await readPicture(path);
  return { file, hash: createHash("sha256").update(file.bytes).digest("hex") };
}

/** 8-bit RGB of the network's size, row by row. */
export async function decodeFor(file: PictureFile, { width, height, fit }: PictureInput): Promise<Uint8Array> {
  return (await decodePicture(file, { width, height, fit })).data;
}

/** Applies `work` to every item in order of the list, `READERS` ahead of who consumes; the first failure is thrown. */
export async function* readAhead<T, R>(items: readonly T[], work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  let next = 0;
  const fill = () => {
    for (const item of items.slice(next, next + READERS - running.length)) {
      const promise = work(item);
      // It is awaited in its turn; until then a failure is nobody's.
      promise.catch(() => undefined);
      running.push(promise);
      next++;
    }
  };
  fill();
  for (let first = running.shift(); first; first = running.shift()) {
    fill();
    yield await first;
  }
}

/** Pixels to what the network takes: N × H × W × 3, each channel `(value / 255 - mean) / deviation`. */
export function normalised(
  pixels: readonly Uint8Array[],
  { width, height }: Pick<PictureInput, "width" | "height">,
  { mean, deviation }: Pick<SharedNetwork, "mean" | "deviation">,
): tf.Tensor4D {
  const size = width * height * 3;
  const values = new Float32Array(pixels.length * size);
  // Every channel has 256 values only.
  const tables = mean.map((m, channel) =>
    Float32Array.from({ length: 256 }, (_, v) => (v / 255 - m) / (deviation[channel] ?? 1)),
  );
  const [red, green, blue] = tables as [Float32Array, Float32Array, Float32Array];
  pixels.forEach((picture, index) => {
    const start = index * size;
    for (let i = 0; i < size; i += 3) {
      values[start + i] = red[picture[i] ?? 0] ?? 0;
      values[start + i + 1] = green[picture[i + 1] ?? 0] ?? 0;
      values[start + i + 2] = blue[picture[i + 2] ?? 0] ?? 0;
    }
  });
  return tf.tensor4d(values, [pixels.length, height, width, 3]);
}
