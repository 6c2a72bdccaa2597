/**
 * How a journal's names of pictures find the pictures: by path where the content is the same, else by content, so that a picture that
 * was renamed keeps what was said about it.
 */
import { quote, VitrineError } from "../structures/errors.js";
import { uncheckedFactsOf, type AnnotatedImage } from "./annotated-image.js";
import type { EntryPart, JournalImage } from "./journal-entry.js";

export class PictureRegister<I extends AnnotatedImage> {
  private readonly byPath = new Map<string, I>();
  /** Of twins the first. */
  private readonly byHash = new Map<string, I>();
  // The pictures live as long as this does, and weak maps of 100,000 take their time.
  private readonly pathOf = new Map<I, string>();
  private readonly learnt = new Set<I>();
  /** What the journal says of pictures that are not here, by content; one that is added later gets it. */
  private readonly waiting = new Map<string, EntryPart[]>();

  /** @returns what the journal said of the picture before it was here, the oldest first */
  enter(image: I, path: string): readonly EntryPart[] {
    this.byPath.set(path, image);
    this.pathOf.set(image, path);
    // To ask for its hash would be to read it: it is known by its path until it was read anyway.
    return uncheckedFactsOf(image)?.isChecked === false ? [] : this.learn(image);
  }

  /** A picture is known by its content from now on. @returns as `enter` does */
  learn(image: I): readonly EntryPart[] {
    if (this.learnt.has(image)) return [];
    this.learnt.add(image);
    if (!this.byHash.has(image.storageId)) this.byHash.set(image.storageId, image);
    if (this.waiting.size === 0) return [];
    const parts = this.waiting.get(image.storageId) ?? [];
    this.waiting.delete(image.storageId);
    return parts;
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

  /** @throws `InvalidOption` for a picture that never was entered */
  named(image: I): JournalImage {
    const path = this.pathOf.get(image);
    if (path !== undefined) return { path, hash: image.storageId };
    const expected = "a picture of this data set";
    throw new VitrineError("InvalidOption", { option: "image", expected, received: quote(image.name) });
  }
}
