/**
 * A folder of pictures, one sub-folder a label: which files there are, in an order that is the same everywhere.
 *
 * Hidden names and system folders are skipped. Symbolic links are followed, a folder that contains itself is not. Sub-folders of a label's
 * folder belong to that label.
 */
import type { Dirent } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { VitrineError } from "../structures/errors.js";
import type { DatasetProblem } from "./dataset-problem.js";
import { otherReader } from "./formats/other-reader.js";
import { byCodePoint, inNaturalOrder } from "./natural-order.js";
import { looksLikePicture, systemReason } from "./picture-file.js";

export interface ImageFolder {
  /** Absolute. */
  readonly root: string;
  /** By code point. */
  readonly labels: readonly string[];
  /** By label, then by natural order of the path. */
  readonly files: readonly { path: string; label: string | undefined }[];
  readonly problems: DatasetProblem[];
}

/** What is called a picture and is none is told when it is read; all other files are looked into. */
const PICTURE_NAME = /\.(jpe?g|png|webp|gif|tiff?|avif|hei[cf])$/i;

const MISREAD = "its name is not UTF-8; rename it";

/**
 * @param unlabelled takes pictures that lie in no label's folder too, as pictures without a label, after the others
 * @throws `MissingFile` where there is no such folder, `InvalidDataset` where it has no sub-folder, nor any such picture
 */
export async function scanImageFolder(dir: string, unlabelled = false): Promise<ImageFolder> {
  const root = resolve(dir);
  const problems: DatasetProblem[] = [];
  const labels: string[] = [];
  const files: { path: string; label: string | undefined }[] = [];
  const loose: string[] = [];
  for (const entry of (await rootEntries(root)).sort((a, b) => byCodePoint(a.name, b.name))) {
    const { name } = entry;
    const path = join(root, name);
    const kind = certainKind(path, entry) ?? (await kindOf(path));
    if (kind === "folder") {
      labels.push(name);
      for (const file of inNaturalOrder(await walk(path, [root], problems))) files.push({ path: file, label: name });
    } else if (kind === "misread") problems.push({ path, reason: MISREAD });
    else if (PICTURE_NAME.test(name) || (await isPicture(path))) loose.push(path);
  }
  if (unlabelled) for (const path of inNaturalOrder(loose)) files.push({ path, label: undefined });
  else for (const path of loose) problems.push({ path, reason: "it lies in no label's folder" });
  const other = otherReader(root, "ClassificationDataset.createFromDir");
  if (other !== undefined) problems.push({ path: root, reason: other });
  if (labels.length === 0 && !(unlabelled && loose.length > 0)) throw noLabels(root, loose.length);
  return { root, labels, files, problems };
}

/** All files of a folder and the folders in it, in natural order; what can't be looked into is a problem. */
export async function filesWithin(folder: string, problems: DatasetProblem[]): Promise<string[]> {
  return inNaturalOrder(await filesUnder(folder, problems));
}

/** The same, as they come. */
export function filesUnder(folder: string, problems: DatasetProblem[]): Promise<string[]> {
  return walk(folder, [], problems);
}

async function rootEntries(root: string): Promise<Dirent[]> {
  try {
    return (await readdir(root, { withFileTypes: true })).filter(isVisible);
  } catch (cause) {
    const what = "a folder with one sub-folder a label";
    const isFile = (cause as NodeJS.ErrnoException).code === "ENOTDIR";
    const reason = isFile ? "it is a file" : systemReason(cause).replace("such file", "such folder");
    throw new VitrineError("MissingFile", { path: root, what, reason }, { cause });
  }
}

function noLabels(root: string, loose: number): VitrineError {
  const pictures =
    loose === 0
      ? ""
      : `, and ${loose === 1 ? "the picture that lies" : `the ${loose} pictures that lie`} in it can have no label`;
  const reason = `expected one sub-folder a label, but there is none${pictures}`;
  return new VitrineError("InvalidDataset", { path: root, reason });
}

/** @param above the real paths of the folders around this one: a link back to one of them would never end. */
async function walk(folder: string, above: readonly string[], problems: DatasetProblem[]): Promise<string[]> {
  const real = await realpath(folder);
  if (above.includes(real)) {
    problems.push({ path: folder, reason: "it is a link to a folder that contains it" });
    return [];
  }
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    problems.push({ path: folder, reason: systemReason(cause) });
    return [];
  });
  const found: string[] = [];
  for (const entry of entries.filter(isVisible)) {
    const path = join(folder, entry.name);
    const kind = certainKind(path, entry) ?? (await kindOf(path));
    if (kind === "folder") for (const file of await walk(path, [...above, real], problems)) found.push(file);
    else if (kind === "misread") problems.push({ path, reason: MISREAD });
    else found.push(path);
  }
  return found;
}

/** What the folder says of it; undefined for links, and where the name may not be what it seems. */
function certainKind(path: string, entry: Dirent): "folder" | "file" | undefined {
  if (path.includes("\uFFFD")) return undefined;
  if (entry.isFile()) return "file";
  return entry.isDirectory() ? "folder" : undefined;
}

/** A file that can't be looked at is a file all the same; reading it will say why it can't be. */
async function kindOf(path: string): Promise<"folder" | "file" | "misread"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch {
    // Node decodes names as UTF-8; where that fails, the name that it gives is no file's.
    return path.includes("\uFFFD") ? "misread" : "file";
  }
}

async function isPicture(path: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isFile()) return false;
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
      return looksLikePicture(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch {
    return false;
  }
}

/** What archives of a Mac, disk stations and Windows leave beside one's own. */
const SYSTEM_FOLDERS = new Set([
  "__MACOSX",
  "@eaDir",
  "#recycle",
  "$RECYCLE.BIN",
  "System Volume Information",
  "lost+found",
]);

const isVisible = ({ name }: Dirent) => !name.startsWith(".") && !SYSTEM_FOLDERS.has(name);
