import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";

import { loadTensorFlow } from "../../src/kernel-lib/engine/tensorflow.js";
import { readSafetensors } from "../../src/kernel-lib/hub/safetensors.js";
import { floatTensors } from "../../src/kernel-lib/hub/tensor.js";
import { Network } from "../../src/kernel-lib/models/network.js";
import { parameterCount, weightShapes } from "../../src/kernel-lib/models/plan.js";
import { resnetPlan, type ResNetName } from "../../src/kernel-lib/models/resnet.js";
import { pickTensors } from "../../src/kernel-lib/models/tensor-data.js";
import { formulaPictures, formulaTensors } from "./torch-formula.js";

interface Forward {
  name: ResNetName;
  count: number;
  side: number;
  stages: Record<string, { mean: number; max: number }>;
  logits: Record<"torchvision" | "timm", number[]>;
}

interface Gradients {
  loss: number;
  norms: Record<string, number>;
  sums: Record<string, number>;
  running: Record<string, number>;
}

interface Fixture {
  parameters: Record<ResNetName, number>;
  forward: Forward[];
  gradients: Record<"frozen" | "live", Gradients>;
}

const read = (path: string): unknown => JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8"));
const fixture = read("../fixtures/resnet/resnet.json") as Fixture;

beforeAll(async () => {
  loadTensorFlow();
  await tf.ready();
});

/** A formula's network and its `fc`. */
function formulaNetwork(name: ResNetName): { network: Network; fc: (features: tf.Tensor2D) => tf.Tensor2D } {
  const plan = resnetPlan(name);
  const tensors = formulaTensors(plan, 1000);
  const network = new Network(plan, pickTensors("formula", tensors, weightShapes(plan)));
  const weight = tensors.get("fc.weight")?.data ?? new Float32Array();
  const bias = tensors.get("fc.bias")?.data ?? new Float32Array();
  const fc = (features: tf.Tensor2D) =>
    tf.tidy(() => {
      const kernel = tf.tensor2d(weight, [1000, plan.features]);
      return tf.add<tf.Tensor2D>(tf.matMul(features, kernel, false, true), tf.tensor1d(bias));
    });
  return { network, fc };
}

/** The first case also in the way of training with frozen batch norm. */
const ways = fixture.forward.flatMap((expected, index) =>
  (index === 0 ? (["folded", "frozen"] as const) : (["folded"] as const)).map((way) => ({ ...expected, way })),
);

describe("logits and stages match torchvision 0.24.1 and timm 1.0.31", () => {
  it.each(ways)("$name at $side px, batch norm $way", ({ name, count, side, way, ...expected }) => {
    const { network, fc } = formulaNetwork(name);
    const before = tf.memory().numTensors - network.residentTensors;
    const x = tf.tensor4d(formulaPictures(count, side), [count, side, side, 3]);
    const stages: Record<string, { mean: number; max: number }> = {};
    const onStage = (stage: string, y: tf.Tensor4D) => {
      const [mean, max] = [tf.mean(y), tf.max(y)].map((value) => value.dataSync()[0] ?? NaN);
      stages[stage] = { mean: mean ?? NaN, max: max ?? NaN };
    };
    const logits = tf.tidy(() => {
      const features = way === "folded" ? network.infer(x, { onStage }) : network.forward(x, "frozen", { onStage });
      return Array.from(tf.slice(fc(features), [0, 0], [count, 20]).dataSync());
    });
    x.dispose();
    expect(Object.keys(stages)).toEqual(Object.keys(expected.stages));
    for (const [stage, { mean, max }] of Object.entries(expected.stages)) {
      // Relative: activations of made-up weights grow from stage to stage.
      expect((stages[stage]?.mean ?? NaN) / mean).toBeCloseTo(1, 5);
      expect((stages[stage]?.max ?? NaN) / max).toBeCloseTo(1, 4);
    }
    for (const [home, theirs] of Object.entries(expected.logits)) {
      expect(theirs).toHaveLength(count * 20);
      const worst = Math.max(...theirs.map((value, i) => Math.abs(value - (logits[i] ?? NaN))));
      expect(worst, home).toBeLessThan(1e-4);
    }
    expect(tf.memory().numTensors - network.residentTensors).toBe(before);
    network.dispose();
  });
});

