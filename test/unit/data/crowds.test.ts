/** What COCO says beyond boxes: crowds, outlines, masks by run lengths, areas. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { boxedPictures, learnablePictures } from "../../../src/kernel-lib/engine/detection-boxes.js";
import type { CocoFigures } from "../../../src/kernel-lib/metrics/detection/coco-summary.js";
import { DetectionEvaluation } from "../../../src/kernel-lib/metrics/detection-evaluation.js";
import { cocoEvaluate } from "../../../src/kernel-lib/metrics/index.js";
import { byPicture, type CocoCase } from "../metrics/coco-pictures.js";
import { noiseImage, put, temporaryFolder } from "./pictures.js";

const folder = await temporaryFolder();
let count = 0;
const out = () => join(folder, `out-${++count}`);

interface CocoFile {
  images: { id: number; file_name: string }[];
  categories: { id: number; name: string }[];
  annotations: { image_id: number; category_id: number; bbox: number[]; [more: string]: unknown }[];
}

const polygon = [[2, 3, 20, 3, 20, 25, 2.5, 24.5]];
const mask = { counts: "PQ3b0000", size: [30, 40] };
const runs = { counts: [100, 3, 1097], size: [30, 40] };
const annotations = [
  { id: 1, bbox: [2, 3, 18, 22], area: 371.25, iscrowd: 0, segmentation: polygon },
  { id: 2, bbox: [1, 1, 30, 20], area: 333, iscrowd: 1, segmentation: mask },
  { id: 3, bbox: [5, 5, 10, 10], area: 3, iscrowd: 1, segmentation: runs },
  // It sticks out by a little, and is cut.
  { id: 4, bbox: [20, 10, 20.04, 5], area: 80, iscrowd: 0, segmentation: [[20, 10, 40.04, 10, 30, 15]] },
  { id: 5, bbox: [7, 8, 9, 10], area: 90, iscrowd: 0, segmentation: [] },
].map((annotation) => ({ ...annotation, image_id: 1, category_id: 7 }));
const given = { images: [{ id: 1, file_name: "a.png", width: 40, height: 30 }], categories: [{ id: 7, name: "cup" }] };

async function open() {
  const dir = out();
  await put(join(dir, "images", "a.png"), await noiseImage(40, 30).png().toBuffer());
  await put(join(dir, "annotations.json"), JSON.stringify({ ...given, annotations }));
  return ObjectDetectionDataset.createFromCoco("set", dir);
}

async function exported(set: ObjectDetectionDataset): Promise<CocoFile["annotations"]> {
  const dir = out();
  await set.export(dir, { format: "coco" });
  return (JSON.parse(await readFile(join(dir, "annotations.json"), "utf8")) as CocoFile).annotations;
}

describe("COCO", () => {
  test("crowds, outlines, masks and areas leave as they came", async () => {
    const set = await open();
    expect(set.images[0]?.boxes.map(({ crowd = false }) => crowd)).toEqual([false, true, true, false, false]);
    const left = await exported(set);
    const said = ({ iscrowd, segmentation, area }: Record<string, unknown>) => ({ iscrowd, segmentation, area });
    expect(left.map(said)).toEqual(annotations.map(said));
    expect(left[1]?.bbox).toEqual([1, 1, 30, 20]);
    // And once more.
    const [first, second] = [out(), out()];
    await set.export(first, { format: "coco" });
    const again = await ObjectDetectionDataset.createFromCoco("set", first);
    expect(again.images[0]?.boxes).toEqual(set.images[0]?.boxes);
    await again.export(second, { format: "coco" });
    const texts = [first, second].map((dir) => readFileSync(join(dir, "annotations.json"), "utf8"));
    expect(JSON.parse(texts[1] ?? "")).toEqual({
      ...(JSON.parse(texts[0] ?? "") as object),
      info: expect.anything() as object,
    });
  });

  test("a box that was moved has no outline any more, one that was renamed has; a part of the set has them, too", async () => {
    const set = await open();
    const boxes = set.images[0]?.boxes ?? [];
    set.addLabel("mug");
    set.changeBoxesForImage(
      0,
      boxes.map((box, i) => (i === 0 ? { ...box, label: "mug" } : i === 1 ? { ...box, xmax: 32 } : box)),
    );
    const left = await exported(set.filter(() => true));
    expect(left.map(({ segmentation }) => segmentation)).toEqual([polygon, [], runs, annotations[3]?.segmentation, []]);
    expect(left.map(({ area, iscrowd }) => [area, iscrowd])).toEqual([
      [371.25, 0],
      [620, 1],
      [3, 1],
      [80, 0],
      [90, 0],
    ]);
    set.undo();
    expect((await exported(set))[1]?.segmentation).toEqual(mask);
  });
});

describe("other formats", () => {
  test.each([
    ["voc", ObjectDetectionDataset.createFromDir.bind(ObjectDetectionDataset)],
    ["csv", ObjectDetectionDataset.createFromCsv.bind(ObjectDetectionDataset)],
    ["jsonl", ObjectDetectionDataset.createFromJsonLines.bind(ObjectDetectionDataset)],
  ] as const)("%s carries crowds", async (format, read) => {
    const [set, dir] = [await open(), out()];
    await set.export(dir, { format });
    expect((await read("back", dir)).images[0]?.boxes).toEqual(set.images[0]?.boxes);
    // Of XML files the second time by the index.
    expect((await read("back", dir)).images[0]?.boxes).toEqual(set.images[0]?.boxes);
  });

  test("YOLO has none: they are left out, and that is said", async () => {
    const [set, dir] = [await open(), out()];
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    await set.export(dir, { format: "yolo" });
    expect(warn.mock.calls).toEqual([["YOLO has no crowds: 2 were left out"]]);
    warn.mockRestore();
    const back = await ObjectDetectionDataset.createFromYolo("back", dir);
    expect(back.images[0]?.boxes).toHaveLength(3);
  });
});

test("the journal keeps crowds, and whether a box is one is a change", async () => {
  const set = await open();
  const boxes = set.images[0]?.boxes ?? [];
  set.changeBoxesForImage(
    0,
    boxes.map((box, i) => ({ ...box, crowd: i === 0 })),
  );
  const again = await ObjectDetectionDataset.createFromCoco(
    "set",
    set.images[0]?.storagePath.replace(/images.a\.png$/, "") ?? "",
  );
  expect(again.images[0]?.boxes.map(({ crowd = false }) => crowd)).toEqual([true, false, false, false, false]);
});

test("nothing is learnt from a crowd, even one that is not difficult", () => {
  const box = { label: "cup", xmin: 1, ymin: 1, xmax: 9, ymax: 9, difficult: false, truncated: false, occluded: false };
  const images = [{ storagePath: "a.png", boxes: [{ ...box, crowd: true }] }];
  expect(boxedPictures("dataset", { images }, ["cup"])[0]?.difficult).toEqual([true]);
  expect(() => learnablePictures({ images }, ["cup"])).toThrow("no object in its pictures to learn from");
});

describe("a data set from COCO is evaluated as pycocotools 2.0.11 evaluates its file", () => {
  const cases = JSON.parse(readFileSync("test/fixtures/detection-metrics/coco.json", "utf8")) as (CocoCase & {
    figures: CocoFigures;
  })[];
  const one = cases.find(({ name }) => name.startsWith("crowds"));
  if (!one) throw new Error("no case");
  let set: ObjectDetectionDataset;
  const names = (id: number) => `${String(id).padStart(6, "0")}.png`;

  beforeAll(async () => {
    const dir = out();
    const png = await noiseImage(600, 600).png().toBuffer();
    const { images, categories, annotations: own } = one.groundTruth;
    for (const { id } of images) await put(join(dir, "images", names(id)), png);
    const file: CocoFile = {
      images: images.map(({ id }) => ({ id, file_name: names(id) })),
      categories,
      annotations: own.map((annotation, i) => ({ ...annotation, id: i + 1 })),
    };
    await put(join(dir, "annotations.json"), JSON.stringify(file));
    set = await ObjectDetectionDataset.createFromCoco("set", dir);
  }, 240_000);

  const evaluated = (images: ObjectDetectionDataset["images"]) => {
    const { detections } = byPicture(one, true);
    const detector = { labels: set.labels, detect: () => Promise.resolve(detections) };
    return DetectionEvaluation.run(detector, { images: [...images].sort((a, b) => (a.name < b.name ? -1 : 1)) });
  };

  test("crowds take any number of detections", async () => {
    expect(set.problems).toEqual([]);
    const coco = (await evaluated(set.images)).coco();
    for (const [name, figure] of Object.entries(one.figures) as [keyof CocoFigures, number][])
      expect(coco[name]).toBeCloseTo(figure, 6);
    // Taken for difficult objects, which they were, it is another figure.
    const { truth, detections, labels } = await evaluated(set.images);
    const asDifficult = truth.map((own) => ({
      ...own,
      crowd: own.classes.length > 0 ? Array.from(own.classes, () => false) : [],
    }));
    expect(DetectionEvaluation.fromDetections({ labels, truth: asDifficult, detections }).coco().ap).not.toBeCloseTo(
      one.figures.ap,
      3,
    );
  });

  test("a detection within a crowd is no mistake, however small it is beside it", () => {
    const evaluation = DetectionEvaluation.fromDetections({
      labels: ["cup"],
      truth: [{ boxes: [0, 0, 100, 100], classes: [0], crowd: [true] }],
      detections: [{ boxes: Float32Array.of(5, 5, 15, 15), scores: Float32Array.of(0.9), classes: Int32Array.of(0) }],
    });
    expect(evaluation.mistakes()).toEqual([0]);
    expect(evaluation.confusionMatrix()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test("small, medium and large go by the areas of the file, as in cocoEvaluate", async () => {
    const dir = out();
    // As outlines have them: a part of the box's.
    const groundTruth = {
      ...one.groundTruth,
      annotations: one.groundTruth.annotations.map((own, i) => ({ ...own, id: i + 1, area: own.area / 3 })),
    };
    for (const { id } of groundTruth.images)
      await put(join(dir, "images", names(id)), await readFile(set.images[0]?.storagePath ?? ""));
    const images = groundTruth.images.map(({ id }) => ({ id, file_name: names(id) }));
    await put(join(dir, "annotations.json"), JSON.stringify({ ...groundTruth, images }));
    const other = await ObjectDetectionDataset.createFromCoco("set", dir);
    const figures = cocoEvaluate(groundTruth, one.detections);
    const coco = (await evaluated(other.images)).coco();
    for (const name of ["apSmall", "apMedium", "apLarge"] as const) expect(coco[name]).toBeCloseTo(figures[name], 6);
    expect(figures.apLarge).not.toBeCloseTo(one.figures.apLarge, 2);
  });
});
