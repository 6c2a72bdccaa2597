/**
 * Pictures with boxes around objects: read from annotation files, corrected by hand, split, counted.
 *
 * What a person corrects is on the object at once and in a journal on disk before the call returns; loading the same folder
 * again brings it back. Annotation files are touched by `saveAnnotations` alone, pictures never.
 */
import type { ImageFacts } from "./image-facts.js";
import { basename, join, parse, resolve } from "node:path";
import type { Context } from "../structures/context.js";
import { quote, VitrineError } from "../structures/errors.js";
import type { ObjectBox } from "../structures/object-box.js";
import { choiceOption, knownOptions, textOption } from "../structures/options.js";
import { AnnotationBook } from "./annotation-book.js";
import type { AnnotationChange, FieldChange } from "./annotation-change.js";
import { AnnotationJournal } from "./annotation-journal.js";
import { writeFileAtomic } from "./atomic-file.js";
import { detectionHtml, detectionText } from "./detection-info.js";
import type { DatasetProblem } from "./dataset-problem.js";
import { faultOf, withinPicture } from "./formats/box-check.js";
import { loadBoxedPictures, type BoxedPicture } from "./formats/boxed-picture.js";
import type { VocOrigin } from "./formats/voc-annotation.js";
import { readVocFolder } from "./formats/voc-folder.js";
import { COCO, CSV, JSON_LINES, readListFolder, type ListFormat } from "./formats/list-folder.js";
import { writeVoc } from "./formats/voc-writer.js";
import type { YoloSubset } from "./formats/yolo.js";
import { readYoloFolder } from "./formats/yolo-folder.js";
import { journalHome, journalPath } from "./journal-home.js";
import type { LoadOptions } from "./load-images.js";
import { byCodePoint } from "./natural-order.js";
import { ObjectDetectionImage } from "./object-detection-image.js";
import { PictureDataset, type SharedState } from "./picture-dataset.js";
import { PictureIndex } from "./picture-index.js";
import { announce } from "./presence.js";

/** A change of one picture's boxes. */
export type BoxesChange = FieldChange<ObjectDetectionImage, "boxes">;

/** A change of one picture's boxes, rejected boxes, flag or note; `change.field` tells which. */
export type DetectionChange = AnnotationChange<ObjectDetectionImage, Field>;

/** A box as callers may give it: what isn't said of the three flags is false. */
export type NewBox = Pick<ObjectBox, "label" | "xmin" | "ymin" | "xmax" | "ymax"> & Partial<ObjectBox>;

export interface DetectionOptions extends LoadOptions {
  /** The labels in the order in which they count as classes; objects of others are left out. By default all that are found, by code point. */
  labels?: readonly string[];
  /**
   * What becomes of pictures that no annotation file is about, and whose boxes nobody has drawn: "leaveOut" (the default: a training would
   * take them for pictures without objects), or "include", to annotate them.
   */
  unannotated?: "leaveOut" | "include";
  /** Where the journal of a folder that can't be written is kept; the global one by default. */
  context?: Context;
}

export interface CreateFromVocOptions extends DetectionOptions {
  /** Within the folder; "Annotations" by default. */
  annotationsDir?: string;
  /** Within the folder; "JPEGImages" by default. */
  imageSubdirectory?: string;
  /**
   * The number of the first pixel in the files: 0 as LabelImg and CVAT count, 1 as the PASCAL VOC challenge did. By default 1 for files
   * whose source is a "VOC2007 Database" or the like, else 0.
   */
  origin?: VocOrigin;
}

export interface CreateFromListOptions extends DetectionOptions {
  /** The folder of pictures, relative to the list; by default `images` beside it where there is one, else its own folder. */
  imagesDir?: string;
}

export interface CreateFromYoloOptions extends DetectionOptions {
  /** Which of the parts that `data.yaml` names; all by default. */
  subsets?: readonly YoloSubset[];
}

type Field = "boxes" | "rejectedBoxes" | "flag" | "note";

type Shared = SharedState<ObjectDetectionImage, Field>;

const LOAD_OPTIONS = ["labels", "unannotated", "context", "maxPixels", "concurrency", "signal", "onProgress", "check"];

/** Where the XML files of a data set are. */
interface VocHome {
  readonly annotations: string;
  /** The pictures' folder by its own name. */
  readonly folder: string;
  readonly origin: VocOrigin;
  /** By the path of the picture. */
  readonly sources: ReadonlyMap<string, string>;
}

