import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { classWeightList } from "../../../src/kernel-lib/engine/class-weights.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import type { TrainOptions } from "../../../src/kernel-lib/engine/train-options.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { isVitrineError, type VitrineError } from "../../../src/kernel-lib/structures/errors.js";

const samples = fileURLToPath(new URL("../../../sample_data/tableware", import.meta.url));
let folder: string;
let whole: ClassificationDataset;
let train: ClassificationDataset;
let test: ClassificationDataset;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-training-"));
  whole = await ClassificationDataset.createFromDir("tableware", samples);
  [train, test] = whole.split({ trainSize: 0.66, seed: 1 });
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const newModel = () => new TransferLearningModel({ labels: whole.labels, imageSize: 64, mirror: false });
const quiet = { observer: null } as const;

async function failure(promise: Promise<unknown>): Promise<VitrineError> {
  const error: unknown = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (!isVitrineError(error)) throw error;
  return error;
}

/** Tensors that belong to no network that is kept on purpose. */
async function strayTensors(): Promise<number> {
  const { tensors, networkTensors } = await engine.memory();
  return tensors - networkTensors;
}

describe("a training's options", () => {
  it.each([
    [{ optimizer: "adam" }, "optimizer"],
    [{ optimizer: "adamw", momentum: 0.9 }, "momentum"],
    [{ betas: [0.9, 0.99] }, "betas"],
    [{ optimizer: "adamw", betas: [0.9] }, "betas"],
    [{ nesterov: true, momentum: 0 }, "nesterov"],
    [{ schedule: { kind: "cosine", rate: 0.1 }, learningRates: [0.1] }, "schedule"],
    [{ schedule: { kind: "polynomial", rate: 0.1 } }, "schedule.kind"],
    [{ schedule: { kind: "step", rate: 0.1 } }, "schedule.stepSize"],
    [{ schedule: { kind: "cosine", rate: 0.1, minimum: 1 } }, "schedule.minimum"],
    [{ schedule: { kind: "cosine", rate: 0.1, gamma: 1 } }, 'schedule "cosine"\'s options'],
    [{ schedule: { kind: "cosine", rate: 0.1, warmUp: { length: 0 } } }, "schedule.warmUp.length"],
    [{ labelSmoothing: 2 }, "labelSmoothing"],
    [{ mixup: -1 }, "mixup"],
    [{ classWeights: "equal" }, "classWeights"],
    [{ classWeights: { bowl: 0 } }, 'classWeights["bowl"]'],
  ])("refuse %j", async (options, option) => {
    const error = await failure(newModel().train(train, options as object));
    expect(isVitrineError(error, "InvalidOption") && error.details.option).toBe(option);
  });

  it("refuse a weight for a label that the model lacks", async () => {
    const error = await failure(newModel().train(train, { classWeights: { spoon: 2 } }));
    expect(error.code).toBe("UnknownLabel");
  });
});

describe("class weights", () => {
  it("balanced are scikit-learn's N / (K · count), by hand", () => {
    expect(classWeightList("balanced", ["a", "b"], [[0], [0], [0], [1]])).toEqual([4 / 6, 2]);
    expect(classWeightList("balanced", ["a", "b"], [[0], [0, 1]])).toEqual([2 / 3, 2]);
  });

  it("by label are 1 where none is given", () => {
    expect(classWeightList({ b: 3 }, ["a", "b"], [[0], [1]])).toEqual([1, 3]);
  });
});

describe.each([
  ["frozen", { freeze: true }],
  ["fine-tuned", { freeze: false, learningRates: [0.01], epochs: 3, batchSize: 8 }],
] as const)("%s training", (_, base) => {
  const rate = base.freeze ? 0.05 : 0.01;
  const loose: TrainOptions = base.freeze ? {} : { epochs: 3, batchSize: 8, freeze: false };

  it.each([
    ["adamw", { ...base, optimizer: "adamw", ...(base.freeze ? {} : { learningRates: [0.003] }) }],
    ["nesterov", { ...base, nesterov: true }],
    [
      "a cosine by steps after a warm-up",
      { ...loose, schedule: { kind: "cosine", rate, per: "step", warmUp: { length: 3 } } },
    ],
    ["one cycle", { ...loose, schedule: { kind: "oneCycle", rate } }],
    ["balanced, smoothed and mixed", { ...base, classWeights: "balanced", labelSmoothing: 0.1, mixup: 0.3 }],
  ] as [string, TrainOptions][])("learns by %s, the same again, and leaves no tensor", async (_name, options) => {
    const run = async () => {
      const model = newModel();
      const { history } = await model.train(train, { ...options, ...quiet });
      return { losses: history.map(({ loss }) => loss), scores: (await model.score(test)).data };
    };
    const first = await run();
    expect(first.losses.at(-1)).toBeLessThan(first.losses[0] ?? 0);
    expect(await run()).toEqual(first);
    expect(await strayTensors()).toBe(0);
  });
});

it("a schedule by steps changes within an epoch, one by epochs between them", async () => {
  const rates = async (per: "step" | "epoch") => {
    const schedule = { kind: "exponential", rate: 0.1, gamma: 0.5, per } as const;
    const { history } = await newModel().train(train, { schedule, epochs: 3, batchSize: 8, ...quiet });
    return history.map(({ learningRate }) => learningRate);
  };
  // 41 pictures are 6 steps; an epoch reports its last one's rate.
  expect(await rates("step")).toEqual([5, 11, 17].map((step) => 0.1 * 0.5 ** step));
  expect(await rates("epoch")).toEqual([0.1, 0.05, 0.025]);
});
