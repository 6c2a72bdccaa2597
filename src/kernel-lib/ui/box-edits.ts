/** What is done to the boxes of a picture, wherever they are drawn: what comes from outside is brought within the picture. */
import { BOX_FLAGS, type BoxEdit, type BoxShape, type LabelledBox } from "../protocol/index.js";
import type { ObjectBox } from "../structures/object-box.js";

interface Size {
  width: number;
  height: number;
}

const EDITS = ["addBox", "shapeBox", "relabelBox", "flagBox", "removeBox", "orderBox"];

export const isBoxEdit = (command: { type: string }): command is BoxEdit => EDITS.includes(command.type);

/** The picture's boxes after it; the same list where it is about a box that is not there. */
export function editedBoxes(boxes: readonly ObjectBox[], edit: BoxEdit, picture: Size): readonly ObjectBox[] {
  if (edit.type === "addBox") return [...boxes, checkedBox(edit.box, picture)];
  const box = boxes[edit.index];
  if (!box) return boxes;
  switch (edit.type) {
    case "shapeBox":
      return replaced(boxes, edit.index, { ...box, ...checkedShape(edit.shape, picture) });
    case "relabelBox":
      return replaced(boxes, edit.index, { ...box, label: edit.label });
    case "flagBox":
      if (!BOX_FLAGS.includes(edit.flag)) return boxes;
      return replaced(boxes, edit.index, { ...box, [edit.flag]: !box[edit.flag] });
    case "removeBox":
      return boxes.filter((one) => one !== box);
    case "orderBox": {
      // The last box is drawn over all others.
      const rest = boxes.filter((one) => one !== box);
      return edit.to === "front" ? [...rest, box] : [box, ...rest];
    }
  }
}

/** A box of another picture, as far as it lies in this one. */
export function clippedBox(box: ObjectBox, picture: Size): ObjectBox[] {
  const clipped = { ...box, ...checkedShape(box, picture) };
  return clipped.xmax - clipped.xmin >= 1 && clipped.ymax - clipped.ymin >= 1 ? [clipped] : [];
}

const replaced = (boxes: readonly ObjectBox[], index: number, by: ObjectBox) =>
  boxes.map((one, i) => (i === index ? by : one));

/** Only what a box has. */
function checkedBox(box: LabelledBox, picture: Size): ObjectBox {
  const { label, difficult, truncated, occluded } = box;
  return { label, ...checkedShape(box, picture), difficult, truncated, occluded };
}

function checkedShape({ xmin, ymin, xmax, ymax }: BoxShape, { width, height }: Size): BoxShape {
  const within = (value: number, length: number) => Math.min(length, Math.max(0, value));
  return {
    xmin: within(xmin, width),
    ymin: within(ymin, height),
    xmax: within(xmax, width),
    ymax: within(ymax, height),
  };
}