let extend: typeof extendDetectionDataset;

export class ObjectDetectionDataset extends PictureDataset<ObjectDetectionImage, "boxes" | "rejectedBoxes"> {
  static {
    extend = (dataset, name, added) => {
      const { book, root } = dataset.shared;
      const images = added.map(({ facts, boxes }) => new ObjectDetectionImage(facts, { boxes }, () => book.labels.all));
      for (const image of images) book.enter(image, journalPath(image.storagePath, root));
      return new ObjectDetectionDataset(name, [...dataset.pictures, ...images], dataset.shared, [], dataset.#voc);
    };
  }

  readonly #voc: VocHome | undefined;

  private constructor(
    name: string,
    images: ObjectDetectionImage[],
    shared: Shared,
    problems: readonly DatasetProblem[],
    voc: VocHome | undefined,
  ) {
    super(name, images, shared, problems);
    this.#voc = voc;
  }

  /**
   * Reads a folder as Pascal VOC lays it out, and replays the changes that were made by hand before. What can't be read or can't be
   * right is in `problems`, with the reason.
   * @throws `MissingFile`, `InvalidDataset` (not one readable picture), `Stopped`
   */
  static async createFromDir(
    name: string,
    dir: string,
    options: CreateFromVocOptions = {},
  ): Promise<ObjectDetectionDataset> {
    knownOptions("createFromDir", options, [...LOAD_OPTIONS, "annotationsDir", "imageSubdirectory", "origin"]);
    const root = resolve(textOption("dir", dir));
    const annotationsDir = textOption("annotationsDir", options.annotationsDir ?? "Annotations");
    const imageSubdirectory = textOption("imageSubdirectory", options.imageSubdirectory ?? "JPEGImages");
    const folder = await readVocFolder(root, {
      annotationsDir,
      imageSubdirectory,
      origin: options.origin,
      signal: options.signal,
      mayLackAnnotations: options.unannotated === "include",
    });
    const sources = new Map(folder.pictures.flatMap(({ path, source }) => (source ? [[path, source] as const] : [])));
    const annotations = join(root, annotationsDir);
    const voc = { annotations, folder: basename(imageSubdirectory), origin: options.origin ?? (0 as const), sources };
    return ObjectDetectionDataset.#assemble(name, root, folder.pictures, folder.problems, options, voc);
  }

  /**
   * Reads a file in COCO's JSON, or a folder with `annotations.json`. A crowd is taken for a difficult object.
   * @throws `MissingFile`, `InvalidFile`, `InvalidDataset` (not one readable picture), `Stopped`
   */
  static createFromCoco(
    name: string,
    path: string,
    options: CreateFromListOptions = {},
  ): Promise<ObjectDetectionDataset> {
    return ObjectDetectionDataset.#fromList("createFromCoco", name, path, COCO, options);
  }

  /** The same for a table, or a folder with `annotations.csv`: columns filename, class, xmin, ymin, xmax, ymax. */
  static createFromCsv(
    name: string,
    path: string,
    options: CreateFromListOptions = {},
  ): Promise<ObjectDetectionDataset> {
    return ObjectDetectionDataset.#fromList("createFromCsv", name, path, CSV, options);
  }

  /** The same for JSON lines as `export` writes them, or a folder with `annotations.jsonl`. */
  static createFromJsonLines(
    name: string,
    path: string,
    options: CreateFromListOptions = {},
  ): Promise<ObjectDetectionDataset> {
    return ObjectDetectionDataset.#fromList("createFromJsonLines", name, path, JSON_LINES, options);
  }

  /**
   * Reads a folder as Ultralytics' YOLO lays it out, by its `data.yaml`. Outlines become their bounding boxes.
   * @throws `MissingFile`, `InvalidFile`, `InvalidDataset` (not one readable picture), `Stopped`
   */
  static async createFromYolo(
    name: string,
    path: string,
    options: CreateFromYoloOptions = {},
  ): Promise<ObjectDetectionDataset> {
    knownOptions("createFromYolo", options, [...LOAD_OPTIONS, "subsets"]);
    const subsets = options.subsets?.map((subset) =>
      choiceOption<YoloSubset>("subsets", subset, ["train", "val", "test"]),
    );
    const { root, labels, pictures, problems } = await readYoloFolder(textOption("path", path), subsets);
    return ObjectDetectionDataset.#assemble(name, root, pictures, problems, { labels, ...options });
  }

  static async #fromList(
    call: string,
    name: string,
    path: string,
    format: ListFormat,
    options: CreateFromListOptions,
  ): Promise<ObjectDetectionDataset> {
    knownOptions(call, options, [...LOAD_OPTIONS, "imagesDir"]);
    const { root, list, pictures, source } = await readListFolder(textOption("path", path), format, options.imagesDir);
    const labels = list.labels ? { labels: list.labels } : {};
    const boxed = pictures.map((picture) => ({ ...picture, source }));
    return ObjectDetectionDataset.#assemble(name, root, boxed, list.problems, { ...labels, ...options });
  }

