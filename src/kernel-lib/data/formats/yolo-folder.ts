/** A data set as YOLO lays it out: a file that names the classes, folders `images` and `labels` that mirror each other. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, extname, parse, resolve, sep } from "node:path";
import type { DatasetProblem } from "../dataset-problem.js";
import { filesUnder } from "../image-folder.js";
import { inNaturalOrder } from "../natural-order.js";
import { systemReason } from "../picture-file.js";
import { UNSAID, type BoxedPicture, type SaidBoxes } from "./boxed-picture.js";
import { pathOnDisk } from "./letter-forms.js";
import { readText } from "./list-folder.js";
import { readYoloLabels, type YoloSubset } from "./yolo.js";
import { placesOf, readYoloSource, type YoloSource } from "./yolo-source.js";

export interface YoloFolder {
  root: string;
  labels: readonly string[];
  pictures: BoxedPicture[];
  problems: DatasetProblem[];
}

const SUBSETS: readonly YoloSubset[] = ["train", "val", "test"];

/**
 * @param path the file that names the classes, or its folder
 * @param subsets which parts; all that there are by default
 * @throws `MissingFile`, `InvalidFile`
 */
export async function readYoloFolder(path: string, subsets: readonly YoloSubset[] = SUBSETS): Promise<YoloFolder> {
  const source = await readYoloSource(path);
  const { root, labels } = source;
  const problems: DatasetProblem[] = [];
  const paths = await picturePaths(source, subsets, problems);
  const folders = new Map<string, string>();
  const pictures = paths.map((each): BoxedPicture => {
    const text = labelPath(each, folders, source.texts);
    return { path: each, source: text, said: () => saidIn(text, labels, source.keypointNumbers) };
  });
  for (const folder of new Set(folders.values())) {
    if (!existsSync(folder)) problems.push({ path: folder, reason: NO_TEXTS });
  }
  return { root, labels, pictures, problems };
}

const NO_TEXTS = "there is no such folder of YOLO's text files; its pictures are taken to have no objects";

async function picturePaths(
  { root, path, places: config }: YoloSource,
  subsets: readonly YoloSubset[],
  problems: DatasetProblem[],
): Promise<string[]> {
  const places = [...new Set(subsets.flatMap((subset) => config[subset] ?? []))];
  const found: string[] = [];
  for (const place of places) {
    const tries = placesOf(root, path, place.trim());
    const list = await firstListed(tries, problems);
    if (list) for (const each of list) found.push(each);
    else problems.push({ path: tries[0] ?? place, reason: "there is no such folder of pictures" });
  }
  return inNaturalOrder([...new Set(found)]);
}

async function firstListed(tries: readonly string[], problems: DatasetProblem[]): Promise<string[] | undefined> {
  for (const path of new Set(tries)) {
    const list = await listed(path, problems);
    if (list) return list;
  }
  return undefined;
}

/** What lies among pictures and is none, and needs no word about it. */
const OTHERS = /^\.(txt|json|ya?ml|cache|npy|data|names|db|ini)$/i;

/** The pictures of a folder with all in it, or those that a text file names; undefined where there is neither. */
async function listed(path: string, problems: DatasetProblem[]): Promise<string[] | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return (await filesUnder(path, problems)).filter((file) => !OTHERS.test(extname(file)));
  if (!found?.isFile() || extname(path) !== ".txt") return undefined;
  const lines = (await readText(path, "a list of pictures")).split(/\r?\n/).map((line) => line.trim());
  const root = dirname(path);
  const isPrefixed = !existsSync(resolve(root, "data"));
  return lines
    .filter((line) => line !== "")
    .map((line) => pathOnDisk(root, resolve(root, isPrefixed ? line.replace(/^(\.\/)?data\//, "") : line)));
}

/** Without a text file a picture has no objects: so YOLO's own readers take it. */
function saidIn(source: string, labels: readonly string[], keypointNumbers: number | undefined): SaidBoxes {
  try {
    const text = readFileSync(pathOnDisk(dirname(source), source), "utf8");
    return { boxes: (size) => readYoloLabels(text, labels, size, keypointNumbers), problems: [] };
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    return isMissing ? UNSAID : { ...UNSAID, problems: [systemReason(cause)] };
  }
}

/**
 * The last folder that is called `images` is `labels` there; where there is none, and texts lie beside the pictures, these count: a data set
 * may lie in a folder of that name.
 * @param folders those that are known, by the pictures'
 */
function labelPath(path: string, folders: Map<string, string>, texts: YoloSource["texts"]): string {
  const slash = path.lastIndexOf(sep);
  const dot = path.lastIndexOf(".");
  const folder = path.slice(0, slash);
  let labels = folders.get(folder);
  if (labels === undefined) {
    const parts = folder.split(sep);
    const place = texts === "beside" ? -1 : parts.lastIndexOf("images");
    if (place >= 0) parts[place] = "labels";
    const mirrored = parts.join(sep);
    labels = existsSync(mirrored) || !hasTexts(folder) ? mirrored : folder;
    folders.set(folder, labels);
  }
  return `${labels}${sep}${path.slice(slash + 1, dot > slash + 1 ? dot : undefined)}.txt`;
}

/** Whether some file of the folder has a text of its name beside it. */
function hasTexts(folder: string): boolean {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const stems = new Set(names.filter((name) => name.endsWith(".txt")).map((name) => parse(name).name));
  return names.some((name) => !name.endsWith(".txt") && stems.has(parse(name).name));
}
