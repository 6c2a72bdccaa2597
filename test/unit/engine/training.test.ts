import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { describe, expect, it } from "vitest";

import { classWeightList } from "../../../src/kernel-lib/engine/class-weights.js";
import { stageRates } from "../../../src/kernel-lib/engine/stages.js";
import type { TrainOptions } from "../../../src/kernel-lib/engine/train-options.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { readSafetensors } from "../../../src/kernel-lib/hub/safetensors.js";
import { ClassificationEvaluation } from "../../../src/kernel-lib/metrics/classification-evaluation.js";
import { resnetPlan } from "../../../src/kernel-lib/models/resnet.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { failure } from "../failure.js";
import { strayTensors, tableware } from "./tableware.js";

const { folder, whole, train, test } = await tableware();

const newModel = () => new TransferLearningModel({ labels: whole.labels, imageSize: 64, mirror: false });
const quiet = { observer: null } as const;

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

describe("stages of the base", () => {
  const plan = resnetPlan("resnet18");

  it("are frozen up to the one that is named", () => {
    expect(stageRates(plan, "layer2", 0.1)).toEqual({ layer3: 0.1, layer4: 0.1 });
    expect(stageRates(plan, false, { layer4: 0.5, stem: 0 })).toEqual({
      stem: 0,
      layer1: 0.02,
      layer2: 0.02,
      layer3: 0.02,
      layer4: 0.5,
    });
    expect(stageRates(plan, true, 1)).toEqual({});
  });

  it("are refused by name where the network has no such stage", async () => {
    const message =
      'Expected true, false or one of the stages "stem", "layer1", "layer2", "layer3", "layer4" for freeze';
    expect((await failure(newModel().train(train, { freeze: "layer5" }))).message).toContain(message);
    expect((await failure(newModel().train(train, { freeze: false, baseRate: { fc: 1 } }))).message).toContain('"fc"');
  });

  it("stay as they are to the bit where they are frozen, and change where they learn", async () => {
    const model = newModel();
    const path = join(folder, "stages");
    const saved = async () => {
      await model.save(path);
      const [name = ""] = readdirSync(path).filter((file) => file.startsWith("weights-"));
      return readSafetensors(join(path, name));
    };
    const before = await saved();
    await model.train(train, {
      ...quiet,
      freeze: "layer2",
      learningRates: [0.01],
      batchSize: 8,
      baseRate: { layer3: 0 },
    });
    const after = await saved();
    const changed = [...before].filter(([name, { data }]) => !isDeepStrictEqual(after.get(name)?.data, data));
    const kernels = changed.map(([name]) => name).filter((name) => !name.startsWith("fc."));
    expect(kernels.length).toBeGreaterThan(5);
    expect(new Set(kernels.map((name) => name.split(".")[0]))).toEqual(new Set(["layer4"]));
    expect(await strayTensors()).toBe(0);
  });

  it("with the last one frozen too are a frozen base", async () => {
    const scores = async (freeze: boolean | string) => {
      const model = newModel();
      await model.train(train, { ...quiet, freeze, epochs: 3 });
      return (await model.score(test)).data;
    };
    expect(await scores("layer4")).toEqual(await scores(true));
  });
});

describe("early stopping", () => {
  const waits = { earlyStopping: { patience: 3, minDelta: 0.01, monitor: "loss" } } as const;

  it("ends when nothing gets better, with the best epoch's weights", async () => {
    const learningRates = [0.05, 0.01, ...Array<number>(20).fill(0)];
    const model = newModel();
    const result = await model.train(train, { ...quiet, ...waits, learningRates, dropout: 0 });
    const losses = result.history.map(({ loss }) => loss);
    expect(result.reason).toBe("early");
    expect(losses.length).toBe(result.bestEpoch + 3);
    expect(losses.slice(result.bestEpoch).every((loss) => loss > (losses[result.bestEpoch - 1] ?? 0) - 0.01)).toBe(
      true,
    );
    expect(await strayTensors()).toBe(0);
  });

  it("watches the evaluation's loss where there is one, and restores what it had", async () => {
    const options: TrainOptions = { ...quiet, evalDataset: test, learningRates: [0.05, 0.05, 0.05, 5], epochs: 12 };
    const model = newModel();
    const { history, bestEpoch, reason } = await model.train(train, { ...options, earlyStopping: { patience: 2 } });
    const losses = history.map(({ evalLoss }) => evalLoss ?? NaN);
    expect(reason).toBe("early");
    expect(losses[bestEpoch - 1]).toBe(Math.min(...losses));
    const evaluation = await ClassificationEvaluation.run(model, test);
    expect(evaluation.accuracy({ average: "overall" })).toBeCloseTo(1 - (history[bestEpoch - 1]?.evalError ?? 0), 6);
  });

  it("goes to the end while it gets better", async () => {
    const { reason, history } = await newModel().train(train, { ...quiet, epochs: 4, earlyStopping: { patience: 3 } });
    expect([reason, history.length]).toEqual(["finished", 4]);
  });

  it.each([
    [{ patience: 0 }, "earlyStopping.patience"],
    [{ patience: 1, minDelta: -1 }, "earlyStopping.minDelta"],
    [{ patience: 1, monitor: "evalLoss" }, "earlyStopping.monitor"],
    [{ patience: 1, monitor: "accuracy" }, "earlyStopping.monitor"],
    [{ patiance: 1 }, "earlyStopping's options"],
    [3, "earlyStopping"],
  ])("refuses %j", async (earlyStopping, option) => {
    const error = await failure(newModel().train(train, { earlyStopping } as unknown as TrainOptions));
    expect(isVitrineError(error, "InvalidOption") && error.details.option).toBe(option);
  });
});

describe("gradient accumulation", () => {
  it.each([true, false])("of small batches is a step of one large batch, freeze %j", async (freeze) => {
    const losses = async (batchSize: number, accumulate: number) => {
      const model = newModel();
      const options = { ...quiet, freeze, batchSize, accumulate, dropout: 0, epochs: 3, learningRates: [0.01] };
      const { history } = await model.train(train, options);
      return { learningLoss: history.map(({ loss }) => loss), scores: [...(await model.score(test)).data] };
    };
    const [whole, parts] = [await losses(41, 1), await losses(10, 5)];
    parts.learningLoss.forEach((loss, i) => expect(loss).toBeCloseTo(whole.learningLoss[i] ?? NaN, 4));
    // Where a picture's mirror image is drawn for each picture in turn, both draw alike.
    parts.scores.forEach((score, i) => expect(score).toBeCloseTo(whole.scores[i] ?? NaN, 3));
    expect(await strayTensors()).toBe(0);
  });
});
