/** What decoding pictures has found: who opens the folder again decodes nothing again. */
import { basename } from "node:path";
import type { Context } from "../structures/context.js";
import { FileIndex, stampOf, type IndexEntry, type IndexKind, type Stamp } from "./file-index.js";
import type { ImageFacts } from "./image-facts.js";

/** What decoding a picture has found. */
export interface FoundPicture {
  /** None where it can't be decoded. */
  readonly facts: ImageFacts | undefined;
  /** Why not, or what else there is to say; "" for nothing. */
  readonly note: string;
}

/** What follows the stamp in an entry: storageId, width, height, note. */
const TYPES = ["string", "number", "number", "string"];
const STAMP_FIELDS = 4;

const KIND: IndexKind = {
  file: "pictures.jsonl",
  head: { vitrine: "pictures", version: 1 },
  what: "the index of the pictures",
};

export interface IndexedFile {
  readonly path: string;
  /** Undefined where there is no such file. */
  readonly stamp: (Stamp & { isFile: boolean }) | undefined;
  /** Undefined where nothing is known about the file as it is now. */
  readonly found: FoundPicture | undefined;
}

export class PictureIndex {
  private readonly files: FileIndex;

  private constructor(files: FileIndex) {
    this.files = files;
  }

  /** The index of the data set in a folder; an empty one where there is none that can be read. */
  static async open(root: string, context: Context | undefined): Promise<PictureIndex> {
    return new PictureIndex(await FileIndex.open(root, context, KIND));
  }

  /** What is known about a file as it is now. */
  look(path: string): IndexedFile {
    const stamp = stampOf(path);
    const entry = stamp && this.files.look(path, stamp);
    return { path, stamp, found: entry && foundIn(entry, path) };
  }

  /** @param stamp of the file before it was read: a change meanwhile makes the entry one of another file */
  note(path: string, stamp: Stamp, { facts, note }: FoundPicture): void {
    const { storageId = "", width = 0, height = 0 } = facts ?? {};
    this.files.note(path, stamp, [storageId, width, height, note]);
  }

  save(): Promise<void> {
    return this.files.save();
  }
}

/** The file is for everybody to write. */
const isWhole = (entry: IndexEntry) =>
  entry.length === STAMP_FIELDS + TYPES.length && TYPES.every((type, i) => typeof entry[STAMP_FIELDS + i] === type);

/** Undefined where it can't be what was noted. */
function foundIn(entry: IndexEntry, path: string): FoundPicture | undefined {
  if (!isWhole(entry)) return undefined;
  const [, , , , storageId, width, height, note] = entry as unknown as NotedPicture;
  if (storageId === "") return note === "" ? undefined : { facts: undefined, note };
  const isPicture = /^[0-9a-f]{16}$/.test(storageId) && width > 0 && height > 0;
  return isPicture ? { facts: { name: basename(path), storageId, storagePath: path, width, height }, note } : undefined;
}

type NotedPicture = [string, number, number, number, storageId: string, width: number, height: number, note: string];
