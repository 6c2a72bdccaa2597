/**
 * How a journal's names of pictures find the pictures: by path where the content is the same, else by content, so that a picture that
 * was renamed keeps what was said about it.
 */
import { uncheckedFactsOf, type AnnotatedImage } from "./annotated-image.js";
import type { EntryPart, JournalImage } from "./journal-entry.js";

export class PictureRegister<I extends AnnotatedImage> {
  private readonly byPath = new Map<string, I>();
  /** Of twins the first. */
  private readonly byHash = new Map<string, I>();
  /** Pictures whose content nobody has read. */
  private readonly unlearnt = new Set<I>();
  private readonly pathOf: (image: I) => string;
  /** What the journal says of pictures that are not here, by content; one that is added later gets it. */
  private readonly waiting = new Map<string, EntryPart[]>();

  /** @param pathOf what the journal calls a picture; to keep 100,000 of these would take longer than to make the few that are needed */
  constructor(pathOf: (image: I) => string) {
    this.pathOf = pathOf;
  }

  /** @returns what the journal said of the picture before it was here, the oldest first */
  enter(image: I): readonly EntryPart[] {
    this.byPath.set(this.pathOf(image), image);
    if (uncheckedFactsOf(image)?.isChecked !== false) return this.learnt(image);
    // To ask for its hash would be to read it: it is known by its path until it was read anyway.
    this.unlearnt.add(image);
    return [];
  }

  /** A picture is known by its content from now on. @returns as `enter` does */
  learn(image: I): readonly EntryPart[] {
    return this.unlearnt.delete(image) ? this.learnt(image) : [];
  }

  keepWaiting(part: EntryPart): void {
    const parts = this.waiting.get(part.image.hash);
    if (parts) parts.push(part);
    else this.waiting.set(part.image.hash, [part]);
  }

  /** @param misplaced called with a picture that has the name but not the content */
  find({ path, hash }: JournalImage, misplaced: (there: I) => void): I | undefined {
    const there = this.byPath.get(path);
    if (there?.storageId === hash) return there;
    const moved = this.byHash.get(hash);
    if (there && !moved) misplaced(there);
    return moved;
  }

  named(image: I): JournalImage {
    return { path: this.pathOf(image), hash: image.storageId };
  }

  private learnt(image: I): readonly EntryPart[] {
    if (!this.byHash.has(image.storageId)) this.byHash.set(image.storageId, image);
    if (this.waiting.size === 0) return [];
    const parts = this.waiting.get(image.storageId) ?? [];
    this.waiting.delete(image.storageId);
    return parts;
  }
}
