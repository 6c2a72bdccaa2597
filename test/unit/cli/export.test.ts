/** `vitrine export`, in a process of its own: what was labelled or drawn comes out, without a line of code. */
import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { describe, expect, it } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { noiseImage, put, temporaryFolder } from "../data/pictures.js";

const COMMAND = fileURLToPath(new URL("../../../src/kernel-lib/bin/vitrine.js", import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [COMMAND, "export", ...args]);

async function loosePictures(): Promise<string> {
  const folder = await temporaryFolder();
  for (const seed of [1, 2]) {
    await put(join(folder, "pictures", `p-${seed}.png`), await noiseImage(40, 30, seed).png().toBuffer());
  }
  return folder;
}

describe("npx vitrine export", { timeout: 240_000 }, () => {
  it("writes the boxes that were drawn in loose pictures, and leaves out who was not looked at", async () => {
    const folder = await loosePictures();
    const pictures = join(folder, "pictures");
    const options = { imageSubdirectory: ".", annotationsDir: ".", unannotated: "include" } as const;
    const dataset = await ObjectDetectionDataset.createFromDir("pictures", pictures, options);
    dataset.addLabel("cup");
    dataset.changeBoxesForImage(1, [{ label: "cup", xmin: 10, ymin: 3, xmax: 30, ymax: 18 }]);
    const { stdout, stderr } = await run(pictures, join(folder, "out"), "--task", "boxes", "--format", "yolo");
    expect(stdout).toBe(`${join(folder, "out")}: 1 pictures\n`);
    expect(stderr).toContain("p-1.png");
    const labels = await readdir(join(folder, "out"), { recursive: true });
    const file = labels.find((name) => name.endsWith("p-2.txt")) ?? "";
    expect(await readFile(join(folder, "out", file), "utf8")).toBe("0 0.5 0.35 0.5 0.5\n");
  });

  it("takes data sets as others lay them out, with their boxes; and of a folder of several asks for one", async () => {
    const folder = await temporaryFolder();
    const home = join(folder, "voc");
    await put(join(home, "JPEGImages", "a.png"), await noiseImage(40, 30).png().toBuffer());
    const set = await ObjectDetectionDataset.createFromDir("set", home, { unannotated: "include" });
    set.addLabel("cup");
    set.changeBoxesForImage(0, [{ label: "cup", xmin: 10, ymin: 3, xmax: 30, ymax: 18 }]);
    const formats = ["coco", "yolo", "csv", "jsonl"] as const;
    for (const format of formats) {
      await set.export(join(folder, "given", format), { format });
      await run(join(folder, "given", format), join(folder, "out", format), "--format", "voc");
      const back = await ObjectDetectionDataset.createFromDir("back", join(folder, "out", format));
      expect(back.images[0]?.boxes, format).toEqual(set.images[0]?.boxes);
    }
    const parts = run(join(folder, "given"), join(folder, "parts"), "--format", "coco");
    const message = "expected one data set, but there is data.yaml in yolo; give that folder";
    await expect(parts).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(message) as string });
    expect(await readdir(folder)).not.toContain("parts");
  });

  it("takes a list of labels for labels", async () => {
    const folder = await temporaryFolder();
    await put(join(folder, "labelled", "cup", "a.png"), await noiseImage(40, 30).png().toBuffer());
    const set = await ClassificationDataset.createFromDir("set", join(folder, "labelled"));
    await set.export(join(folder, "coco"), { format: "coco" });
    await run(join(folder, "coco"), join(folder, "out"), "--format", "folders");
    expect(await readdir(join(folder, "out", "cup"))).toEqual(["a.png"]);
  });

  it("writes labels, and refuses a format that can't carry them or a folder that is there", async () => {
    const folder = await loosePictures();
    const pictures = join(folder, "pictures");
    const dataset = await ClassificationDataset.createFromDir("pictures", pictures, { unlabelled: "include" });
    dataset.addLabel("cup");
    dataset.changeLabelForImage(0, "cup");
    const out = join(folder, "out");
    await run(pictures, out, "--format", "csv");
    expect(await readFile(join(out, "annotations.csv"), "utf8")).toMatch(/p-1\.png.*cup/);
    await expect(run(pictures, out, "--format", "csv")).rejects.toMatchObject({ code: 2 });
    await run(pictures, out, "--format", "jsonl", "--overwrite");
    const voc = run(pictures, join(folder, "voc"), "--format", "voc");
    await expect(voc).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("carries boxes") as string });
  });
});
