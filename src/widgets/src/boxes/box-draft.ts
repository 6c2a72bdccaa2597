/** A box that is being made or changed, before the kernel has it. All places are in pixels of the picture. */
import type { BoxShape } from "../../../kernel-lib/protocol/index.js";
import type { Point } from "../picture/zoom.js";
import type { Handle } from "./box-geometry.js";

/** What of a box is held. */
export type Grip = Handle | "move" | "new";

export interface Draft {
  /** Its place in the picture's list; that after the last for a new one. */
  index: number;
  shape: BoxShape;
  grip: Grip;
  /** Where the pointer or the moved corner is. */
  at: Point;
}
