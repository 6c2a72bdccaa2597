/** What is AlexNet's own in training: dropout before its hidden linear layers, and their weight decay. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { dropout } from "../../../src/kernel-lib/engine/dropout.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import { loadTensorFlow } from "../../../src/kernel-lib/engine/tensorflow.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { readSafetensors } from "../../../src/kernel-lib/hub/safetensors.js";
import { Network } from "../../../src/kernel-lib/models/network.js";
import { weightShapes, type NetworkPlan } from "../../../src/kernel-lib/models/plan.js";
import { randomTensors } from "../../../src/kernel-lib/models/random-weights.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";

beforeAll(async () => {
  loadTensorFlow();
  await tf.ready();
});

const folder = mkdtempSync(join(tmpdir(), "vitrine-alexnet-"));

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

/** AlexNet's parts, one of each, and small. */
const plan: NetworkPlan = {
  name: "small",
  stages: [
    {
      name: "conv1",
      layers: [
        { kind: "conv", name: "features.0", kernel: 3, stride: 2, padding: 1, inputs: 3, outputs: 4, relu: true },
      ],
    },
  ],
  places: 2,
  linear: [
    { name: "classifier.1", inputs: 16, outputs: 8 },
    { name: "classifier.4", inputs: 8, outputs: 5 },
  ],
  features: 5,
};

describe("dropout", () => {
  it("drops its part of the numbers, keeps their mean, and is the same again", () => {
    const x = tf.ones<tf.Rank.R2>([100, 100]);
    const draw = () => dropout(x, 0.25, new SeededRandom(3)).dataSync();
    const kept = draw();
    expect(new Set(kept)).toEqual(new Set([0, Math.fround(4 / 3)]));
    expect(kept.filter((value) => value === 0).length / 1e4).toBeCloseTo(0.25, 1);
    expect(draw()).toEqual(kept);
    expect(dropout(x, 0, new SeededRandom(3))).toBe(x);
  });

  it("stands before each of the hidden linear layers, and in none while pictures are only looked at", () => {
    const network = new Network(plan, randomTensors(plan, 1));
    expect([...weightShapes(plan).keys()]).toContain("classifier.4.weight");
    const x = tf.randomNormal<tf.Rank.R4>([2, 16, 16, 3], 0, 1, "float32", 5);
    const seen: number[][] = [];
    const beforeLinear = (y: tf.Tensor2D) => {
      seen.push(y.shape);
      return tf.zerosLike(y);
    };
    const without = network.infer(x).dataSync();
    expect(network.forward(x, "frozen").dataSync()).toEqual(without);
    const dropped = network.forward(x, "frozen", { beforeLinear }).dataSync();
    expect(seen).toEqual([
      [2, 16],
      [2, 8],
    ]);
    // All that comes in is dropped, and the biases are 0.
    expect(dropped.every((value) => value === 0)).toBe(true);
    expect(without.some((value) => value !== 0)).toBe(true);
    network.dispose();
  });
});

describe("AlexNet's last stage learns", () => {
  it("with weight decay in its convolution and its hidden linear layers, and in no bias", async () => {
    const samples = fileURLToPath(new URL("../../../sample_data/tableware", import.meta.url));
    const whole = await ClassificationDataset.createFromDir("tableware", samples);
    const [few] = whole.split({ trainSize: 8, seed: 1 });
    const base = { baseModel: "alexnet", weights: "random", imageSize: 63, mirror: false } as const;
    const model = new TransferLearningModel({ labels: whole.labels, ...base });
    const [before, after] = [join(folder, "before.safetensors"), join(folder, "after.safetensors")];
    await model.export(before);
    const how = { freeze: "conv4", epochs: 1, batchSize: 8, learningRates: [1e-3], baseRate: 1, l2: 0.5 } as const;
    await model.train(few, { ...how, observer: null });
    const { tensors, networkTensors } = await engine.memory();
    expect(tensors - networkTensors).toBe(0);
    await model.export(after);
    const [old, now] = await Promise.all([readSafetensors(before), readSafetensors(after)]);
    // A head of zeros passes no gradient on, so that the first step is decay alone: 1 - 0.001 · 0.5.
    const change = (name: string) => Number(now.get(name)?.data[7]) / Number(old.get(name)?.data[7]);
    for (const name of ["features.10.weight", "classifier.1.weight", "classifier.4.weight"]) {
      expect(change(name), name).toBeCloseTo(0.9995, 5);
    }
    expect(now.get("features.8.weight")).toEqual(old.get("features.8.weight"));
    expect(now.get("classifier.4.bias")).toEqual(old.get("classifier.4.bias"));
  }, 240_000);
});
