/**
 * A data set as a folder that other programs read. It appears whole or not at all: everything is written beside it under a hidden name,
 * synced, and renamed.
 */
import { constants } from "node:fs";
import { copyFile, mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join, parse, resolve } from "node:path";
import { hiddenName } from "../../structures/atomic-file.js";
import { isVitrineError, VitrineError } from "../../structures/errors.js";
import { effectiveSignal } from "../../structures/interrupt.js";
import { writeReason } from "../../structures/write-reason.js";
import { writeCoco } from "./coco.js";
import { writeCsvList } from "./csv-list.js";
import { writeJsonLines } from "./json-lines.js";
import type { OutgoingList } from "./annotation-list.js";
import { writeVoc } from "./voc-writer.js";
import { writeYoloConfig, writeYoloLabels } from "./yolo.js";

export const EXPORT_FORMATS = ["folders", "voc", "coco", "yolo", "csv", "jsonl"] as const;

export type DatasetFormat = (typeof EXPORT_FORMATS)[number];

/** A data set with the files that its pictures are now. */
export interface Outgoing {
  readonly list: OutgoingList;
  /** One a picture, in the list's order. */
  readonly sources: readonly string[];
}

export interface ExportSteps {
  overwrite: boolean;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { done: number; total: number }) => void) | undefined;
}

interface TextFile {
  path: string;
  text: string;
}

