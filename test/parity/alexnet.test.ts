import { readFileSync } from "node:fs";

import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadTensorFlow } from "../../src/kernel-lib/engine/tensorflow.js";
import { alexnetPlan } from "../../src/kernel-lib/models/alexnet.js";
import { Network } from "../../src/kernel-lib/models/network.js";
import { parameterCount, weightShapes } from "../../src/kernel-lib/models/plan.js";
import { pickTensors } from "../../src/kernel-lib/models/tensor-data.js";
import { formulaPictures, formulaValues } from "./torch-formula.js";

interface Forward {
  count: number;
  side: number;
  places: number;
  convolutions: { mean: number; max: number };
  features: { mean: number; max: number };
  logits: number[];
}

const fixture = JSON.parse(readFileSync(new URL("../fixtures/alexnet/alexnet.json", import.meta.url), "utf8")) as {
  parameters: number;
  forward: Forward[];
  gradients: { loss: number; norms: Record<string, number> };
};

const plan = alexnetPlan();
const tensors = formulaValues(
  new Map<string, readonly number[]>([
    ...weightShapes(plan),
    ["classifier.6.weight", [1000, 4096]],
    ["classifier.6.bias", [1000]],
  ]),
);
let network: Network;

beforeAll(async () => {
  loadTensorFlow();
  await tf.ready();
  network = new Network(plan, pickTensors("formula", tensors, weightShapes(plan)));
});

afterAll(() => network.dispose());

/** The first 20 of the 1000 classes. */
function logitsOf(features: tf.Tensor2D): number[] {
  const [weight, bias] = ["weight", "bias"].map((part) => tensors.get(`classifier.6.${part}`)?.data ?? []);
  const kernel = tf.tensor2d(new Float32Array(weight ?? []).subarray(0, 20 * 4096), [20, 4096]);
  const offset = tf.tensor1d(new Float32Array(bias ?? []).subarray(0, 20));
  return Array.from(tf.add(tf.matMul(features, kernel, false, true), offset).dataSync());
}

const meanAndMax = (x: tf.Tensor) => [tf.mean(x).dataSync()[0] ?? NaN, tf.max(x).dataSync()[0] ?? NaN];

describe("AlexNet matches torchvision 0.24.1", () => {
  it("learns as many parameters, the 1000 classes' apart", () => {
    expect(parameterCount(plan) + 4097 * 1000).toBe(fixture.parameters);
  });

  it.each(fixture.forward)("at $side px: $places × $places places before the pool, features, logits", (expected) => {
    const { count, side, places } = expected;
    const before = tf.memory().numTensors - network.residentTensors;
    tf.tidy(() => {
      let convolutions: number[] = [];
      const onStage = (_: string, y: tf.Tensor4D) => {
        convolutions = [y.shape[1], ...meanAndMax(y)];
      };
      const features = network.infer(tf.tensor4d(formulaPictures(count, side), [count, side, side, 3]), { onStage });
      expect(features.shape).toEqual([count, 4096]);
      expect(convolutions[0]).toBe(places);
      expect(convolutions[1]).toBeCloseTo(expected.convolutions.mean, 5);
      expect(convolutions[2]).toBeCloseTo(expected.convolutions.max, 4);
      const [mean, max] = meanAndMax(features);
      expect(mean).toBeCloseTo(expected.features.mean, 5);
      expect(max).toBeCloseTo(expected.features.max, 4);
      const logits = logitsOf(features);
      expect(expected.logits).toHaveLength(logits.length);
      expect(Math.max(...expected.logits.map((value, i) => Math.abs(value - (logits[i] ?? NaN))))).toBeLessThan(1e-4);
    });
    expect(tf.memory().numTensors - network.residentTensors).toBe(before);
  });

  it("in a backward pass through all layers, at 99 px", () => {
    const names = [...weightShapes(plan).keys()];
    tf.tidy(() => {
      const x = tf.tensor4d(formulaPictures(3, 99), [3, 99, 99, 3]);
      const targets = tf.oneHot(tf.tensor1d([0, 1, 2], "int32"), 3);
      const { value, grads } = tf.variableGrads(() => {
        const logits = tf.slice(network.forward(x, "frozen"), [0, 0], [3, 3]);
        return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1)));
      }, network.trainable);
      expect(value.dataSync()[0]).toBeCloseTo(fixture.gradients.loss, 4);
      for (const [name, norm] of Object.entries(fixture.gradients.norms)) {
        const gradient = Object.values(grads)[names.indexOf(name)] ?? tf.scalar(NaN);
        expect((tf.norm(gradient).dataSync()[0] ?? NaN) / norm, name).toBeCloseTo(1, 3);
      }
    });
  });
});
