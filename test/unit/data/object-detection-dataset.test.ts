/** Pictures with boxes: the sample data, changes and their journal, splits, what is drawn. */
import { cp, readFile, rm } from "node:fs/promises";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ObjectDetectionDataset, type DetectionChange } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { percentiles } from "../../../src/kernel-lib/data/percentiles.js";
import { sharp, temporaryFolder } from "./pictures.js";

const folder = await temporaryFolder();
let root: string;
let count = 0;

beforeEach(async () => {
  root = join(folder, `set-${++count}`);
  await cp("sample_data/fridge/test", root, { recursive: true, filter: (path) => !path.endsWith(".vitrine") });
});

const load = () => ObjectDetectionDataset.createFromDir("fridge", root);
const boxesOf = (set: ObjectDetectionDataset) => set.images.map(({ boxes }) => boxes);
const cup = { label: "water", xmin: 1.5, ymin: 2, xmax: 30, ymax: 40.25 };

test("the sample pictures: 25 and 5, 8 labels, 20 objects each and 40 squashes", async () => {
  const train = await ObjectDetectionDataset.createFromDir("fridge", "sample_data/fridge/train");
  expect([train.size(), (await load()).size()]).toEqual([25, 5]);
  expect(train.problems).toEqual([]);
  const counts = Object.fromEntries(train.counts());
  expect(counts).toEqual({
    eggBox: 20,
    joghurt: 20,
    ketchup: 20,
    mushroom: 20,
    mustard: 20,
    orange: 20,
    squash: 40,
    water: 20,
  });
  expect(train.labels).toEqual(Object.keys(counts));
  expect(train.images[0]).toMatchObject({ name: "fridge-01.jpg", width: 480, height: 360 });
  expect(train.images[0]?.boxes[0]).toEqual({
    ...{ label: "squash", xmin: 92, ymin: 288, xmax: 243, ymax: 360 },
    ...{ difficult: false, truncated: true, occluded: false },
  });
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  train.printInfo();
  const text = String(written.mock.calls[0]?.[0]);
  written.mockRestore();
  expect(text).toContain("Dataset consists of 25 images with 8 labels.");
  expect(text).toMatch(/squash +40\n/);
  // numpy 2.4.6's percentile of the same numbers.
  expect(text).toMatch(/width +41 +43\.95 +53\.75 +74\.5 +123\.25 +206\.35 +298\n/);
  expect(text).toMatch(/height +43 +53\.95 +71 +90\.5 +125 +159 +223/);
});

test("percentiles match numpy.percentile 2.4.6", () => {
  expect(percentiles([3, 1, 4, 1, 5, 9, 2, 6])).toEqual([1, 1, 1.75, 3.5, 5.25, 7.949999999999998, 9]);
  expect(percentiles([7])).toEqual([7, 7, 7, 7, 7, 7, 7]);
  expect(percentiles([]).every(Number.isNaN)).toBe(true);
});

