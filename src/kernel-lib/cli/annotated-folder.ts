/** A folder that is annotated from the command line: what kind of data set it is, and where its pictures lie. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";

import { Option } from "commander";

import { ClassificationDataset } from "../data/classification-dataset.js";
import { ObjectDetectionDataset } from "../data/object-detection-dataset.js";

export type Task = "labels" | "boxes";

export const taskOption = (): Option =>
  new Option(
    "--task <task>",
    "what is said about pictures (default: boxes where there are Annotations, else labels)",
  ).choices(["labels", "boxes"]);

export const taskOf = (folder: string, task: Task | undefined): Task => task ?? (isVoc(folder) ? "boxes" : "labels");

/** Pictures that nobody has labelled yet too. */
export function openLabels(folder: string): Promise<ClassificationDataset> {
  return ClassificationDataset.createFromDir(basename(folder), folder, { unlabelled: "include" });
}

/** As Pascal VOC lays it out, or loose pictures. @param unannotated whether pictures that nobody has looked at come too */
export function openBoxes(folder: string, unannotated: "include" | "leaveOut"): Promise<ObjectDetectionDataset> {
  const loose = isVoc(folder) ? {} : { imageSubdirectory: ".", annotationsDir: "." };
  return ObjectDetectionDataset.createFromDir(basename(folder), folder, { unannotated, ...loose });
}

const isVoc = (folder: string): boolean => ["Annotations", "JPEGImages"].some((name) => existsSync(join(folder, name)));
