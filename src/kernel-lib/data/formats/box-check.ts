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
export function checkBoxes(boxes: readonly ObjectBox[], size: Size, labels?: readonly string[]): CheckedBoxes {
  const checked: CheckedBoxes = { boxes: [], notes: [] };
  const known = labels && new Set(labels);
  const seen = new Set<string>();
  boxes.forEach((box, index) => {
    const name = `object ${index + 1} (${box.label})`;
    const fault = faultOf(box, size, known) ?? (seen.has(keyOf(box)) ? "it is there twice" : undefined);
    if (fault !== undefined) {
      checked.notes.push(`${name} was left out: ${fault}`);
      return;
    }
    seen.add(keyOf(box));
    const cut = withinPicture(box, size);
    if (keyOf(cut) !== keyOf(box)) checked.notes.push(`${name} was cut: ${describe(box)} is not within ${area(size)}`);
    checked.boxes.push(cut);
  });
  return checked;
}

/** Why a box is none of this picture's; undefined where it is one, if perhaps one that sticks out. */
export function faultOf(box: ObjectBox, size: Size, known?: ReadonlySet<string>): string | undefined {
  if (box.label.trim() === "") return "it has no label";
  if (known && !known.has(box.label)) return "its label is not one of the data set's";
  if (![box.xmin, box.ymin, box.xmax, box.ymax].every(Number.isFinite)) return `${describe(box)} are no numbers`;
  if (box.xmin >= box.xmax) return `xmin ${box.xmin} is not below xmax ${box.xmax}`;
  if (box.ymin >= box.ymax) return `ymin ${box.ymin} is not below ymax ${box.ymax}`;
  const inside = withinPicture(box, size);
  if (inside.xmin >= inside.xmax || inside.ymin >= inside.ymax) return `${describe(box)} is outside ${area(size)}`;
  return undefined;
}

/** The part of a box that is in the picture. */
export function withinPicture(box: ObjectBox, { width, height }: Size): ObjectBox {
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

const keyOf = (box: ObjectBox) => `${describe(box)}/${box.label}`;
