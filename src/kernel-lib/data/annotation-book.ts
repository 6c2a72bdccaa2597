/**
 * What is said about the pictures of a data set and of every part split from it: who has which labels or boxes, how that changed, and
 * back again.
 *
 * One book is shared by the whole and its parts, so that a change in one is seen in all. A change is in the journal before
 * it is on the object; undo and redo are changes of their own there. What is done at once is one line, and undone at once.
 */
import { randomUUID } from "node:crypto";
import { quote, VitrineError } from "../structures/errors.js";
import { userName } from "../structures/user-name.js";
import {
  annotationsOf,
  assignAnnotations,
  uncheckedFactsOf,
  unreadBoxesOf,
  type AnnotatedImage,
  type AnnotationField,
  type Annotations,
} from "./annotated-image.js";
import {
  mergedValue,
  sameValue,
  type AnnotationChange,
  type AnnotationRecord,
  type AnnotationValue,
  type ChangeCause,
} from "./annotation-change.js";
import type { AnnotationJournal } from "./annotation-journal.js";
import type { DatasetProblem } from "./dataset-problem.js";
import { partsOf, type ChangeEntry, type EntryPart, type JournalChange, type JournalEntry } from "./journal-entry.js";
import { journalPath } from "./journal-home.js";
import { LabelList } from "./label-list.js";
import { PictureRegister } from "./picture-register.js";

/** A field of a picture and what it shall be. */
export type Wish<I extends AnnotatedImage, F extends AnnotationField> = {
  [K in F]: { readonly image: I; readonly field: K; readonly after: Annotations[K] };
}[F];

type Step<I extends AnnotatedImage, F extends AnnotationField> = readonly AnnotationChange<I, F>[];

export class AnnotationBook<I extends AnnotatedImage, F extends AnnotationField> {
  readonly labels: LabelList;
  readonly problems: DatasetProblem[] = [];
  private readonly journals: readonly AnnotationJournal[];
  private readonly fields: readonly AnnotationField[];
  private readonly writer: string = randomUUID();
  private readonly register: PictureRegister<I>;
  /** The boxes that the pictures' own files give them, which count again once changes were saved into them. */
  private readonly asLoaded = new Map<I, Annotations["boxes"]>();
  private readonly records = new WeakMap<I, AnnotationRecord<F>[]>();
  private readonly listeners = new Set<(change: AnnotationChange<I, F>) => void>();
  private readonly done: Step<I, F>[] = [];
  private readonly undone: Step<I, F>[] = [];
  private isReplayed = false;

  /**
   * @param journals the first is written to, all are read; none for annotations that live in memory alone
   * @param fields what pictures of this kind have; the journal's lines about others are for other kinds of data set
   * @param root the folder that the journal's paths are relative to
   */
  constructor(
    labels: readonly string[],
    journals: readonly AnnotationJournal[],
    fields: readonly F[],
    root: string | undefined,
  ) {
    this.register = new PictureRegister((image) => journalPath(image.storagePath, root));
    this.labels = new LabelList(labels);
    this.journals = journals;
    this.fields = fields;
  }

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** A picture of the data set. Who reads its boxes later calls `learnBoxes`. What the journal said of it before is applied. */
  enter(image: I): void {
    if (!unreadBoxesOf(image)) {
      const annotations = annotationsOf(image);
      this.asLoaded.set(image, annotations.boxes);
      this.labels.learnFrom(annotations);
    }
    for (const part of this.register.enter(image)) this.replay(part, image);
    uncheckedFactsOf(image)?.onceChecked(() => this.learn(image));
  }

  /** A picture's own file was read after the picture was entered. */
  learnBoxes(image: I, boxes: Annotations["boxes"]): void {
    this.asLoaded.set(image, boxes);
    for (const { label } of boxes) this.labels.find(label);
  }

  addLabel(label: string): void {
    if (label.trim() === "") {
      const expected = "a text that is not empty";
      throw new VitrineError("InvalidOption", { option: "label", expected, received: quote(label) });
    }
    this.refresh();
    if (this.labels.has(label)) return;
    this.journals[0]?.append({ ...this.signature(), label, cause: "addLabel" });
    this.labels.learn(label);
  }

  /** Makes all the changes, or none. Those that change nothing are passed over. */
  set(wishes: readonly Wish<I, F>[]): void {
    for (const { field, after } of wishes)
      if (field === "labels" || field === "boxes") this.labels.refuseUnknown(after);
    for (const { image } of wishes) this.learn(image);
    const bases = wishes.map(({ image, field }) => annotationsOf(image)[field]);
    this.refresh();
    const step = this.change(
      wishes.map((wish, i) => merged(wish, bases[i])),
      "set",
    );
    if (step.length === 0) return;
    this.done.push(step);
    this.undone.length = 0;
    step.forEach((change) => this.tell(change));
  }

  /** The last of the changes that were taken back; its `step.size` says how many there were. */
  undo(): AnnotationChange<I, F> | undefined {
    return this.step(this.done, this.undone, "undo");
  }

  redo(): AnnotationChange<I, F> | undefined {
    return this.step(this.undone, this.done, "redo");
  }

