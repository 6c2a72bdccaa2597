import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";

import { crossEntropy } from "../../src/kernel-lib/engine/cross-entropy.js";
import { targetRows } from "../../src/kernel-lib/engine/head-learner.js";
import { makeOptimizer } from "../../src/kernel-lib/engine/make-optimizer.js";
import { beta, mixed } from "../../src/kernel-lib/engine/mixup.js";
import type { OptimizerSettings } from "../../src/kernel-lib/engine/optimizer.js";
import { checkSchedule } from "../../src/kernel-lib/engine/schedule-options.js";
import { rateAt, type Schedule } from "../../src/kernel-lib/engine/schedule.js";
import { loadTensorFlow } from "../../src/kernel-lib/engine/tensorflow.js";
import { SeededRandom } from "../../src/kernel-lib/structures/random.js";

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

interface ScheduleCase {
  schedule: Schedule;
  rates: number[];
}

describe("schedules match torch 2.9.1's lr_scheduler", () => {
  it.each(read("schedules") as ScheduleCase[])("$schedule", ({ schedule, rates }) => {
    expect(checkSchedule(schedule)).toBe(schedule);
    expect(rates).toHaveLength(30);
    for (const [at, rate] of rates.entries()) expect(rateAt(schedule, at, 30)).toBeCloseTo(rate, 12);
  });
});

interface LossCases {
  logits: number[];
  classes: number[];
  mixed: number[];
  cases: {
    target: "classes" | "probabilities";
    labelSmoothing: number;
    weights: number[] | null;
    loss: number;
    gradient: number[];
  }[];
}

describe("losses and their gradients match torch 2.9.1's cross_entropy", () => {
  const { logits, classes, mixed: probabilities, cases: losses } = read("losses") as LossCases;

  it.each(losses)("$target, smoothing $labelSmoothing, weights $weights", (each) => {
    tf.tidy(() => {
      const own = targetRows(
        classes.map((index) => [index]),
        4,
      );
      const targets = each.target === "classes" ? own : tf.tensor2d(probabilities, [6, 4]);
      const settings = { labelSmoothing: each.labelSmoothing, classWeights: each.weights ?? undefined };
      const { value, grad } = tf.valueAndGrad((x) => crossEntropy(x as tf.Tensor2D, targets, settings))(
        tf.tensor2d(logits, [6, 4]),
      );
      expect(value.dataSync()[0]).toBeCloseTo(each.loss, 5);
      grad.dataSync().forEach((number, i) => expect(number).toBeCloseTo(each.gradient[i] ?? NaN, 6));
    });
  });
});

describe("mixup", () => {
  it("mixes rows with their partners", () => {
    const rows = tf.tidy(() => mixed(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]), { part: 0.75, partners: [2, 1, 0] }));
    expect([...rows.dataSync()]).toEqual([2, 3, 3, 4, 4, 5]);
    rows.dispose();
  });

  it.each([0.2, 1, 4])("draws its part from Beta(%d, α): mean 1/2 and variance 1 / (4 (2α + 1))", (alpha) => {
    const random = new SeededRandom(3);
    const drawn = Array.from({ length: 20_000 }, () => beta(random, alpha));
    const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
    const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1);
    expect(mean).toBeCloseTo(0.5, 1.7);
    expect(variance * 4 * (2 * alpha + 1)).toBeCloseTo(1, 1.3);
  });
});
