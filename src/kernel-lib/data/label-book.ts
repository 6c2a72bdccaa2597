/**
 * The labels of a data set and of every part split from it: who has which, how that changed, and back again.
 *
 * One book is shared by the whole and its parts, so that a change in one is seen in all. A change is in the journal before
 * it is on the object; undo and redo are changes of their own there.
 */
import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { quote, VitrineError } from "../structures/errors.js";
import { assignLabels, type ClassificationImage } from "./classification-image.js";
import type { JournalEntry, LabelEntry, LabelJournal } from "./label-journal.js";

export interface LabelChange {
  readonly image: ClassificationImage;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** "merge" is a change by another notebook on the same folder, seen now. */
  readonly cause: "set" | "undo" | "redo" | "merge";
}

export interface DatasetProblem {
  readonly path: string;
  readonly reason: string;
}

export class LabelBook {
  /** In the order in which they count as classes: 0, 1, 2 … */
  labels: readonly string[];
  readonly problems: DatasetProblem[] = [];
  private readonly journals: readonly LabelJournal[];
  private readonly writer: string = randomUUID();
  private readonly byPath = new Map<string, ClassificationImage>();
  private readonly byHash = new Map<string, ClassificationImage[]>();
  private readonly pathOf = new WeakMap<ClassificationImage, string>();
  /** The journal's last word on pictures that are not here, by content; one that is added later gets it. */
  private readonly waiting = new Map<string, LabelEntry>();
  private readonly listeners = new Set<(change: LabelChange) => void>();
  private readonly done: LabelChange[] = [];
  private readonly undone: LabelChange[] = [];

  /** @param journals the first is written to, all are read; none for labels that live in memory alone. */
  constructor(labels: readonly string[], journals: readonly LabelJournal[]) {
    this.labels = [...labels];
    this.journals = journals;
  }

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** A picture under the path that the journal knows it by. What the journal said of it before is applied. */
  enter(image: ClassificationImage, path: string): void {
    this.byPath.set(path, image);
    this.byHash.set(image.storageId, [...(this.byHash.get(image.storageId) ?? []), image]);
    this.pathOf.set(image, path);
    for (const label of image.labels) this.learn(label);
    const entry = this.waiting.get(image.storageId);
    if (!entry) return;
    this.waiting.delete(image.storageId);
    this.apply(image, entry.after);
  }

  addLabel(label: string): void {
    if (label.trim() === "") throw unknown("a text that is not empty", label);
    this.refresh();
    if (this.labels.includes(label)) return;
    this.journals[0]?.append({ ...this.signature(), label, cause: "addLabel" });
    this.learn(label);
  }

  set(image: ClassificationImage, labels: readonly string[]): void {
    const after = [...new Set(labels)];
    const stranger = after.find((label) => !this.labels.includes(label));
    if (stranger !== undefined) throw new VitrineError("UnknownLabel", { label: stranger, labels: this.labels });
    this.refresh();
    const change = this.change(image, after, "set");
    if (!change) return;
    this.done.push(change);
    this.undone.length = 0;
    this.tell(change);
  }

  undo(): LabelChange | undefined {
    return this.step(this.done, this.undone, "undo");
  }

  redo(): LabelChange | undefined {
    return this.step(this.undone, this.done, "redo");
  }

  onChange(listener: (change: LabelChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Takes in what others have written to the journal since; on a new book, what it says at all. */
  refresh(): LabelChange[] {
    const changes: LabelChange[] = [];
    for (const journal of this.journals) {
      const { entries, problems } = journal.readNew();
      for (const entry of entries) if (entry.writer !== this.writer) this.merge(entry, changes);
      for (const problem of problems) this.note(problem);
    }
    changes.forEach((change) => this.tell(change));
    return changes;
  }

  private step(from: LabelChange[], to: LabelChange[], cause: "undo" | "redo"): LabelChange | undefined {
    const last = from.at(-1);
    if (!last) return undefined;
    this.refresh();
    const after = cause === "undo" ? last.before : last.after;
    const change = this.change(last.image, after, cause) ?? { image: last.image, before: after, after, cause };
    from.pop();
    to.push(last);
    this.tell(change);
    return change;
  }

  /** Into the journal first: where that fails, nothing has changed. */
  private change(image: ClassificationImage, after: readonly string[], cause: LabelEntry["cause"]) {
    const before = image.labels;
    if (same(before, after)) return undefined;
    const path = this.pathOf.get(image);
    if (path === undefined) throw unknown("a picture of this data set", image.name, "image");
    const entry = { ...this.signature(), image: { path, hash: image.storageId }, before, after, cause };
    this.journals[0]?.append(entry);
    assignLabels(image, after);
    return { image, before, after: image.labels, cause };
  }

  private merge(entry: JournalEntry, changes: LabelChange[]): void {
    if (entry.cause === "addLabel") {
      this.learn(entry.label);
      return;
    }
    const image = this.find(entry.image);
    if (!image) {
      this.waiting.set(entry.image.hash, entry);
      return;
    }
    const before = image.labels;
    if (this.apply(image, entry.after)) changes.push({ image, before, after: image.labels, cause: "merge" });
  }

  private find({ path, hash }: LabelEntry["image"]): ClassificationImage | undefined {
    const there = this.byPath.get(path);
    if (there?.storageId === hash) return there;
    const moved = this.byHash.get(hash)?.[0];
    if (there && !moved)
      this.note({ path: there.storagePath, reason: "its content is not what was labelled; the change was left out" });
    return moved;
  }

  private apply(image: ClassificationImage, labels: readonly string[]): boolean {
    if (same(image.labels, labels)) return false;
    labels.forEach((label) => this.learn(label));
    assignLabels(image, labels);
    return true;
  }

  private learn(label: string): void {
    if (!this.labels.includes(label)) this.labels = [...this.labels, label];
  }

  private note(problem: DatasetProblem): void {
    const known = this.problems.some(({ path, reason }) => path === problem.path && reason === problem.reason);
    if (!known) this.problems.push(problem);
  }

  private tell(change: LabelChange): void {
    for (const listener of [...this.listeners]) listener(change);
  }

  private signature() {
    return { time: new Date().toISOString(), user: userName(), writer: this.writer };
  }
}

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i]);

const unknown = (expected: string, received: string, option = "label") =>
  new VitrineError("InvalidOption", { option, expected, received: quote(received) });

/** A container may run under a user that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}
