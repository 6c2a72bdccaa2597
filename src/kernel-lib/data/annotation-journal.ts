/**
 * The journal of what people say about pictures: JSON lines that are only ever appended, beside the data set.
 *
 * Architecture
 * - A line is on disk (fsync) before `append` returns. A line that a power cut or a `kill -9` tore ends without a
 *   newline; the next writer ends it, readers skip it and say so.
 * - Lines are appended with O_APPEND in one write each, so that two notebooks on one folder never overwrite each other;
 *   `readNew` gives what others have added since.
 */
import { closeSync, constants, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { VitrineError } from "../structures/errors.js";
import { writeReason } from "../structures/write-reason.js";
import type { DatasetProblem } from "./dataset-problem.js";
import { parseEntry, type JournalEntry } from "./journal-entry.js";

export interface JournalPart {
  entries: JournalEntry[];
  problems: DatasetProblem[];
}

export class AnnotationJournal {
  /** Where new lines go. */
  readonly path: string;
  private offset = 0;
  private line = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** What was appended since the last call, by whomever; from the beginning at first. */
  readNew(): JournalPart {
    const first = this.offset === 0;
    const text = this.readFrom(this.offset);
    if (typeof text === "string") return { entries: [], problems: [{ path: this.path, reason: text }] };
    const end = text.lastIndexOf(10) + 1;
    const part = this.parse(text.subarray(0, end).toString("utf8"));
    // What follows the last newline was torn, or is being written right now: it is read again the next time.
    if (first && end < text.length) part.problems.push(this.problem(this.line + 1));
    this.offset += end;
    return part;
  }

  /**
   * Appends one entry and waits for the disk.
   * @throws `CannotWrite`; nothing is lost then but this entry, which the caller must not apply.
   */
  append(entry: JournalEntry): void {
    try {
      const isNew = this.makeFolder();
      const file = openSync(this.path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o666);
      try {
        writeWhole(file, `${endsTorn(file) ? "\n" : ""}${JSON.stringify(entry)}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      if (isNew) syncFolder(dirname(this.path));
    } catch (cause) {
      const details = { path: this.path, what: "the change of an annotation", reason: writeReason(cause) };
      throw new VitrineError("CannotWrite", details, { cause });
    }
  }

  private makeFolder(): boolean {
    const made = mkdirSync(dirname(this.path), { recursive: true });
    if (made !== undefined) syncFolder(dirname(made));
    return made !== undefined || this.offset === 0;
  }

  /** The bytes from there on, or why they can't be read. */
  private readFrom(offset: number): Buffer | string {
    try {
      const file = openSync(this.path, "r");
      try {
        const text = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
        return text.subarray(0, readSync(file, text, 0, text.length, offset));
      } finally {
        closeSync(file);
      }
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
      return code === "ENOENT" || code === "ENOTDIR" ? Buffer.alloc(0) : `the changes in it can't be read: ${code}`;
    }
  }

  private parse(text: string): JournalPart {
    const part: JournalPart = { entries: [], problems: [] };
    const lines = text.split("\n").slice(0, -1);
    for (const line of lines) {
      this.line++;
      if (line.trim() === "") continue;
      const entry = parseEntry(line);
      if (entry) part.entries.push(entry);
      else part.problems.push(this.problem(this.line));
    }
    return part;
  }

  private problem(line: number): DatasetProblem {
    return { path: this.path, reason: `line ${line} is cut off or no change of an annotation; it was left out` };
  }
}

/**
 * Whether the last line has no end. Another process's line may be seen half-written for a moment, so a line counts as torn only
 * when it stays so; an end put to one that wasn't leaves an empty line, which readers pass over.
 */
function endsTorn(file: number): boolean {
  for (let look = 0; look < LOOKS; look++) {
    if (endsWhole(file)) return false;
    Atomics.wait(PAUSE, 0, 0, 1);
  }
  return true;
}

const LOOKS = 5;
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

function endsWhole(file: number): boolean {
  const size = fstatSync(file).size;
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] === 10;
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}

/** A new name is on disk only when its folder is. Some file systems know no such call. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (!["EINVAL", "EISDIR", "EPERM", "EACCES", "ENOTSUP"].includes(code)) throw error;
  }
}
