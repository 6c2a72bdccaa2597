/** A file that is there whole or not at all, whenever the process or the power ends. */
import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { VitrineError } from "./errors.js";
import { writeReason } from "./write-reason.js";

/**
 * Writes beside the target under a hidden name, waits for the disk, and renames. Makes the folders.
 * @throws `CannotWrite`; the old file, if any, is untouched then.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string, what = "a file"): Promise<void> {
  const beside = join(dirname(path), hiddenName(path));
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(beside, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw new VitrineError("CannotWrite", { path, what, reason: writeReason(cause) }, { cause });
  }
}

/** A name that nobody else has, and that every file system takes: a letter may have three bytes, and a name 255. */
export function hiddenName(path: string): string {
  return `.${basename(path).slice(0, 60)}.${randomUUID()}`;
}
