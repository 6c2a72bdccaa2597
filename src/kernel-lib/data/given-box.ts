/** Boxes as callers give them: what is no box, or lies outside of the picture, is refused before anything is changed. */
import { quote, VitrineError } from "../structures/errors.js";
import type { ObjectBox } from "../structures/object-box.js";
import { booleanOption, textOption } from "../structures/options.js";
import type { NewBox } from "./detection-options.js";
import { faultOf, withinPicture } from "./formats/box-check.js";
import type { ObjectDetectionImage } from "./object-detection-image.js";

/** @throws `InvalidOption` */
export function givenBoxes(boxes: readonly NewBox[], picture: ObjectDetectionImage, option = "boxes"): ObjectBox[] {
  // Callers in plain JavaScript pass anything.
  const given: unknown = boxes;
  if (!Array.isArray(given)) refuse(option, `a list of boxes ${FORM}`, boxes);
  const where = option === "boxes" ? "" : ` of ${picture.name}`;
  return boxes.map((box, index) => givenBox(box, picture, `boxes[${index}]${where}`));
}

const FORM = "{ label, xmin, ymin, xmax, ymax }, in pixels";
const CORNERS = ["xmin", "ymin", "xmax", "ymax"] as const;

/** @throws `InvalidOption` */
export function givenBox(box: NewBox, picture: ObjectDetectionImage, option: string): ObjectBox {
  const given: unknown = box;
  const isBox = typeof given === "object" && given !== null && CORNERS.every((corner) => isNumber(box[corner]));
  if (!isBox) refuse(option, `a box ${FORM},`, given);
  const { label, xmin, ymin, xmax, ymax } = box;
  // Others would be lost with the journal's line, which is read back by what a box is.
  const flag = (name: "difficult" | "truncated" | "occluded" | "crowd") =>
    booleanOption(`${option}.${name}`, box[name] ?? false);
  const flags = { difficult: flag("difficult"), truncated: flag("truncated"), occluded: flag("occluded") };
  const place = { label: textOption(`${option}.label`, label), xmin, ymin, xmax, ymax };
  const whole = { ...place, ...flags, ...(flag("crowd") && { crowd: true }) };
  const inside = withinPicture(whole, picture);
  if (CORNERS.every((corner) => inside[corner] === whole[corner]) && faultOf(whole, picture) === undefined)
    return whole;
  const expected = `a box with an area within the ${picture.width} × ${picture.height} pixels of ${picture.name}`;
  return refuse(option, expected, { xmin, ymin, xmax, ymax });
}

const isNumber = (value: unknown) => typeof value === "number";

function refuse(option: string, expected: string, received: unknown): never {
  throw new VitrineError("InvalidOption", { option, expected, received: quote(received) });
}
