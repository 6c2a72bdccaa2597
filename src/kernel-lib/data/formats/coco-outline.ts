/**
 * What COCO says of an object beyond its box: the outline, as polygons or as a mask by run lengths, and the area within it. It is kept as
 * it was read, as long as nobody changes the box that it belongs to.
 */
import type { ObjectBox } from "../../structures/object-box.js";
import { withinPicture } from "./box-check.js";

type Corners = Pick<ObjectBox, "xmin" | "ymin" | "xmax" | "ymax">;

export interface CocoOutline {
  /** As the file has it, before it was cut at the picture's edge. */
  readonly box: Corners & { readonly label: string };
  /** Undefined where the file has none. */
  readonly segmentation: unknown;
  /** In square pixels; undefined where the file doesn't say. */
  readonly area: number | undefined;
}

/** The outline of each box, where there is one. */
export function outlinesOf(
  boxes: readonly ObjectBox[],
  outlines: readonly CocoOutline[],
  size: { width: number; height: number },
): (CocoOutline | undefined)[] {
  if (outlines.length === 0) return boxes.map(() => undefined);
  return boxes.map((box) => {
    const fitting = outlines.filter((outline) => isSame(withinPicture(outline.box, size), box));
    // The object may be called something else by now.
    return fitting.find((outline) => outline.box.label === box.label) ?? fitting[0];
  });
}

const isSame = (a: Corners, b: Corners) =>
  a.xmin === b.xmin && a.ymin === b.ymin && a.xmax === b.xmax && a.ymax === b.ymax;
