/** The labels of a data set, in the order in which they count as classes: 0, 1, 2 … */
import { VitrineError } from "../structures/errors.js";
import type { Annotations } from "./annotated-image.js";
import type { AnnotationValue } from "./annotation-change.js";
import { byCodePoint } from "./natural-order.js";

export class LabelList {
  /** What the data set's own files say, or what was given. */
  private first: readonly string[];
  /** What people have added. */
  private readonly added = new Set<string>();
  private known: Set<string>;
  private list: readonly string[];

  constructor(labels: readonly string[]) {
    this.known = new Set(labels);
    this.first = [...this.known];
    this.list = this.first;
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
    this.added.add(label);
    this.relist();
  }

  /** A label that has turned up in one of the data set's own files: it takes its place among those, by code point. */
  find(label: string): void {
    if (this.known.has(label) && !this.added.has(label)) return;
    this.added.delete(label);
    this.first = [...this.first, label].sort(byCodePoint);
    this.relist();
  }

  learnFrom({ labels, boxes }: Annotations): void {
    for (const label of labels) this.learn(label);
    for (const { label } of boxes) this.learn(label);
  }

  private relist(): void {
    this.known = new Set([...this.first, ...this.added]);
    this.list = [...this.known];
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
