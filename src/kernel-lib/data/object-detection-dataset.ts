/**
 * Pictures with boxes around objects: read from annotation files, corrected by hand, split, counted.
 *
 * What a person corrects is on the object at once and in a journal on disk before the call returns; loading the same folder
 * again brings it back. Annotation files are touched by `saveAnnotations` alone, pictures never.
 */
import { basename, join, resolve } from "node:path";
import { VitrineError } from "../structures/errors.js";
import type { ObjectBox } from "../structures/object-box.js";
import { choiceOption, givenOption, knownOptions, textOption } from "../structures/options.js";
import type { Wish } from "./annotation-book.js";
import type { AnnotationChange, FieldChange } from "./annotation-change.js";
import type { WorkProgress } from "./background-work.js";
import { openBoxedPictures, type DetectionField, type DetectionState } from "./boxed-pictures.js";
import type { DatasetProblem } from "./dataset-problem.js";
import { detectionHtml, detectionText } from "./detection-info.js";
import {
  DETECTION_OPTIONS,
  type CreateFromListOptions,
  type CreateFromVocOptions,
  type CreateFromYoloOptions,
  type NewBox,
} from "./detection-options.js";
import type { ListedPicture } from "./formats/annotation-list.js";
import type { BoxedPicture } from "./formats/boxed-picture.js";
import { givenBox, givenBoxes } from "./given-box.js";
import { COCO, CSV, JSON_LINES, readListFolder, type ListFormat } from "./formats/list-folder.js";
import { readVocFolder } from "./formats/voc-folder.js";
import { VocIndex } from "./formats/voc-index.js";
import type { YoloSubset } from "./formats/yolo.js";
import { readYoloFolder } from "./formats/yolo-folder.js";
import type { ImageFacts } from "./image-facts.js";
import { byCodePoint } from "./natural-order.js";
import { cocoOutlinesOf, ObjectDetectionImage } from "./object-detection-image.js";
import { PictureDataset } from "./picture-dataset.js";
import { writeVocFiles, type VocHome } from "./voc-home.js";

/** A change of one picture's boxes. */
export type BoxesChange = FieldChange<ObjectDetectionImage, "boxes">;

/** A change of one picture's boxes, rejected boxes, flag or note; `change.field` tells which. */
export type DetectionChange = AnnotationChange<ObjectDetectionImage, DetectionField>;

let extend: typeof extendDetectionDataset;

/**
 * Pictures with boxes around objects: read from annotation files, corrected by hand, split, counted.
 *
 * ```ts
 * const boxes = await ObjectDetectionDataset.createFromDir("fridge", "sample_data/fridge/train");
 * new AnnotationUI(boxes)
 * ```
 */
