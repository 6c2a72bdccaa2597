import { readFileSync } from "node:fs";

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";

import { loadTensorFlow } from "../../src/kernel-lib/engine/tensorflow.js";
import { architecturePlan, type ArchitectureName } from "../../src/kernel-lib/models/base-models.js";
import { gradCam } from "../../src/kernel-lib/models/grad-cam.js";
import { Network } from "../../src/kernel-lib/models/network.js";
import { weightShapes } from "../../src/kernel-lib/models/plan.js";
import { pickTensors } from "../../src/kernel-lib/models/tensor-data.js";
import { formulaPictures, formulaValues } from "./torch-formula.js";

interface Case {
  name: ArchitectureName;
  count: number;
  side: number;
  answer: number;
  shape: number[];
  map: number[];
}

const { cases } = JSON.parse(readFileSync(new URL("../fixtures/grad-cam/grad-cam.json", import.meta.url), "utf8")) as {
  cases: Case[];
};

beforeAll(async () => {
  loadTensorFlow();
  await tf.ready();
});

describe("Grad-CAM before the ReLU matches torch 2.9.1's autograd over torchvision 0.24.1", () => {
  it.each(cases)("$count × $name at $side px, $shape", ({ name, count, side, answer, shape, map }) => {
    const plan = architecturePlan(name, 64);
    const last = name === "alexnet" ? "classifier.6" : "fc";
    const outputs: [string, number[]][] = [
      [`${last}.weight`, [1000, plan.features]],
      [`${last}.bias`, [1000]],
    ];
    const tensors = formulaValues(new Map([...weightShapes(plan), ...outputs]));
    const network = new Network(plan, pickTensors("formula", tensors, weightShapes(plan)));
    const row = tensors.get(`${last}.weight`)?.data.slice(answer * plan.features, (answer + 1) * plan.features);
    const before = tf.memory().numTensors - network.residentTensors;
    const [weight, x] = [
      tf.tensor2d(row ?? [], [plan.features, 1]),
      tf.tensor4d(formulaPictures(count, side), [count, side, side, 3]),
    ];
    const ours = gradCam(network, x, (features) => tf.matMul(features, weight));
    expect(ours.shape).toEqual(shape);
    const values = ours.dataSync();
    const largest = Math.max(...map.map(Math.abs));
    const worst = Math.max(...map.map((value, i) => Math.abs(value - (values[i] ?? NaN))));
    expect(worst / largest).toBeLessThan(1e-4);
    tf.dispose([weight, x, ours]);
    expect(tf.memory().numTensors - network.residentTensors).toBe(before);
    network.dispose();
  });
});
