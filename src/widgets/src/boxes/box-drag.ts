/** A press of the pointer on a picture with boxes, and what it has taken hold of, until it is let go. */
import type { BoxShape } from "../../../kernel-lib/protocol/index.js";
import type { Point, Size } from "../picture/zoom.js";
import type { Grip } from "./box-draft.js";
import { between, boxesAt, handleAt, moved, resized, snapped, snappedMove } from "./box-geometry.js";

export interface Press {
  at: Point;
  /** How near a handle must be, in the picture's pixels. */
  reach: number;
  /** Draws a new box whatever lies here. */
  fresh: boolean;
}

/** What a press takes hold of. @param box the chosen one, where it is seen */
export function gripAt({ at, reach, fresh }: Press, box: BoxShape | undefined): Grip {
  if (!box || fresh) return "new";
  return handleAt(at, box, reach) ?? (boxesAt(at, [box], 0).length > 0 ? "move" : "new");
}

export class BoxDrag {
  readonly grip: Grip;
  /** The box's place in the list. */
  readonly index: number;
  readonly start: Point;
  /** How far a press may wander and still be a click. */
  readonly slack: number;
  private readonly from: BoxShape;
  private readonly reach: number;

  /** @param from the box as it was */
  constructor({ at, reach }: Press, grip: Grip, index: number, from: BoxShape) {
    this.grip = grip;
    this.index = index;
    this.from = from;
    this.start = at;
    this.reach = reach;
    this.slack = reach / 3;
  }

  isClick(at: Point): boolean {
    return Math.max(Math.abs(at.x - this.start.x), Math.abs(at.y - this.start.y)) < this.slack;
  }

  /** The box as it is with the pointer there. @param free leaves the edges of the picture alone */
  shapeAt(at: Point, free: boolean, picture: Size): BoxShape {
    const { grip, from, start } = this;
    const reach = free ? 0 : this.reach;
    if (grip === "new") return between(snapped(start, reach, picture), snapped(at, reach, picture), picture);
    if (grip !== "move") return resized(from, grip, snapped(at, reach, picture), picture);
    const by = { x: at.x - start.x, y: at.y - start.y };
    return moved(from, snappedMove(from, by, reach, picture), picture);
  }
}