/** @throws `InvalidDataset` where the format can't carry it, `CannotWrite`, `MissingFile` (a picture is gone), `Stopped` */
export async function exportFolder(
  dir: string,
  format: DatasetFormat,
  outgoing: Outgoing,
  steps: ExportSteps,
): Promise<void> {
  const target = resolve(dir);
  const { texts, folder, folders } = filesOf(format, outgoing.list, target);
  await refuseOccupied(target, steps.overwrite);
  const beside = join(dirname(target), hiddenName(target));
  try {
    for (const each of ["", ...folders]) await mkdir(join(beside, each), { recursive: true });
    await copyPictures(outgoing, (index) => join(beside, folder(index)), steps);
    for (const { path, text } of texts) {
      await mkdir(dirname(join(beside, path)), { recursive: true });
      await writeFile(join(beside, path), text);
    }
    for (const each of ["", ...folders]) await synced(join(beside, each));
    await putInPlace(beside, target);
  } catch (cause) {
    if (isVitrineError(cause)) throw cause;
    throw new VitrineError(
      "CannotWrite",
      { path: target, what: "the data set", reason: writeReason(cause) },
      { cause },
    );
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

interface Layout {
  texts: TextFile[];
  /** Where a picture goes, by its place in the list. */
  folder: (index: number) => string;
  /** Which must be there even when they are empty. */
  folders: string[];
}

function filesOf(format: DatasetFormat, list: OutgoingList, target: string): Layout {
  const file = (index: number) => list.pictures[index]?.file ?? "";
  const images = { folder: (index: number) => join("images", file(index)), folders: ["images"] };
  switch (format) {
    case "coco":
      return { ...images, texts: [{ path: "annotations.json", text: writeCoco(list) }] };
    case "csv":
      return { ...images, texts: [{ path: "annotations.csv", text: writeCsvList(list) }] };
    case "jsonl":
      return { ...images, texts: [{ path: "annotations.jsonl", text: writeJsonLines(list) }] };
    case "yolo":
      return { ...images, folders: ["images", "labels"], texts: yoloFiles(needs("boxes", format, list, target)) };
    case "voc": {
      const { pictures } = needs("boxes", format, list, target);
      const texts = pictures.map((picture) => {
        return { path: join("Annotations", `${parse(picture.file).name}.xml`), text: writeVoc(picture, "JPEGImages") };
      });
      return { folder: (index) => join("JPEGImages", file(index)), folders: ["JPEGImages", "Annotations"], texts };
    }
    case "folders": {
      const { pictures, labels } = needs("labels", format, list, target);
      refuseForFolders(pictures, labels, target);
      return {
        folder: (index) => join(pictures[index]?.labels[0] ?? "", file(index)),
        folders: [...labels],
        texts: [],
      };
    }
  }
}

function yoloFiles({ labels, pictures }: OutgoingList): TextFile[] {
  // Ultralytics' converter leaves them out, too: to a YOLO a crowd would be one large object.
  const single = pictures.map(({ boxes }) => boxes.filter(({ crowd = false }) => !crowd));
  const crowds = pictures.reduce((sum, { boxes }, at) => sum + boxes.length - (single[at]?.length ?? 0), 0);
  if (crowds > 0) process.emitWarning(`YOLO has no crowds: ${crowds === 1 ? "1 was" : `${crowds} were`} left out`);
  const texts = pictures.map(({ file, size }, at) => {
    return { path: join("labels", `${parse(file).name}.txt`), text: writeYoloLabels(single[at] ?? [], labels, size) };
  });
  return [{ path: "data.yaml", text: writeYoloConfig(labels) }, ...texts];
}

function needs(kind: OutgoingList["kind"], format: DatasetFormat, list: OutgoingList, target: string): OutgoingList {
  if (list.kind === kind) return list;
  const ways =
    list.kind === "labels" ? '"folders", "coco", "csv" and "jsonl"' : '"voc", "coco", "yolo", "csv" and "jsonl"';
  throw new VitrineError("InvalidDataset", {
    path: target,
    reason: `format ${JSON.stringify(format)} carries ${kind}, and this data set has ${list.kind}; ${ways} carry those`,
  });
}

/** A folder's name is one label, no more and no less, and not every label can be one. */
function refuseForFolders(pictures: OutgoingList["pictures"], labels: readonly string[], path: string): void {
  const odd = labels.find((label) => /^\.|[/\\\0]/.test(label) || Buffer.byteLength(label) > 255);
  if (odd !== undefined) {
    throw new VitrineError("InvalidDataset", {
      path,
      reason: `the label ${JSON.stringify(odd)} can't be a folder's name`,
    });
  }
  const other = pictures.find((picture) => picture.labels.length !== 1);
  if (!other) return;
  const reason = `${other.file} has ${other.labels.length} labels, and a folder is one; "coco", "csv" and "jsonl" carry any number`;
  throw new VitrineError("InvalidDataset", { path, reason });
}

async function copyPictures(
  { sources }: Outgoing,
  place: (index: number) => string,
  steps: ExportSteps,
): Promise<void> {
  const signal = effectiveSignal(steps.signal);
  for (const [index, source] of sources.entries()) {
    if (signal?.aborted) throw new VitrineError("Stopped", { operation: "The export", kept: "nothing was written" });
    try {
      await copyFile(source, place(index), constants.COPYFILE_FICLONE);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
      throw new VitrineError(
        "MissingFile",
        { path: source, what: "a picture", reason: "there is no such file" },
        { cause },
      );
    }
    steps.onProgress?.({ done: index + 1, total: sources.length });
  }
}

async function refuseOccupied(target: string, overwrite: boolean): Promise<void> {
  if (((await entriesOf(target)) ?? 0) === 0 || overwrite) return;
  const reason = "there is something already; give another folder, or { overwrite: true }";
  throw new VitrineError("CannotWrite", { path: target, what: "the data set", reason });
}

/** How many things are in a folder, a file counts as one; undefined where there is nothing. */
async function entriesOf(path: string): Promise<number | undefined> {
  try {
    return (await readdir(path)).length;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "ENOTDIR") return 1;
    throw error;
  }
}

/** The old folder is moved aside first, and put back where the new one can't come. */
async function putInPlace(beside: string, target: string): Promise<void> {
  const aside = `${beside}-old`;
  const hadOld = (await entriesOf(target)) !== undefined;
  if (hadOld) await rename(target, aside);
  try {
    await rename(beside, target);
  } catch (error) {
    if (hadOld) await rename(aside, target);
    throw error;
  }
  await synced(dirname(target));
  if (hadOld) await rm(aside, { recursive: true, force: true });
}

/** Names are on disk only when their folder is. Some file systems know no such call. */
async function synced(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Names that differ before their ending, also where capitals don't count; every one of them fits a file system. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const ending = extname(name);
    const stem = name.slice(0, name.length - ending.length);
    for (let number = 1; ; number++) {
      const tail = number === 1 ? "" : `-${number}`;
      const candidate = `${cutTo(stem, 255 - 4 - Buffer.byteLength(tail + ending))}${tail}`;
      if (taken.has(candidate.toLowerCase())) continue;
      taken.add(candidate.toLowerCase());
      return candidate + ending;
    }
  });
}

/** Four bytes are kept for the longest ending that annotation files have. */
function cutTo(stem: string, bytes: number): string {
  if (Buffer.byteLength(stem) <= bytes) return stem;
  const letters = Array.from(stem);
  while (Buffer.byteLength(letters.join("")) > bytes) letters.pop();
  return letters.join("");
}
