/** Reading many pictures once, to know that they can be read: their size, their hash, and what is wrong with the others. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { isVitrineError, VitrineError } from "../structures/errors.js";
import { effectiveSignal } from "../structures/interrupt.js";
import { integerOption } from "../structures/options.js";
import type { ImageFacts } from "./annotated-image.js";
import type { DatasetProblem } from "./dataset-problem.js";
import { invalidImage, readPicture, type PictureFile, type PictureOptions } from "./picture-file.js";
import { openPicture } from "./picture-pipeline.js";

export interface LoadOptions extends PictureOptions {
  signal?: AbortSignal;
  /** Pictures read at the same time; 4 by default. */
  concurrency?: number;
  onProgress?: (progress: { done: number; total: number }) => void;
}

export interface LoadedImages {
  /** In the order of the paths; undefined where a picture can't be read. */
  readonly facts: readonly (ImageFacts | undefined)[];
  /** In the order of the paths. */
  readonly problems: readonly DatasetProblem[];
}

export interface Loaded {
  facts?: ImageFacts;
  problem?: DatasetProblem;
}

/**
 * Every picture's facts; a bad one becomes a problem, not an error.
 * @throws `Stopped` when the signal fires
 */
export async function loadImages(paths: readonly string[], options: LoadOptions = {}): Promise<LoadedImages> {
  const concurrency = integerOption("concurrency", options.concurrency ?? 4, 1, 64);
  const signal = effectiveSignal(options.signal);
  const loaded: Loaded[] = paths.map(() => ({}));
  let done = 0;
  // One iterator for all workers: each takes the next path that nobody has.
  const queue = paths.entries();
  const work = async () => {
    for (const [index, path] of queue) {
      if (signal?.aborted) throw new VitrineError("Stopped", STOPPED);
      loaded[index] = await loadOne(path, options);
      options.onProgress?.({ done: ++done, total: paths.length });
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, paths.length) }, work));
  return {
    facts: loaded.map(({ facts }) => facts),
    problems: loaded.flatMap(({ problem }) => problem ?? []),
  };
}

const STOPPED = { operation: "Reading the pictures", kept: "nothing is kept" };

/** One picture's facts, or why it has none; both for an animation. */
export async function loadOne(path: string, options: LoadOptions): Promise<Loaded> {
  try {
    const picture = await readPicture(path, options);
    const facts = await imageFacts(picture, path);
    if (picture.frames === 1) return { facts };
    return { facts, problem: { path, reason: `of its ${picture.frames} frames only the first is used` } };
  } catch (error) {
    if (!isVitrineError(error) || error.code === "InvalidOption") throw error;
    return { problem: { path, reason: reasonOf(error) } };
  }
}

/** @throws `InvalidImage` where the pixels can't all be decoded. */
export async function imageFacts(picture: PictureFile, path: string): Promise<ImageFacts> {
  await decodesWhole(picture);
  return {
    name: basename(path),
    storageId: storageIdOf(picture.bytes),
    storagePath: path,
    width: picture.width,
    height: picture.height,
  };
}

/** The first 16 hex digits of the SHA-256 of a file. */
export function storageIdOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

/** All of it is decoded, though at a size that costs little where the format can do that. */
async function decodesWhole(picture: PictureFile): Promise<void> {
  try {
    await openPicture(picture).resize(16, 16, { fit: "fill", kernel: "nearest" }).raw().toBuffer();
  } catch (cause) {
    throw invalidImage(picture.path, cause);
  }
}

/** The reason alone: a problem has its path beside it. */
export function reasonOf(error: VitrineError): string {
  if (isVitrineError(error, "InvalidImage") || isVitrineError(error, "MissingFile")) return error.details.reason;
  if (isVitrineError(error, "ImageTooLarge")) {
    const { width, height, limit } = error.details;
    return `${width} × ${height} pixels are over the limit of ${limit}`;
  }
  return error.message;
}
