import { readFileSync } from "node:fs";
import { cp, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { AdditiveGaussianNoise, Affine, Fliplr, Sequential } from "../../../src/kernel-lib/augmenters/index.js";
import { augmentDataset, type ImageAugmenter } from "../../../src/kernel-lib/data/augment-dataset.js";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { decodeImage } from "../../../src/kernel-lib/data/decode.js";
import { Context } from "../../../src/kernel-lib/structures/context.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

let folder: string;
let template: string;
let set: ClassificationDataset;
let context: Context;
let count = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  template = join(folder, "template");
  let seed = 0;
  for (const path of ["cup/1.png", "cup/2.png", "plate/3.png"]) {
    await put(join(template, path), await noiseImage(20, 14, ++seed).png().toBuffer());
  }
});

beforeEach(async () => {
  const root = join(folder, `run-${++count}`);
  await cp(template, join(root, "set"), { recursive: true });
  context = Context.create({
    outputsPath: join(root, "out"),
    persistentPath: join(root, "keep"),
    tempPath: join(root, "temp"),
  });
  set = await ClassificationDataset.createFromDir("set", join(root, "set"), { context });
});

const files = () => readdir(join(context.outputsPath, "augmented"));

test("gives the originals and one copy a pipeline, with their labels", async () => {
  const seen: string[] = [];
  const onProgress = ({ done, total }: { done: number; total: number }) => seen.push(`${done}/${total}`);
  const both = await augmentDataset(set, [Fliplr(1), Affine({ rotate: 90 })], { context, format: "png", onProgress });
  expect(both.size()).toBe(9);
  expect(both.images.slice(0, 3)).toEqual(set.images);
  expect(both.images.map(({ labels }) => labels[0])).toEqual([
    "cup",
    "cup",
    "plate",
    "cup",
    "cup",
    "plate",
    "cup",
    "cup",
    "plate",
  ]);
  expect(seen).toEqual(["1/6", "2/6", "3/6", "4/6", "5/6", "6/6"]);
  const original = await decodeImage(both.images[0]?.storagePath ?? "");
  const copy = await decodeImage(both.images[3]?.storagePath ?? "");
  expect(copy).toEqual(Fliplr(1).augmentImage(original));
  expect(await files()).toHaveLength(6);
});

test("is repeatable by its seed, whatever the pipeline drew before", async () => {
  const pipeline = Sequential([Fliplr(0.5), AdditiveGaussianNoise({ scale: 10 })], { seed: 9 });
  const hashes = async (seed: number) =>
    (await augmentDataset(set, pipeline, { context, seed })).images.map((image) => image.storageId);
  const first = await hashes(1);
  expect(await files()).toHaveLength(3);
  expect(await hashes(1)).toEqual(first);
  expect((await hashes(2)).slice(3)).not.toEqual(first.slice(3));
  expect(new Set(first).size).toBe(6);
  expect((await files()).every((name) => /^[123]-1-[0-9a-f]{16}-s[12]\.jpg$/.test(name))).toBe(true);
});

test("shares labels, journal and undo with the set it came from; a copy corrected by hand stays corrected", async () => {
  const bigger = await augmentDataset(set, Fliplr(1), { context });
  bigger.changeLabelForImage(0, "plate");
  expect(set.images[0]?.labels).toEqual(["plate"]);
  bigger.changeLabelForImage(4, "plate");
  expect(set.undo()?.image).toBe(bigger.images[4]);
  set.redo();
  const again = await ClassificationDataset.createFromDir("set", join(context.outputsPath, "..", "set"), { context });
  expect((await augmentDataset(again, Fliplr(1), { context })).images[4]?.labels).toEqual(["plate"]);
});

test("stops by its signal, and leaves whole files only", async () => {
  const controller = new AbortController();
  const onProgress = ({ done }: { done: number }) => {
    if (done === 2) controller.abort();
  };
  const running = augmentDataset(set, [Fliplr(1), Fliplr(0)], { context, signal: controller.signal, onProgress });
  await expect(running).rejects.toMatchObject({ code: "Stopped" });
  const names = await files();
  expect(names).toHaveLength(2);
  for (const name of names) {
    const bytes = readFileSync(join(context.outputsPath, "augmented", name));
    expect((await decodeImage(new Uint8Array(bytes))).width).toBe(20);
  }
});

test("says which picture has vanished, and refuses what is no augmenter", async () => {
  await unlink(set.images[1]?.storagePath ?? "");
  await expect(augmentDataset(set, Fliplr(1), { context })).rejects.toThrow(
    "2.png: expected a picture, but there is no such file",
  );
  await expect(augmentDataset(set, [{} as ImageAugmenter], { context })).rejects.toThrow(
    "Expected augmenters for pipelines",
  );
  await expect(augmentDataset(set, Fliplr(1), { context, format: "gif" as "png" })).rejects.toThrow('"jpeg", "png"');
});