describe.each(["frozen", "live"] as const)("a backward pass with %s batch norm matches torch 2.9.1", (mode) => {
  it("loss, gradients of layers from first to last, running statistics", () => {
    const expected = fixture.gradients[mode];
    const { network } = formulaNetwork("resnet18");
    const names = [...network.export().keys()];
    const x = tf.tensor4d(formulaPictures(4, 64), [4, 64, 64, 3]);
    const targets = tf.oneHot(tf.tensor1d([0, 1, 2, 0], "int32"), 3);
    const { value, grads } = tf.variableGrads(() => {
      const logits = tf.slice(network.forward(x, mode), [0, 0], [4, 3]);
      return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1)));
    }, network.trainable);
    expect(value.dataSync()[0]).toBeCloseTo(expected.loss, 4);
    const learning = names.filter((name) => !name.includes("running"));
    const gradient = (name: string) => Object.values(grads)[learning.indexOf(name)] ?? tf.scalar(NaN);
    for (const [name, norm] of Object.entries(expected.norms)) {
      expect((tf.norm(gradient(name)).dataSync()[0] ?? NaN) / norm, name).toBeCloseTo(1, 3);
      const sum = tf.sum(gradient(name)).dataSync()[0] ?? NaN;
      expect(Math.abs(sum - (expected.sums[name] ?? NaN)) / norm, name).toBeLessThan(2e-3);
    }
    const after = network.export();
    for (const [name, mean] of Object.entries(expected.running)) {
      const data = after.get(name)?.data ?? new Float32Array([NaN]);
      expect(data.reduce((total, item) => total + item, 0) / data.length, name).toBeCloseTo(mean, 5);
    }
    network.dispose();
    tf.dispose([x, targets, value, ...Object.values(grads)]);
  });
});

describe("the tables of the paper", () => {
  it.each(Object.entries(fixture.parameters))(
    "%s learns %i parameters, as torchvision 0.24.1 counts",
    (name, count) => {
      const plan = resnetPlan(name as ResNetName);
      // torchvision's count has the 1000 classes of ImageNet.
      expect(parameterCount(plan) + (plan.features + 1) * 1000).toBe(count);
    },
  );
});

describe("the embedded backbone", () => {
  it("gives its reference vector to 1e-4, and every stage", async () => {
    const reference = read("../../src/kernel-lib/backbone/reference.json") as {
      stages: { name: string; mean: number; max: number }[];
      features: number[];
    };
    const path = fileURLToPath(new URL("../../src/kernel-lib/backbone/backbone.safetensors", import.meta.url));
    const plan = resnetPlan("resnet18", 24);
    const tensors = floatTensors(await readSafetensors(path));
    const network = new Network(plan, pickTensors(path, tensors, weightShapes(plan)));
    const pixel = (i: number, j: number, c: number) =>
      Math.sin(0.11 * (i + 1) + 0.7 * c) + 0.5 * Math.cos(0.07 * (j + 1) * (c + 1));
    const values = Float32Array.from({ length: 96 * 96 * 3 }, (_, n) =>
      pixel(Math.floor(n / 288), Math.floor(n / 3) % 96, n % 3),
    );
    const means: [string, number][] = [];
    const onStage = (name: string, y: tf.Tensor4D) => means.push([name, tf.mean(y).dataSync()[0] ?? NaN]);
    const features = network.infer(tf.tensor4d(values, [1, 96, 96, 3]), { onStage }).dataSync();
    expect(features).toHaveLength(192);
    for (const [i, value] of reference.features.entries())
      expect(Math.abs((features[i] ?? NaN) - value)).toBeLessThan(1e-4);
    for (const { name, mean } of reference.stages) expect(new Map(means).get(name)).toBeCloseTo(mean, 4);
    network.dispose();
  });
});
