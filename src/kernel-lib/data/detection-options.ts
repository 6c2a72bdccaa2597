/** How pictures with boxes are opened. */
import type { Context } from "../structures/context.js";
import type { ObjectBox } from "../structures/object-box.js";
import type { VocOrigin } from "./formats/voc-annotation.js";
import type { YoloSubset } from "./formats/yolo.js";
import { LOAD_OPTIONS, type LoadOptions } from "./load-images.js";

/** A box as callers may give it: what isn't said of the three flags is false. */
export type NewBox = Pick<ObjectBox, "label" | "xmin" | "ymin" | "xmax" | "ymax"> & Partial<ObjectBox>;

export interface DetectionOptions extends LoadOptions {
  /** The labels in the order in which they count as classes; objects of others are left out. By default all that are found, by code point. */
  labels?: readonly string[];
  /**
   * What becomes of pictures that no annotation file is about, and whose boxes nobody has drawn: "leaveOut" (the default: a training would
   * take them for pictures without objects), or "include", to annotate them.
   */
  unannotated?: "leaveOut" | "include";
  /** Where the journal of a folder that can't be written is kept; the global one by default. */
  context?: Context | undefined;
}

export interface CreateFromVocOptions extends DetectionOptions {
  /** Within the folder; "Annotations" by default. */
  annotationsDir?: string;
  /** Within the folder; "JPEGImages" by default. */
  imageSubdirectory?: string;
  /**
   * The number of the first pixel in the files: 0 as LabelImg and CVAT count, 1 as the PASCAL VOC challenge did. By default 1 for files
   * whose source is a "VOC2007 Database" or the like, else 0.
   */
  origin?: VocOrigin;
}

export interface CreateFromListOptions extends DetectionOptions {
  /** The folder of pictures, relative to the list; by default the usual one that has them: `images` or `data` beside it, its own folder. */
  imagesDir?: string;
}

export interface CreateFromYoloOptions extends DetectionOptions {
  /** Which of the parts that `data.yaml` names; all by default. */
  subsets?: readonly YoloSubset[];
}

export const DETECTION_OPTIONS = ["labels", "unannotated", "context", ...LOAD_OPTIONS];
