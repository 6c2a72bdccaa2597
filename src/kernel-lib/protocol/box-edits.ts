/**
 * What is done to the boxes of a picture, wherever they are drawn: by the kernel, and by the browser's side for what the kernel has not
 * answered yet. What comes from outside is brought within the picture.
 */
import { BOX_FLAGS, type BoxEdit, type BoxShape, type LabelledBox } from "./boxes.js";

interface Size {
  width: number;
  height: number;
}

/** How far a copy lies from what it was copied from, in the picture's pixels. */
const OFFSET = 12;

const EDITS = ["addBox", "shapeBox", "relabelBox", "flagBox", "removeBox", "orderBox", "duplicateBox"];

export const isBoxEdit = (command: { type: string }): command is BoxEdit => EDITS.includes(command.type);

/** The picture's boxes after it; the same list where it is about a box that is not there. */
export function editedBoxes<Box extends LabelledBox>(
  boxes: readonly Box[],
  edit: BoxEdit,
  picture: Size,
): readonly (Box | LabelledBox)[] {
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
    case "duplicateBox":
      return [...boxes, copied(box, picture)];
  }
}

/** A box of another picture, as far as it lies in this one. */
export function clippedBox(box: LabelledBox, picture: Size): LabelledBox[] {
  const clipped = { ...box, ...checkedShape(box, picture) };
  return clipped.xmax - clipped.xmin >= 1 && clipped.ymax - clipped.ymin >= 1 ? [clipped] : [];
}

const replaced = <Box>(boxes: readonly Box[], index: number, by: Box) =>
  boxes.map((one, i) => (i === index ? by : one));

/** Beside the box: below it to the right, or where the picture ends there, above it to the left. */
function copied(box: LabelledBox, picture: Size): LabelledBox {
  const beside = shifted(box, OFFSET, picture);
  const stays = beside.xmin === box.xmin && beside.ymin === box.ymin;
  return checkedBox({ ...box, ...(stays ? shifted(box, -OFFSET, picture) : beside) }, picture);
}

/** As large as it was, and by whole pixels, so that a fractional box keeps its fractions. */
function shifted({ xmin, ymin, xmax, ymax }: BoxShape, by: number, { width, height }: Size): BoxShape {
  const within = (low: number, high: number, length: number) =>
    Math.trunc(by > 0 ? Math.min(by, Math.max(0, length - high)) : Math.max(by, Math.min(0, -low)));
  const [x, y] = [within(xmin, xmax, width), within(ymin, ymax, height)];
  return { xmin: xmin + x, ymin: ymin + y, xmax: xmax + x, ymax: ymax + y };
}

/** Only what a box has. */
function checkedBox(box: LabelledBox, picture: Size): LabelledBox {
  const { label, difficult, truncated, occluded, crowd } = box;
  return { label, ...checkedShape(box, picture), difficult, truncated, occluded, ...(crowd && { crowd }) };
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
