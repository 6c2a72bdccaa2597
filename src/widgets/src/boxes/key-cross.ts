/** Drawing without a mouse: two arrows cross where the keys have brought them, and Enter sets a box's corners there. */
import { signal } from "@preact/signals";

import type { BoxShape } from "../../../kernel-lib/protocol/index.js";
import type { Point, Size } from "../picture/zoom.js";
import { between, sizeText } from "./box-geometry.js";

/** Where the arrows cross; with an anchor, a box is being spanned. */
export interface KeyCursor {
  at: Point;
  anchor: Point | undefined;
}

export class KeyCross {
  readonly cursor = signal<KeyCursor | undefined>(undefined);
  private readonly announce: (sentence: string) => void;

  constructor(announce: (sentence: string) => void) {
    this.announce = announce;
  }

  start(at: Point, picture: Size): void {
    this.cursor.value = { at: within(at, picture), anchor: undefined };
    this.say("Arrow keys move the cross, Enter sets the first corner, Escape cancels");
  }

  /** @returns the box that is spanned now */
  move(by: Point, picture: Size): BoxShape | undefined {
    const before = this.cursor.value;
    if (!before) return undefined;
    const { anchor } = before;
    const at = within({ x: before.at.x + by.x, y: before.at.y + by.y }, picture);
    this.cursor.value = { at, anchor };
    const shape = anchor && between(anchor, at, picture);
    this.say(shape ? sizeText(shape) : "");
    return shape;
  }

  /** The first corner begins a box, the second ends it. @returns whether it was the second */
  setCorner(): boolean {
    const before = this.cursor.value;
    if (!before) return false;
    if (before.anchor) {
      this.end();
      return true;
    }
    this.cursor.value = { ...before, anchor: before.at };
    this.say("First corner set, Enter sets the second");
    return false;
  }

  end(): void {
    this.cursor.value = undefined;
  }

  private say(more: string): void {
    const at = this.cursor.value?.at;
    if (at) this.announce(`${at.x}, ${at.y}${more === "" ? "" : `. ${more}`}`);
  }
}

const within = ({ x, y }: Point, { width, height }: Size): Point => ({
  x: Math.round(Math.min(width, Math.max(0, x))),
  y: Math.round(Math.min(height, Math.max(0, y))),
});