describe("changing boxes", () => {
  test("is on the object, told, in the journal, and comes back", async () => {
    const set = await load();
    const changes: DetectionChange[] = [];
    set.onChange((change) => changes.push(change));
    const before = set.images[1]?.boxes ?? [];
    set.changeBoxesForImage(1, [...before, cup]);
    const after = { ...cup, difficult: false, truncated: false, occluded: false };
    expect(set.getBoxesForImage(1)).toEqual([...before, after]);
    expect(changes).toMatchObject([{ field: "boxes", before, after: [...before, after], cause: "set" }]);
    expect(boxesOf(await load())).toEqual(boxesOf(set));
    expect(set.historyOf(1)).toMatchObject([{ field: "boxes", before }]);
    set.undo();
    expect(set.images[1]?.boxes).toEqual(before);
    expect(boxesOf(await load())).toEqual(boxesOf(set));
    set.redo();
    expect(set.images[1]?.boxes).toHaveLength(before.length + 1);
    expect(Object.isFrozen(set.images[1]?.boxes[0])).toBe(true);
  });

  test.each([
    ["inverted", { ...cup, xmin: 31 }],
    ["outside", { ...cup, xmax: 481 }],
    ["negative", { ...cup, ymin: -0.5 }],
    ["without area", { ...cup, ymax: 2 }],
    ["not a number", { ...cup, ymax: NaN }],
  ])("%s: refused, and nothing has changed", async (_, box) => {
    const set = await load();
    const before = boxesOf(set);
    expect(() => set.changeBoxesForImage(0, [cup, box])).toThrow(
      /^Expected a box with an area within the 480 × 360 pixels of fridge-26\.jpg for boxes\[1\] but received /,
    );
    expect(() => set.changeBoxesForImage(0, [{ ...cup, label: "vase" }])).toThrow("vase");
    expect(() => set.changeBoxesForImage(0, [{ ...cup, label: " " }])).toThrow("boxes[0].label");
    expect(boxesOf(set)).toEqual(before);
    expect(set.canUndo).toBe(false);
  });

  test("two people who each draw a box both keep it", async () => {
    const [one, two] = [await load(), await load()];
    const before = one.images[0]?.boxes ?? [];
    one.changeBoxesForImage(0, [...before, cup]);
    two.changeBoxesForImage(0, [...before.slice(1), { ...cup, label: "orange" }]);
    one.refresh();
    for (const set of [one, two, await load()]) {
      expect(set.images[0]?.boxes.map(({ label }) => label)).toEqual([
        ...before.slice(1).map(({ label }) => label),
        "water",
        "orange",
      ]);
    }
  });

  test("any sequence leaves object, journal and a model of it alike", async () => {
    const box = fc.record({
      label: fc.constantFrom("water", "orange"),
      xmin: fc.integer({ min: 0, max: 9 }),
      ymin: fc.constant(0),
      xmax: fc.double({ min: 10, max: 480, noNaN: true }),
      ymax: fc.constant(7),
      difficult: fc.boolean(),
      truncated: fc.boolean(),
      occluded: fc.boolean(),
    });
    const step = fc.oneof(
      fc.record({ image: fc.nat(4), boxes: fc.array(box, { maxLength: 3 }) }),
      fc.constantFrom("undo" as const, "redo" as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await rm(join(root, ".vitrine"), { recursive: true, force: true });
        const set = await load();
        let states = [boxesOf(set)];
        let at = 0;
        for (const each of steps) {
          if (each === "undo") at = set.undo() ? at - 1 : at;
          else if (each === "redo") at = set.redo() ? at + 1 : at;
          else {
            set.changeBoxesForImage(each.image, each.boxes);
            const next = states[at]?.map((boxes, i) => (i === each.image ? each.boxes : boxes)) ?? [];
            if (JSON.stringify(boxesOf(set)) !== JSON.stringify(states[at])) states = [...states.slice(0, ++at), next];
          }
          expect(boxesOf(set)).toEqual(states[at]);
        }
        expect(boxesOf(await load())).toEqual(boxesOf(set));
      }),
      { numRuns: 8 },
    );
  });
});

describe("saving annotations", () => {
  test("writes what was changed, as files that have the word from then on", async () => {
    const set = await load();
    const file = (name: string) => join(root, "Annotations", `${name}.xml`);
    const untouched = readFileSync(file("fridge-27"), "utf8");
    set.changeBoxesForImage(0, [cup, { ...cup, xmin: 0, ymin: 0, xmax: 480, ymax: 360, occluded: true }]);
    expect(await set.saveAnnotations()).toBe(1);
    expect(await set.saveAnnotations()).toBe(0);
    expect(readFileSync(file("fridge-27"), "utf8")).toBe(untouched);
    expect(boxesOf(await load())).toEqual(boxesOf(set));
    // Without the journal too; and what another program changes later is not overruled by it.
    const saved = readFileSync(file("fridge-26"), "utf8");
    writeFileSync(file("fridge-26"), saved.replace("<xmax>480</xmax>", "<xmax>400</xmax>"));
    const again = await load();
    expect(again.images[0]?.boxes[1]?.xmax).toBe(400);
    expect(again.historyOf(0)).toHaveLength(1);
    again.changeBoxesForImage(0, [cup]);
    expect(boxesOf(await load())[0]).toMatchObject([cup]);
    await rm(join(root, ".vitrine"), { recursive: true });
    expect((await load()).images[0]?.boxes).toHaveLength(2);
  });

  test("keeps to the origin that the files are read with, and makes files that were not there", async () => {
    await rm(join(root, "Annotations", "fridge-27.xml"));
    const open = () => ObjectDetectionDataset.createFromDir("fridge", root, { origin: 1, unannotated: "include" });
    const set = await open();
    set.changeBoxesForImage(0, [cup]);
    set.changeBoxesForImage(1, [{ ...cup, xmin: 0 }]);
    expect(await set.saveAnnotations()).toBe(2);
    await rm(join(root, ".vitrine"), { recursive: true });
    expect(boxesOf(await open())).toEqual(boxesOf(set));
  });

  test("is refused where there are no such files", async () => {
    const dir = join(root, "as-coco");
    await (await load()).export(dir, { format: "coco" });
    const set = await ObjectDetectionDataset.createFromCoco("set", dir);
    await expect(set.saveAnnotations()).rejects.toThrow("not read from Pascal VOC's files; use export");
  });
});

