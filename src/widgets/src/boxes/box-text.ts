/** A box in words, for a list and a screen reader. */
import type { LabelledBox } from "../../../kernel-lib/protocol/index.js";
import { short, sizeText } from "./box-geometry.js";

/** "cup, 120 × 80 pixels at 30, 40, truncated" */
export function describeBox(box: LabelledBox): string {
  const flags = (["difficult", "truncated", "occluded"] as const).filter((flag) => box[flag]);
  const place = `${sizeText(box)} pixels at ${short(box.xmin)}, ${short(box.ymin)}`;
  return [`${box.label}, ${place}`, ...flags].join(", ");
}
