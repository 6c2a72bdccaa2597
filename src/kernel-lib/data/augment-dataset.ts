/** A data set and augmented copies of its pictures, as one. */
import { join } from "node:path";
import sharp from "sharp";
import { Context } from "../structures/context.js";
import { isVitrineError, quote, VitrineError } from "../structures/errors.js";
import type { ObjectBox } from "../structures/object-box.js";
import { imageOption, type ImageData8 } from "../structures/image.js";
import { effectiveSignal } from "../structures/interrupt.js";
import { choiceOption, integerOption, knownOptions } from "../structures/options.js";
import type { ImageFacts } from "./image-facts.js";
import { writeFileAtomic } from "./atomic-file.js";
import { augmentedPictures, type PictureAugmenter } from "./augmented-picture.js";
import { extendDataset, type ClassificationDataset } from "./classification-dataset.js";
import { decodeImage } from "./decode.js";
import { extendDetectionDataset, ObjectDetectionDataset } from "./object-detection-dataset.js";
import { storageIdOf } from "./storage-id.js";
import { workWatcher } from "./work-watcher.js";

export type { PictureAugmenter as ImageAugmenter } from "./augmented-picture.js";

export interface AugmentDatasetOptions {
  /** The same seed gives the same copies of the same pictures; 1 by default. */
  seed?: number;
  /** The copies are written into `augmented` in its outputs folder; the global one by default. */
  context?: Context | undefined;
  /** "jpeg" (the default) of quality 95 with full colour resolution, or "png", which keeps every bit and is bigger. */
  format?: "jpeg" | "png";
  signal?: AbortSignal | undefined;
  /** By default a notebook shows a bar, and a terminal a line now and then, where it takes long. */
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

/**
 * The originals, followed by one copy of each for each pipeline, with the originals' labels, or with boxes that moved along: one that
 * crosses the edge is cut there, and one of which less than a quarter is left is dropped. A file is written whole or not at all, under
 * a name made of the original's content, the pipeline's place and the seed.
 * @throws `InvalidOption`, `Stopped`, and what decoding and writing throw
 */
export function augmentDataset(
  dataset: ClassificationDataset,
  pipelines: PictureAugmenter | readonly PictureAugmenter[],
  options?: AugmentDatasetOptions,
): Promise<ClassificationDataset>;
export function augmentDataset(
  dataset: ObjectDetectionDataset,
  pipelines: PictureAugmenter | readonly PictureAugmenter[],
  options?: AugmentDatasetOptions,
): Promise<ObjectDetectionDataset>;
export async function augmentDataset(
  dataset: ClassificationDataset | ObjectDetectionDataset,
  pipelines: PictureAugmenter | readonly PictureAugmenter[],
  options: AugmentDatasetOptions = {},
): Promise<ClassificationDataset | ObjectDetectionDataset> {
  const name = `${dataset.name} (augmented)`;
  if (dataset instanceof ObjectDetectionDataset) {
    return extendDetectionDataset(dataset, name, await writtenCopies(dataset, pipelines, options));
  }
  const copies = await writtenCopies(dataset, pipelines, options);
  return extendDataset(
    dataset,
    name,
    copies.map(({ facts, image }) => ({ facts, labels: image.labels })),
  );
}

/** What a copy is made of, and of which picture. */
interface Copy<I> {
  facts: ImageFacts;
  boxes: readonly ObjectBox[];
  image: I;
}

async function writtenCopies<I extends ImageFacts & { readonly boxes?: readonly ObjectBox[] }>(
  dataset: { readonly images: readonly I[]; size(): number },
  pipelines: PictureAugmenter | readonly PictureAugmenter[],
  options: AugmentDatasetOptions,
): Promise<Copy<I>[]> {
  knownOptions("augmentDataset", options, ["seed", "context", "format", "signal", "onProgress"]);
  const list = pipelineList(pipelines);
  const seed = integerOption("seed", options.seed ?? 1, Number.MIN_SAFE_INTEGER);
  const format = choiceOption("format", options.format ?? "jpeg", ["jpeg", "png"]);
  const signal = effectiveSignal(options.signal);
  const folder = join((options.context ?? Context.global()).outputsPath, "augmented");
  const total = list.length * dataset.size();
  const watcher = workWatcher("Augmenting", options.onProgress);
  const copies: Copy<I>[] = [];
  const orStopped = (error: unknown): never => {
    throw isVitrineError(error, "Stopped") ? stopped(copies.length, folder) : error;
  };
  try {
    for (const [place, pipeline] of list.entries()) {
      const batches = ahead(batchesOf(dataset.images), (images) =>
        codedCopies(images, pipeline, (image) => `${seed}/${place}/${image.storageId}`, format, signal).catch(
          orStopped,
        ),
      );
      for await (const batch of batches) {
        for (const { image, bytes, size, boxes } of batch) {
          if (signal?.aborted) throw stopped(copies.length, folder);
          const facts = await written(bytes, size, folder, copyName(image, place, seed, format));
          copies.push({ facts, boxes, image });
          watcher.onProgress({ done: copies.length, total });
        }
      }
    }
  } finally {
    watcher.onEnd();
  }
  return copies;
}

/** Pictures that are worked on at once: enough for all processors, few enough for the memory. */
const BATCH = 16;

const batchesOf = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, i) => items.slice(i * BATCH, (i + 1) * BATCH));

