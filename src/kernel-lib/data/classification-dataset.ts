/**
 * Pictures with labels: read from a folder, corrected by hand, split, counted.
 *
 * What a person corrects is on the object at once and in a journal on disk before the call returns; loading the same folder
 * again brings it back. The pictures themselves are never touched.
 */
import { join, resolve } from "node:path";
import { Context } from "../structures/context.js";
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import { choiceOption, integerOption, knownOptions, numberOption, textOption } from "../structures/options.js";
import { ClassificationImage, type ImageFacts } from "./classification-image.js";
import { datasetHtml, datasetText } from "./dataset-info.js";
import { scanImageFolder } from "./image-folder.js";
import { journalHome, journalPath } from "./journal-home.js";
import { LabelBook, type DatasetProblem, type LabelChange } from "./label-book.js";
import { LabelJournal } from "./label-journal.js";
import { imageFacts, loadImages, type LoadOptions } from "./load-images.js";
import { readPicture } from "./picture-file.js";
import { announce, othersIn, type OtherUser } from "./presence.js";
import { stratifiedChoice } from "./split.js";
import { storePicture } from "./picture-store.js";

export type { DatasetProblem, LabelChange, OtherUser };

export interface CreateFromDirOptions extends LoadOptions {
  /** Where pictures that are added, and the journal of a folder that can't be written, are kept; the global one by default. */
  context?: Context;
}

export interface SplitOptions {
  /** The training part: a share between 0 and 1, or a number of pictures. A share is rounded down, as scikit-learn does. */
  trainSize: number;
  /** "label" (the default) keeps the labels' proportions in both parts, "none" draws from all alike. */
  stratify?: "label" | "none";
  /** The same seed splits the same way, on every machine; 1 by default. */
  seed?: number;
}

/** What a whole and its parts have in common. */
interface Shared {
  readonly book: LabelBook;
  readonly context: Context | undefined;
  /** The folder that paths in the journal are relative to. */
  readonly root: string | undefined;
  /** Where processes say that they have the folder open. */
  readonly presence: string | undefined;
  readonly maxPixels: number | undefined;
}

let extend: typeof extendDataset;

