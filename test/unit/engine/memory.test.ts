/** What is left in memory: after every public call, and over thousands of steps. */
import { join } from "node:path";

import { beforeAll, expect, it } from "vitest";

import { engine } from "../../../src/kernel-lib/engine/engine.js";
import { FeatureClassifier } from "../../../src/kernel-lib/engine/feature-classifier.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import type { TrainingObserver } from "../../../src/kernel-lib/structures/training.js";
import { strayTensors, tableware } from "./tableware.js";

const { folder, train, test } = await tableware();
const model = new TransferLearningModel({ labels: train.labels, imageSize: 64, mirror: false });

beforeAll(async () => {
  await model.train(train, { epochs: 1, observer: null });
});

const quiet = { observer: null } as const;
const tuned = { ...quiet, freeze: "layer3", epochs: 1, learningRates: [0.01], batchSize: 8 };

const calls: [string, () => Promise<unknown>][] = [
  ["train, frozen", () => model.train(train, { ...quiet, epochs: 2, evalDataset: test })],
  [
    "train, frozen, with every option that keeps something",
    () =>
      model.train(train, {
        ...quiet,
        epochs: 2,
        mixup: 0.2,
        accumulate: 2,
        earlyStopping: { patience: 1 },
        runFolder: join(folder, "run"),
        checkpoints: { path: join(folder, "frozen"), every: 1 },
      }),
  ],
  [
    "train, fine-tuned",
    () => model.train(train, { ...tuned, evalDataset: test, mixup: 0.2, accumulate: 2, optimizer: "adamw" }),
  ],
  [
    "train, fine-tuned, with live batch norm and checkpoints",
    () => model.train(train, { ...tuned, batchNorm: "live", checkpoints: { path: join(folder, "tuned"), every: 1 } }),
  ],
  ["train that is stopped", () => model.train(train, { ...tuned, signal: AbortSignal.timeout(100) }).catch(() => 0)],
  ["train that is refused", () => model.train(train, { ...tuned, learningRates: [] }).catch(() => 0)],
  ["findLearningRate", () => model.findLearningRate(train, { steps: 20 })],
  ["findLearningRate, fine-tuned", () => model.findLearningRate(train, { steps: 10, freeze: "layer3", batchSize: 8 })],
  ["features", () => model.features(test)],
  ["score", () => model.score(test)],
  ["predict", () => model.predict(test)],
  ["summary", () => model.summary()],
  ["save", () => model.save(join(folder, "model"))],
  ["export to ONNX", () => model.export(join(folder, "model.onnx"))],
  ["export to safetensors", () => model.export(join(folder, "model.safetensors"))],
  ["load, and score", async () => (await TransferLearningModel.load(join(folder, "model"))).score(test)],
  [
    "a FeatureClassifier's train and score",
    async () => {
      const classifier = new FeatureClassifier(model);
      await classifier.train(train);
      await classifier.score(test);
    },
  ],
];

it.each(calls)("%s leaves no tensor behind", async (_, call) => {
  const before = await strayTensors();
  await call();
  expect([before, await strayTensors()]).toEqual([0, 0]);
});

it("stays as it is over 2000 steps: tensors and their bytes to the number, the process about as large", async () => {
  const sizes: { tensors: number; bytes: number; resident: number }[] = [];
  let stop: () => void = () => undefined;
  let next = 200;
  const look = async () => {
    const { tensors, bytes } = await engine.memory();
    sizes.push({ tensors, bytes, resident: process.memoryUsage().rss });
    if (sizes.length === 5) stop();
  };
  // 41 pictures: two steps an epoch. It goes on until the last answer has come, so that all of them are of the training.
  const observer: TrainingObserver = {
    onStart: (_, end) => void (stop = end),
    onEpoch: ({ epoch }) => {
      if (epoch < next) return undefined;
      next += 200;
      return look();
    },
  };
  const { history } = await model.train(train, { epochs: 100_000, learningRates: [0.001], observer });
  expect(history.length).toBeGreaterThanOrEqual(1000);
  const [first, ...later] = sizes;
  expect(later.length).toBeGreaterThanOrEqual(4);
  for (const { tensors, bytes, resident } of later) {
    expect([tensors, bytes]).toEqual([first?.tensors, first?.bytes]);
    // A batch that stayed behind at each step would be as much again; what V8 has not collected yet is less than this.
    expect(resident / (first?.resident ?? NaN)).toBeLessThan(1.3);
  }
});
