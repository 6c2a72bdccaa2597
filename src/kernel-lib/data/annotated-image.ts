/** One picture of a data set: where it lies, how big it is, and what people have said about it. */
import type { ObjectBox } from "../structures/object-box.js";

export interface ImageFacts {
  /** The file's name. */
  name: string;
  /** The first 16 hex digits of the SHA-256 of the file: the same on every machine, and for two copies of one file. */
  storageId: string;
  /** The file's absolute path. */
  storagePath: string;
  /** In pixels, as displayed: after EXIF orientation. */
  width: number;
  height: number;
}

/** "unsure" asks for another look, "skip" for the picture to be left out. */
export type PictureFlag = "unsure" | "skip";

/** Everything that people say about a picture. A data set of one kind uses labels, of the other boxes. */
export interface Annotations {
  labels: readonly string[];
  boxes: readonly ObjectBox[];
  flag: PictureFlag | null;
  /** Free text, "" for none. */
  note: string;
}

export type AnnotationField = keyof Annotations;

const NOTHING: Annotations = { labels: [], boxes: [], flag: null, note: "" };

let read: (image: AnnotatedImage) => Annotations;
let assign: (image: AnnotatedImage, part: Partial<Annotations>) => void;

export abstract class AnnotatedImage {
  readonly name: string;
  readonly storageId: string;
  readonly storagePath: string;
  readonly width: number;
  readonly height: number;
  #annotations: Annotations;

  static {
    read = (image) => image.#annotations;
    assign = (image, part) => (image.#annotations = { ...image.#annotations, ...frozen(part) });
  }

  constructor(facts: ImageFacts, annotations: Partial<Annotations>) {
    this.name = facts.name;
    this.storageId = facts.storageId;
    this.storagePath = facts.storagePath;
    this.width = facts.width;
    this.height = facts.height;
    this.#annotations = { ...NOTHING, ...frozen(annotations) };
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

/** For the annotation book alone: every other change would miss the journal. */
export function assignAnnotations(image: AnnotatedImage, part: Partial<Annotations>): void {
  assign(image, part);
}

function frozen(part: Partial<Annotations>): Partial<Annotations> {
  const { labels, boxes } = part;
  return {
    ...part,
    ...(labels && { labels: Object.freeze([...labels]) }),
    ...(boxes && { boxes: Object.freeze(boxes.map((box) => Object.freeze({ ...box }))) }),
  };
}