export class ClassificationDataset {
  static {
    extend = (dataset, name, added) => {
      const { book, root } = dataset.#shared;
      const images = added.map(({ facts, labels }) => new ClassificationImage(facts, labels));
      for (const image of images) book.enter(image, journalPath(image.storagePath, root));
      return new ClassificationDataset(name, [...dataset.#images, ...images], dataset.#shared, []);
    };
  }

  readonly name: string;
  readonly #images: ClassificationImage[];
  readonly #shared: Shared;
  readonly #problems: readonly DatasetProblem[];

  private constructor(
    name: string,
    images: ClassificationImage[],
    shared: Shared,
    problems: readonly DatasetProblem[],
  ) {
    this.name = name;
    this.#images = images;
    this.#shared = shared;
    this.#problems = problems;
  }

  /** A data set without pictures, for `addImage`; its labels live in memory alone. */
  static create(name: string, options: { labels?: readonly string[]; context?: Context } = {}): ClassificationDataset {
    const labels = (options.labels ?? []).map((label) => textOption("labels", label));
    const book = new LabelBook([...new Set(labels)], []);
    const shared = { book, context: options.context, root: undefined, presence: undefined, maxPixels: undefined };
    return new ClassificationDataset(textOption("name", name), [], shared, []);
  }

  /**
   * Reads a folder with one sub-folder a label, and replays the changes that were made by hand before. Labels are in the
   * order of code points, a label's pictures in natural order. What can't be read is in `problems`, with the reason.
   * @throws `MissingFile`, `InvalidDataset` (no sub-folder, or not one readable picture among several), `Stopped`
   */
  static async createFromDir(
    name: string,
    dir: string,
    options: CreateFromDirOptions = {},
  ): Promise<ClassificationDataset> {
    knownOptions("createFromDir", options, ["context", "maxPixels", "concurrency", "signal", "onProgress"]);
    const folder = await scanImageFolder(textOption("dir", dir));
    const { facts, problems } = await loadImages(
      folder.files.map(({ path }) => path),
      options,
    );
    const home = journalHome(folder.root, options.context);
    const book = new LabelBook(
      folder.labels,
      home.journals.map((path) => new LabelJournal(path)),
    );
    const { context, maxPixels } = options;
    const shared: Shared = { book, context, root: folder.root, presence: home.presence, maxPixels };
    const images = folder.files.flatMap(({ label }, index) => {
      const fact = facts[index];
      return fact ? [new ClassificationImage(fact, [label])] : [];
    });
    refuseAllBad(folder.root, images.length, problems);
    for (const image of images) book.enter(image, journalPath(image.storagePath, folder.root));
    book.refresh();
    announce(home.presence);
    return new ClassificationDataset(textOption("name", name), images, shared, [...folder.problems, ...problems]);
  }

  get images(): readonly ClassificationImage[] {
    return this.#images;
  }

  /** In the order in which they count as classes. */
  get labels(): readonly string[] {
    return this.#shared.book.labels;
  }

  /** What was left out, and why: pictures, frames of animations, lines of the journal. */
  get problems(): readonly DatasetProblem[] {
    return [...this.#problems, ...this.#shared.book.problems];
  }

  /** Other notebooks that have the same folder open now. Their changes arrive by `refresh`, and before each of ours. */
  get sharedWith(): readonly OtherUser[] {
    return this.#shared.presence === undefined ? [] : othersIn(this.#shared.presence);
  }

  size(): number {
    return this.#images.length;
  }

  /**
   * Adds a picture: a file stays where it is, bytes and pixels are written into the context's persistent folder. New labels
   * are learnt. A picture that is there already is returned as it is. What was corrected by hand before comes back.
   * @throws `MissingFile`, `InvalidImage`, `ImageTooLarge`, `CannotWrite`
   */
  async addImage(
    image: string | Uint8Array | ImageData8,
    labels: string | readonly string[],
  ): Promise<ClassificationImage> {
    const given = labelList(labels);
    const { book, root, maxPixels } = this.#shared;
    const path = typeof image === "string" ? resolve(image) : await this.#store(image);
    const known = this.#images.find(({ storagePath }) => storagePath === path);
    if (known) return known;
    const picture = await readPicture(path, maxPixels === undefined ? {} : { maxPixels });
    const added = new ClassificationImage(await imageFacts(picture, path), given);
    book.enter(added, journalPath(path, root));
    this.#images.push(added);
    return added;
  }

  /** A label that pictures may have from now on. */
  addLabel(label: string): void {
    this.#shared.book.addLabel(textOption("label", label));
  }

  getLabelsForImage(image: ClassificationImage | number): readonly string[] {
    return this.#image(image).labels;
  }

  /**
   * Replaces a picture's labels; an empty list leaves it without. On disk before it returns.
   * @throws `UnknownLabel` (see `addLabel`), `CannotWrite` (then nothing has changed)
   */
  changeLabelForImage(image: ClassificationImage | number, labels: string | readonly string[]): void {
    this.#shared.book.set(this.#image(image), labelList(labels));
  }

  /** Takes the last change back, without limit; undefined where there is none. Shared with the parts of a split. */
  undo(): LabelChange | undefined {
    return this.#shared.book.undo();
  }

  redo(): LabelChange | undefined {
    return this.#shared.book.redo();
  }

  get canUndo(): boolean {
    return this.#shared.book.canUndo;
  }

  get canRedo(): boolean {
    return this.#shared.book.canRedo;
  }

  /** Takes in the changes that other notebooks on the same folder have made since. */
  refresh(): readonly LabelChange[] {
    return this.#shared.book.refresh();
  }

  /** Called after each change, also of pictures in another part of a split. The function returned ends it. */
  onChange(listener: (change: LabelChange) => void): () => void {
    return this.#shared.book.onChange(listener);
  }

  /** Pictures a label, labels without a picture too, in the labels' order. */
  counts(): Map<string, number> {
    const counts = new Map(this.labels.map((label) => [label, 0]));
    for (const image of this.#images) {
      for (const label of image.labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return counts;
  }

  printInfo(): void {
    process.stdout.write(`${datasetText(this)}\n`);
  }

  /**
   * Two parts, without overlap and with nothing left out, each in this data set's order. They share its pictures, labels,
   * journal and undo.
   * @throws `InvalidOption` where a part would be empty
   */
  split(options: SplitOptions): [ClassificationDataset, ClassificationDataset] {
    knownOptions("split", options, ["trainSize", "stratify", "seed"]);
    const count = trainCount(options.trainSize, this.size());
    const stratify = choiceOption("stratify", options.stratify ?? "label", ["label", "none"]);
    const seed = integerOption("seed", options.seed ?? 1, Number.MIN_SAFE_INTEGER);
    const strata = this.#images.map(({ labels }) => (stratify === "label" ? JSON.stringify(labels) : ""));
    const chosen = stratifiedChoice(strata, count, seed);
    const part = (name: string, side: boolean) => {
      const images = this.#images.filter((_, index) => chosen[index] === side);
      return new ClassificationDataset(`${this.name} (${name})`, images, this.#shared, []);
    };
    return [part("train", true), part("test", false)];
  }

  [Symbol.for("Jupyter.display")](): { [mime: string]: unknown } {
    return { "text/plain": datasetText(this), "text/html": datasetHtml(this) };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return datasetText(this);
  }

  #image(image: ClassificationImage | number): ClassificationImage {
    const found =
      typeof image === "number"
        ? this.#images[integerOption("image", image, 0, this.size() - 1)]
        : this.#images.find((own) => own === image);
    if (found) return found;
    const received = quote((image as { name?: unknown } | null)?.name ?? image);
    throw new VitrineError("InvalidOption", { option: "image", expected: "a picture of this data set", received });
  }

  #store(image: Uint8Array | ImageData8): Promise<string> {
    const context = this.#shared.context ?? Context.global();
    return storePicture(image, join(context.persistentPath, "images"), this.#shared.maxPixels);
  }
}

/** A data set with more pictures, which shares labels, journal and undo with the one it came from. */
export function extendDataset(
  dataset: ClassificationDataset,
  name: string,
  added: readonly { facts: ImageFacts; labels: readonly string[] }[],
): ClassificationDataset {
  return extend(dataset, name, added);
}

function labelList(labels: string | readonly string[]): string[] {
  return (typeof labels === "string" ? [labels] : [...labels]).map((label) => textOption("labels", label));
}

function trainCount(trainSize: number, size: number): number {
  const isShare = numberOption("trainSize", trainSize, 0) < 1;
  const count = isShare
    ? Math.floor(trainSize * size + 1e-9)
    : integerOption("trainSize", trainSize, 1, Math.max(1, size - 1));
  if (count > 0 && count < size) return count;
  const expected = `a share that leaves pictures in both parts of ${size}`;
  throw new VitrineError("InvalidOption", { option: "trainSize", expected, received: String(trainSize) });
}

function refuseAllBad(path: string, good: number, problems: readonly DatasetProblem[]): void {
  const first = problems[0];
  if (good > 0 || !first) return;
  const reason = `none of its ${problems.length} files can be read as a picture; ${first.path}: ${first.reason}`;
  throw new VitrineError("InvalidDataset", { path, reason });
}
