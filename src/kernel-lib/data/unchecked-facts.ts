/**
 * The facts of a picture that nobody has decoded yet: its size comes from its header, its hash from its bytes, each when it is first asked
 * for. Once the picture was decoded, they are what that has found.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { ImageFacts } from "./image-facts.js";
import { readPictureHeader, withFile } from "./picture-header.js";
import { storageIdOf } from "./storage-id.js";

export class UncheckedFacts implements ImageFacts {
  readonly name: string;
  readonly storagePath: string;
  #checked: ImageFacts | undefined;
  #problem: string | undefined;
  #hash: string | undefined;
  #size: { width: number; height: number } | undefined;
  #listeners: (() => void)[] | undefined;

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
    const listeners = this.#listeners ?? [];
    this.#listeners = undefined;
    for (const listener of listeners) listener();
  }

  onceChecked(listener: () => void): void {
    (this.#listeners ??= []).push(listener);
  }

  #known(): { width: number; height: number } {
    return this.#checked ?? (this.#size ??= readPictureHeader(this.storagePath) ?? NO_SIZE);
  }
}

const NO_SIZE = { width: 0, height: 0 };

function storageIdFrom(path: string): string {
  return withFile(path, (file) => storageIdOf(readFileSync(file))) ?? "";
}
