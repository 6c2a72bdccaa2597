/** Where fetched weights are kept: `$XDG_CACHE_HOME/vitrine/hub`, else `~/.cache/vitrine/hub`; shared by all notebooks. */
import { createHash } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { writeFileAtomic } from "../structures/atomic-file.js";
import type { Downloaded } from "./download.js";

type Environment = Readonly<Record<string, string | undefined>>;

export function defaultCacheDir(env: Environment): string {
  const base = env["XDG_CACHE_HOME"];
  return join(base !== undefined && base !== "" ? base : join(homedir(), ".cache"), "vitrine", "hub");
}

/** A file's place in the cache: its name readable, and unique by a hash of its key. */
export function cachePath(folder: string, key: string): string {
  const readable = key
    .replace(/^https?:\/\//, "")
    .replace(/[?#].*$/, "")
    .replace(/[^\w.-]+/g, "--")
    .slice(-100);
  return join(folder, `${createHash("sha256").update(key).digest("hex").slice(0, 12)}--${readable}`);
}

/** Whether the file is there as it was written: a record lies beside it, and its size is the recorded one. */
export async function isCached(path: string): Promise<boolean> {
  try {
    const { size } = JSON.parse(await readFile(`${path}.json`, "utf8")) as { size?: unknown };
    return (await stat(path)).size === size;
  } catch {
    return false;
  }
}

/** Writes down where a file came from, which makes it count as cached. */
export async function recordCached(path: string, url: string, downloaded: Downloaded): Promise<void> {
  const record = { url, ...downloaded, fetched: new Date().toISOString() };
  await writeFileAtomic(`${path}.json`, JSON.stringify(record, null, 2) + "\n", "the record of downloaded weights");
}

/** Takes a file out of the cache that turned out to be no weights. */
export async function forget(path: string): Promise<void> {
  await Promise.all([rm(path, { force: true }), rm(`${path}.json`, { force: true })]);
}
