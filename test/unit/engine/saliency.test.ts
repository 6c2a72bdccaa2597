/** `saliency` as a user calls it: through the worker, on files. The formula's oracle is in test/parity/grad-cam.test.ts. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { LinearSVC } from "../../../src/kernel-lib/classifiers/linear-svc.js";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import { FeatureClassifier } from "../../../src/kernel-lib/engine/feature-classifier.js";
import { overPicture } from "../../../src/kernel-lib/engine/saliency.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import type { Grid, SaliencyMap } from "../../../src/kernel-lib/structures/saliency.js";

const samples = fileURLToPath(new URL("../../../sample_data/tableware", import.meta.url));
let folder: string;
let whole: ClassificationDataset;
let classifier: FeatureClassifier;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-saliency-"));
  whole = await ClassificationDataset.createFromDir("tableware", samples);
  classifier = new FeatureClassifier(new TransferLearningModel({ labels: whole.labels }), new LinearSVC());
  await classifier.train(whole);
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const failure = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

/** A bowl on a grey ground that is otherwise empty, in the left or in the right half of a picture of 2 : 1. */
async function besideNothing(side: "left" | "right"): Promise<{ storagePath: string }> {
  const bowl = whole.images.find(({ labels }) => labels[0] === "bowl");
  const picture = await sharp(bowl?.storagePath).resize(256, 256, { fit: "cover" }).toBuffer();
  const storagePath = join(folder, `${side}.png`);
  const left = side === "left" ? 0 : 256;
  await sharp({ create: { width: 512, height: 256, channels: 3, background: "#777" } })
    .composite([{ input: picture, left, top: 0 }])
    .toFile(storagePath);
  return { storagePath };
}

const halves = ({ width, data }: SaliencyMap) =>
  [...data].reduce<[number, number]>(
    ([left, right], value, i) => (i % width < width / 2 ? [left + value, right] : [left, right + value]),
    [0, 0],
  );

