/**
 * Where a service's log goes: a file that never grows beyond its limit, or standard output. A disk that is full, or a file that somebody took away, is no
 * reason for a service to end: lines are lost then, counted, and the file is opened anew.
 */
import { fstatSync, openSync, renameSync, statSync } from "node:fs";

import pino from "pino";

export interface LogFileOptions {
  /** Bytes of the running file; one older file is kept beside it. */
  maxBytes?: number;
  /** Milliseconds between two looks at the file. */
  interval?: number;
  /** Told when lines can be written again, with how many could not. */
  onLost?: (lines: number) => void;
}

type Destination = ReturnType<typeof pino.destination>;

export class LogFile {
  private readonly path: string | undefined;
  private readonly options: Required<LogFileOptions>;
  private readonly timer: NodeJS.Timeout;
  private destination: Destination | undefined;
  /** Of the file as it was opened. */
  private inode = 0;
  private lost = 0;
  /** What the destination has and the file does not have yet: bytes of each line, and whether it is one that would be missed. */
  private unwritten: { bytes: number; missed: boolean }[] = [];
  /** While it is said how much is missing. */
  private telling = false;

  /** @param path undefined writes to standard output, which whoever runs a container keeps */
  constructor(path: string | undefined, options: LogFileOptions = {}) {
    this.path = path;
    this.options = { maxBytes: 8 * 2 ** 20, interval: 10_000, onLost: () => undefined, ...options };
    this.open();
    this.timer = setInterval(() => this.check(), this.options.interval);
    this.timer.unref();
  }

  write(line: string): void {
    if (!this.destination) {
      this.lost++;
      return;
    }
    this.unwritten.push({ bytes: Buffer.byteLength(line), missed: !this.telling });
    this.destination.write(line);
  }

  /** Resolves when what was written is on disk, or can't be. */
  close(): Promise<void> {
    clearInterval(this.timer);
    const { destination } = this;
    if (!destination) return Promise.resolve();
    // Not by flushSync, which tries for ever where the disk is full.
    return new Promise((resolve) => {
      destination.once("close", resolve);
      destination.end();
    });
  }

  private open(): void {
    let file: number;
    try {
      file = this.path === undefined ? 1 : openSync(this.path, "a");
    } catch {
      return;
    }
    this.inode = this.path === undefined ? 0 : fstatSync(file).ino;
    const destination = pino.destination({ dest: file, sync: false, minLength: 0 });
    destination.on("error", () => this.fail(destination));
    destination.on("write", (bytes: number) => {
      if (this.destination === destination) this.written(bytes);
    });
    this.unwritten = [];
    this.destination = destination;
  }

  private written(bytes: number): void {
    for (let [first] = this.unwritten; first && bytes > 0; [first] = this.unwritten) {
      const part = Math.min(bytes, first.bytes);
      bytes -= part;
      first.bytes -= part;
      if (first.bytes === 0) this.unwritten.shift();
    }
  }

  /** What it had not written yet is lost; kept, it would fill the memory in the disk's stead. */
  private fail(destination: Destination): void {
    if (this.destination !== destination) return;
    this.destination = undefined;
    this.lost += this.unwritten.filter(({ missed }) => missed).length;
    destination.destroy();
  }

  private check(): void {
    if (!this.destination) this.openAgain();
    else if (this.path !== undefined) this.turn(this.path);
  }

  /** Says first how much is missing. */
  private openAgain(): void {
    this.open();
    if (!this.destination || this.lost === 0) return;
    this.destination.once("drain", () => (this.lost = 0));
    this.telling = true;
    this.options.onLost(this.lost);
    this.telling = false;
  }

  /** Puts a file aside that is large enough; one that was put aside by somebody else, or removed, is left to them. */
  private turn(path: string): void {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.ino === this.inode) {
      if (found.size < this.options.maxBytes || !putAside(path)) return;
    }
    this.destination?.end();
    this.destination = undefined;
    this.open();
  }
}

/** In a folder that can't be written to any more the file goes on. */
function putAside(path: string): boolean {
  try {
    renameSync(path, `${path}.1`);
    return true;
  } catch {
    return false;
  }
}