describe("a split", () => {
  test("is disjoint and complete, gives each part of every label, and shares the journal", async () => {
    const whole = await ObjectDetectionDataset.createFromDir("fridge", "sample_data/fridge/train");
    const [train, test] = whole.split({ trainSize: 0.8, seed: 3 });
    expect([train.size(), test.size()]).toEqual([20, 5]);
    expect(new Set([...train.images, ...test.images])).toEqual(new Set(whole.images));
    for (const part of [train, test]) expect([...part.counts().values()].every((n) => n > 0)).toBe(true);
    expect(test.labels).toBe(whole.labels);
  });
});

describe("a picture with its boxes", () => {
  test("has the wanted size, shows itself, and has each label's colour where its box is", async () => {
    const set = await load();
    const image = set.images[0];
    const drawn = await image?.visualizeBoundingBoxes({ imageSize: 960 });
    expect([drawn?.width, drawn?.height, drawn?.mime]).toEqual([960, 720, "image/jpeg"]);
    const bundle = (drawn as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ]?.();
    expect(bundle?.["text/plain"]).toMatch(/^a picture with \d objects: /);
    const shown = await sharp(Buffer.from(bundle?.["image/jpeg"] ?? "", "base64")).metadata();
    expect([shown.width, shown.height]).toEqual([960, 720]);
    await drawn?.save(join(root, "drawn.jpg"));
    expect(await readFile(join(root, "drawn.jpg"))).toEqual(Buffer.from(drawn?.bytes ?? []));
  });

  test("frames lie on the boxes' edges to the pixel", async () => {
    const set = await load();
    set.changeBoxesForImage(0, [{ label: "eggBox", xmin: 100, ymin: 200, xmax: 300, ymax: 320 }]);
    const drawn = await set.images[0]?.visualizeBoundingBoxes({ imageSize: 480 });
    const { data, info } = await sharp(drawn?.bytes).raw().toBuffer({ resolveWithObject: true });
    // eggBox is the first label: blue, #0072b2.
    const isBlue = (x: number, y: number) => {
      const [r = 0, g = 0, b = 0] = data.subarray((y * info.width + x) * 3);
      return r < 50 && Math.abs(g - 0x72) < 40 && Math.abs(b - 0xb2) < 40;
    };
    expect([100, 300].map((x) => isBlue(x, 260))).toEqual([true, true]);
    expect([200, 320].map((y) => isBlue(250, y))).toEqual([true, true]);
    expect([isBlue(90, 260), isBlue(200, 260), isBlue(310, 260)]).toEqual([false, false, false]);
  });

  test("any label is drawn, any size too; a wrong size is refused", async () => {
    const set = await load();
    const label = "<script>&\u0000\ud800 ".repeat(9);
    set.addLabel(label);
    set.changeBoxesForImage(0, [{ ...cup, label }]);
    for (const imageSize of [16, 37, 2000]) {
      const drawn = await set.images[0]?.visualizeBoundingBoxes({ imageSize });
      expect(drawn?.width).toBe(imageSize);
    }
    const refused = set.images[0]?.visualizeBoundingBoxes({ imageSize: 0 });
    await expect(refused).rejects.toThrow("Expected a number between 16 and 8192 for imageSize but received 0");
  });
});

test("a classification data set's lines in the same journal are passed over, and the other way round", async () => {
  const set = await load();
  set.changeBoxesForImage(0, [cup]);
  const line = JSON.parse(readFileSync(join(root, ".vitrine", "labels.jsonl"), "utf8").trim()) as {
    changes: unknown[];
  };
  expect(line.changes).toHaveLength(1);
  const { ClassificationDataset } = await import("../../../src/kernel-lib/data/classification-dataset.js");
  const labelled = await ClassificationDataset.createFromDir("set", root);
  expect(labelled.images.map(({ labels }) => labels[0])).toEqual(Array(5).fill("JPEGImages"));
});
