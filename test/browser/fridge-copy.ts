/** A few of the sample pictures with boxes, in a folder of their own, so that a test's boxes never reach the project's. */
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { onTestFinished } from "vitest";

const fridge = fileURLToPath(new URL("../../sample_data/fridge/train", import.meta.url));

/** @param names the pictures, without their ending */
export async function fridgeCopy(names: readonly string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "vitrine-fridge-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const part of ["Annotations", "JPEGImages"]) await mkdir(path.join(folder, part));
  for (const name of names) {
    await cp(path.join(fridge, "JPEGImages", `${name}.jpg`), path.join(folder, "JPEGImages", `${name}.jpg`));
    await cp(path.join(fridge, "Annotations", `${name}.xml`), path.join(folder, "Annotations", `${name}.xml`));
  }
  return folder;
}
