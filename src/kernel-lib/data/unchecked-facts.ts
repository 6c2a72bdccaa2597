/**
 * The facts of a picture that nobody has decoded yet: its size comes from its header, its hash from its bytes, each when it is first asked
 * for. Once the picture was decoded, they are what that has found.
 */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { basename } from "node:path";
import { imageSize } from "image-size";
import type { ImageFacts } from "./image-facts.js";
import { storageIdOf } from "./storage-id.js";

/** What comes before a picture's size, with a camera's preview, is seldom more. */
const HEAD_BYTES = 1 << 16;

/** From EXIF's fifth orientation on a picture lies on its side. */
const ON_ITS_SIDE = 5;

export class UncheckedFacts implements ImageFacts {
  readonly name: string;
  readonly storagePath: string;
  #checked: ImageFacts | undefined;
  #problem: string | undefined;
  #hash: string | undefined;
  #size: { width: number; height: number } | undefined;
  #listeners: (() => void)[] = [];

  constructor(path: string) {
    this.name = basename(path);
    this.storagePath = path;
  }

  get isChecked(): boolean {
    return this.#checked !== undefined || this.#problem !== undefined;
  }

  /** Why the picture can't be used; undefined as long as nothing is known against it. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** "" where the file can't be read. */
  get storageId(): string {
    return this.#checked?.storageId ?? (this.#hash ??= storageIdFrom(this.storagePath));
  }

  /** 0 where the header can't be read. */
  get width(): number {
    return this.#known().width;
  }

  get height(): number {
    return this.#known().height;
  }

  /** The picture was decoded. */
  settle(facts: ImageFacts | undefined, problem: string): void {
    this.#checked = facts;
    if (!facts) this.#problem = problem;
    for (const listener of this.#listeners) listener();
    this.#listeners = [];
  }

  onceChecked(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #known(): { width: number; height: number } {
    return this.#checked ?? (this.#size ??= sizeFrom(this.storagePath));
  }
}

function storageIdFrom(path: string): string {
  return withFile(path, (file) => storageIdOf(readFileSync(file))) ?? "";
}

/** As displayed. */
function sizeFrom(path: string): { width: number; height: number } {
  const size = withFile(path, (file) => {
    const head = Buffer.alloc(HEAD_BYTES);
    const part = head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
    return headerSize(part) ?? headerSize(readFileSync(file));
  });
  return size ?? { width: 0, height: 0 };
}

function headerSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  try {
    const { width, height, orientation = 1 } = imageSize(bytes);
    return orientation >= ON_ITS_SIDE ? { width: height, height: width } : { width, height };
  } catch {
    return undefined;
  }
}

/** Undefined where it can't be read; the check says why. */
function withFile<T>(path: string, use: (file: number) => T): T | undefined {
  try {
    // Non-blocking, or a named pipe that nobody writes to would stop everything.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return fstatSync(file).isFile() ? use(file) : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
