/**
 * Pictures with boxes around objects: read from annotation files, corrected by hand, split, counted.
 *
 * What a person corrects is on the object at once and in a journal on disk before the call returns; loading the same folder
 * again brings it back. Annotation files are touched by `saveAnnotations` alone, pictures never.
 */
import { resolve } from "node:path";
import type { Context } from "../structures/context.js";
import { quote, VitrineError } from "../structures/errors.js";
import type { ObjectBox } from "../structures/object-box.js";
import { choiceOption, knownOptions, textOption } from "../structures/options.js";
import { AnnotationBook } from "./annotation-book.js";
import type { AnnotationChange, FieldChange } from "./annotation-change.js";
import { AnnotationJournal } from "./annotation-journal.js";
import { detectionHtml, detectionText } from "./detection-info.js";
import type { DatasetProblem } from "./dataset-problem.js";
import { faultOf, withinPicture } from "./formats/box-check.js";
import { loadBoxedPictures, type BoxedPicture } from "./formats/boxed-picture.js";
import type { VocOrigin } from "./formats/voc-annotation.js";
import { readVocFolder } from "./formats/voc-folder.js";
import { journalHome, journalPath } from "./journal-home.js";
import type { LoadOptions } from "./load-images.js";
import { byCodePoint } from "./natural-order.js";
import { ObjectDetectionImage } from "./object-detection-image.js";
import { PictureDataset, type SharedState } from "./picture-dataset.js";
import { announce } from "./presence.js";

/** A change of one picture's boxes. */
export type BoxesChange = FieldChange<ObjectDetectionImage, "boxes">;

/** A change of one picture's boxes, flag or note; `change.field` tells which. */
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

type Field = "boxes" | "flag" | "note";

type Shared = SharedState<ObjectDetectionImage, Field>;

const LOAD_OPTIONS = ["labels", "unannotated", "context", "maxPixels", "concurrency", "signal", "onProgress"];

export class ObjectDetectionDataset extends PictureDataset<ObjectDetectionImage, "boxes"> {
  private constructor(
    name: string,
    images: ObjectDetectionImage[],
    shared: Shared,
    problems: readonly DatasetProblem[],
  ) {
    super(name, images, shared, problems);
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
    const folder = await readVocFolder(root, {
      annotationsDir: textOption("annotationsDir", options.annotationsDir ?? "Annotations"),
      imageSubdirectory: textOption("imageSubdirectory", options.imageSubdirectory ?? "JPEGImages"),
      origin: options.origin,
      signal: options.signal,
      mayLackAnnotations: options.unannotated === "include",
    });
    return ObjectDetectionDataset.#assemble(name, root, folder.pictures, folder.problems, options);
  }

  static async #assemble(
    name: string,
    root: string,
    pictures: readonly BoxedPicture[],
    before: readonly DatasetProblem[],
    options: DetectionOptions,
  ): Promise<ObjectDetectionDataset> {
    const unannotated = choiceOption("unannotated", options.unannotated ?? "leaveOut", ["leaveOut", "include"]);
    const { loaded, problems } = await loadBoxedPictures(pictures, options);
    const labels = options.labels ?? foundLabels(loaded.flatMap(({ boxes }) => boxes));
    const home = journalHome(root, options.context);
    const journals = home.journals.map((path) => new AnnotationJournal(path));
    const book = new AnnotationBook<ObjectDetectionImage, Field>(labels, journals, ["boxes", "flag", "note"]);
    const all = loaded.map(({ facts, boxes, isAnnotated }) => {
      const image = new ObjectDetectionImage(facts, boxes, () => book.labels.all);
      book.enter(image, journalPath(facts.storagePath, root));
      return { image, isAnnotated };
    });
    book.refresh();
    const isDrawn = (image: ObjectDetectionImage) => book.historyOf(image).some(({ field }) => field === "boxes");
    const used = all.filter(({ image, isAnnotated }) => isAnnotated || unannotated === "include" || isDrawn(image));
    const bare = all.filter((each) => !used.includes(each)).map(({ image }) => unannotatedProblem(image));
    refuseNone(root, used.length, [...before, ...problems, ...bare]);
    announce(home.presence);
    const { context, maxPixels } = options;
    const shared: Shared = { book, context, root, presence: home.presence, maxPixels };
    const images = used.map(({ image }) => image);
    return new ObjectDetectionDataset(textOption("name", name), images, shared, [...before, ...problems, ...bare]);
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

  /** A picture counts for the rarest of its labels: there most depends on where it goes. */
  protected override strata(): string[] {
    const counts = this.counts();
    const rarity = (label: string) => counts.get(label) ?? 0;
    return this.pictures.map(({ boxes }) => {
      const labels = [...new Set(boxes.map(({ label }) => label))];
      return labels.sort((a, b) => rarity(a) - rarity(b) || byCodePoint(a, b))[0] ?? "";
    });
  }

  protected override part(name: string, images: ObjectDetectionImage[]): ObjectDetectionDataset {
    return new ObjectDetectionDataset(name, images, this.shared, []);
  }
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
