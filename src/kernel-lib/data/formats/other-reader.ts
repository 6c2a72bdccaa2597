/** Which reader a path was made for, where somebody gives it to another one, or gives the folder above it or within it. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

const [VOC, YOLO] = ["ObjectDetectionDataset.createFromDir", "ObjectDetectionDataset.createFromYolo"];
const [COCO, CSV, JSON_LINES] = ["createFromCoco", "createFromCsv", "createFromJsonLines"];

/** What tells a folder, and what reads it. */
const SIGNS: readonly (readonly [name: string, reader: string])[] = [
  ["JPEGImages", VOC],
  ["data.yaml", YOLO],
  ["dataset.yaml", YOLO],
  ["obj.data", YOLO],
  ["classes.txt", YOLO],
  ["annotations.json", COCO],
  ["_annotations.coco.json", COCO],
  ["annotations.csv", CSV],
  ["annotations.jsonl", JSON_LINES],
];

/** What reads a file. */
const ENDINGS: Readonly<Record<string, string>> = {
  ".json": COCO,
  ".csv": CSV,
  ".jsonl": JSON_LINES,
  ".yaml": YOLO,
  ".yml": YOLO,
};

/** The function that a folder or a list was made for, where that is told by a name. */
export function readerOf(path: string): string | undefined {
  if (isFile(path)) return ENDINGS[extname(path).toLowerCase()];
  return SIGNS.find(([name]) => existsSync(join(path, name)))?.[1];
}

/** A sentence about a folder, or undefined where nothing tells. @param own the reader that was called */
export function otherReader(root: string, own: string): string | undefined {
  const found = SIGNS.find(([name, other]) => other !== own && existsSync(join(root, name)));
  return found && `there is ${found[0]} in it, which ${found[1]} reads`;
}

/** The same about a path of which the reader that was called can make nothing: the folders above it and in it may tell, too. */
export function rightWay(path: string, own: string): string | undefined {
  const reader = ENDINGS[extname(path).toLowerCase()];
  if (isFile(path)) return reader === undefined || reader === own ? undefined : `${reader} reads such a file`;
  const within = withinIt(path);
  const parts = within && `${within.hint} to ${within.reader}`;
  return otherReader(path, own) ?? parts ?? aboveIt(path) ?? labelledFolder(path, own);
}

/** What folders within data sets with boxes are called. */
const PART = /^(JPEGImages|Annotations|images|labels|train|val|valid|test)$/i;

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** What to give to which reader, where data sets lie in the folders of one, as train and val often do. */
export function withinIt(root: string): { hint: string; reader: string } | undefined {
  const folders = foldersIn(root);
  const sign = SIGNS.find(([name]) => folders.some((folder) => existsSync(join(root, folder, name))));
  if (!sign) return undefined;
  const [name, reader] = sign;
  const having = folders.filter((folder) => existsSync(join(root, folder, name)));
  const [those, folder] =
    having.length === 1 ? ["that folder", having[0]] : ["one of these folders", having.join(", ")];
  return { hint: `there is ${name} in ${folder}; give ${those}`, reader };
}

/** The pictures' or the annotations' own folder was given: `JPEGImages`, or `labels/train`. */
function aboveIt(root: string): string | undefined {
  const above = [dirname(root), dirname(dirname(root))];
  for (const folder of above) {
    const sign = SIGNS.find(([name]) => existsSync(join(folder, name)));
    if (sign && PART.test(basename(root))) return `there is ${sign[0]} in ${folder}; give that folder to ${sign[1]}`;
  }
  return undefined;
}

function labelledFolder(root: string, own: string): string | undefined {
  if (own !== VOC) return undefined;
  const isPicture = (name: string) => /\.(jpe?g|png|webp)$/i.test(name);
  const folders = foldersIn(root);
  const folder = folders.find((name) => readdirSync(join(root, name)).some(isPicture));
  if (folder === undefined || folders.some((name) => PART.test(name))) return undefined;
  return `there are pictures in ${folder}: ClassificationDataset.createFromDir reads one folder a label`;
}

/** The first ones: it is for a message. */
function foldersIn(root: string): string[] {
  try {
    const entries = readdirSync(root, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
    return folders
      .map(({ name }) => name)
      .sort()
      .slice(0, 20);
  } catch {
    return [];
  }
}
