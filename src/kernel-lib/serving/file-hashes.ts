/** The hash of each file in a folder: what was changed afterwards is seen. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";

import { VitrineError } from "../structures/errors.js";

/** By path in the folder, with slashes. */
export type FileHashes = Record<string, { sha256: string; bytes: number }>;

/** Also waits until each file is on the disk. */
export async function hashFiles(folder: string): Promise<FileHashes> {
  const files: FileHashes = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).split(sep).join("/")] = await hashFile(path);
  }
  return files;
}

/** Whether the files are those that were written. @throws InvalidFile that names the file */
export async function checkFiles(folder: string, files: Readonly<FileHashes>): Promise<void> {
  const found = await hashFiles(folder);
  for (const name of new Set([...Object.keys(files), ...Object.keys(found)])) {
    const [expected, received] = [files[name]?.sha256, found[name]?.sha256];
    if (expected === received) continue;
    const details = { path: join(folder, name), where: "SHA-256", expected: expected ?? "no such file" };
    throw new VitrineError("InvalidFile", { ...details, received: received ?? "no such file" });
  }
}

async function hashFile(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest("hex"), bytes: (await stat(path)).size };
}
