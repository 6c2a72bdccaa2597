/** The sample pictures in a folder of their own, so that a test's labels never reach the project's. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { onTestFinished } from "vitest";

const tableware = fileURLToPath(new URL("../../sample_data/tableware", import.meta.url));

export async function tablewareCopy(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "vitrine-tableware-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  // Journals of labels are the user's, not the sample's.
  await cp(tableware, folder, { recursive: true, filter: (source) => !path.basename(source).startsWith(".") });
  return folder;
}
