/** A data set of small pictures in a folder of its own, which goes with the test. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import sharp from "sharp";
import { onTestFinished } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import type { ClassificationImage } from "../../../src/kernel-lib/data/classification-image.js";

/** @param labels label to the names of its pictures; a name that ends in ".txt" is no picture */
export async function pictureFolder(labels: { [label: string]: readonly string[] }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "vitrine-ui-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  let shade = 0;
  for (const [label, names] of Object.entries(labels)) {
    await mkdir(join(folder, label));
    for (const name of names) {
      shade = (shade + 17) % 256;
      await writeFile(join(folder, label, name), name.startsWith("broken") ? "no picture" : await picture(shade));
    }
  }
  return folder;
}

export async function pictureDataset(labels: { [label: string]: readonly string[] }): Promise<ClassificationDataset> {
  return ClassificationDataset.createFromDir("things", await pictureFolder(labels));
}

/** The picture at an index that must be there. */
export function imageAt(dataset: ClassificationDataset, index: number): ClassificationImage {
  const image = dataset.images[index];
  if (!image) throw new Error(`no picture ${index}`);
  return image;
}

async function picture(shade: number): Promise<Uint8Array> {
  const background = { r: shade, g: 255 - shade, b: 128 };
  return sharp({ create: { width: 40, height: 30, channels: 3, background } })
    .png()
    .toBuffer();
}
