/** A file that lists pictures, and the folder in which they lie. */
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, parse, relative, resolve, sep } from "node:path";
import { VitrineError } from "../../structures/errors.js";
import type { DatasetProblem } from "../dataset-problem.js";
import { systemReason } from "../picture-file.js";
import type { AnnotationList, ListedPicture } from "./annotation-list.js";
import { readCoco } from "./coco.js";
import { readCsvList } from "./csv-list.js";
import { readJsonLines } from "./json-lines.js";
import { pathOnDisk } from "./letter-forms.js";
import { rightWay } from "./other-reader.js";
import { decodeXml } from "./xml.js";

/** A list's text is held whole in memory. */
const MAX_BYTES = 1 << 29;

export interface ListFormat {
  /** The function that reads it. */
  reader: string;
  /** The list's name in its folder, as we write it. */
  name: string;
  /** What others call it. */
  others?: readonly string[];
  read: (text: string, path: string) => AnnotationList;
}

/** As Roboflow, FiftyOne and Label Studio call it; COCO itself and CVAT have a folder `annotations` with one list a part. */
export const COCO: ListFormat = {
  reader: "createFromCoco",
  name: "annotations.json",
  others: ["_annotations.coco.json", "labels.json", "result.json"],
  read: readCoco,
};
export const CSV: ListFormat = { reader: "createFromCsv", name: "annotations.csv", read: readCsvList };
export const JSON_LINES: ListFormat = { reader: "createFromJsonLines", name: "annotations.jsonl", read: readJsonLines };

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
 * @param images the folder of pictures, relative to the list; where none is given, the first of the usual ones that has the first picture
 * @throws `MissingFile`, `InvalidFile`
 */
export async function readListFolder(
  path: string,
  format: ListFormat,
  images: string | undefined,
): Promise<ListedFolder> {
  const source = await sourceIn(resolve(path), format);
  const root = rootOf(source, images);
  const list = format.read(await readText(source, format.name), source);
  const home = images === undefined ? await homeOf(list, source, root) : resolve(dirname(source), images);
  const problems: DatasetProblem[] = [];
  const seen = new Map<string, ListedPicture>();
  const pictures = list.pictures.flatMap((picture) => {
    const place = placeOf(picture.file, home, root);
    if (place !== undefined && !seen.has(place)) {
      seen.set(place, picture);
      return [{ ...picture, path: place }];
    }
    const before = place === undefined ? undefined : seen.get(place);
    if (before && before.file !== picture.file && before.file.trim() === picture.file.trim()) {
      before.boxes.push(...picture.boxes);
      before.labels.push(...picture.labels.filter((label) => !before.labels.includes(label)));
      return [];
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

/** @throws `MissingFile` where a folder `annotations` has several */
async function sourceIn(path: string, { reader, name, others = [] }: ListFormat): Promise<string> {
  if (!(await isFolder(path))) {
    const other = rightWay(path, reader);
    if (other === undefined) return path;
    const reason = `it is none of these; ${other}`;
    throw new VitrineError("MissingFile", { path, what: [name, ...others].join(", "), reason });
  }
  const found = [name, ...others].find((each) => existsSync(join(path, each)));
  if (found !== undefined) return join(path, found);
  const folder = join(path, "annotations");
  const lists = (await readdir(folder).catch(() => [])).filter((each) => /^instances_.*\.json$/.test(each)).sort();
  if (lists.length === 0 || others.length === 0) return refuseWithoutList(path, [name, ...others], reader);
  if (lists.length === 1) return join(folder, lists[0] ?? "");
  const reason = `there are ${lists.length} lists in it: ${lists.join(", ")}; name one of them`;
  throw new VitrineError("MissingFile", { path: folder, what: "one list of pictures", reason });
}

/** Roboflow has a list in each of train, valid and test. @throws `MissingFile` */
async function refuseWithoutList(path: string, names: readonly string[], reader: string): Promise<never> {
  const has = (folder: string) => names.some((each) => existsSync(join(path, folder, each)));
  const parts = (await readdir(path)).filter(has).sort();
  const other = rightWay(path, reader);
  const found = parts.length > 0 ? `there is one in ${parts.join(", ")}; give one of these folders` : other;
  const reason = `there is no such file${found === undefined ? "" : `; ${found}`}`;
  throw new VitrineError("MissingFile", { path: join(path, names[0] ?? ""), what: names.join(", "), reason });
}

/** Lists in a folder of their own are about what lies around it. */
function rootOf(source: string, images: string | undefined): string {
  const folder = dirname(source);
  return images === undefined && basename(folder) === "annotations" ? dirname(folder) : folder;
}

/** `images` beside the list, FiftyOne's `data`, `val2017` for `instances_val2017.json`; else the list's own folder. */
async function homeOf(list: AnnotationList, source: string, root: string): Promise<string> {
  const part = /_([A-Za-z0-9][^_]*)$/.exec(parse(source).name)?.[1] ?? "images";
  const usual = ["images", "data", part, join("images", part)].map((name) => join(root, name));
  const homes: string[] = [];
  for (const home of [...usual, root, dirname(source)]) if (await isFolder(home)) homes.push(home);
  const first = list.pictures[0]?.file ?? "";
  const has = (home: string) => existsSync(placeOf(first, home, root) ?? "");
  return homes.find(has) ?? homes[0] ?? root;
}

/** Undefined where it leads out of the folders. A path from the list's own folder is understood too. */
function placeOf(file: string, home: string, root: string): string | undefined {
  const place = placeAsSaid(file, home, root);
  const trimmed = file.trim();
  // A table written by hand has blanks around its cells, and a file's name may begin with one.
  if (place !== undefined && trimmed !== file && !existsSync(place)) return placeOf(trimmed, home, root);
  return place && pathOnDisk(place.startsWith(home) ? home : root, place);
}

function placeAsSaid(file: string, home: string, root: string): string | undefined {
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
