/** One picture of a data set: where it lies, how big it is, and what people have said about it. */
import type { ObjectBox } from "../structures/object-box.js";
import type { ImageFacts } from "./image-facts.js";
import { UncheckedFacts } from "./unchecked-facts.js";

/** "unsure" asks for another look, "skip" for the picture to be left out. */
export type PictureFlag = "unsure" | "skip";

/** Everything that people say about a picture. A data set of one kind uses labels, of the other boxes. */
export interface Annotations {
  labels: readonly string[];
  boxes: readonly ObjectBox[];
  flag: PictureFlag | null;
  /** Free text, "" for none. */
  note: string;
  /** Labels that a model suggested and a person would not have. */
  rejectedLabels: readonly string[];
  /** Boxes that a detector suggested and a person would not have. */
  rejectedBoxes: readonly ObjectBox[];
}

export type AnnotationField = keyof Annotations;

const NOTHING: Annotations = { labels: [], boxes: [], flag: null, note: "", rejectedLabels: [], rejectedBoxes: [] };

let read: (image: AnnotatedImage) => Annotations;
let assign: (image: AnnotatedImage, part: Partial<Annotations>) => void;
let unchecked: (image: AnnotatedImage) => UncheckedFacts | undefined;

export abstract class AnnotatedImage {
  readonly name: string;
  readonly storagePath: string;
  readonly #facts: ImageFacts;
  #annotations: Annotations;

  static {
    unchecked = (image) => (image.#facts instanceof UncheckedFacts ? image.#facts : undefined);
    read = (image) => image.#annotations;
    assign = (image, part) => (image.#annotations = withPart(image.#annotations, part));
  }

  constructor(facts: ImageFacts, annotations: Partial<Annotations>) {
    this.name = facts.name;
    this.storagePath = facts.storagePath;
    this.#facts = facts;
    this.#annotations = withPart(NOTHING, annotations);
  }

  /** The first 16 hex digits of the SHA-256 of the file: the same on every machine, and for two copies of one file. */
  get storageId(): string {
    return this.#facts.storageId;
  }

  /** In pixels, as displayed: after EXIF orientation. */
  get width(): number {
    return this.#facts.width;
  }

  get height(): number {
    return this.#facts.height;
  }

  /** Whether somebody wanted another look at it, or wanted it left out. Changed through the data set. */
  get flag(): PictureFlag | null {
    return this.#annotations.flag;
  }

  /** What somebody wrote about it, "" for nothing. Changed through the data set. */
  get note(): string {
    return this.#annotations.note;
  }

  protected facts(): ImageFacts {
    const { name, storageId, storagePath, width, height } = this;
    return { name, storageId, storagePath, width, height };
  }
}

/** For this room alone. */
export function annotationsOf(image: AnnotatedImage): Annotations {
  return read(image);
}

/** The facts of a picture that was not decoded when the data set was made; for this room alone. */
export function uncheckedFactsOf(image: AnnotatedImage): UncheckedFacts | undefined {
  return unchecked(image);
}

/** For the annotation book alone: every other change would miss the journal. */
export function assignAnnotations(image: AnnotatedImage, part: Partial<Annotations>): void {
  assign(image, part);
}

/** Field by field, and what is frozen is not copied: it is done for each of 100,000 pictures. */
function withPart(before: Annotations, part: Partial<Annotations>): Annotations {
  const { labels, boxes, flag, note, rejectedLabels, rejectedBoxes } = part;
  return {
    labels: labels ? frozen(labels) : before.labels,
    boxes: boxes ? frozenBoxes(boxes) : before.boxes,
    flag: flag === undefined ? before.flag : flag,
    note: note ?? before.note,
    rejectedLabels: rejectedLabels ? frozen(rejectedLabels) : before.rejectedLabels,
    rejectedBoxes: rejectedBoxes ? frozenBoxes(rejectedBoxes) : before.rejectedBoxes,
  };
}

const frozen = (labels: readonly string[]) => (Object.isFrozen(labels) ? labels : Object.freeze([...labels]));

const frozenBoxes = (boxes: readonly ObjectBox[]) => Object.freeze(boxes.map((box) => Object.freeze({ ...box })));