  static async #assemble(
    name: string,
    root: string,
    pictures: readonly BoxedPicture[],
    before: readonly DatasetProblem[],
    options: DetectionOptions,
    voc?: VocHome,
  ): Promise<ObjectDetectionDataset> {
    const unannotated = choiceOption("unannotated", options.unannotated ?? "leaveOut", ["leaveOut", "include"]);
    const index = await PictureIndex.open(root, options.context);
    const { loaded, problems, check } = await loadBoxedPictures(pictures, options, index);
    const labels = options.labels ?? foundLabels(loaded.flatMap(({ boxes }) => boxes));
    const home = journalHome(root, options.context);
    const journals = home.journals.map((path) => new AnnotationJournal(path));
    const book = new AnnotationBook<ObjectDetectionImage, Field>(labels, journals, [
      "boxes",
      "rejectedBoxes",
      "flag",
      "note",
    ]);
    const all = loaded.map(({ facts, isAnnotated, boxes, flag, note }) => {
      const image = new ObjectDetectionImage(facts, { boxes, flag, note }, () => book.labels.all);
      book.enter(image, journalPath(facts.storagePath, root));
      return { image, isAnnotated };
    });
    book.refresh();
    const isDrawn = (image: ObjectDetectionImage) => book.historyOf(image).some(({ field }) => field === "boxes");
    const used = all.filter(({ image, isAnnotated }) => isAnnotated || unannotated === "include" || isDrawn(image));
    const kept = new Set(used);
    const bare = all.filter((each) => !kept.has(each)).map(({ image }) => unannotatedProblem(image));
    refuseNone(root, used.length, [...before, ...problems, ...bare]);
    announce(home.presence);
    check?.start();
    const { context, maxPixels } = options;
    const shared: Shared = { book, context, root, presence: home.presence, maxPixels, check };
    const images = used.map(({ image }) => image);
    return new ObjectDetectionDataset(textOption("name", name), images, shared, [...before, ...problems, ...bare], voc);
  }

  /**
   * Replaces a picture's boxes; an empty list says that there is no object in it. On disk before it returns.
   * @throws `UnknownLabel` (see `addLabel`), `InvalidOption` for a box that is not within the picture, `CannotWrite`; then nothing has
   * changed
   */
  changeBoxesForImage(image: ObjectDetectionImage | number, boxes: readonly NewBox[]): void {
    const picture = this.picture(image);
    const after = boxes.map((box, index) => wholeBox(box, picture, `boxes[${index}]`));
    this.change([{ image: picture, field: "boxes", after }]);
  }

  /** Gives each picture boxes of its own, as one change: all of them or none, undone at once. */
  changeBoxesOf(changes: ReadonlyMap<ObjectDetectionImage | number, readonly NewBox[]>): void {
    const wishes = [...changes].map(([image, boxes]) => {
      const picture = this.picture(image);
      const after = boxes.map((box, index) => wholeBox(box, picture, `boxes[${index}] of ${picture.name}`));
      return { image: picture, field: "boxes" as const, after };
    });
    this.change(wishes);
  }

  /** Says that there is no such object, as a detector has suggested it: kept, and undone, as a change of boxes is. */
  rejectBox(image: ObjectDetectionImage | number, box: NewBox): void {
    const picture = this.picture(image);
    const after = [...picture.rejectedBoxes, wholeBox(box, picture, "box")];
    this.change([{ image: picture, field: "rejectedBoxes", after }]);
  }

  /**
   * Writes the boxes of the pictures that were changed into their XML files, as LabelImg does, each whole or not at all; pictures
   * without one get one. From then on the files have the word again: what another program changes in them counts.
   * @returns how many files were written
   * @throws `NotReady` where the data set was not read from such files, `CannotWrite`
   */
  async saveAnnotations(): Promise<number> {
    const voc = this.#voc;
    if (!voc) {
      const reason = "the data set was not read from Pascal VOC's files; use export";
      throw new VitrineError("NotReady", { operation: "Saving annotations", reason });
    }
    const { book } = this.shared;
    book.refresh();
    const changed = this.pictures.filter((image) => !book.hasSavedBoxes(image));
    for (const { name, storagePath, width, height, boxes } of changed) {
      const path = voc.sources.get(storagePath) ?? join(voc.annotations, `${parse(name).name}.xml`);
      const text = writeVoc({ file: name, size: { width, height }, boxes }, voc.folder, voc.origin);
      await writeFileAtomic(path, text, "an annotation");
    }
    book.saved(changed);
    return changed.length;
  }

  getBoxesForImage(image: ObjectDetectionImage | number): readonly ObjectBox[] {
    return this.picture(image).boxes;
  }

  /** Objects a label, labels without one too, in the labels' order. */
  counts(): Map<string, number> {
    const counts = new Map(this.labels.map((label) => [label, 0]));
    for (const { boxes } of this.pictures) {
      for (const { label } of boxes) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    return counts;
  }

  /** Pictures, objects a label, and the boxes' widths and heights at seven percentiles. */
  printInfo(): void {
    process.stdout.write(`${detectionText(this)}\n`);
  }

  [Symbol.for("Jupyter.display")](): { [mime: string]: unknown } {
    return { "text/plain": detectionText(this), "text/html": detectionHtml(this) };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return detectionText(this);
  }

  protected override readonly kind = "boxes";

  /** A picture counts for the rarest of its labels: there most depends on where it goes. */
  protected override strata(pictures: readonly ObjectDetectionImage[]): string[] {
    const counts = this.counts();
    const rarity = (label: string) => counts.get(label) ?? 0;
    return pictures.map(({ boxes }) => {
      const labels = [...new Set(boxes.map(({ label }) => label))];
      return labels.sort((a, b) => rarity(a) - rarity(b) || byCodePoint(a, b))[0] ?? "";
    });
  }

  protected override part(name: string, images: ObjectDetectionImage[]): ObjectDetectionDataset {
    return new ObjectDetectionDataset(name, images, this.shared, [], this.#voc);
  }
}

/** A data set with more pictures, which shares labels, journal and undo with the one it came from. */
export function extendDetectionDataset(
  dataset: ObjectDetectionDataset,
  name: string,
  added: readonly { facts: ImageFacts; boxes: readonly ObjectBox[] }[],
): ObjectDetectionDataset {
  return extend(dataset, name, added);
}

function foundLabels(boxes: readonly ObjectBox[]): string[] {
  return [...new Set(boxes.map(({ label }) => label))].sort(byCodePoint);
}

function wholeBox(box: NewBox, picture: ObjectDetectionImage, option: string): ObjectBox {
  const { label, xmin, ymin, xmax, ymax, difficult = false, truncated = false, occluded = false } = box;
  const whole = { label: textOption(`${option}.label`, label), xmin, ymin, xmax, ymax, difficult, truncated, occluded };
  const inside = withinPicture(whole, picture);
  const isInside = [inside.xmin === xmin, inside.ymin === ymin, inside.xmax === xmax, inside.ymax === ymax].every(
    Boolean,
  );
  if (isInside && faultOf(whole, picture) === undefined) return whole;
  const expected = `a box with an area within the ${picture.width} × ${picture.height} pixels of ${picture.name}`;
  throw new VitrineError("InvalidOption", { option, expected, received: quote({ xmin, ymin, xmax, ymax }) });
}

const unannotatedProblem = ({ storagePath }: ObjectDetectionImage): DatasetProblem => ({
  path: storagePath,
  reason: 'no annotation file is about it; it was left out (to annotate it, load with { unannotated: "include" })',
});

function refuseNone(path: string, good: number, problems: readonly DatasetProblem[]): void {
  const first = problems[0];
  if (good > 0) return;
  const reason = first
    ? `it has no picture that can be used; ${problems.length} problems, the first is ${first.path}: ${first.reason}`
    : "there is no picture in it";
  throw new VitrineError("InvalidDataset", { path, reason });
}
