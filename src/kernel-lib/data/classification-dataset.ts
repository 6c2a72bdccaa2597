/**
 * Pictures with labels: read from a folder, corrected by hand, split, counted.
 *
 * What a person corrects is on the object at once and in a journal on disk before the call returns; loading the same folder
 * again brings it back. The pictures themselves are never touched.
 */
import { join, resolve } from "node:path";
import { Context } from "../structures/context.js";
import { VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import { choiceOption, knownOptions, textOption } from "../structures/options.js";
import type { ImageFacts } from "./image-facts.js";
import { AnnotationBook } from "./annotation-book.js";
import type { AnnotationChange, FieldChange } from "./annotation-change.js";
import { AnnotationJournal } from "./annotation-journal.js";
import { ClassificationImage } from "./classification-image.js";
import { datasetHtml, datasetText } from "./dataset-info.js";
import type { DatasetProblem } from "./dataset-problem.js";
import type { ListedPicture } from "./formats/annotation-list.js";
import { COCO, CSV, JSON_LINES, readListFolder, type ListFormat } from "./formats/list-folder.js";
import { scanImageFolder } from "./image-folder.js";
import { journalHome, journalPath } from "./journal-home.js";
import { imageFacts, LOAD_OPTIONS, loadImages, type LoadOptions } from "./load-images.js";
import { byCodePoint } from "./natural-order.js";
import { PictureDataset, type SharedState } from "./picture-dataset.js";
import type { PictureCheck } from "./picture-check.js";
import { readPicture } from "./picture-file.js";
import { PictureIndex } from "./picture-index.js";
import { readAttribution } from "./search/attribution.js";
import { collectByList, SEARCH_OPTIONS, type CreateFromJsonOptions } from "./search/collect-by-list.js";
import { storePicture } from "./picture-store.js";
import { announce } from "./presence.js";

/** A change of one picture's labels. */
export type LabelChange = FieldChange<ClassificationImage, "labels">;

/** A change of one picture's labels, rejected labels, flag or note; `change.field` tells which. */
export type ClassificationChange = AnnotationChange<ClassificationImage, Field>;

type Field = "labels" | "rejectedLabels" | "flag" | "note";

type Shared = SharedState<ClassificationImage, Field>;

const FIELDS: readonly Field[] = ["labels", "rejectedLabels", "flag", "note"];

export interface CreateFromDirOptions extends LoadOptions {
  /** Where pictures that are added, and the journal of a folder that can't be written, are kept; the global one by default. */
  context?: Context | undefined;
  /** What becomes of pictures that lie in no label's folder: "leaveOut" (the default), or "include", to label them. */
  unlabelled?: "leaveOut" | "include";
}

export interface LabelListOptions extends CreateFromDirOptions {
  /** The folder of pictures, relative to the list; by default the usual one that has them: `images` or `data` beside it, its own folder. */
  imagesDir?: string;
}

const OPTIONS = ["context", ...LOAD_OPTIONS];

let extend: typeof extendDataset;

/**
 * Pictures with labels: read from a folder, corrected by hand, split, counted.
 *
 * ```ts
 * const dataset = await ClassificationDataset.createFromDir("tableware", "sample_data/tableware");
 * const [train, test] = dataset.split({ trainSize: 0.66, stratify: "label", seed: 1 });
 * new AnnotationUI(dataset)
 * ```
 */
export class ClassificationDataset extends PictureDataset<ClassificationImage, "labels" | "rejectedLabels"> {
  static {
    extend = (dataset, name, added) => {
      const { book } = dataset.shared;
      const images = added.map(({ facts, labels }) => new ClassificationImage(facts, labels));
      for (const image of images) book.enter(image);
      return new ClassificationDataset(name, [...dataset.pictures, ...images], dataset.shared, []);
    };
  }

  private constructor(
    name: string,
    images: ClassificationImage[],
    shared: Shared,
    problems: readonly DatasetProblem[],
  ) {
    super(name, images, shared, problems);
  }

  /** A data set without pictures, for `addImage`; its labels live in memory alone. */
  static create(
    name: string,
    options: { labels?: readonly string[]; context?: Context | undefined } = {},
  ): ClassificationDataset {
    knownOptions("create", options, ["labels", "context"]);
    const labels = (options.labels ?? []).map((label) => textOption("labels", label));
    const book = new AnnotationBook<ClassificationImage, Field>(labels, [], FIELDS, undefined);
    const none = { root: undefined, presence: undefined, maxPixels: undefined, check: undefined };
    const shared = { book, context: options.context, ...none };
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
    knownOptions("createFromDir", options, [...OPTIONS, "unlabelled"]);
    const unlabelled = choiceOption("unlabelled", options.unlabelled ?? "leaveOut", ["leaveOut", "include"]);
    const folder = await scanImageFolder(textOption("dir", dir), unlabelled === "include");
    const { facts, problems, check } = await loadImages(
      folder.files.map(({ path }) => path),
      options,
      await PictureIndex.open(folder.root, options.context),
    );
    const credits = await readAttribution(folder.root);
    // One list a label, for all pictures of it.
    const lists = new Map(folder.labels.map((label) => [label, Object.freeze([label])]));
    const images = folder.files.flatMap(({ path, label }, index) => {
      const fact = facts[index];
      const attribution = credits.size > 0 ? credits.get(journalPath(path, folder.root)) : undefined;
      return fact ? [new ClassificationImage(fact, lists.get(label ?? "") ?? [], { attribution })] : [];
    });
    refuseAllBad(folder.root, images.length, problems);
    const shared = openBook(folder.root, folder.labels, images, { ...options, looking: check });
    return new ClassificationDataset(textOption("name", name), images, shared, [...folder.problems, ...problems]);
  }

  /**
   * Reads a file in COCO's JSON, or a folder with `annotations.json`; annotations without a box are labels.
   * @throws `MissingFile`, `InvalidFile`, `InvalidDataset` (not one readable picture), `Stopped`
   */
  static createFromCoco(name: string, path: string, options: LabelListOptions = {}): Promise<ClassificationDataset> {
    return ClassificationDataset.#fromList("createFromCoco", name, path, COCO, options);
  }

  /** The same for a table, or a folder with `annotations.csv`: columns filename and class, one row a label. */
  static createFromCsv(name: string, path: string, options: LabelListOptions = {}): Promise<ClassificationDataset> {
    return ClassificationDataset.#fromList("createFromCsv", name, path, CSV, options);
  }

  /** The same for JSON lines as `export` writes them, or a folder with `annotations.jsonl`. */
  static createFromJsonLines(
    name: string,
    path: string,
    options: LabelListOptions = {},
  ): Promise<ClassificationDataset> {
    return ClassificationDataset.#fromList("createFromJsonLines", name, path, JSON_LINES, options);
  }

  static async #fromList(
    call: string,
    name: string,
    path: string,
    format: ListFormat,
    options: LabelListOptions,
  ): Promise<ClassificationDataset> {
    knownOptions(call, options, [...OPTIONS, "imagesDir"]);
    const { root, list, pictures, source } = await readListFolder(textOption("path", path), format, options.imagesDir);
    const paths = pictures.map((picture) => picture.path);
    const { facts, problems, check } = await loadImages(paths, options, await PictureIndex.open(root, options.context));
    const images = pictures.flatMap((picture, index) => {
      const fact = facts[index];
      return fact ? [new ClassificationImage(fact, picture.labels, { flag: picture.flag, note: picture.note })] : [];
    });
    const all = [...list.problems, ...withBoxes(pictures, source), ...problems];
    refuseAllBad(root, images.length, all);
    const labels = list.labels ?? [...new Set(images.flatMap((image) => image.labels))].sort(byCodePoint);
    const shared = openBook(root, labels, images, { ...options, looking: check });
    return new ClassificationDataset(textOption("name", name), images, shared, all);
  }

  /**
   * Collects pictures by a list: a JSON file `{ label: [text, folder, picture or address, …] }`. Texts are searched for, addresses
   * are fetched; folders and files, relative to the list, are used where they lie. What was fetched lies in a folder a label, with
   * `attribution.csv` beside; a call that was stopped goes on where it was. `problems` says what was skipped, and why.
   * @throws `MissingFile`, `InvalidFile`, `InvalidDataset` (not one picture), `CannotWrite`, `Stopped`
   */
  static async createFromJson(
    name: string,
    file: string,
    options: CreateFromJsonOptions = {},
  ): Promise<ClassificationDataset> {
    knownOptions("createFromJson", options, [...OPTIONS, ...SEARCH_OPTIONS]);
    const { context, maxPixels } = options;
    const collection = await collectByList(textOption("name", name), textOption("file", file), options);
    const { folder, labels, images: collected, problems } = collection;
    const images = collected.map(({ facts, label, attribution }) => {
      return new ClassificationImage(facts, [label], { attribution });
    });
    refuseAllBad(folder, images.length, problems);
    const shared = openBook(folder, labels, images, {
      ...(context && { context }),
      ...(maxPixels !== undefined && { maxPixels }),
    });
    return new ClassificationDataset(name, images, shared, problems);
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
    const { book, maxPixels } = this.shared;
    const path = typeof image === "string" ? resolve(image) : await this.#store(image);
    const known = this.pictures.find(({ storagePath }) => storagePath === path);
    if (known) return known;
    const picture = await readPicture(path, maxPixels === undefined ? {} : { maxPixels });
    const added = new ClassificationImage(await imageFacts(picture, path), given);
    book.enter(added);
    this.pictures.push(added);
    return added;
  }

  getLabelsForImage(image: ClassificationImage | number): readonly string[] {
    return this.picture(image).labels;
  }

  /**
   * Replaces a picture's labels; an empty list leaves it without. On disk before it returns.
   * @throws `UnknownLabel` (see `addLabel`), `CannotWrite` (then nothing has changed)
   */
  changeLabelForImage(image: ClassificationImage | number, labels: string | readonly string[]): void {
    this.changeLabelsForImages([image], labels);
  }

  /** Replaces the labels of several pictures, as one change: all of them or none, undone at once. */
  changeLabelsForImages(images: readonly (ClassificationImage | number)[], labels: string | readonly string[]): void {
    const after = [...new Set(labelList(labels))];
    const unique = new Set(images.map((image) => this.picture(image)));
    this.change([...unique].map((image) => ({ image, field: "labels", after })));
  }

  /** Gives each picture labels of its own, as one change: all of them or none, undone at once. */
  changeLabelsOf(changes: ReadonlyMap<ClassificationImage | number, string | readonly string[]>): void {
    const wishes = [...changes].map(([image, labels]) => ({
      image: this.picture(image),
      field: "labels" as const,
      after: [...new Set(labelList(labels))],
    }));
    this.change(wishes);
  }

  /** Says of pictures what they are not, as a model has suggested it: kept, and undone at once, as a change of labels is. */
  rejectLabels(rejected: ReadonlyMap<ClassificationImage | number, string>): void {
    const wishes = [...rejected].map(([given, label]) => {
      const image = this.picture(given);
      const after = [...new Set([...image.rejectedLabels, textOption("label", label)])];
      return { image, field: "rejectedLabels" as const, after };
    });
    this.change(wishes);
  }

  /** Pictures a label, labels without a picture too, in the labels' order. */
  counts(): Map<string, number> {
    const counts = new Map(this.labels.map((label) => [label, 0]));
    for (const image of this.pictures) {
      for (const label of image.labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return counts;
  }

  printInfo(): void {
    process.stdout.write(`${datasetText(this)}\n`);
  }

  [Symbol.for("Jupyter.display")](): { [mime: string]: unknown } {
    return { "text/plain": datasetText(this), "text/html": datasetHtml(this) };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return datasetText(this);
  }

  protected override readonly kind = "labels";

  protected override strata(pictures: readonly ClassificationImage[]): string[] {
    return pictures.map(({ labels }) => JSON.stringify(labels));
  }

  protected override part(name: string, images: ClassificationImage[]): ClassificationDataset {
    return new ClassificationDataset(name, images, this.shared, []);
  }

  #store(image: Uint8Array | ImageData8): Promise<string> {
    const context = this.shared.context ?? Context.global();
    return storePicture(image, join(context.persistentPath, "images"), this.shared.maxPixels);
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

/** The journal of a folder, replayed on its pictures. */
function openBook(
  root: string,
  labels: readonly string[],
  images: readonly ClassificationImage[],
  { context, maxPixels, looking }: CreateFromDirOptions & { looking?: PictureCheck | undefined },
): Shared {
  const home = journalHome(root, context);
  const journals = home.journals.map((path) => new AnnotationJournal(path));
  const book = new AnnotationBook<ClassificationImage, Field>(labels, journals, FIELDS, root);
  for (const image of images) book.enter(image);
  book.refresh();
  announce(home.presence);
  looking?.start();
  return { book, context, root, presence: home.presence, maxPixels, check: looking };
}

/** A list may be one of boxes. */
function withBoxes(pictures: readonly ListedPicture[], path: string): DatasetProblem[] {
  const count = pictures.reduce((sum, { boxes }) => sum + boxes.length, 0);
  if (count === 0) return [];
  const reason = `${count === 1 ? "1 box was" : `${count} boxes were`} left out; ObjectDetectionDataset reads those`;
  return [{ path, reason }];
}

function labelList(labels: string | readonly string[]): string[] {
  return (typeof labels === "string" ? [labels] : [...labels]).map((label) => textOption("labels", label));
}

function refuseAllBad(path: string, good: number, problems: readonly DatasetProblem[]): void {
  const first = problems[0];
  if (good > 0 || !first) return;
  const reason = `none of its ${problems.length} files can be read as a picture; ${first.path}: ${first.reason}`;
  throw new VitrineError("InvalidDataset", { path, reason });
}
