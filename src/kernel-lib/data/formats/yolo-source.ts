/**
 * The file that says what a YOLO data set's classes are and where its pictures lie, in the three ways that programs write it: Ultralytics'
 * `data.yaml` (FiftyOne calls it `dataset.yaml`), darknet's `obj.data`, which CVAT writes, and a bare `classes.txt`, as LabelImg and Label
 * Studio leave it.
 */
import { stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { VitrineError } from "../../structures/errors.js";
import { readText } from "./list-folder.js";
import { rightWay } from "./other-reader.js";
import { readYoloConfig, type YoloConfig } from "./yolo.js";

export interface YoloSource extends YoloConfig {
  /** The file's folder. */
  root: string;
  /** Where a picture's text file lies: in a folder `labels` that mirrors `images`, or beside the picture whatever its folder is called. */
  texts: "mirrored" | "beside";
}

const NAMES = ["data.yaml", "dataset.yaml", "data.yml", "dataset.yml", "obj.data", "classes.txt"];

/**
 * @param path one of these files, or its folder
 * @throws `MissingFile`, `InvalidFile`
 */
export async function readYoloSource(path: string): Promise<YoloSource> {
  const source = await sourceIn(resolve(path));
  const root = dirname(source);
  const text = await readText(source, WHAT);
  const ending = extname(source).toLowerCase();
  if (ending === ".data") return { ...(await darknetConfig(text, source)), root, texts: "mirrored" };
  if (ending !== ".txt" && ending !== ".names") return { ...readYoloConfig(text, source), root, texts: "mirrored" };
  const isApart = (await kindOf(join(root, "images"))) === "folder";
  const places = { train: [isApart ? "images" : "."] };
  return { labels: classesIn(text, source), path: ".", places, root, texts: isApart ? "mirrored" : "beside" };
}

async function sourceIn(path: string): Promise<string> {
  const kind = await kindOf(path);
  const other = rightWay(path, "ObjectDetectionDataset.createFromYolo");
  if (kind === "file" && other !== undefined) throw refusal(path, `it is none of these; ${other}`);
  if (kind !== "folder") return path;
  for (const name of NAMES) if ((await kindOf(join(path, name))) === "file") return join(path, name);
  // Whoever reads it says that it is not there.
  if (other === undefined) return join(path, "data.yaml");
  throw refusal(join(path, "data.yaml"), `there is no such file; ${other}`);
}

const WHAT = "YOLO's data.yaml, obj.data or classes.txt";

const refusal = (path: string, reason: string) => new VitrineError("MissingFile", { path, what: WHAT, reason });

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && (found.isDirectory() ? "folder" : "file");
}

/** Lines `key = value`; the classes' names are in a file of their own. */
async function darknetConfig(text: string, source: string): Promise<YoloConfig> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined && value !== "") values.set(key, value);
  }
  const names = values.get("names");
  if (names === undefined) {
    const details = { path: source, where: "the whole file", expected: "a line names = obj.names", received: "none" };
    throw new VitrineError("InvalidFile", details);
  }
  const file = await firstThere(placesOf(dirname(source), ".", names));
  const place = (key: string) => values.get(key)?.split(",") ?? [];
  const places = { train: place("train"), val: [...place("valid"), ...place("val")], test: place("test") };
  return { labels: classesIn(await readText(file, "a list of classes"), file), path: ".", places };
}

async function firstThere(paths: readonly string[]): Promise<string> {
  for (const path of paths) if ((await kindOf(path)) !== undefined) return path;
  return paths[0] ?? "";
}

/**
 * Where a path may lead: Roboflow writes "../train/images" for what lies beside the file, Datumaro and CVAT "data/" before everything; and
 * what was downloaded elsewhere has that machine's path, "/content/cups-1/train/images".
 */
export function placesOf(root: string, path: string, place: string): string[] {
  return [
    resolve(root, path, place),
    resolve(root, place),
    resolve(root, place.replace(/^(\.\.\/)+/, "")),
    resolve(root, place.replace(/^data\//, "")),
    ...tailsOf(place).map((tail) => resolve(root, tail)),
  ];
}

/** The ends of a path from another machine, the longest first; never a last name alone, which train and val may share. */
function tailsOf(place: string): string[] {
  const parts = place.split(/[/\\]/).filter((part) => part !== "");
  if (parts.includes("..")) return [];
  return parts.slice(1, -1).map((_, index) => parts.slice(index + 1).join("/"));
}

/** A name a line; an empty one in between counts, as its number does. @throws `InvalidFile` where there is none */
function classesIn(text: string, path: string): string[] {
  const lines = text.trimEnd().split(/\r?\n/);
  const names = lines.map((line, index) => (line.trim() === "" ? String(index) : line.trim()));
  if (text.trim() !== "") return names;
  const details = { path, where: "the whole file", expected: "the name of a class a line", received: "nothing" };
  throw new VitrineError("InvalidFile", details);
}
