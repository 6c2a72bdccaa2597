/** A folder that is annotated from the command line: what kind of data set it is, and where its pictures lie. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";

import { Option } from "commander";

import { ClassificationDataset } from "../data/classification-dataset.js";
import { readerOf, withinIt } from "../data/formats/other-reader.js";
import { ObjectDetectionDataset } from "../data/object-detection-dataset.js";
import { VitrineError } from "../structures/errors.js";

export type Task = "labels" | "boxes";

export const taskOption = (): Option =>
  new Option(
    "--task <task>",
    "what is said about pictures (default: boxes where there are Annotations, YOLO's texts or a list with boxes, else labels)",
  ).choices(["labels", "boxes"]);

/**
 * A folder of labels, Pascal VOC's, YOLO's, or one with a list as COCO, CSV or JSON lines; or such a list itself.
 * @param unannotated whether pictures that nobody has drawn on come too, where boxes are drawn
 * @throws `MissingFile` where the data sets are the folders in it, and what opening it throws
 */
export async function openAnnotated(
  folder: string,
  task: Task | undefined,
  unannotated: "include" | "leaveOut",
): Promise<ClassificationDataset | ObjectDetectionDataset> {
  const reader = readerOf(folder);
  if (reader === undefined && task === undefined) refuseParts(folder);
  const list = LISTS.find((each) => each === reader);
  if (list !== undefined) return openList(folder, list, task, unannotated);
  if (task === "labels" || (task === undefined && reader === undefined && !isVoc(folder)))
    return ClassificationDataset.createFromDir(basename(folder), folder, { unlabelled: "include" });
  if (reader === YOLO) return ObjectDetectionDataset.createFromYolo(basename(folder), folder, { unannotated });
  const loose = isVoc(folder) ? {} : { imageSubdirectory: ".", annotationsDir: "." };
  return ObjectDetectionDataset.createFromDir(basename(folder), folder, { unannotated, ...loose });
}

const LISTS = ["createFromCoco", "createFromCsv", "createFromJsonLines"] as const;
const YOLO = "ObjectDetectionDataset.createFromYolo";

/** A list may have boxes or labels: it is read for boxes, and where it has only labels, for these. */
async function openList(
  path: string,
  reader: (typeof LISTS)[number],
  task: Task | undefined,
  unannotated: "include" | "leaveOut",
): Promise<ClassificationDataset | ObjectDetectionDataset> {
  const name = basename(path);
  if (task === "labels") return ClassificationDataset[reader](name, path);
  const boxes = await ObjectDetectionDataset[reader](name, path, { unannotated });
  if (task === "boxes" || boxes.images.some((image) => image.boxes.length > 0)) return boxes;
  const labelled = await ClassificationDataset[reader](name, path);
  return labelled.images.some(({ labels }) => labels.length > 0) ? labelled : boxes;
}

/** Else the folders would be labels, and XML files and texts no pictures. */
function refuseParts(folder: string): void {
  const parts = withinIt(folder);
  if (parts === undefined || isVoc(folder)) return;
  throw new VitrineError("MissingFile", { path: folder, what: "one data set", reason: parts.hint });
}

const isVoc = (folder: string): boolean => ["Annotations", "JPEGImages"].some((name) => existsSync(join(folder, name)));
