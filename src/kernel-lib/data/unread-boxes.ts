/** Boxes of a picture that stand in a file which nobody has read yet: it is read when somebody asks for them. */
import type { ObjectBox } from "../structures/object-box.js";

export interface ReadBoxes {
  /** Those that can be used. */
  readonly boxes: readonly ObjectBox[];
  /** Why the picture can't be used together with them. */
  readonly fault?: string;
  /** Why the file says nothing: then the picture counts as one without a file. */
  readonly unreadable?: string;
}

/** One object for each of 100,000 pictures: no closures, no lists. */
export abstract class UnreadBoxes {
  /** Whether somebody has given the picture other boxes meanwhile. */
  areReplaced = false;
  /** Whether it was tried in vain; it is tried again once the picture was decoded. */
  isWaiting = false;

  /** Undefined as long as they can't be known, because the picture's size isn't. */
  abstract read(): ReadBoxes | undefined;

  /** They were read, and the picture has them. */
  abstract tell(found: ReadBoxes): void;
}
