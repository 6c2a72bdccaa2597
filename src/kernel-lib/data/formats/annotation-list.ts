/** What a file that lists pictures with what is in them comes down to, whatever its format. */
import type { ObjectBox } from "../../structures/object-box.js";
import type { PictureFlag } from "../annotated-image.js";
import type { DatasetProblem } from "../dataset-problem.js";
import type { CocoOutline } from "./coco-outline.js";

export interface ListedPicture {
  /** Relative to the folder of pictures, "/" between. */
  file: string;
  /** What the list says about the picture's size; none where it says nothing. */
  size?: { width: number; height: number } | undefined;
  labels: string[];
  boxes: ObjectBox[];
  /** What COCO says beyond the boxes, of those of which it does. */
  outlines?: readonly CocoOutline[] | undefined;
  flag: PictureFlag | null;
  note: string;
}

export interface AnnotationList {
  /** In the order in which they count as classes; undefined where the format has no such order. */
  labels: readonly string[] | undefined;
  pictures: ListedPicture[];
  problems: DatasetProblem[];
}

/** A data set as it leaves: every picture with the name that it has there. */
export interface OutgoingList {
  name: string;
  kind: "labels" | "boxes";
  labels: readonly string[];
  pictures: readonly (ListedPicture & { size: { width: number; height: number } })[];
}

/** A picture of which a list says nothing yet. */
export function emptyListed(file: string): ListedPicture {
  return { file, labels: [], boxes: [], flag: null, note: "" };
}

export const asFlag = (value: unknown): PictureFlag | null => (value === "unsure" || value === "skip" ? value : null);
