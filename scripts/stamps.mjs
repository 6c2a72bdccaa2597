/**
 * What has been done already, by content: a step's stamp holds the hash of everything that the step was made from.
 * Times of files say nothing after a clone or a checkout; contents do.
 * @module
 */
import { createHash } from "node:crypto";
import { mkdir, open, readFile, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";

import { parseJson } from "./json.mjs";

/** @typedef {{ hash: string, note?: string }} Stamp the note is the sentence that the step ended with */

/** @param {readonly (string | Uint8Array)[]} parts */
export function hashOf(...parts) {
  const hash = createHash("sha256");
  // The length before each part keeps ["ab", "c"] and ["a", "bc"] apart.
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("hex");
}

/**
 * @param {string} dir
 * @param {(relative: string, isDirectory: boolean) => boolean} wanted
 * @param {string} [under]
 * @returns {Promise<string[]>} relative paths, sorted, with forward slashes
 */
async function filesIn(dir, wanted, under = "") {
  const entries = await readdir(path.join(dir, under), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const relative = under === "" ? entry.name : `${under}/${entry.name}`;
      if (!wanted(relative, entry.isDirectory())) return [];
      return entry.isDirectory() ? filesIn(dir, wanted, relative) : [relative];
    }),
  );
  return found.flat().sort();
}

/**
 * The hash of files' names and contents; a file that is missing counts as missing.
 * @param {string} base
 * @param {readonly string[]} files relative to base
 */
export async function hashOfFiles(base, files) {
  const contents = await Promise.all(files.map((file) => readFile(path.join(base, file)).catch(() => "missing")));
  return hashOf(...files.flatMap((file, index) => [file, contents[index] ?? ""]));
}

/** Folders that hold what was made, never what it was made from. */
const MADE = new Set(["dist", "node_modules", "__pycache__", ".ipynb_checkpoints"]);

/**
 * The hash of a folder's sources.
 * @param {string} dir
 * @param {RegExp} [name] which files count
 */
export async function hashOfFolder(dir, name = /./) {
  const files = await filesIn(dir, (relative, isDirectory) =>
    isDirectory ? !MADE.has(path.basename(relative)) : name.test(relative),
  ).catch(() => []);
  return hashOfFiles(dir, files);
}

/**
 * Writes a file so that a reader, or a run after a power cut, finds the old one or the new one.
 * @param {string} file
 * @param {string} text
 */
export async function writeAtomically(file, text) {
  await mkdir(path.dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  try {
    const handle = await open(beside, "w");
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } finally {
    await rm(beside, { force: true });
  }
}

/** Stamps kept in a folder, one file a step. */
export class Stamps {
  /** @param {string} dir */
  constructor(dir) {
    this.dir = dir;
  }

  /** @param {string} title */
  #file(title) {
    return path.join(this.dir, `${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.json`);
  }

  /**
   * @param {string} title
   * @returns {Promise<Stamp | undefined>} nothing if there is none, or none that can be read
   */
  async read(title) {
    try {
      const stamp = parseJson(await readFile(this.#file(title), "utf8"));
      if (typeof stamp !== "object" || stamp === null || !("hash" in stamp)) return undefined;
      return /** @type {Stamp} */ (stamp);
    } catch {
      return undefined;
    }
  }

  /**
   * @param {string} title
   * @param {Stamp} stamp
   */
  async write(title, stamp) {
    await writeAtomically(this.#file(title), `${JSON.stringify(stamp)}\n`);
  }

  /** @param {string} title */
  async remove(title) {
    await rm(this.#file(title), { force: true });
  }
}
