/**
 * Pictures with boxes as a data set has them: those that can be used, with the journal of what people have said, and the work that is left
 * for the background.
 *
 * Architecture
 * - Few annotation files are read before the data set is there; what they make impossible is left out.
 * - Of many, the first are, so that their labels are known; each other is read when somebody asks for its boxes, and all of them in
 *   the background. Whoever asks gets what the file says, and waits for no more than this one file.
 */
import type { Context } from "../structures/context.js";
import { VitrineError } from "../structures/errors.js";
import { effectiveSignal } from "../structures/interrupt.js";
import { choiceOption } from "../structures/options.js";
import { annotationsOf } from "./annotated-image.js";
import { AnnotationBook } from "./annotation-book.js";
import { AnnotationJournal } from "./annotation-journal.js";
import { BoxReading } from "./box-reading.js";
import type { DatasetProblem } from "./dataset-problem.js";
import type { DetectionOptions } from "./detection-options.js";
import { BoxReader, loadBoxedPictures, type BoxedPicture } from "./formats/boxed-picture.js";
import type { ImageFacts } from "./image-facts.js";
import { journalHome } from "./journal-home.js";
import { byCodePoint } from "./natural-order.js";
import { ObjectDetectionImage } from "./object-detection-image.js";
import type { SharedState } from "./picture-dataset.js";
import { PictureIndex } from "./picture-index.js";
import { announce } from "./presence.js";
import { UnreadBoxes, type ReadBoxes } from "./unread-boxes.js";

export type DetectionField = "boxes" | "rejectedBoxes" | "flag" | "note";

export interface DetectionState extends SharedState<ObjectDetectionImage, DetectionField> {
  /** Undefined where every annotation file was read. */
  readonly reading: BoxReading | undefined;
  /** Whether a label may turn up that is not known yet. */
  readonly mayFindLabels: boolean;
}

const FIELDS: readonly DetectionField[] = ["boxes", "rejectedBoxes", "flag", "note"];

/** More than that are read behind the caller's back. */
const MOST_BEFORE = 2000;
/** Of those so many before: a few hundred pictures have nearly every label. */
const FIRST = 256;

interface Opened {
  images: ObjectDetectionImage[];
  shared: DetectionState;
  problems: DatasetProblem[];
}

/**
 * @param before what was found wrong so far
 * @param keep keeps what reading the files has found
 * @throws `InvalidDataset` where there is not one picture that can be used, `Stopped`
 */
export async function openBoxedPictures(
  root: string,
  pictures: readonly BoxedPicture[],
  before: readonly DatasetProblem[],
  options: DetectionOptions,
  keep: () => Promise<void> = () => Promise.resolve(),
): Promise<Opened> {
  const unannotated = choiceOption("unannotated", options.unannotated ?? "leaveOut", ["leaveOut", "include"]);
  const index = await PictureIndex.open(root, options.context);
  const { loaded, problems, check } = await loadBoxedPictures(pictures, options, index);
  const opening = new Opening(options.labels, unannotated === "include");
  const candidates = loaded.map(({ picture, facts }) => new Candidate(picture, facts, opening));
  await readFirst(candidates, options);
  const book = opening.openBook(root, candidates, options.context);
  const found = [...before, ...problems, ...opening.problems.splice(0)];
  const { used, bare } = opening.sorted(candidates);
  for (const image of bare) found.push(unannotatedProblem(image));
  refuseNone(root, used.length, found);
  const unread = used.filter(({ isRead }) => !isRead);
  const reading = unread.length > 0 ? new BoxReading(unread, opening.problems, keep) : undefined;
  if (!reading) await keep();
  const { presence } = journalHome(root, options.context);
  announce(presence);
  reading?.start();
  check?.start(reading);
  const { context, maxPixels, labels } = options;
  const shared = { book, context, root, presence, maxPixels, check, reading, mayFindLabels: labels === undefined };
  return { images: used, shared, problems: found };
}

