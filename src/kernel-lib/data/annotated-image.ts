/** One picture of a data set: where it lies, how big it is, and what people have said about it. */
import type { ObjectBox } from "../structures/object-box.js";
import type { ImageFacts } from "./image-facts.js";
import { UncheckedFacts } from "./unchecked-facts.js";
import type { UnreadBoxes } from "./unread-boxes.js";

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
let unread: (image: AnnotatedImage) => UnreadBoxes | undefined;

export abstract class AnnotatedImage {
  readonly name: string;
  readonly storagePath: string;
  readonly #facts: ImageFacts;
  #annotations: Annotations;
  /** Until they were read. */
  #unread: UnreadBoxes | undefined;
  #fault: string | undefined;

  static {
    unchecked = (image) => (image.#facts instanceof UncheckedFacts ? image.#facts : undefined);
    unread = (image) => image.#unread;
    read = (image) => {
      if (image.#unread) image.#readBoxes(image.#unread);
      return image.#annotations;
    };
    assign = (image, part) => {
      if (image.#unread && part.boxes) image.#unread.areReplaced = true;
      image.#annotations = withPart(image.#annotations, part);
    };
  }

  /** @param boxes read when somebody asks for the picture's boxes for the first time */
  constructor(facts: ImageFacts, annotations: Partial<Annotations>, boxes?: UnreadBoxes) {
    this.#unread = boxes;
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

  /** Why it can't be used, where that was found out after the data set was opened: its file can't be read, or its boxes can't be its. */
  get problem(): string | undefined {
    return this.#fault ?? unchecked(this)?.problem;
  }

  #readBoxes(boxes: UnreadBoxes): void {
    const found = boxes.read();
    if (!found) {
      if (!boxes.isWaiting) unchecked(this)?.onceChecked(() => read(this));
      boxes.isWaiting = true;
      return;
    }
    this.#unread = undefined;
    if (!boxes.areReplaced) this.#annotations = withPart(this.#annotations, { boxes: found.boxes });
    this.#fault = found.fault;
    boxes.tell(found);
  }

  protected facts(): ImageFacts {
    const { name, storageId, storagePath, width, height } = this;
    return { name, storageId, storagePath, width, height };
  }
}

/** What is said of it; its boxes are read first where nobody has. For this room alone. */
export function annotationsOf(image: AnnotatedImage): Annotations {
  return read(image);
}

/** The facts of a picture that was not decoded when the data set was made; for this room alone. */
export function uncheckedFactsOf(image: AnnotatedImage): UncheckedFacts | undefined {
  return unchecked(image);
}

/** The boxes of a picture that nobody has read yet; for this room alone. */
export function unreadBoxesOf(image: AnnotatedImage): UnreadBoxes | undefined {
  return unread(image);
}

/** For the annotation book alone: every other change would miss the journal. */
export function assignAnnotations(image: AnnotatedImage, part: Partial<Annotations>): void {
  assign(image, part);
}

/** Field by field, and what is frozen is not copied: it is done for each of 100,000 pictures. */
function withPart(before: Annotations, part: Partial<Annotations>): Annotations {
  const { labels, boxes, flag, note, rejectedLabels, rejectedBoxes } = part;
  if (before === NOTHING && !labels && !boxes && !flag && !note && !rejectedLabels && !rejectedBoxes) return NOTHING;
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

const frozenBoxes = (boxes: readonly ObjectBox[]) =>
  Object.isFrozen(boxes)
    ? boxes
    : Object.freeze(boxes.map((box) => (Object.isFrozen(box) ? box : Object.freeze({ ...box }))));
