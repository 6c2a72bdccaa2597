/**
 * What was found out about a folder's pictures, in a file beside the journal: who opens the folder again decodes nothing again. An entry
 * counts as long as the file has the size and the times that it had. The index may be deleted at any time.
 */
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isVitrineError } from "../structures/errors.js";
import type { Context } from "../structures/context.js";
import type { ImageFacts } from "./image-facts.js";
import { writeFileAtomic } from "./atomic-file.js";
import { journalHome, journalPath } from "./journal-home.js";

/** Of a file: what changes when its content or its permissions do. Times in milliseconds. */
interface Stamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** What decoding a picture has found. */
export interface FoundPicture {
  /** None where it can't be decoded. */
  readonly facts: ImageFacts | undefined;
  /** Why not, or what else there is to say; "" for nothing. */
  readonly note: string;
}

type Entry = readonly [
  path: string,
  size: number,
  mtimeMs: number,
  ctimeMs: number,
  storageId: string,
  width: number,
  height: number,
  note: string,
];

const TYPES = ["string", "number", "number", "number", "string", "number", "number", "string"];

/** The first line: another one is an index of another version, which is made again. */
const HEAD = JSON.stringify({ vitrine: "pictures", version: 1 });

export interface IndexedFile {
  readonly path: string;
  /** Undefined where there is no such file. */
  readonly stamp: (Stamp & { isFile: boolean }) | undefined;
  /** Undefined where nothing is known about the file as it is now. */
  readonly found: FoundPicture | undefined;
}

export class PictureIndex {
  private readonly file: string;
  private readonly root: string;
  private readonly entries: Map<string, Entry>;
  private readonly seen = new Set<string>();
  private isStale = false;

  private constructor(file: string, root: string, entries: Map<string, Entry>) {
    this.file = file;
    this.root = root;
    this.entries = entries;
  }

  /** The index of the data set in a folder; an empty one where there is none that can be read. */
  static async open(root: string, context: Context | undefined): Promise<PictureIndex> {
    const { journals } = journalHome(root, context);
    const file = join(dirname(journals[0] ?? root), "pictures.jsonl");
    const text = await readFile(file, "utf8").catch(() => "");
    return new PictureIndex(file, root, new Map(entriesIn(text).map((entry) => [entry[0], entry])));
  }

  /** What is known about a file as it is now. */
  look(path: string): IndexedFile {
    const stamp = stampOf(path);
    const key = journalPath(path, this.root);
    this.seen.add(key);
    const entry = this.entries.get(key);
    if (!stamp || !entry || !isWhole(entry) || !isOf(entry, stamp)) return { path, stamp, found: undefined };
    return { path, stamp, found: foundIn(entry, path) };
  }

  /** @param stamp of the file before it was read: a change meanwhile makes the entry one of another file */
  note(path: string, stamp: Stamp, { facts, note }: FoundPicture): void {
    const { storageId = "", width = 0, height = 0 } = facts ?? {};
    const key = journalPath(path, this.root);
    this.entries.set(key, [key, stamp.size, stamp.mtimeMs, stamp.ctimeMs, storageId, width, height, note]);
    this.isStale = true;
  }

  /** Writes what is new. Where that can't be written, the pictures are decoded again the next time. */
  async save(): Promise<void> {
    if (!this.isStale) return;
    this.isStale = false;
    const all = [...this.entries.values()];
    // What was renamed or deleted long ago is forgotten at some time.
    const kept = all.length > 2 * this.seen.size + 1000 ? all.filter(([key]) => this.seen.has(key)) : all;
    const text = [HEAD, ...kept.map((entry) => JSON.stringify(entry)), ""].join("\n");
    await writeFileAtomic(this.file, text, "the index of the pictures").catch((error: unknown) => {
      if (!isVitrineError(error, "CannotWrite")) throw error;
    });
  }
}

function entriesIn(text: string): Entry[] {
  const [head, ...lines] = text.split("\n");
  if (head !== HEAD) return [];
  const filled = lines.filter((line) => line !== "");
  try {
    return (JSON.parse(`[${filled.join(",")}]`) as Entry[]).filter((entry) => Array.isArray(entry));
  } catch {
    return filled.flatMap((line) => parsed(line));
  }
}

function parsed(line: string): Entry[] {
  try {
    const entry: unknown = JSON.parse(line);
    return Array.isArray(entry) ? [entry as unknown as Entry] : [];
  } catch {
    return [];
  }
}

const isOf = ([, size, mtimeMs, ctimeMs]: Entry, stamp: Stamp) =>
  size === stamp.size && mtimeMs === stamp.mtimeMs && ctimeMs === stamp.ctimeMs;

/** The file is for everybody to write. */
const isWhole = (entry: Entry) => entry.length === TYPES.length && TYPES.every((type, i) => typeof entry[i] === type);

/** Undefined where it can't be what was noted. */
function foundIn([, , , , storageId, width, height, note]: Entry, path: string): FoundPicture | undefined {
  if (storageId === "") return note === "" ? undefined : { facts: undefined, note };
  const isPicture = /^[0-9a-f]{16}$/.test(storageId) && width > 0 && height > 0;
  return isPicture ? { facts: { name: basename(path), storageId, storagePath: path, width, height }, note } : undefined;
}

function stampOf(path: string): (Stamp & { isFile: boolean }) | undefined {
  try {
    // Synchronously: a hundred thousand of them take a fraction of the time.
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) return undefined;
    const { size, mtimeMs, ctimeMs } = found;
    return { size, mtimeMs, ctimeMs, isFile: found.isFile() };
  } catch {
    return undefined;
  }
}
