/** A file that is there whole or not at all, whenever the process or the power ends. */
import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { VitrineError } from "./errors.js";

/**
 * Writes beside the target under a hidden name, waits for the disk, and renames. Makes the folders.
 * @throws `CannotWrite`; the old file, if any, is untouched then.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array | string, what = "a file"): Promise<void> {
  const beside = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}`);
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
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new VitrineError("CannotWrite", { path, what, reason }, { cause });
  }
}