  onChange(listener: (change: AnnotationChange<I, F>) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What was changed about a picture since the journal began, the oldest first. */
  historyOf(image: I): readonly AnnotationRecord<F>[] {
    return [...(this.records.get(image) ?? [])];
  }

  /** Whether a picture's boxes are those that its own file gave it. */
  hasSavedBoxes(image: I): boolean {
    const unread = unreadBoxesOf(image);
    if (unread && !unread.areReplaced) return true;
    const { boxes } = annotationsOf(image);
    return sameValue(this.asLoaded.get(image) ?? [], boxes);
  }

  /** Takes note that the boxes of these pictures are in their own files now. */
  saved(images: readonly I[]): void {
    if (images.length === 0) return;
    const named = images.map((image) => this.register.named(image));
    this.journals[0]?.append({ ...this.signature(), cause: "saved", images: named });
    for (const image of images) this.asLoaded.set(image, annotationsOf(image).boxes);
  }

  /** Takes in what others have written to the journal since; on a new book, what it says at all. */
  refresh(): AnnotationChange<I, F>[] {
    const changes: AnnotationChange<I, F>[] = [];
    for (const journal of this.journals) {
      const { entries, problems } = journal.readNew();
      for (const entry of entries) if (entry.writer !== this.writer) changes.push(...this.merge(entry));
      for (const problem of problems) this.note(problem);
    }
    this.isReplayed = true;
    changes.forEach((change) => this.tell(change));
    return changes;
  }

  /** A picture whose content was not known: what was said of it under another name comes first. */
  private learn(image: I): void {
    const changes = this.register.learn(image).flatMap((part) => this.replay(part, image));
    changes.forEach((change) => this.tell(change));
  }

  private step(from: Step<I, F>[], to: Step<I, F>[], cause: "undo" | "redo"): AnnotationChange<I, F> | undefined {
    const last = from.at(-1);
    if (!last) return undefined;
    this.refresh();
    const wishes = last.map((change) => {
      const [base, after] = cause === "undo" ? [change.after, change.before] : [change.before, change.after];
      return merged({ image: change.image, field: change.field, after } as Wish<I, F>, base);
    });
    const step = this.change(wishes, cause);
    from.pop();
    to.push(last);
    step.forEach((change) => this.tell(change));
    return step.at(-1) ?? withoutEffect(last.at(-1), cause);
  }

  /** Into the journal first: where that fails, nothing has changed. */
  private change(wishes: readonly Wish<I, F>[], cause: "set" | "undo" | "redo"): Step<I, F> {
    const real = wishes.filter(({ image, field, after }) => !sameValue(annotationsOf(image)[field], after));
    if (real.length === 0) return [];
    const changes = real.map(({ image, field, after }) => {
      return { image: this.register.named(image), field, before: annotationsOf(image)[field], after } as JournalChange;
    });
    const entry = { ...this.signature(), cause, changes };
    this.journals[0]?.append(entry);
    return real.map(({ image, field, after }, index) => {
      const change = this.apply(image, field, after, cause, { index, size: real.length });
      this.record(image, entry, change);
      return change;
    });
  }

  private merge(entry: JournalEntry): AnnotationChange<I, F>[] {
    if (entry.cause === "addLabel") {
      this.labels.learn(entry.label);
      return [];
    }
    return partsOf(entry).flatMap((part) => {
      const image = this.register.find(part.image, (there) => {
        this.note({ path: there.storagePath, reason: "its content is not what was labelled; the change was left out" });
      });
      if (image) return this.replay(part, image);
      this.register.keepWaiting(part);
      return [];
    });
  }

  private replay(part: EntryPart, image: I): AnnotationChange<I, F>[] {
    if (!("changes" in part)) {
      // Who opens the data set now has read the saved boxes from the files; who had it open has them from the journal.
      if (!this.isReplayed) this.restore(image);
      return [];
    }
    const own = part.changes.filter(({ field }) => this.fields.includes(field));
    return own.flatMap((change, index) => {
      this.record(image, part.entry, change);
      if (sameValue(annotationsOf(image)[change.field], change.after)) return [];
      return [this.apply(image, change.field, change.after, "merge", { index, size: own.length })];
    });
  }

  /** The boxes of the picture's own file count again. */
  private restore(image: I): void {
    const unread = unreadBoxesOf(image);
    if (unread) unread.areReplaced = false;
    else assignAnnotations(image, { boxes: this.asLoaded.get(image) ?? [] });
  }

  private apply(
    image: I,
    field: AnnotationField,
    after: AnnotationValue,
    cause: ChangeCause,
    step: { index: number; size: number },
  ): AnnotationChange<I, F> {
    const before = annotationsOf(image)[field];
    assignAnnotations(image, { [field]: after });
    const annotations = annotationsOf(image);
    this.labels.learnFrom(annotations);
    return { image, field, before, after: annotations[field], cause, step } as AnnotationChange<I, F>;
  }

  private record(image: I, entry: ChangeEntry, change: Pick<JournalChange, "field" | "before" | "after">): void {
    const { field, before, after } = change;
    const { time, user, cause } = entry;
    const record = { time, user, cause, field, before, after } as unknown as AnnotationRecord<F>;
    const records = this.records.get(image);
    if (records) records.push(record);
    else this.records.set(image, [record]);
  }

  private note(problem: DatasetProblem): void {
    const known = this.problems.some(({ path, reason }) => path === problem.path && reason === problem.reason);
    if (!known) this.problems.push(problem);
  }

  private tell(change: AnnotationChange<I, F>): void {
    for (const listener of [...this.listeners]) listener(change);
  }

  private signature() {
    return { time: new Date().toISOString(), user: userName(), writer: this.writer };
  }
}

/** A wish made when the field was `base`, on what the field is by now. */
function merged<I extends AnnotatedImage, F extends AnnotationField>(
  wish: Wish<I, F>,
  base: AnnotationValue | undefined,
): Wish<I, F> {
  const theirs: AnnotationValue = annotationsOf(wish.image)[wish.field];
  return { ...wish, after: mergedValue(base ?? theirs, wish.after, theirs, wish.field === "labels") };
}

/** Others have undone it already. */
function withoutEffect<C extends { before: unknown; after: unknown }>(change: C | undefined, cause: "undo" | "redo") {
  if (!change) return undefined;
  const value = cause === "undo" ? change.before : change.after;
  return { ...change, before: value, after: value, cause };
}
