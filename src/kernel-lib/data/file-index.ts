/**
 * What was found out about files, in a file beside the journal: who opens the folder again finds it out not again. An entry counts as long
 * as its file has the size and the times that it had. An index may be deleted at any time; of two processes that write one, the last
 * to do so is believed, and what the other knew is found out again.
 */
import { existsSync, readFileSync, statSync, type Stats } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Context } from "../structures/context.js";
import { isVitrineError } from "../structures/errors.js";
import { writeFileAtomic } from "./atomic-file.js";
import { journalHome, journalPath } from "./journal-home.js";

/** Of a file: what changes when its content or its permissions do. Times in milliseconds. */
export interface Stamp {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** A line: the file it is about, as it was, and what was found. */
export type IndexEntry = readonly [path: string, size: number, mtimeMs: number, ctimeMs: number, ...found: unknown[]];

/** Where to find an index, and what it is of; of another kind or version it is made again. */
export interface IndexKind {
  /** The file's name. */
  readonly file: string;
  readonly head: { readonly vitrine: string; readonly version: number };
  /** For messages. */
  readonly what: string;
}

/** Lines made into text before others get their turn. */
const LINES_AT_ONCE = 2000;

export class FileIndex {
  private readonly file: string;
  private readonly kind: IndexKind;
  private readonly root: string;
  private readonly entries: Map<string, IndexEntry>;
  /** Files that were asked for since. */
  private asked = 0;
  private isStale = false;

  private constructor(file: string, kind: IndexKind, root: string, entries: Map<string, IndexEntry>) {
    this.file = file;
    this.kind = kind;
    this.root = root;
    this.entries = entries;
  }

  /** The index of the data set in a folder; an empty one where there is none that can be read. */
  static async open(root: string, context: Context | undefined, kind: IndexKind): Promise<FileIndex> {
    const file = indexPath(root, context, kind);
    return FileIndex.of(file, await readFile(file, "utf8").catch(() => ""), root, kind);
  }

  /** The same, for who can't wait. */
  static openNow(root: string, context: Context | undefined, kind: IndexKind): FileIndex {
    const file = indexPath(root, context, kind);
    try {
      return FileIndex.of(file, readFileSync(file, "utf8"), root, kind);
    } catch {
      return FileIndex.of(file, "", root, kind);
    }
  }

  private static of(file: string, text: string, root: string, kind: IndexKind): FileIndex {
    const entries = new Map<string, IndexEntry>();
    for (const entry of entriesIn(text, JSON.stringify(kind.head))) if (isEntry(entry)) entries.set(entry[0], entry);
    return new FileIndex(file, kind, root, entries);
  }

  /** Whether anything is known of a file as it was at some time: to ask costs nothing. */
  has(path: string): boolean {
    return this.entries.size > 0 && this.entries.has(journalPath(path, this.root));
  }

  /** What was noted of a file that has this stamp now. */
  look(path: string, stamp: Stamp): IndexEntry | undefined {
    if (this.entries.size === 0) return undefined;
    this.asked++;
    const entry = this.entries.get(journalPath(path, this.root));
    return entry && isOf(entry, stamp) ? entry : undefined;
  }

  /** @param stamp of the file before it was read: a change meanwhile makes the entry one of another file */
  note(path: string, stamp: Stamp, found: readonly unknown[]): void {
    if (mayChangeUnseen(stamp)) return;
    const key = journalPath(path, this.root);
    this.entries.set(key, [key, stamp.size, stamp.mtimeMs, stamp.ctimeMs, ...found]);
    this.isStale = true;
  }

  /** Writes what is new. Where that can't be written, it is found out again the next time. */
  async save(): Promise<void> {
    if (!this.isStale) return;
    this.isStale = false;
    // What was renamed or deleted long ago is forgotten at some time.
    if (this.entries.size > 2 * this.asked + 1000) this.forgetGone();
    const kept = [...this.entries.values()];
    const parts = [JSON.stringify(this.kind.head)];
    for (let from = 0; from < kept.length; from += LINES_AT_ONCE) {
      parts.push(
        kept
          .slice(from, from + LINES_AT_ONCE)
          .map((entry) => JSON.stringify(entry))
          .join("\n"),
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writeFileAtomic(this.file, [...parts, ""].join("\n"), this.kind.what).catch((error: unknown) => {
      if (!isVitrineError(error, "CannotWrite")) throw error;
    });
  }

  private forgetGone(): void {
    for (const key of this.entries.keys()) if (!existsSync(resolve(this.root, key))) this.entries.delete(key);
  }
}

function indexPath(root: string, context: Context | undefined, kind: IndexKind): string {
  const { journals } = journalHome(root, context);
  return join(dirname(journals[0] ?? root), kind.file);
}

/** A stamp, and whether it is of a plain file; undefined where there is no such file. */
export function stampOf(path: string): (Stamp & { isFile: boolean }) | undefined {
  try {
    // Synchronously: a hundred thousand of them take a fraction of the time.
    const found = statSync(path, { throwIfNoEntry: false });
    return found && stampIn(found);
  } catch {
    return undefined;
  }
}

/** What `stat` says, as a stamp. */
export function stampIn(found: Stats): Stamp & { isFile: boolean } {
  const { size, mtimeMs, ctimeMs } = found;
  return { size, mtimeMs, ctimeMs, isFile: found.isFile() };
}

/** A line that is damaged is left out, and with it what it knew. */
function entriesIn(text: string, head: string): unknown[] {
  if (!text.startsWith(`${head}\n`)) return [];
  const lines = text.slice(head.length + 1);
  try {
    // All at once: there are no line breaks within a line of JSON.
    return JSON.parse(`[${lines.trimEnd().replaceAll("\n", ",")}]`) as unknown[];
  } catch {
    return lines.split("\n").flatMap(parsed);
  }
}

function parsed(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** The file is for everybody to write. */
const isEntry = (entry: unknown): entry is IndexEntry => Array.isArray(entry) && typeof entry[0] === "string";

const isOf = ([, size, mtimeMs, ctimeMs]: IndexEntry, stamp: Stamp) =>
  size === stamp.size && mtimeMs === stamp.mtimeMs && ctimeMs === stamp.ctimeMs;

/** Longer than a clock tick of the system, which times of files are counted in; and where they are whole seconds, than two. */
const TICK_MS = 20;
const COARSE_TICK_MS = 2000;

/** A file that was changed a moment ago may be changed again without that its times tell: it is not known yet. */
function mayChangeUnseen({ ctimeMs }: Stamp): boolean {
  return Date.now() - ctimeMs < (ctimeMs % 1000 === 0 ? COARSE_TICK_MS : TICK_MS);
}
