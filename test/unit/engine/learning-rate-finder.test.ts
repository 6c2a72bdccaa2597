import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import type { FindLearningRateOptions } from "../../../src/kernel-lib/engine/find-rate-options.js";
import { suggestedRate } from "../../../src/kernel-lib/engine/learning-rate-finder.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { learningRateSpec } from "../../../src/kernel-lib/plots/learning-rate-curve.js";

const samples = fileURLToPath(new URL("../../../sample_data/tableware", import.meta.url));
let train: ClassificationDataset;

beforeAll(async () => {
  train = await ClassificationDataset.createFromDir("tableware", samples);
});

afterAll(() => engine.close());

const newModel = () => new TransferLearningModel({ labels: train.labels, imageSize: 64, mirror: false });

describe("a search for a learning rate", () => {
  it.each([true, "layer3"])("sees the loss fall and suggests a rate on the way, with freeze %j", async (freeze) => {
    const model = newModel();
    const curve = await model.findLearningRate(train, { freeze, batchSize: 16, steps: 60 });
    const { rates, losses, smoothed, suggestion = NaN } = curve;
    expect(rates[0]).toBe(1e-5);
    expect(rates[1]).toBeCloseTo(1e-5 * 1e6 ** (1 / 59), 12);
    expect([losses.length, smoothed.length]).toEqual([rates.length, rates.length]);
    expect(Math.min(...smoothed)).toBeLessThan(0.9 * (smoothed[0] ?? 0));
    expect(suggestion).toBeGreaterThan(1e-5);
    expect(suggestion).toBeLessThan(rates[smoothed.indexOf(Math.min(...smoothed))] ?? 0);
    expect(await newModel().findLearningRate(train, { freeze, batchSize: 16, steps: 60 })).toEqual(curve);
    await expect(model.score(train)).rejects.toThrow("the model has not been trained");
    const { tensors, networkTensors } = await engine.memory();
    expect(tensors - networkTensors).toBe(0);
    expect(learningRateSpec(curve).data).toHaveLength(3);
  });

  it("suggests where a curve is steepest, and nothing where it only rises", () => {
    const rates = [1e-4, 1e-3, 1e-2, 1e-1, 1];
    expect(suggestedRate(rates, [2, 1.9, 1, 0.9, 5])).toBe(1e-3);
    expect(suggestedRate(rates, [1, 2, 3, 4, 5])).toBeUndefined();
  });

  it.each([
    [{ from: 1, to: 0.1 }, "a rate above 1 for to"],
    [{ steps: 1 }, "between 10 and 100000 for steps"],
    [{ batchSize: 0 }, "for batchSize"],
    [{ epochs: 3 }, "findLearningRate's options"],
    [{ signal: AbortSignal.abort() }, "was stopped"],
  ])("refuses %j", async (options, message) => {
    await expect(newModel().findLearningRate(train, options as FindLearningRateOptions)).rejects.toThrow(message);
  });
});
