import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";

import { makeOptimizer } from "../../src/kernel-lib/engine/make-optimizer.js";
import type { OptimizerSettings } from "../../src/kernel-lib/engine/optimizer.js";
import { loadTensorFlow } from "../../src/kernel-lib/engine/tensorflow.js";

const read = (name: string): unknown =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../fixtures/training/${name}.json`, import.meta.url)), "utf8"));

beforeAll(async () => {
  loadTensorFlow();
  await tf.ready();
});

interface OptimizerCase {
  name: string;
  gradients: [number[], number[]][];
  values: [number[], number[]][];
}

const SETTINGS: Record<string, OptimizerSettings> = {
  sgd: { kind: "sgd", momentum: 0, nesterov: false },
  "sgd, momentum": { kind: "sgd", momentum: 0.9, nesterov: false },
  "sgd, nesterov": { kind: "sgd", momentum: 0.9, nesterov: true },
  adamw: { kind: "adamw", betas: [0.9, 0.999], epsilon: 1e-8 },
  "adamw, betas": { kind: "adamw", betas: [0.8, 0.95], epsilon: 1e-6 },
};

const cases = read("optimizers") as OptimizerCase[];

describe("optimisers over 20 steps match torch 2.9.1", () => {
  it("has a case for each of them", () => {
    expect(cases.map(({ name }) => name)).toEqual(Object.keys(SETTINGS));
  });

  it.each(cases)("$name", ({ name, gradients, values }) => {
    const before = tf.memory().numTensors;
    const start = Array.from({ length: 6 }, (_, i) => -1 + (2 / 5) * i);
    const matrix = tf.variable(tf.tensor2d(start, [3, 2]));
    const vector = tf.variable(tf.tensor1d([0.5, -0.25]));
    const learning = [
      { variable: matrix, rate: 1, l2: 0.01 },
      { variable: vector, rate: 0.5, l2: 0 },
    ];
    const optimizer = makeOptimizer(learning, SETTINGS[name] ?? { kind: "sgd", momentum: 0, nesterov: false });
    expect(gradients).toHaveLength(20);
    for (const [step, [ofMatrix, ofVector]] of gradients.entries()) {
      tf.tidy(() =>
        optimizer.apply({ [matrix.name]: tf.tensor2d(ofMatrix, [3, 2]), [vector.name]: tf.tensor1d(ofVector) }, 0.05),
      );
      const expected = values[step]?.flat() ?? [];
      const found = [...matrix.dataSync(), ...vector.dataSync()];
      expect(Math.max(...expected.map((value, i) => Math.abs(value - (found[i] ?? NaN))))).toBeLessThan(1e-6);
    }
    expect(optimizer.steps).toBe(20);
    tf.dispose([matrix, vector]);
    optimizer.dispose();
    // The first values of the two variables are the caller's.
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before + 2);
  });
});
