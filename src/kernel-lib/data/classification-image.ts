/** One picture of a classification data set, and what it is labelled as. */
import { AnnotatedImage, annotationsOf, type Annotations, type ImageFacts } from "./annotated-image.js";

export class ClassificationImage extends AnnotatedImage {
  constructor(facts: ImageFacts, labels: readonly string[], marks: Partial<Pick<Annotations, "flag" | "note">> = {}) {
    super(facts, { ...marks, labels });
  }

  /** None where nobody has labelled it yet; more than one is allowed. Changed through the data set. */
  get labels(): readonly string[] {
    return annotationsOf(this).labels;
  }

  toJSON(): ImageFacts & { labels: readonly string[] } {
    const { name, ...rest } = this.facts();
    return { name, labels: this.labels, ...rest };
  }

  [Symbol.for("nodejs.util.inspect.custom")](
    _depth: number,
    options: object,
    inspect: (v: unknown, o: object) => string,
  ) {
    return `ClassificationImage ${inspect(this.toJSON(), options)}`;
  }
}
