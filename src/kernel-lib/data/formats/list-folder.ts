/** A file that lists pictures, and the folder in which they lie. */
import { readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { VitrineError } from "../../structures/errors.js";
import type { DatasetProblem } from "../dataset-problem.js";
import { systemReason } from "../picture-file.js";
import type { AnnotationList, ListedPicture } from "./annotation-list.js";
import { readCoco } from "./coco.js";
import { readCsvList } from "./csv-list.js";
import { readJsonLines } from "./json-lines.js";
import { decodeXml } from "./xml.js";

/** A list's text is held whole in memory. */
const MAX_BYTES = 1 << 29;

export interface ListFormat {
  /** The list's name in its folder. */
  name: string;
  read: (text: string, path: string) => AnnotationList;
}

export const COCO: ListFormat = { name: "annotations.json", read: readCoco };
export const CSV: ListFormat = { name: "annotations.csv", read: readCsvList };
export const JSON_LINES: ListFormat = { name: "annotations.jsonl", read: readJsonLines };

export interface ListedFolder {
  root: string;
  list: AnnotationList;
  /** With the absolute path of each; those that lead outside of the folder are problems. */
  pictures: (ListedPicture & { path: string })[];
  /** The file with the list. */
  source: string;
}

/**
 * @param path the list itself, or its folder
 * @param images the folder of pictures: as given, else `images` beside the list, else the list's own folder
 * @throws `MissingFile`, `InvalidFile`
 */
export async function readListFolder(
  path: string,
  { name, read }: ListFormat,
  images: string | undefined,
): Promise<ListedFolder> {
  const given = resolve(path);
  const source = (await isFolder(given)) ? join(given, name) : given;
  const root = dirname(source);
  const list = read(await readText(source, name), source);
  const beside = join(root, "images");
  const home = images === undefined ? ((await isFolder(beside)) ? beside : root) : resolve(root, images);
  const problems: DatasetProblem[] = [];
  const seen = new Set<string>();
  const pictures = list.pictures.flatMap((picture) => {
    const place = placeOf(picture.file, home, root);
    if (place !== undefined && !seen.has(place)) {
      seen.add(place);
      return [{ ...picture, path: place }];
    }
    if (place !== undefined) {
      problems.push({
        path: source,
        reason: `${JSON.stringify(picture.file)} is there twice; the second was left out`,
      });
      return [];
    }
    problems.push({
      path: source,
      reason: `${JSON.stringify(picture.file)} leads out of the data set's folder; it was left out`,
    });
    return [];
  });
  return { root, list: { ...list, problems: [...list.problems, ...problems] }, pictures, source };
}

/** Undefined where it leads out of the folders. A path from the list's own folder is understood too. */
function placeOf(file: string, home: string, root: string): string | undefined {
  // Most are a plain name.
  if (/^[^/\\:]+$/.test(file) && file !== ".." && file !== ".") return `${home}${sep}${file}`;
  const inside = (folder: string, path: string) => {
    const way = relative(folder, path);
    return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  };
  const plain = file.replaceAll("\\", "/");
  if (plain.startsWith("images/") && home === join(root, "images"))
    return inside(home, join(root, plain)) ? join(root, plain) : undefined;
  const path = isAbsolute(file) ? file : resolve(home, file.includes("/") ? file : plain);
  return inside(home, path) || inside(root, path) ? path : undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/** @throws `MissingFile`, `InvalidFile` */
export async function readText(path: string, what: string): Promise<string> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new VitrineError("MissingFile", { path, what, reason: systemReason(cause) }, { cause });
  });
  if (!found.isFile()) throw new VitrineError("MissingFile", { path, what, reason: "it is not a file" });
  if (found.size > MAX_BYTES) {
    const expected = `at most ${MAX_BYTES} bytes`;
    throw new VitrineError("InvalidFile", { path, where: "the whole file", expected, received: `${found.size}` });
  }
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new VitrineError("MissingFile", { path, what, reason: systemReason(cause) }, { cause });
  });
  try {
    return decodeXml(bytes);
  } catch {
    const expected = "text in UTF-8 or UTF-16";
    throw new VitrineError("InvalidFile", { path, where: "the whole file", expected, received: "other bytes" });
  }
}
