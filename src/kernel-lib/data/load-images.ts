/**
 * What there is to know of many pictures: their size, their hash, and what is wrong with the others. What the index knows is not read again;
 * of the rest few are decoded at once, many behind the caller's back.
 */
import { basename } from "node:path";
import { isVitrineError, VitrineError } from "../structures/errors.js";
import { effectiveSignal } from "../structures/interrupt.js";
import { choiceOption, integerOption } from "../structures/options.js";
import type { ImageFacts } from "./image-facts.js";
import type { DatasetProblem } from "./dataset-problem.js";
import { PictureCheck } from "./picture-check.js";
import {
  DEFAULT_MAX_PIXELS,
  invalidImage,
  readPicture,
  type PictureFile,
  type PictureOptions,
} from "./picture-file.js";
import type { IndexedFile, PictureIndex } from "./picture-index.js";
import { openPicture } from "./picture-pipeline.js";
import { storageIdOf } from "./storage-id.js";
import { UncheckedFacts } from "./unchecked-facts.js";

export interface LoadOptions extends PictureOptions {
  signal?: AbortSignal | undefined;
  /** Pictures read at the same time; 4 by default. */
  concurrency?: number;
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
  /**
   * When pictures of which nothing is known yet are decoded, to see that they can be: "before" the data set is there, or "behind" it, in
   * the background. By default before, as long as they are at most 2000 and 256 MiB.
   */
  check?: "before" | "behind";
}

export const LOAD_OPTIONS = ["maxPixels", "concurrency", "signal", "onProgress", "check"];

export interface LoadedImages {
  /** In the order of the paths; undefined where a picture can't be read. */
  readonly facts: readonly (ImageFacts | undefined)[];
  /** In the order of the paths. */
  readonly problems: readonly DatasetProblem[];
  /** Looks at the others, once it is started; undefined where there are none. */
  readonly check: PictureCheck | undefined;
}

export interface Loaded {
  facts?: ImageFacts;
  problem?: DatasetProblem;
  /** Whether it is the file that says so, and not a limit or the system. */
  lasting?: boolean;
}

/** More than that is looked at behind the caller's back. */
const MOST_BEFORE = 2000;
const MOST_BYTES_BEFORE = 1 << 28;

/**
 * Every picture's facts; a bad one becomes a problem, not an error.
 * @throws `Stopped` when the signal fires
 */
export async function loadImages(
  paths: readonly string[],
  options: LoadOptions = {},
  index?: PictureIndex,
): Promise<LoadedImages> {
  const signal = effectiveSignal(options.signal);
  const maxPixels = integerOption("maxPixels", options.maxPixels ?? DEFAULT_MAX_PIXELS, 1);
  const loaded: Loaded[] = [];
  const unknown: Unknown[] = [];
  for (const [at, path] of paths.entries()) {
    const file = index?.look(path) ?? { path, stamp: undefined, found: undefined };
    const known = knownOf(file, maxPixels);
    loaded.push(known ?? NOTHING);
    if (!known) unknown.push({ at, file });
    if (at % 4096 === 4095) await pause(signal);
  }
  const isBehind = checksBehind(options, unknown);
  const now: Unknown[] = [];
  const unchecked: UncheckedFacts[] = [];
  for (const each of unknown) {
    if (!isBehind || !mayBePicture(each.file)) {
      now.push(each);
      continue;
    }
    const facts = new UncheckedFacts(each.file.path);
    unchecked.push(facts);
    loaded[each.at] = { facts };
  }
  await checkNow(now, { loaded, options, signal, index });
  return {
    facts: loaded.map(({ facts }) => facts),
    problems: loaded.flatMap(({ problem }) => problem ?? []),
    check:
      unchecked.length > 0 ? new PictureCheck(unchecked, (path) => lookAt(path, options, index), index) : undefined,
  };
}

/** A picture of which the index knows nothing. */
interface Unknown {
  readonly at: number;
  readonly file: IndexedFile;
}

const NOTHING: Loaded = {};

function knownOf({ path, found }: IndexedFile, maxPixels: number): Loaded | undefined {
  if (!found) return undefined;
  const { facts, note } = found;
  if (facts && facts.width * facts.height > maxPixels) return undefined;
  return { ...(facts && { facts }), ...(note !== "" && { problem: { path, reason: note } }) };
}

function checksBehind({ check }: LoadOptions, unknown: readonly Unknown[]): boolean {
  if (check !== undefined) return choiceOption("check", check, ["before", "behind"]) === "behind";
  const bytes = unknown.reduce((sum, { file }) => sum + (file.stamp?.size ?? 0), 0);
  return unknown.length > MOST_BEFORE || bytes > MOST_BYTES_BEFORE;
}

/** What is not even a file with something in it is told at once. */
const mayBePicture = ({ stamp }: IndexedFile) => stamp?.isFile === true && stamp.size > 0;

interface Work {
  loaded: Loaded[];
  options: LoadOptions;
  signal: AbortSignal | undefined;
  index: PictureIndex | undefined;
}

async function checkNow(unknown: readonly Unknown[], { loaded, options, signal, index }: Work): Promise<void> {
  const concurrency = integerOption("concurrency", options.concurrency ?? 4, 1, 64);
  const total = loaded.length;
  let done = total - unknown.length;
  // One iterator for all workers: each takes the next picture that nobody has.
  const queue = unknown.values();
  const work = async () => {
    for (const { at, file } of queue) {
      if (signal?.aborted) throw new VitrineError("Stopped", STOPPED);
      loaded[at] = await lookAt(file.path, options, index, file);
      options.onProgress?.({ done: ++done, total });
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, unknown.length) }, work));
  await index?.save();
}

/** Decodes a picture and keeps in the index what came of it. */
async function lookAt(
  path: string,
  options: LoadOptions,
  index: PictureIndex | undefined,
  file = index?.look(path),
): Promise<Loaded> {
  const { lasting = true, ...loaded } = await loadOne(path, options);
  if (file?.stamp && lasting)
    index?.note(path, file.stamp, { facts: loaded.facts, note: loaded.problem?.reason ?? "" });
  return loaded;
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted) throw new VitrineError("Stopped", STOPPED);
}

const STOPPED = { operation: "Reading the pictures", kept: "what was found out is kept beside them" };

/** One picture's facts, or why it has none; both for an animation. */
export async function loadOne(path: string, options: LoadOptions): Promise<Loaded> {
  try {
    const picture = await readPicture(path, options);
    const facts = await imageFacts(picture, path);
    if (picture.frames === 1) return { facts };
    return { facts, problem: { path, reason: `of its ${picture.frames} frames only the first is used` } };
  } catch (error) {
    if (!isVitrineError(error) || error.code === "InvalidOption") throw error;
    return { problem: { path, reason: reasonOf(error) }, lasting: error.code === "InvalidImage" };
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
