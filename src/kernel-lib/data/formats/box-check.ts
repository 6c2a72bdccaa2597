/** Boxes as files give them, against the picture that they are in. */
import type { ObjectBox } from "../../structures/object-box.js";

export interface CheckedBoxes {
  boxes: ObjectBox[];
  /** What was left out or cut, one sentence each. */
  notes: string[];
}

interface Size {
  width: number;
  height: number;
}

/**
 * Boxes that can be used: within the picture (what sticks out is cut off), with an area, of a known label where labels are given, and
 * each only once.
 */
export function checkBoxes(boxes: readonly ObjectBox[], size: Size, known?: ReadonlySet<string>): CheckedBoxes {
  const checked: CheckedBoxes = { boxes: [], notes: [] };
  for (const [index, box] of boxes.entries()) {
    const fault = faultOf(box, size, known) ?? (isBefore(boxes, index) ? "it is there twice" : undefined);
    if (fault !== undefined) {
      checked.notes.push(`object ${index + 1} (${box.label}) was left out: ${fault}`);
    } else if (isWithin(box, size)) checked.boxes.push(box);
    else {
      if (!isWithin(box, size, ROUNDING))
        checked.notes.push(`object ${index + 1} (${box.label}) was cut: ${describe(box)} is not within ${area(size)}`);
      checked.boxes.push(withinPicture(box, size));
    }
  }
  return checked;
}

/** Whether the same box stands further up. Pictures have few: to look at each takes less than to make keys. */
function isBefore(boxes: readonly ObjectBox[], index: number): boolean {
  const box = boxes[index];
  for (let i = 0; i < index; i++) {
    const other = boxes[i];
    if (other && box && isSame(other, box)) return true;
  }
  return false;
}

const isSame = (a: ObjectBox, b: ObjectBox) =>
  a.xmin === b.xmin && a.ymin === b.ymin && a.xmax === b.xmax && a.ymax === b.ymax && a.label === b.label;

/** Pixels: shares of six decimals, as YOLO's files have them, put a box at the picture's edge a little beyond it. */
const ROUNDING = 0.1;

const isWithin = ({ xmin, ymin, xmax, ymax }: ObjectBox, { width, height }: Size, slack = 0) =>
  xmin >= -slack && ymin >= -slack && xmax <= width + slack && ymax <= height + slack;

/** Why a box is none of this picture's; undefined where it is one, if perhaps one that sticks out. */
export function faultOf(box: ObjectBox, size: Size, known?: ReadonlySet<string>): string | undefined {
  if (box.label.trim() === "") return "it has no label";
  if (known && !known.has(box.label)) return "its label is not one of the data set's";
  const { isFinite } = Number;
  if (!isFinite(box.xmin) || !isFinite(box.ymin) || !isFinite(box.xmax) || !isFinite(box.ymax))
    return `${describe(box)} are no numbers`;
  if (box.xmin >= box.xmax) return `xmin ${box.xmin} is not below xmax ${box.xmax}`;
  if (box.ymin >= box.ymax) return `ymin ${box.ymin} is not below ymax ${box.ymax}`;
  if (box.xmin >= size.width || box.xmax <= 0 || box.ymin >= size.height || box.ymax <= 0)
    return `${describe(box)} is outside ${area(size)}`;
  return undefined;
}

/** The part of a box that is in the picture. */
export function withinPicture<B extends Pick<ObjectBox, "xmin" | "ymin" | "xmax" | "ymax">>(
  box: B,
  { width, height }: Size,
): B {
  return {
    ...box,
    xmin: Math.max(0, box.xmin),
    ymin: Math.max(0, box.ymin),
    xmax: Math.min(width, box.xmax),
    ymax: Math.min(height, box.ymax),
  };
}

const describe = ({ xmin, ymin, xmax, ymax }: ObjectBox) => `${xmin}, ${ymin} to ${xmax}, ${ymax}`;

const area = ({ width, height }: Size) => `the picture's ${width} × ${height} pixels`;