export class ObjectDetectionDataset extends PictureDataset<ObjectDetectionImage, "boxes" | "rejectedBoxes"> {
  static {
    extend = (dataset, name, added) => {
      const { book } = dataset.shared;
      const images = added.map(({ facts, boxes }) => new ObjectDetectionImage(facts, { boxes }, () => book.labels.all));
      for (const image of images) book.enter(image);
      return new ObjectDetectionDataset(name, [...dataset.pictures, ...images], dataset.shared, [], dataset.#voc);
    };
  }

  declare protected readonly shared: DetectionState;
  readonly #voc: VocHome | undefined;

  private constructor(
    name: string,
    images: ObjectDetectionImage[],
    shared: DetectionState,
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
    knownOptions("createFromDir", options, [...DETECTION_OPTIONS, "annotationsDir", "imageSubdirectory", "origin"]);
    const root = resolve(textOption("dir", dir));
    const annotationsDir = textOption("annotationsDir", options.annotationsDir ?? "Annotations");
    const imageSubdirectory = textOption("imageSubdirectory", options.imageSubdirectory ?? "JPEGImages");
    const index = new VocIndex(root, options.context, options.origin);
    const folder = await readVocFolder(root, index, {
      annotationsDir,
      imageSubdirectory,
      signal: options.signal,
      mayLackAnnotations: options.unannotated === "include",
    });
    const sources = new Map(folder.pictures.flatMap(({ path, source }) => (source ? [[path, source] as const] : [])));
    const annotations = join(root, annotationsDir);
    const voc = {
      annotations,
      folder: basename(join(root, imageSubdirectory)),
      origin: options.origin ?? (0 as const),
      sources,
    };
    const opened = await openBoxedPictures(root, folder.pictures, folder.problems, options, () => index.save());
    index.isPutOff = false;
    return ObjectDetectionDataset.#of(name, opened, voc);
  }

  /**
   * Reads a file in COCO's JSON, or a folder with `annotations.json`. A crowd is a difficult object with `crowd`; outlines and masks stay with
   * boxes that nobody changes, and `export` writes them again.
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
    knownOptions("createFromYolo", options, [...DETECTION_OPTIONS, "subsets"]);
    const subsets = options.subsets && givenOption("subsets", options.subsets, ["map"], "a list").map(asSubset);
    const { root, labels, pictures, problems } = await readYoloFolder(textOption("path", path), subsets);
    const opened = await openBoxedPictures(root, pictures, problems, { labels, ...options });
    return ObjectDetectionDataset.#of(name, opened);
  }

  static async #fromList(
    call: string,
    name: string,
    path: string,
    format: ListFormat,
    options: CreateFromListOptions,
  ): Promise<ObjectDetectionDataset> {
    knownOptions(call, options, [...DETECTION_OPTIONS, "imagesDir"]);
    const { root, list, pictures, source } = await readListFolder(textOption("path", path), format, options.imagesDir);
    const labels = list.labels ? { labels: list.labels } : {};
    const boxed = pictures.map(({ path: file, size, boxes, flag, note, outlines }): BoxedPicture => {
      return { path: file, source, said: { size, boxes, problems: [] }, flag, note, outlines };
    });
    refuseShares(pictures, source);
    const problems = [...list.problems, ...withoutBoxes(pictures, source)];
    const opened = await openBoxedPictures(root, boxed, problems, { ...labels, ...options });
    return ObjectDetectionDataset.#of(name, opened);
  }

  static #of(
    name: string,
    { images, shared, problems }: Awaited<ReturnType<typeof openBoxedPictures>>,
    voc?: VocHome,
  ): ObjectDetectionDataset {
    return new ObjectDetectionDataset(textOption("name", name), images, shared, problems, voc);
  }

  /** In the order in which they count as classes. Annotation files that nobody has read yet are read first, where they may have others. */
  override get labels(): readonly string[] {
    if (this.shared.mayFindLabels) this.shared.reading?.readNow();
    return super.labels;
  }

  /** The labels that were found so far. */
  get labelsSoFar(): readonly string[] {
    return super.labels;
  }

  override get problems(): readonly DatasetProblem[] {
    return [...super.problems, ...(this.shared.reading?.problems ?? [])];
  }

  /** Annotation files that nobody has read yet. Who asks for a picture's boxes, for labels or for counts gets them read at once. */
  get unread(): number {
    return this.shared.reading?.left ?? 0;
  }

  /** Until every annotation file was read and every picture decoded once; what is wrong with them is in `problems` then. */
  override async whenChecked(): Promise<void> {
    await this.shared.reading?.whenDone();
    await super.whenChecked();
  }

  override onChecked(listener: (progress: WorkProgress) => void): () => void {
    const endings = [this.shared.reading?.onProgress(listener), super.onChecked(listener)];
    return () => endings.forEach((end) => end?.());
  }

  /**
   * Replaces a picture's boxes; an empty list says that there is no object in it. On disk before it returns.
   * @throws `UnknownLabel` (see `addLabel`), `InvalidOption` for a box that is not within the picture, `CannotWrite`; then nothing has
   * changed
   */
  changeBoxesForImage(image: ObjectDetectionImage | number, boxes: readonly NewBox[]): void {
    const picture = this.picture(image);
    this.change([{ image: picture, field: "boxes", after: givenBoxes(boxes, picture) }]);
  }

  /** Gives each picture boxes of its own, as one change: all of them or none, undone at once. */
  changeBoxesOf(changes: ReadonlyMap<ObjectDetectionImage | number, readonly NewBox[]>): void {
    const wishes = [...changes].map(([image, boxes]) => {
      const picture = this.picture(image);
      return {
        image: picture,
        field: "boxes" as const,
        after: givenBoxes(boxes, picture, `the boxes of ${picture.name}`),
      };
    });
    this.change(wishes);
  }

  /** Says that there is no such object, as a detector has suggested it: kept, and undone, as a change of boxes is. */
  rejectBox(image: ObjectDetectionImage | number, box: NewBox): void {
    const picture = this.picture(image);
    const after = [...picture.rejectedBoxes, givenBox(box, picture, "box")];
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
    await writeVocFiles(voc, changed);
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

  protected override beyond(image: ObjectDetectionImage): Partial<Pick<ListedPicture, "outlines">> {
    return { outlines: cocoOutlinesOf(image) };
  }

  /** A label that is not known may stand in a file that nobody has read yet. */
  protected override change(wishes: readonly Wish<ObjectDetectionImage, DetectionField>[]): void {
    const { book, mayFindLabels, reading } = this.shared;
    const isKnown = ({ label }: ObjectBox) => book.labels.has(label);
    if (mayFindLabels && !wishes.every(({ field, after }) => field !== "boxes" || after.every(isKnown)))
      reading?.readNow();
    super.change(wishes);
  }

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

const asSubset = (subset: unknown) => choiceOption<YoloSubset>("subsets", subset, ["train", "val", "test"]);

/** Boxes all within a pixel are shares of the picture, as some tables have them: no such object was ever drawn. */
function refuseShares(pictures: readonly ListedPicture[], path: string): void {
  const boxes = pictures.flatMap(({ boxes: own }) => own);
  const isShare = ({ xmin, ymin, xmax, ymax }: ObjectBox) => Math.min(xmin, ymin) >= 0 && Math.max(xmax, ymax) <= 1;
  const [first] = boxes;
  if (!first || !boxes.every(isShare)) return;
  const { xmin, ymin, xmax, ymax } = first;
  const received = `shares of the picture's sides, ${[xmin, ymin, xmax, ymax].join(", ")} the first; multiply them by width and height`;
  throw new VitrineError("InvalidFile", { path, where: "the boxes", expected: "pixels", received });
}

/** A list may say what is in a picture, but not where. */
function withoutBoxes(pictures: readonly ListedPicture[], path: string): DatasetProblem[] {
  const count = pictures.reduce((sum, { labels }) => sum + labels.length, 0);
  if (count === 0) return [];
  const reason = `${count === 1 ? "1 label without a box was" : `${count} labels without a box were`} left out`;
  return [{ path, reason: `${reason}; ClassificationDataset reads those` }];
}
