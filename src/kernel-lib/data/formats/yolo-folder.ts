/** A data set as YOLO lays it out: `data.yaml`, folders `images` and `labels` that mirror each other. */
import { readFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { dirname, extname, join, resolve, sep } from "node:path";
import type { DatasetProblem } from "../dataset-problem.js";
import { inNaturalOrder } from "../natural-order.js";
import { systemReason } from "../picture-file.js";
import { UNSAID, type BoxedPicture, type SaidBoxes } from "./boxed-picture.js";
import { readText } from "./list-folder.js";
import { readYoloConfig, readYoloLabels, type YoloConfig, type YoloSubset } from "./yolo.js";

export interface YoloFolder {
  root: string;
  labels: readonly string[];
  pictures: BoxedPicture[];
  problems: DatasetProblem[];
}

const SUBSETS: readonly YoloSubset[] = ["train", "val", "test"];

/**
 * @param path `data.yaml` itself, or its folder
 * @param subsets which parts; all that there are by default
 * @throws `MissingFile`, `InvalidFile`
 */
export async function readYoloFolder(path: string, subsets: readonly YoloSubset[] = SUBSETS): Promise<YoloFolder> {
  const given = resolve(path);
  const isFolder = (await stat(given).catch(() => undefined))?.isDirectory() === true;
  const source = isFolder ? join(given, "data.yaml") : given;
  const config = readYoloConfig(await readText(source, "YOLO's data.yaml"), source);
  const root = dirname(source);
  const problems: DatasetProblem[] = [];
  const paths = await picturePaths(config, root, subsets, problems);
  const folders = new Map<string, string>();
  const pictures = paths.map((each): BoxedPicture => {
    const source = labelPath(each, folders);
    return { path: each, source, said: () => saidIn(source, config.labels) };
  });
  return { root, labels: config.labels, pictures, problems };
}

async function picturePaths(
  config: YoloConfig,
  root: string,
  subsets: readonly YoloSubset[],
  problems: DatasetProblem[],
): Promise<string[]> {
  const places = [...new Set(subsets.flatMap((subset) => config.places[subset] ?? []))];
  const found: string[] = [];
  for (const place of places) {
    // Roboflow writes "../train/images" for what lies beside the file.
    const tries = [
      resolve(root, config.path, place),
      resolve(root, place),
      resolve(root, place.replace(/^(\.\.\/)+/, "")),
    ];
    const lists = await Promise.all(tries.map((path) => listed(path)));
    const first = lists.find((list) => list !== undefined);
    if (first) for (const path of first) found.push(path);
    else problems.push({ path: tries[0] ?? place, reason: "there is no such folder of pictures" });
  }
  return inNaturalOrder([...new Set(found)]);
}

/** The pictures of a folder with all in it, or those that a text file names; undefined where there is neither. */
async function listed(path: string): Promise<string[] | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) {
    const entries = await readdir(path, { withFileTypes: true, recursive: true });
    return entries
      .filter(
        (entry) =>
          entry.isFile() && !entry.name.startsWith(".") && !/^\.(txt|json|yaml|cache)$/i.test(extname(entry.name)),
      )
      .map((entry) => `${entry.parentPath}${sep}${entry.name}`);
  }
  if (!found?.isFile() || extname(path) !== ".txt") return undefined;
  const lines = (await readText(path, "a list of pictures")).split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== "").map((line) => resolve(dirname(path), line));
}

/** Without a text file a picture has no objects: so YOLO's own readers take it. */
function saidIn(source: string, labels: readonly string[]): SaidBoxes {
  try {
    const text = readFileSync(source, "utf8");
    return { boxes: (size) => readYoloLabels(text, labels, size), problems: [] };
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    return isMissing ? UNSAID : { ...UNSAID, problems: [systemReason(cause)] };
  }
}

/** The last folder that is called `images` is `labels` there. @param folders those that are known, by the pictures' */
function labelPath(path: string, folders: Map<string, string>): string {
  const slash = path.lastIndexOf(sep);
  const dot = path.lastIndexOf(".");
  const folder = path.slice(0, slash);
  let labels = folders.get(folder);
  if (labels === undefined) {
    const parts = folder.split(sep);
    const place = parts.lastIndexOf("images");
    if (place >= 0) parts[place] = "labels";
    folders.set(folder, (labels = parts.join(sep)));
  }
  return `${labels}${sep}${path.slice(slash + 1, dot > slash + 1 ? dot : undefined)}.txt`;
}
