/** The archives that TensorFlow's detectors come in: a `.tar.gz` with a checkpoint beside graphs that nobody here needs. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { extract } from "tar";

import { VitrineError } from "../structures/errors.js";

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

const CHECKPOINT = /(?:^|\/)([^/]+)\.(?:index|data-\d{5}-of-\d{5})$/;

/** A checkpoint of 16 GB is none. */
const MOST_BYTES = 16 * 2 ** 30;

/**
 * Unpacks the checkpoint, and nothing else, for as long as it is used.
 *
 * @param use gets the checkpoint's prefix
 * @throws InvalidFile where there is none, or not exactly one, or the archive is broken
 */
export async function withCheckpoint<T>(path: string, use: (prefix: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "vitrine-checkpoint-"));
  try {
    await unpack(path, folder);
    const names = (await readdir(folder)).filter((name) => name.endsWith(".index"));
    const [name] = names;
    if (name !== undefined && names.length === 1) return await use(join(folder, name.slice(0, -".index".length)));
    throw broken(path, "an archive with one checkpoint", `one with ${names.length}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpack(file: string, cwd: string): Promise<void> {
  const wanted = (path: string, entry: object) =>
    CHECKPOINT.test(path) &&
    (entry as { type?: string }).type === "File" &&
    ((entry as { size?: number }).size ?? 0) < MOST_BYTES;
  try {
    await extract({
      file,
      cwd,
      strict: true,
      filter: wanted,
      onReadEntry: (entry) => (entry.path = entry.path.replace(/^.*\//, "")),
    });
  } catch (error) {
    throw broken(file, "a whole .tar.gz", error instanceof Error ? error.message : String(error));
  }
}

const broken = (path: string, expected: string, received: string) =>
  new VitrineError("InvalidFile", { path, where: "the archive", expected, received });
