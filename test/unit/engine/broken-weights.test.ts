/** A last step that breaks the weights has no loss of its own to tell it: the training says so all the same. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import { FasterRCNN } from "../../../src/kernel-lib/engine/faster-rcnn.js";
import type { TrainOptions } from "../../../src/kernel-lib/engine/train-options.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { Context } from "../../../src/kernel-lib/structures/context.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { put, sharp } from "../data/pictures.js";

const folder = mkdtempSync(join(tmpdir(), "vitrine-broken-"));
let set: ClassificationDataset;
let boxes: ObjectDetectionDataset;

const plain = (r: number, g: number, b: number, side = 32) =>
  sharp({ create: { width: side, height: side, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer();

beforeAll(async () => {
  Context.create({ outputsPath: join(folder, "o"), persistentPath: join(folder, "p"), tempPath: join(folder, "t") });
  for (let i = 0; i < 6; i++) {
    await put(join(folder, "set", "red", `${i}.png`), await plain(200 + 5 * i, 3 * i, 0));
    await put(join(folder, "set", "blue", `${i}.png`), await plain(0, 4 * i, 200 + 5 * i));
  }
  set = await ClassificationDataset.createFromDir("set", join(folder, "set"));
  await put(join(folder, "boxes", "JPEGImages", "a.png"), await plain(9, 99, 9, 96));
  boxes = await ObjectDetectionDataset.createFromDir("boxes", join(folder, "boxes"), { unannotated: "include" });
  boxes.addLabel("thing");
  boxes.changeBoxesForImage(0, [{ label: "thing", xmin: 10, ymin: 10, xmax: 60, ymax: 60 }]);
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

describe("a classifier", () => {
  it.each<[string, TrainOptions]>([
    ["by SGD", { schedule: { kind: "constant", rate: 1e6 }, freeze: "layer3", epochs: 2 }],
    ["by AdamW", { learningRates: [1e5], optimizer: "adamw", freeze: false, epochs: 3 }],
  ])("%s never ends well with scores that are no numbers", async (_, options) => {
    const model = new TransferLearningModel({ labels: set.labels, imageSize: 32 });
    const ended = model.train(set, { observer: null, ...options });
    await expect(ended).rejects.toMatchObject({ code: "TrainingDiverged" });
    const kept = await model.score(set).then(
      ({ data }) => data.every(Number.isFinite),
      (error: unknown) => isVitrineError(error, "NotReady"),
    );
    expect(kept).toBe(true);
  });
});

it("a detector's last step too", async () => {
  const detector = new FasterRCNN({ labels: ["thing"], imageSize: 64 });
  const options = { numSteps: 1, warmUpSteps: 0, observer: null, optimizer: "sgd", l2: 0 } as const;
  const before = await detector.score(boxes.images[0]?.storagePath ?? "");
  const ended = detector.train(boxes, { ...options, initialLearningRate: 1e3, gradientClip: 1e9, momentum: 0.9 });
  const diverged = await ended.then(
    () => false,
    (error: unknown) => isVitrineError(error, "TrainingDiverged"),
  );
  const after = await detector.score(boxes.images[0]?.storagePath ?? "");
  // Either the step did no harm, or it is told and undone.
  expect(after.detectionScores.every(Number.isFinite)).toBe(true);
  if (diverged) expect(after).toEqual(before);
});
