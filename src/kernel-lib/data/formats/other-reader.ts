/** Which reader a folder was made for, where somebody gives it to another one. */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** What tells a folder, and what reads it. */
const SIGNS: readonly (readonly [name: string, reader: string])[] = [
  ["JPEGImages", "ObjectDetectionDataset.createFromDir"],
  ["data.yaml", "ObjectDetectionDataset.createFromYolo"],
  ["dataset.yaml", "ObjectDetectionDataset.createFromYolo"],
  ["obj.data", "ObjectDetectionDataset.createFromYolo"],
  ["classes.txt", "ObjectDetectionDataset.createFromYolo"],
  ["annotations.json", "createFromCoco"],
  ["_annotations.coco.json", "createFromCoco"],
  ["annotations.csv", "createFromCsv"],
  ["annotations.jsonl", "createFromJsonLines"],
];

/** A sentence, or undefined where nothing tells. @param own the reader that was called */
export function otherReader(root: string, own: string): string | undefined {
  const found = SIGNS.find(([name, reader]) => reader !== own && existsSync(join(root, name)));
  return found && `there is ${found[0]} in it, which ${found[1]} reads`;
}