/** Each item's result, in order; the next one's is made while one is used. */
async function* ahead<T, R>(items: readonly T[], make: (item: T) => Promise<R>): AsyncGenerator<R> {
  let before: Promise<R> | undefined;
  for (const item of items) {
    const current = make(item);
    // Whoever stops before it does not wait for it.
    current.catch(() => undefined);
    if (before) yield await before;
    before = current;
  }
  if (before) yield await before;
}

interface CodedCopy<I> {
  image: I;
  bytes: Uint8Array;
  size: { width: number; height: number };
  boxes: readonly ObjectBox[];
}

/** @throws `Stopped` where the signal came before the pictures were there */
async function codedCopies<I extends ImageFacts & { readonly boxes?: readonly ObjectBox[] }>(
  images: readonly I[],
  pipeline: PictureAugmenter,
  seedOf: (image: I) => string,
  format: "jpeg" | "png",
  signal: AbortSignal | undefined,
): Promise<CodedCopy<I>[]> {
  const given = await Promise.all(
    images.map(async (image) => ({
      image: await decodeImage(image.storagePath),
      boxes: image.boxes ?? [],
      seed: seedOf(image),
    })),
  );
  const copies = await augmentedPictures(pipeline, given, signal);
  const coded = copies.map(async ({ image: copy, boxes }) => ({ copy, boxes, bytes: await encode(copy, format) }));
  const all = await Promise.all(coded);
  return images.flatMap((image, i) => {
    const one = all[i];
    return one
      ? [{ image, bytes: one.bytes, size: { width: one.copy.width, height: one.copy.height }, boxes: one.boxes }]
      : [];
  });
}

function pipelineList(pipelines: PictureAugmenter | readonly PictureAugmenter[]): readonly PictureAugmenter[] {
  const list: readonly unknown[] = Array.isArray(pipelines) ? (pipelines as readonly unknown[]) : [pipelines];
  return list.map((each) => {
    if (typeof (each as { augment?: unknown } | null)?.augment === "function") return each as PictureAugmenter;
    throw new VitrineError("InvalidOption", { option: "pipelines", expected: "augmenters", received: quote(each) });
  });
}

/** "bowl-03-1-4b348bed69808b2c-s1.jpg": the stem for people, the rest so that no two pictures meet. */
function copyName(image: ImageFacts, place: number, seed: number, format: "jpeg" | "png"): string {
  // At most 40 characters of at most 4 bytes: names end at 255 bytes.
  const stem = Array.from(image.name.replace(/\.[^.]*$/, ""))
    .slice(0, 40)
    .join("");
  return `${stem}-${place + 1}-${image.storageId}-s${seed}.${format === "jpeg" ? "jpg" : "png"}`;
}

async function written(
  bytes: Uint8Array,
  size: { width: number; height: number },
  folder: string,
  name: string,
): Promise<ImageFacts> {
  const storagePath = join(folder, name);
  await writeFileAtomic(storagePath, bytes, "an augmented picture");
  return { name, storageId: storageIdOf(bytes), storagePath, ...size };
}

async function encode(image: ImageData8, format: "jpeg" | "png"): Promise<Uint8Array> {
  const { data, width, height, channels } = imageOption("the augmented image", image);
  const pipeline = sharp(data, { raw: { width, height, channels } });
  return format === "png"
    ? pipeline.png({ compressionLevel: 6 }).toBuffer()
    : pipeline.jpeg({ quality: 95, chromaSubsampling: "4:4:4" }).toBuffer();
}

const stopped = (copies: number, folder: string) =>
  new VitrineError("Stopped", { operation: "Augmenting", kept: `${copies} copies are in ${folder}` });
