import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Fliplr, Sequential, TranslateX } from "../../../src/kernel-lib/augmenters/index.js";
import { augmentedPicture } from "../../../src/kernel-lib/data/augmented-picture.js";
import { showAugmented } from "../../../src/kernel-lib/ui/show-augmented.js";
import { JUPYTER_DISPLAY } from "../../../src/kernel-lib/comm/port.js";
import { picture } from "../augmenters/picture.js";

const folder = mkdtempSync(join(tmpdir(), "vitrine-show-augmented-"));
const box = (label: string, xmin: number, xmax: number) => ({
  label,
  xmin,
  ymin: 5,
  xmax,
  ymax: 20,
  difficult: false,
  truncated: false,
  occluded: false,
});
const boxes = [box("cup", 0, 10), box("plate", 20, 40), box("jug", 2, 36)];
const images = ["a.png", "b.png"].map((name) => ({ name, storagePath: join(folder, name), boxes }));

beforeAll(async () => {
  const { data, width, height, channels } = picture(40, 30);
  for (const { storagePath } of images)
    await sharp(data, { raw: { width, height, channels } }).png().toFile(storagePath);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("a row has the original and its copies, with as many objects as are left", async () => {
  const pipeline = Sequential([TranslateX({ px: -9 })]);
  const grid = showAugmented({ images, labels: ["cup", "plate", "jug"] }, pipeline, { rows: 5, columns: 3, seed: 2 });
  const bundle = await grid[JUPYTER_DISPLAY]();
  expect(String(bundle["text/plain"]).split("\n")).toEqual([
    "a.png, 3 objects",
    "copy 1, 2 objects",
    "copy 2, 2 objects",
    "b.png, 3 objects",
    "copy 1, 2 objects",
    "copy 2, 2 objects",
  ]);
  expect(String(bundle["text/html"]).match(/<img/g)?.length).toBe(6);
});

test("boxes move along, are cut at the edge and dropped where less than a quarter is left", () => {
  const result = augmentedPicture(TranslateX({ px: -9 }), picture(40, 30), boxes, "1");
  expect(result.boxes).toEqual([{ ...box("plate", 11, 31) }, { ...box("jug", 0, 27), truncated: true }]);
  const flipped = augmentedPicture(Fliplr(1), picture(40, 30), boxes, "1").boxes;
  expect(flipped.map(({ label, xmin, xmax }) => [label, xmin, xmax])).toEqual([
    ["cup", 30, 40],
    ["plate", 0, 20],
    ["jug", 4, 38],
  ]);
});

test.each([
  [() => showAugmented({ images }, []), "Expected augmenters for pipelines but received []"],
  [() => showAugmented({ images }, Fliplr(1), { rows: 0 }), "Expected an integer between 1 and 50 for rows"],
  [() => showAugmented({ images }, Fliplr(1), { cols: 2 } as object), 'received "cols"'],
])("refuses what it can't show", (make, message) => {
  expect(make).toThrow(message);
});
