/**
 * A file that is still arriving: `NAME.part`, with what it is a part of in `NAME.part.json`. It outlives the process, so that
 * a download goes on where it broke off. One process at a time may add to it; another gets a file of its own.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { VitrineError } from "../structures/errors.js";
import { writeReason } from "../structures/write-reason.js";

/** Its owner touches the lock this often; a lock not touched for `STALE` ms is a dead process's. */
const TOUCH = 5_000;
const STALE = 30_000;

export class PartialFile {
  /** Bytes that are there. */
  size = 0;
  /** The server's mark of the version that they belong to: without it they can't be added to. */
  etag: string | undefined;
  private readonly path: string;
  private readonly shared: boolean;
  private readonly target: string;
  private readonly touching: NodeJS.Timeout | undefined;
  private handle: FileHandle | undefined;

  private constructor(target: string, shared: boolean) {
    this.target = target;
    this.shared = shared;
    this.path = shared ? `${target}.part` : `${target}.${randomUUID()}.part`;
    if (!shared) return;
    const touch = () => utimes(`${target}.lock`, new Date(), new Date()).catch(() => undefined);
    this.touching = setInterval(() => void touch(), TOUCH).unref();
  }

  /** @throws CannotWrite */
  static async open(target: string): Promise<PartialFile> {
    try {
      await mkdir(dirname(target), { recursive: true });
      const file = new PartialFile(target, await lock(`${target}.lock`));
      file.handle = await open(file.path, file.shared ? "a+" : "w+");
      await file.recall();
      return file;
    } catch (cause) {
      throw cannotWrite(target, cause);
    }
  }

  /** Goes on only with bytes of one known version. */
  private async recall(): Promise<void> {
    // JSON that was cut off says nothing.
    const text = await readFile(`${this.path}.json`, "utf8").catch(() => "");
    const etag = /^\{"etag":("\\"[\x21\x23-\x7e]*\\"")\}$/.exec(text)?.[1];
    if (etag === undefined) return this.clear();
    this.etag = JSON.parse(etag) as string;
    this.size = (await this.open().stat()).size;
  }

  /** Forgets what is there, and keeps `etag` for what comes. */
  async clear(etag?: string): Promise<void> {
    try {
      await this.open().truncate(0);
      await (etag === undefined
        ? rm(`${this.path}.json`, { force: true })
        : writeFile(`${this.path}.json`, JSON.stringify({ etag })));
      this.size = 0;
      this.etag = etag;
    } catch (cause) {
      throw cannotWrite(this.target, cause);
    }
  }

  async append(bytes: Uint8Array): Promise<void> {
    try {
      await this.open().appendFile(bytes);
      this.size += bytes.length;
    } catch (cause) {
      throw cannotWrite(this.target, cause);
    }
  }

  /** SHA-256 of all that is there, in hexadecimal. */
  async sha256(): Promise<string> {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(this.path)) hash.update(chunk as Buffer);
    return hash.digest("hex");
  }

  /** Puts the finished file in its place. */
  async commit(): Promise<void> {
    try {
      await this.open().sync();
      await this.close();
      await rename(this.path, this.target);
      await rm(`${this.path}.json`, { force: true });
    } catch (cause) {
      throw cannotWrite(this.target, cause);
    }
  }

  /** Gives the file free; what has arrived stays where another try can go on with it. */
  async release(): Promise<void> {
    clearInterval(this.touching);
    await this.close();
    if (this.shared) await rm(`${this.target}.lock`, { force: true });
    else await Promise.all([rm(this.path, { force: true }), rm(`${this.path}.json`, { force: true })]);
  }

  private async close(): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    await handle?.close();
  }

  private open(): FileHandle {
    if (!this.handle) throw new Error("The partial file is closed");
    return this.handle;
  }
}

/** Whether the lock is ours now. */
async function lock(path: string): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(path, String(process.pid), { flag: "wx" });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const age =
        Date.now() -
        (await stat(path).then(
          (s) => s.mtimeMs,
          () => 0,
        ));
      if (age < STALE) return false;
      await rm(path, { force: true });
    }
  }
  return false;
}

function cannotWrite(path: string, cause: unknown): VitrineError {
  return new VitrineError("CannotWrite", { path, what: "downloaded weights", reason: writeReason(cause) }, { cause });
}
