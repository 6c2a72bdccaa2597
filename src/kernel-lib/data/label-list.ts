/** The labels of a data set, in the order in which they count as classes: 0, 1, 2 … */
import { VitrineError } from "../structures/errors.js";
import type { Annotations } from "./annotated-image.js";
import type { AnnotationValue } from "./annotation-change.js";

export class LabelList {
  private known: Set<string>;
  private list: readonly string[];

  constructor(labels: readonly string[]) {
    this.known = new Set(labels);
    this.list = [...this.known];
  }

  /** The same array until a label is added. */
  get all(): readonly string[] {
    return this.list;
  }

  has(label: string): boolean {
    return this.known.has(label);
  }

  learn(label: string): void {
    if (this.known.has(label)) return;
    this.known.add(label);
    this.list = [...this.known];
  }

  learnFrom({ labels, boxes }: Annotations): void {
    for (const label of labels) this.learn(label);
    for (const { label } of boxes) this.learn(label);
  }

  /** @throws `UnknownLabel` where labels or boxes have one that is not here */
  refuseUnknown(value: AnnotationValue): void {
    if (typeof value === "string" || value === null) return;
    for (const item of value) {
      const label = typeof item === "string" ? item : item.label;
      if (!this.known.has(label)) throw new VitrineError("UnknownLabel", { label, labels: this.list });
    }
  }
}
