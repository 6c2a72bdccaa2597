/** Boxes that were sent to the kernel and are not yet in its state: they are shown meanwhile. */
import { signal } from "@preact/signals";

import type { BoxShape } from "../../../kernel-lib/protocol/index.js";
import type { Draft } from "./box-draft.js";
import { sameShape } from "./box-geometry.js";

/** In milliseconds; a kernel may be busy for a while, and a refusal comes at once. */
const PATIENCE = 15_000;

export class SentBoxes {
  readonly drafts = signal<readonly Draft[]>([]);
  private readonly giveUp: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param giveUp called when what was sent has not come back for long: somebody has undone it */
  constructor(giveUp: () => void) {
    this.giveUp = giveUp;
  }

  expect(draft: Draft): void {
    this.drafts.value = [...this.drafts.peek().filter(({ index }) => index !== draft.index), draft];
    clearTimeout(this.timer);
    this.timer = setTimeout(this.giveUp, PATIENCE);
  }

  /** The kernel's boxes have come. @returns whether all that was sent is in them */
  settle(boxes: readonly BoxShape[]): boolean {
    const waiting = this.drafts.peek().filter(({ index, shape }) => {
      const box = boxes[index];
      return !box || !sameShape(box, shape);
    });
    if (waiting.length < this.drafts.peek().length) this.drafts.value = waiting;
    return waiting.length === 0;
  }

  clear(): void {
    this.drafts.value = [];
  }
}
