/** One picture of a classification data set: where it lies, how big it is, what it is labelled as. */

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

let setLabels: (image: ClassificationImage, labels: readonly string[]) => void;

export class ClassificationImage {
  readonly name: string;
  readonly storageId: string;
  readonly storagePath: string;
  readonly width: number;
  readonly height: number;
  #labels: readonly string[];

  static {
    setLabels = (image, labels) => (image.#labels = Object.freeze([...labels]));
  }

  constructor(facts: ImageFacts, labels: readonly string[]) {
    this.name = facts.name;
    this.storageId = facts.storageId;
    this.storagePath = facts.storagePath;
    this.width = facts.width;
    this.height = facts.height;
    this.#labels = Object.freeze([...labels]);
  }

  /** None where nobody has labelled it yet; more than one is allowed. Changed through the data set. */
  get labels(): readonly string[] {
    return this.#labels;
  }

  toJSON(): ImageFacts & { labels: readonly string[] } {
    const { name, labels, storageId, storagePath, width, height } = this;
    return { name, labels, storageId, storagePath, width, height };
  }

  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    inspect: (v: unknown, o: object) => string,
  ) {
    return `ClassificationImage ${inspect(this.toJSON(), options)}`;
  }
}

/** For the label book alone: every other change would miss the journal. */
export function assignLabels(image: ClassificationImage, labels: readonly string[]): void {
  setLabels(image, labels);
}
