/** Pictures smaller than a stride, sizes that leave nothing, and a learning rate of 100. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, it } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { encodePng } from "../../../src/kernel-lib/plots/picture.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";

const samples = fileURLToPath(new URL("../../../sample_data/tableware", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vitrine-bad-input-"));
let train: ClassificationDataset;

beforeAll(async () => {
  [train] = (await ClassificationDataset.createFromDir("tableware", samples)).split({ trainSize: 0.66, seed: 1 });
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

it("pictures smaller than any stride, 1 × 1 and 3 × 2 pixels among them, are learnt from and scored", async () => {
  const sizes = [
    [1, 1],
    [3, 2],
    [1, 40],
    [31, 31],
  ] as const;
  for (const [label, shade] of [
    ["dark", 20],
    ["bright", 230],
  ] as const) {
    mkdirSync(join(folder, label));
    for (const [width, height] of sizes) {
      const data = new Uint8Array(width * height * 3).fill(shade);
      const png = await encodePng({ data, width, height, channels: 3 });
      writeFileSync(join(folder, label, `${width}x${height}.png`), png);
    }
  }
  const tiny = await ClassificationDataset.createFromDir("tiny", folder);
  expect([tiny.size(), tiny.problems]).toEqual([8, []]);
  const model = new TransferLearningModel({ labels: tiny.labels, imageSize: 32 });
  await model.train(tiny, { epochs: 30, observer: null });
  expect(await model.predict(tiny)).toEqual(tiny.images.map(({ labels }) => labels[0]));
});

it.each([
  ["embedded", 31, "Expected an integer between 32 and 1024 for imageSize but received 31"],
  ["alexnet", 62, "Expected an integer between 63 and 1024 for imageSize but received 62"],
] as const)(
  "%s refuses pictures of %i pixels, of which its strides would leave nothing",
  (baseModel, imageSize, message) => {
    expect(() => new TransferLearningModel({ labels: ["a", "b"], baseModel, imageSize })).toThrow(message);
  },
);

it.each([
  ["frozen", {}],
  ["fine-tuned", { freeze: "layer3", baseRate: 1, batchSize: 8 }],
])("a learning rate of 100, %s, ends in numbers or in a sentence on what to try", async (_, options) => {
  const model = new TransferLearningModel({ labels: train.labels, imageSize: 64, mirror: false });
  await model.train(train, { epochs: 1, observer: null });
  const how = { learningRates: Array<number>(6).fill(100), observer: null, ...options };
  const error: unknown = await model.train(train, how).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error !== undefined) {
    expect(isVitrineError(error, "TrainingDiverged") && error.details.learningRate).toBe(100);
    expect((error as Error).message).toContain("it was 100; try learningRates: [0.05]");
  }
  expect((await model.score(train)).data.every(Number.isFinite)).toBe(true);
  const { tensors, networkTensors } = await engine.memory();
  expect(tensors - networkTensors).toBe(0);
});