/** The boxes of all where they are few, and of many those of the first. */
async function readFirst(
  candidates: readonly Candidate[],
  { check, labels, signal: given }: DetectionOptions,
): Promise<void> {
  const signal = effectiveSignal(given);
  const areAll = check === "before" || (check === undefined && candidates.length <= MOST_BEFORE);
  const areSome = check === undefined && labels === undefined;
  const first = areAll ? candidates : areSome ? candidates.slice(0, FIRST) : [];
  for (const [at, { image }] of first.entries()) {
    if (at % 64 === 63) await pause(signal);
    annotationsOf(image);
  }
}

type Book = AnnotationBook<ObjectDetectionImage, DetectionField>;

/** A picture that may be one of the data set's. */
class Candidate extends UnreadBoxes {
  readonly image: ObjectDetectionImage;
  /** What reading its file has found. */
  found: ReadBoxes | undefined = undefined;
  private readonly picture: BoxedPicture;
  private readonly facts: ImageFacts;
  private readonly opening: Opening;

  constructor(picture: BoxedPicture, facts: ImageFacts, opening: Opening) {
    super();
    this.picture = picture;
    this.facts = facts;
    this.opening = opening;
    this.image = new ObjectDetectionImage(facts, picture, opening.labels, this);
  }

  get isAnnotated(): boolean {
    return this.picture.source !== undefined && this.found?.unreadable === undefined;
  }

  override read(): ReadBoxes | undefined {
    this.found = this.opening.judged(this.opening.reader.read(this.picture, this.facts), this.image);
    return this.found;
  }

  override tell({ boxes }: ReadBoxes): void {
    this.opening.book?.learnBoxes(this.image, boxes);
  }
}

/** What the pictures of a folder have in common while it is opened, and afterwards while their files are read. */
class Opening {
  /** What was found wrong in files since this was last emptied. */
  readonly problems: DatasetProblem[] = [];
  readonly reader: BoxReader;
  book: Book | undefined;
  private readonly given: readonly string[] | undefined;
  private readonly includesBare: boolean;

  constructor(labels: readonly string[] | undefined, includesBare: boolean) {
    this.given = labels;
    this.includesBare = includesBare;
    this.reader = new BoxReader(labels, (problem) => this.problems.push(problem));
  }

  readonly labels = (): readonly string[] => this.book?.labels.all ?? [];

  /** The journal of the folder, replayed on the pictures. */
  openBook(root: string, candidates: readonly Candidate[], context: Context | undefined): Book {
    const usable = candidates.filter(({ found }) => found?.fault === undefined);
    const home = journalHome(root, context);
    const journals = home.journals.map((path) => new AnnotationJournal(path));
    const book: Book = new AnnotationBook(this.given ?? labelsOf(usable), journals, FIELDS, root);
    this.book = book;
    for (const { image } of usable) book.enter(image);
    book.refresh();
    return book;
  }

  /** The pictures that are used, and those that nobody has said anything about. */
  sorted(candidates: readonly Candidate[]): { used: ObjectDetectionImage[]; bare: ObjectDetectionImage[] } {
    const [used, bare]: [ObjectDetectionImage[], ObjectDetectionImage[]] = [[], []];
    for (const { image, isAnnotated, found } of candidates) {
      if (found?.fault !== undefined) continue;
      (isAnnotated || this.includesBare || this.isDrawn(image) ? used : bare).push(image);
    }
    return { used, bare };
  }

  /** A picture whose file can't be read is one that no file is about. In an opened data set that can only be a fault of the picture. */
  judged(found: ReadBoxes | undefined, image: ObjectDetectionImage): ReadBoxes | undefined {
    if (found?.unreadable === undefined || !this.book || this.includesBare || this.isDrawn(image)) return found;
    return { ...found, fault: found.unreadable };
  }

  private isDrawn(image: ObjectDetectionImage): boolean {
    return this.book?.historyOf(image).some(({ field }) => field === "boxes") ?? false;
  }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted)
    throw new VitrineError("Stopped", { operation: "Reading the annotations", kept: "nothing is kept" });
}

/** Of those that were read. */
function labelsOf(candidates: readonly Candidate[]): string[] {
  const labels = new Set<string>();
  for (const { found } of candidates) for (const { label } of found?.boxes ?? []) labels.add(label);
  return [...labels].sort(byCodePoint);
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
