/** A box in words, for a list and a screen reader. */
import { BOX_FLAGS, type LabelledBox } from "../../../kernel-lib/protocol/index.js";
import { short, sizeText } from "./box-geometry.js";

/** Its flags, a crowd among them. */
export function flagsOf(box: LabelledBox): string[] {
  return ([...BOX_FLAGS, "crowd"] as const).filter((flag) => box[flag]);
}

/** "cup, 120 × 80 pixels at 30, 40, truncated" */
export function describeBox(box: LabelledBox): string {
  const place = `${sizeText(box)} pixels at ${short(box.xmin)}, ${short(box.ymin)}`;
  return [`${box.label}, ${place}`, ...flagsOf(box)].join(", ");
}
