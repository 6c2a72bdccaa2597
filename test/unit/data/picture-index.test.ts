/** What was found out about pictures is kept beside them, and pictures are looked at behind the caller's back where they are many. */
import { appendFile, copyFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import {
  ClassificationDataset,
  type CreateFromDirOptions,
} from "../../../src/kernel-lib/data/classification-dataset.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

let root: string;

beforeEach(async () => {
  root = await temporaryFolder();
  for (let seed = 1; seed <= 4; seed++) {
    await put(join(root, "cup", `cup-${seed}.png`), await noiseImage(6, 4, seed).png().toBuffer());
  }
  const jpeg = await noiseImage(60, 40, 9).jpeg().toBuffer();
  await put(join(root, "plate", "plate-1.jpg"), jpeg);
  await put(join(root, "plate", "torn.jpg"), jpeg.subarray(0, jpeg.length >> 1));
  await put(join(root, "plate", "text.jpg"), "no picture");
  await put(join(root, "plate", "two.gif"), await animation());
  await untilSettled();
});

/** What was written within a tick of the system's clock may change without that its times tell, and is not kept. */
const untilSettled = () => new Promise((resolve) => setTimeout(resolve, 30));

async function animation(): Promise<Buffer> {
  const frames = Buffer.concat([
    await noiseImage(5, 5, 1).raw().toBuffer(),
    await noiseImage(5, 5, 2).raw().toBuffer(),
  ]);
  const { sharp } = await import("./pictures.js");
  return sharp(frames, { raw: { width: 5, height: 10, channels: 3, pageHeight: 5 } })
    .gif()
    .toBuffer();
}

const index = () => join(root, ".vitrine", "pictures.jsonl");
const load = (options?: CreateFromDirOptions) => ClassificationDataset.createFromDir("set", root, options);
const summary = ({ images, problems }: ClassificationDataset) => ({
  images: images.map((image) => image.toJSON()),
  // Of two pictures that fail at once libvips may give one the other's reason: those of decoding are not compared.
  problems: problems
    .map(({ path, reason }) => path.slice(root.length + 1) + reason.replace(/^(Vips|its pixels).*/, ""))
    .sort(),
});

/** Makes the index say something that decoding would not. */
async function forge(name: string, width: number): Promise<void> {
  const lines = (await readFile(index(), "utf8")).split("\n");
  const forged = lines.map((line) => {
    if (!line.includes(`/${name}"`)) return line;
    const entry = JSON.parse(line) as unknown[];
    return JSON.stringify(entry.with(5, width));
  });
  await writeFile(index(), forged.join("\n"));
}

describe("the index", () => {
  test("says the same of every picture, good or bad, and nothing is decoded again", async () => {
    const first = summary(await load());
    expect(first.problems).toHaveLength(3);
    expect(summary(await load())).toEqual(first);
    await forge("cup-2.png", 7);
    const widths = (await load()).images.map(({ width }) => width);
    expect(widths).toEqual([6, 7, 6, 6, 60, 5]);
  });

  test("is not believed about a file that is another one by now", async () => {
    await load();
    await forge("cup-2.png", 7);
    await copyFile(join(root, "cup", "cup-3.png"), join(root, "cup", "cup-2.png"));
    const set = await load();
    expect(set.images[1]).toMatchObject({ width: 6, storageId: set.images[2]?.storageId });
    await copyFile(join(root, "cup", "cup-3.png"), join(root, "plate", "torn.jpg"));
    expect((await load()).problems).toHaveLength(2);
  });

  test.each([
    ["cut off", (text: string) => text.slice(0, -30)],
    ["of another version", (text: string) => text.replace('"version":1', '"version":2')],
    ["of nonsense", (text: string) => text.replaceAll("[", "{")],
    ["of wrong types", (text: string) => text.replaceAll(",6,4,", ',"6",[4],')],
    ["of nulls", (text: string) => text.replaceAll(/^\[.*$/gm, "null")],
    ["of impossible facts", (text: string) => text.replaceAll(/"[0-9a-f]{16}",\d+/g, '"x",-3')],
  ])("that is %s is no harm", async (_, damage) => {
    const first = summary(await load());
    await writeFile(index(), damage(await readFile(index(), "utf8")));
    expect(summary(await load())).toEqual(first);
  });

  test("keeps no limit of the caller's: what was too large is not, with another", async () => {
    expect((await load({ maxPixels: 30 })).size()).toBe(5);
    expect((await load()).size()).toBe(6);
    const small = await load({ maxPixels: 30 });
    expect(small.size()).toBe(5);
    expect(small.problems.map(({ reason }) => reason)).toContain("60 × 40 pixels are over the limit of 30");
  });

  test("serves data sets with boxes too", async () => {
    const boxes = () =>
      ObjectDetectionDataset.createFromDir("boxes", root, { imageSubdirectory: "cup", unannotated: "include" });
    expect((await boxes()).images.map(({ width }) => width)).toEqual([6, 6, 6, 6]);
    await forge("cup-3.png", 9);
    expect((await boxes()).images.map(({ width }) => width)).toEqual([6, 6, 9, 6]);
  });
});

describe("behind the caller's back", () => {
  test("the data set is there at once, with sizes and hashes; what is bad turns up", async () => {
    const whole = summary(await load());
    await rm(index());
    const set = await load({ check: "behind" });
    expect(set.unchecked).toBe(8);
    expect(set.problems).toEqual([]);
    const before = set.images.map((image) => image.toJSON());
    const told: number[] = [];
    set.onChecked(({ done }) => told.push(done));
    await set.whenChecked();
    expect(set.unchecked).toBe(0);
    expect(told.at(-1)).toBe(8);
    expect(summary(set).problems).toEqual(whole.problems);
    const good = new Set(whole.images.map(({ name }) => name));
    expect(before.filter(({ name }) => good.has(name))).toEqual(whole.images);
    expect(set.images.filter(({ name }) => good.has(name)).map((image) => image.toJSON())).toEqual(whole.images);
    expect(summary(await load({ check: "behind" }))).toEqual(whole);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "EXIF orientation %i counts before a picture was decoded",
    async (orientation) => {
      const turned = await noiseImage(50, 20, 3).withMetadata({ orientation }).jpeg().toBuffer();
      await put(join(root, "turned", "turned.jpg"), turned);
      const set = await load({ check: "behind" });
      const size = () =>
        set.images.filter(({ name }) => name === "turned.jpg").map(({ width, height }) => [width, height]);
      const early = size();
      await set.whenChecked();
      expect(early).toEqual(size());
      expect(early).toEqual([orientation >= 5 ? [20, 50] : [50, 20]]);
    },
  );

  test("a file that is not there, or empty, is told at once", async () => {
    await put(join(root, "plate", "empty.jpg"), "");
    await writeFile(join(root, "list.csv"), "filename,class\ncup/cup-1.png,cup\ncup/gone.png,cup\n");
    const listed = await ClassificationDataset.createFromCsv("list", join(root, "list.csv"), { check: "behind" });
    expect(listed.problems.map(({ reason }) => reason)).toEqual(["there is no such file"]);
    const set = await load({ check: "behind" });
    expect(set.problems.map(({ reason }) => reason)).toEqual(["the file is empty"]);
    await set.whenChecked();
    await listed.whenChecked();
  });

  test("parts and exports are made without what turned out to be bad", async () => {
    const set = await load({ check: "behind" });
    await set.export(`${root}-out`, { format: "csv" });
    const again = await ClassificationDataset.createFromCsv("out", `${root}-out`);
    await rm(`${root}-out`, { recursive: true });
    expect(again.size()).toBe(6);
    const [train, test] = set.split({ trainSize: 0.5, stratify: "none" });
    expect(train.size() + test.size()).toBe(6);
  });

  test("a picture that was renamed keeps what was said about it, and what is said meanwhile counts", async () => {
    const before = await load();
    before.changeLabelForImage(0, "plate");
    before.changeLabelForImage(1, "plate");
    await rename(join(root, "cup", "cup-1.png"), join(root, "cup", "new-1.png"));
    await rename(join(root, "cup", "cup-2.png"), join(root, "cup", "new-2.png"));
    await rm(index());
    const set = await load({ check: "behind" });
    const labels = () => set.images.slice(2, 4).map((image) => `${image.name} ${image.labels.join()}`);
    set.noteImage(2, "renamed");
    set.changeLabelForImage(3, "cup");
    await set.whenChecked();
    expect(labels()).toEqual(["new-1.png plate", "new-2.png cup"]);
    expect(set.images[2]?.note).toBe("renamed");
  });

  test("boxes are read and checked against the picture's size when somebody asks for them", async () => {
    const file = (name: string, size: string) =>
      `<annotation><filename>${name}</filename><size>${size}<depth>3</depth></size>` +
      `<object><name>cup</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>3</ymax></bndbox></object></annotation>`;
    await put(join(root, "Annotations", "cup-1.xml"), file("cup-1.png", "<width>6</width><height>4</height>"));
    await put(join(root, "Annotations", "cup-2.xml"), file("cup-2.png", "<width>9</width><height>4</height>"));
    const set = await ObjectDetectionDataset.createFromDir("boxes", root, {
      imageSubdirectory: "cup",
      check: "behind",
    });
    expect(set.unchecked).toBe(4);
    expect(set.images.map(({ name, boxes }) => [name, boxes.length])).toEqual([
      ["cup-1.png", 1],
      ["cup-2.png", 0],
    ]);
    expect(set.images.map(({ problem }) => problem?.includes("9 × 4 pixels"))).toEqual([undefined, true]);
    expect(set.problems.map(({ reason }) => reason).join()).toContain("9 × 4 pixels");
    await set.whenChecked();
  });

  test("a stop ends it", async () => {
    await appendFile(join(root, "cup", "cup-1.png"), "more");
    const signal = AbortSignal.abort();
    await expect(load({ signal, check: "before" })).rejects.toMatchObject({ code: "Stopped" });
  });
});