describe("where a model looked", () => {
  it("follows a thing from one half of a picture to the other, with the whole picture in sight", async () => {
    const stretched = new FeatureClassifier(
      new TransferLearningModel({ labels: whole.labels, imageSize: [128, 256], fit: "stretch", mirror: false }),
      new LinearSVC(),
    );
    await stretched.train(whole);
    const maps = await Promise.all(
      (["left", "right"] as const).map(async (side) => stretched.saliency(await besideNothing(side), "bowl")),
    );
    const [left, right] = maps.map(halves);
    for (const map of maps) {
      expect([map.label, map.width, map.height]).toEqual(["bowl", 8, 4]);
      expect(Math.max(...map.data)).toBe(1);
      expect(Math.min(...map.data)).toBeGreaterThanOrEqual(0);
    }
    expect((left?.[0] ?? 0) / (left?.[1] ?? 0)).toBeGreaterThan((right?.[0] ?? 0) / (right?.[1] ?? 0));
  });

  it("is 0 where the network, which sees the middle of a long picture, does not look", async () => {
    const map = await classifier.saliency(await besideNothing("left"), "bowl");
    expect(map.width / map.height).toBe(2);
    const seen = Array.from({ length: map.width }, (_, x) =>
      Math.max(...Array.from({ length: map.height }, (_row, y) => map.data[y * map.width + x] ?? NaN)),
    );
    const edge = map.width / 4;
    expect(Math.max(...seen.slice(0, edge), ...seen.slice(-edge))).toBe(0);
    expect(Math.max(...seen.slice(edge, -edge))).toBe(1);
  });

  it("of a mirrored picture is the mirrored map, where the model averages over both", async () => {
    const path = whole.images[0]?.storagePath ?? "";
    const turned = join(folder, "turned.png");
    await sharp(path).resize(224, 224, { fit: "cover" }).png().toFile(join(folder, "upright.png"));
    await sharp(join(folder, "upright.png")).flop().toFile(turned);
    const [upright, mirrored] = [
      await classifier.saliency({ storagePath: join(folder, "upright.png") }, "cup"),
      await classifier.saliency({ storagePath: turned }, "cup"),
    ];
    const { width } = upright;
    const back = mirrored.data.map((_, i) => mirrored.data[i - (i % width) + width - 1 - (i % width)] ?? NaN);
    expect(Math.max(...back.map((value, i) => Math.abs(value - (upright.data[i] ?? NaN))))).toBeLessThan(1e-3);
  });

  it("with two labels: what speaks for one speaks against the other", async () => {
    const labels = ["bowl", "plate"];
    const two = ClassificationDataset.create("two", { labels });
    for (const { storagePath, labels: own } of whole.images) {
      if (labels.includes(own[0] ?? "")) await two.addImage(storagePath, own);
    }
    const pair = new FeatureClassifier(new TransferLearningModel({ labels, mirror: false }), new LinearSVC());
    await pair.train(two);
    const picture = { storagePath: join(folder, "bowl.png") };
    await sharp(two.images[0]?.storagePath).resize(224, 224, { fit: "cover" }).toFile(picture.storagePath);
    const [bowl, plate] = [await pair.saliency(picture, "bowl"), await pair.saliency(picture, "plate")];
    expect(bowl.data.every((value, i) => value === 0 || plate.data[i] === 0)).toBe(true);
    expect([Math.max(...bowl.data), Math.max(...plate.data)]).toContain(1);
  });

  it("of a trained head, leaving no tensor behind", async () => {
    const model = new TransferLearningModel({ labels: whole.labels, imageSize: 96 });
    const picture = whole.images[5] ?? { storagePath: "" };
    expect(isVitrineError(await failure(model.saliency(picture, "cup")), "NotReady")).toBe(true);
    await model.train(whole, { epochs: 1, observer: null });
    const before = await engine.memory();
    const { width, height, data } = await model.saliency(picture, "cup");
    expect([data.length, data.every((value) => value >= 0 && value <= 1)]).toEqual([width * height, true]);
    expect((await engine.memory()).tensors).toBe(before.tensors);
  });
});

describe("what saliency refuses", () => {
  it("a label that the model lacks, a file that is not there, no picture, an option that is none", async () => {
    const picture = whole.images[0] ?? { storagePath: "" };
    const codes = await Promise.all(
      [
        classifier.saliency(picture, "spoon"),
        classifier.saliency({ storagePath: join(folder, "none.jpg") }, "cup"),
        classifier.saliency(undefined as never, "cup"),
        classifier.saliency(picture, "cup", { colour: 1 } as object),
        new FeatureClassifier(classifier.model).saliency(picture, "cup"),
      ].map(async (work) => (await failure(work)) as { code?: string }),
    );
    expect(codes.map(({ code }) => code)).toEqual([
      "UnknownLabel",
      "MissingFile",
      "InvalidOption",
      "InvalidOption",
      "NotReady",
    ]);
  });
});

describe("a map over the whole picture", () => {
  const input = { width: 224, height: 224, fit: "crop", mirror: false } as const;
  const map: Grid = { width: 2, height: 2, data: new Float32Array([1, 1, 1, 1]) };

  it("stays as it is where the network saw all", () => {
    expect(overPicture(map, { width: 300, height: 300 }, input)).toBe(map);
    expect(overPicture(map, { width: 300, height: 100 }, { ...input, fit: "stretch" })).toBe(map);
  });

  it.each([
    [200, 100],
    [100, 300],
    [1, 5000],
  ])("covers as much of %i × %i as the network saw", (width, height) => {
    const over = overPicture(map, { width, height }, input);
    const [short, long] = [Math.min(width, height), Math.max(width, height)];
    expect(Math.max(over.width, over.height)).toBeLessThanOrEqual(256);
    const share = over.data.reduce((sum, value) => sum + value, 0) / over.data.length;
    expect(Math.abs(share - short / long)).toBeLessThan(0.01);
  });
});
