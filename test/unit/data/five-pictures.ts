/** A data set of five pictures with two labels, copied anew for each test. */
import { readFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";

import { beforeEach } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { Context } from "../../../src/kernel-lib/structures/context.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

const PICTURES = { plate: ["plate-10.png", "plate-2.png"], cup: ["cup-1.png", "cup-2.png", "cup-3.png"] };

interface JournalLine {
  cause: string;
  before: string[];
  after: string[];
  image: { path: string };
}

export interface FivePictures {
  /** What lies here is there for all tests of a file. */
  folder: string;
  context: Context;
  /** This test's copy; a test that moves it says so. */
  root: string;
  load: () => Promise<ClassificationDataset>;
  /** What was written into its journal. */
  lines: () => JournalLine[];
}

export async function fivePictures(): Promise<FivePictures> {
  const folder = await temporaryFolder();
  const template = join(folder, "template");
  let seed = 0;
  for (const [label, names] of Object.entries(PICTURES)) {
    for (const name of names) await put(join(template, label, name), await noiseImage(6, 4, ++seed).png().toBuffer());
  }
  const context = Context.create({
    outputsPath: join(folder, "out"),
    persistentPath: join(folder, "keep"),
    tempPath: join(folder, "temp"),
  });
  const set: FivePictures = {
    folder,
    context,
    root: "",
    load: () => ClassificationDataset.createFromDir("set", set.root, { context }),
    lines: () =>
      readFileSync(join(set.root, ".vitrine", "labels.jsonl"), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as JournalLine),
  };
  let count = 0;
  beforeEach(async () => {
    set.root = join(folder, `set-${++count}`);
    await cp(template, set.root, { recursive: true });
  });
  return set;
}

/** "cup-1.png:cup+plate" */
export const labelsOf = (set: ClassificationDataset): string[] =>
  set.images.map(({ name, labels }) => `${name}:${labels.join("+")}`);
