/**
 * What all data sets are: pictures about which people say things, with a journal of it, undo, flags, notes, and parts that share all
 * of this with the whole.
 */
import type { Context } from "../structures/context.js";
import { quote, VitrineError } from "../structures/errors.js";
import {
  booleanOption,
  choiceOption,
  integerOption,
  knownOptions,
  numberOption,
  textOption,
} from "../structures/options.js";
import {
  annotationsOf,
  type AnnotatedImage,
  type AnnotationField,
  type Annotations,
  type PictureFlag,
} from "./annotated-image.js";
import type { AnnotationBook, Wish } from "./annotation-book.js";
import type { AnnotationChange, AnnotationRecord } from "./annotation-change.js";
import type { DatasetProblem } from "./dataset-problem.js";
import type { WorkProgress } from "./background-work.js";
import type { PictureCheck } from "./picture-check.js";
import type { ListedPicture } from "./formats/annotation-list.js";
import { EXPORT_FORMATS, exportFolder, uniqueNames, type DatasetFormat } from "./formats/export-folder.js";
import { othersIn, type OtherUser } from "./presence.js";
import { stratifiedChoice } from "./split.js";

export interface ExportDatasetOptions {
  /** "folders" carries labels, "voc" and "yolo" boxes, "coco", "csv" and "jsonl" both. */
  format: DatasetFormat;
  /** Whether a folder that is there already is replaced as a whole; false by default. */
  overwrite?: boolean;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
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
export interface SharedState<I extends AnnotatedImage, F extends AnnotationField> {
  readonly book: AnnotationBook<I, F>;
  readonly context: Context | undefined;
  /** The folder that paths in the journal are relative to. */
  readonly root: string | undefined;
  /** Where processes say that they have the folder open. */
  readonly presence: string | undefined;
  readonly maxPixels: number | undefined;
  /** Looks in the background whether the pictures can be decoded; undefined where that is known. */
  readonly check: PictureCheck | undefined;
}

/** The fields that every picture has. */
export type CommonField = "flag" | "note";

/** Either kind of data set: a helper for both takes `<D extends PictureDataset>(dataset: D)`. */
export abstract class PictureDataset<
  I extends AnnotatedImage = AnnotatedImage,
  F extends AnnotationField = AnnotationField,
> {
  readonly name: string;
  protected readonly pictures: I[];
  protected readonly shared: SharedState<I, F | CommonField>;
  readonly #problems: readonly DatasetProblem[];
  /** The same pictures: a thousand of a hundred thousand are found at once. */
  #known = new Set<I>();

  protected constructor(
    name: string,
    pictures: I[],
    shared: SharedState<I, F | CommonField>,
    problems: readonly DatasetProblem[],
  ) {
    this.name = name;
    this.pictures = pictures;
    this.shared = shared;
    this.#problems = problems;
  }

  get images(): readonly I[] {
    return this.pictures;
  }

  /** In the order in which they count as classes. */
  get labels(): readonly string[] {
    return this.shared.book.labels.all;
  }

  /** What was left out, and why: pictures, frames of animations, annotations, lines of the journal. */
  get problems(): readonly DatasetProblem[] {
    return [...this.#problems, ...(this.shared.check?.problems ?? []), ...this.shared.book.problems];
  }

  /** Pictures of which nobody knows yet whether they can be decoded; see `createFromDir`'s option `check`. */
  get unchecked(): number {
    return this.shared.check?.left ?? 0;
  }

  /** Until every picture was decoded once; those that can't be are in `problems` then. */
  async whenChecked(): Promise<void> {
    await this.shared.check?.whenDone();
  }

  /** Called now and then while pictures are looked at in the background, and at the end. The function returned ends it. */
  onChecked(listener: (progress: WorkProgress) => void): () => void {
    return this.shared.check?.onProgress(listener) ?? (() => undefined);
  }

  /** Other notebooks that have the same folder open now. Their changes arrive by `refresh`, and before each of ours. */
  get sharedWith(): readonly OtherUser[] {
    return this.shared.presence === undefined ? [] : othersIn(this.shared.presence);
  }

  size(): number {
    return this.pictures.length;
  }

  /** A label that pictures or boxes may have from now on. */
  addLabel(label: string): void {
    this.shared.book.addLabel(textOption("label", label));
  }

  /**
   * Marks a picture as one to look at again, or to leave out; null takes the mark away. On disk before it returns.
   * @throws `CannotWrite` (then nothing has changed)
   */
  flagImage(image: I | number, flag: PictureFlag | null): void {
    this.flagImages([image], flag);
  }

  /** Marks pictures, as one change that is undone at once. */
  flagImages(images: readonly (I | number)[], flag: PictureFlag | null): void {
    const after = flag === null ? null : choiceOption("flag", flag, ["unsure", "skip"]);
    const unique = new Set(images.map((image) => this.picture(image)));
    this.change([...unique].map((image) => this.wish(image, "flag", after)));
  }

  flagOf(image: I | number): PictureFlag | null {
    return this.picture(image).flag;
  }

  /** Writes a note to a picture, "" takes it away. On disk before it returns. */
  noteImage(image: I | number, text: string): void {
    if (typeof text !== "string") {
      throw new VitrineError("InvalidOption", { option: "text", expected: "a text", received: quote(text) });
    }
    this.change([this.wish(image, "note", text)]);
  }

  noteOf(image: I | number): string {
    return this.picture(image).note;
  }

  /** Who changed what about a picture, and when, since the journal began; the oldest first. */
  historyOf(image: I | number): readonly AnnotationRecord<F | CommonField>[] {
    return this.shared.book.historyOf(this.picture(image));
  }

  /**
   * Takes the last change back, without limit; undefined where there is none. Where several were made at once, all of them are
   * taken back, and the last is returned. Shared with the parts of a split.
   */
  undo(): AnnotationChange<I, F | CommonField> | undefined {
    return this.shared.book.undo();
  }

  redo(): AnnotationChange<I, F | CommonField> | undefined {
    return this.shared.book.redo();
  }

  get canUndo(): boolean {
    return this.shared.book.canUndo;
  }

  get canRedo(): boolean {
    return this.shared.book.canRedo;
  }

  /** Takes in the changes that other notebooks on the same folder have made since. */
  refresh(): readonly AnnotationChange<I, F | CommonField>[] {
    return this.shared.book.refresh();
  }

  /** Called after each change, also of pictures in another part of a split. The function returned ends it. */
  onChange(listener: (change: AnnotationChange<I, F | CommonField>) => void): () => void {
    return this.shared.book.onChange(listener);
  }

  /**
   * Two parts, without overlap and with nothing left out but pictures that turned out to be unreadable, each in this data set's order.
   * They share its pictures, labels, journal and undo.
   * @throws `InvalidOption` where a part would be empty
   */
  split(options: SplitOptions): [this, this] {
    knownOptions("split", options, ["trainSize", "stratify", "seed"]);
    const pictures = this.usable();
    const count = trainCount(options.trainSize, pictures.length);
    const stratify = choiceOption("stratify", options.stratify ?? "label", ["label", "none"]);
    const seed = integerOption("seed", options.seed ?? 1, Number.MIN_SAFE_INTEGER);
    const strata = stratify === "label" ? this.strata(pictures) : pictures.map(() => "");
    const chosen = stratifiedChoice(strata, count, seed);
    const part = (name: string, side: boolean) => {
      const images = pictures.filter((_, index) => chosen[index] === side);
      return this.part(`${this.name} (${name})`, images) as this;
    };
    return [part("train", true), part("test", false)];
  }

  /**
   * Some of the pictures as a data set of its own, which shares them, their labels, journal and undo with this one. Files stay.
   * `dataset.filter(({ flag }) => flag !== "skip")`
   */
  filter(keeps: (image: I, index: number) => boolean, name = `${this.name} (some)`): this {
    if (typeof keeps !== "function") {
      const expected = "a function that says of a picture whether it stays";
      throw new VitrineError("InvalidOption", { option: "keeps", expected, received: quote(keeps) });
    }
    return this.part(textOption("name", name), this.pictures.filter(keeps)) as this;
  }

  /**
   * Writes the pictures and what is said about them as a folder for other programs. It appears whole or not at all. What each format
   * carries is in docs/data.md.
   * @throws `InvalidDataset` where the format can't carry it, `CannotWrite`, `MissingFile` where a picture is gone, `Stopped`
   */
  async export(dir: string, options: ExportDatasetOptions): Promise<void> {
    knownOptions("export", options, ["format", "overwrite", "signal", "onProgress"]);
    const format = choiceOption("format", options.format, EXPORT_FORMATS);
    const overwrite = booleanOption("overwrite", options.overwrite ?? false);
    const { signal, onProgress } = options;
    await this.whenChecked();
    const usable = this.usable();
    const files = uniqueNames(usable.map(({ name }) => name));
    const pictures = usable.map((image, index) => {
      const { labels, boxes, flag, note } = annotationsOf(image);
      const size = { width: image.width, height: image.height };
      const said = { labels: [...labels], boxes: [...boxes], flag, note };
      return { file: files[index] ?? image.name, size, ...said, ...this.beyond(image) };
    });
    const list = { name: this.name, kind: this.kind, labels: this.labels, pictures };
    const sources = usable.map(({ storagePath }) => storagePath);
    await exportFolder(textOption("dir", dir), format, { list, sources }, { overwrite, signal, onProgress });
  }

  /** What an export knows of a picture besides. */
  protected beyond(_image: I): Partial<Pick<ListedPicture, "outlines">> {
    return {};
  }

  /** What pictures of this kind have. */
  protected abstract readonly kind: "labels" | "boxes";

  /** One key a picture: those with the same key are spread over the parts of a split in proportion. */
  protected abstract strata(pictures: readonly I[]): string[];

  /** Some of the pictures as a data set of the same kind. */
  protected abstract part(name: string, images: I[]): PictureDataset<I, F>;

  /** Without those that turned out to be unreadable once they were looked at. */
  private usable(): readonly I[] {
    return this.pictures.filter(({ problem }) => problem === undefined);
  }

  protected change(wishes: readonly Wish<I, F | CommonField>[]): void {
    this.shared.book.set(wishes);
  }

  private wish<K extends CommonField>(image: I | number, field: K, after: Annotations[K]): Wish<I, F | CommonField> {
    // TypeScript can't see that a field of every picture is one of these pictures' while F is open.
    return { image: this.picture(image), field, after } as unknown as Wish<I, F | CommonField>;
  }

  /** @throws `InvalidOption` for a picture of another data set */
  protected picture(image: I | number): I {
    const found =
      typeof image === "number" ? this.pictures[integerOption("image", image, 0, this.size() - 1)] : this.#own(image);
    if (found) return found;
    const received = quote((image as { name?: unknown } | null)?.name ?? image);
    throw new VitrineError("InvalidOption", { option: "image", expected: "a picture of this data set", received });
  }

  #own(image: I): I | undefined {
    if (this.#known.size !== this.pictures.length) this.#known = new Set(this.pictures);
    return this.#known.has(image) ? image : undefined;
  }
}

function trainCount(trainSize: number, size: number): number {
  const isShare = numberOption("trainSize", trainSize, 0) < 1;
  const count = isShare ? Math.floor(trainSize * size + 1e-9) : trainSize;
  if (Number.isInteger(count) && count > 0 && count < size) return count;
  const expected = isShare
    ? `a share that leaves pictures in both parts of ${size}`
    : `a share below 1 or an integer between 1 and ${Math.max(1, size - 1)}`;
  throw new VitrineError("InvalidOption", { option: "trainSize", expected, received: String(trainSize) });
}
