/** One picture of a classification data set, and what it is labelled as. */
import { AnnotatedImage, annotationsOf, type Annotations } from "./annotated-image.js";
import type { ImageFacts } from "./image-facts.js";
import type { Attribution } from "./search/attribution.js";

interface MoreFacts extends Partial<Pick<Annotations, "flag" | "note">> {
  attribution?: Attribution | undefined;
}

/** One picture of a `ClassificationDataset`: its name, labels, size in pixels, and where it lies. */
export class ClassificationImage extends AnnotatedImage {
  /** Whose picture it is, where it came from a search or an address. */
  readonly attribution: Attribution | undefined;

  constructor(facts: ImageFacts, labels: readonly string[], more: MoreFacts = {}) {
    const { attribution, ...marks } = more;
    super(facts, { ...marks, labels });
    this.attribution = attribution;
  }

  /** None where nobody has labelled it yet; more than one is allowed. Changed through the data set. */
  get labels(): readonly string[] {
    return annotationsOf(this).labels;
  }

  /** What a model took it for and a person said it is not. Changed through the data set. */
  get rejectedLabels(): readonly string[] {
    return annotationsOf(this).rejectedLabels;
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
