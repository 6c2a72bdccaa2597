import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  LogisticRegression,
  type LogisticRegressionOptions,
} from "../../../src/kernel-lib/classifiers/logistic-regression.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";
import { matrix, worst } from "./oracle-numbers.js";

interface Case {
  name: string;
  options: LogisticRegressionOptions;
  columns: number;
  features: number[];
  classes: number[];
  probe: number[];
  weights: number[];
  intercepts: number[];
  loose: number[];
  probabilities: number[];
  predicted: number[];
}

const { oracle, cases } = JSON.parse(
  readFileSync(new URL("../../fixtures/classifiers/logistic-regression.json", import.meta.url), "utf8"),
) as { oracle: string; cases: Case[] };

const flat = (rows: readonly Float64Array[]) => rows.flatMap((row) => [...row]);

describe("LogisticRegression matches scikit-learn 1.7.2", () => {
  it("on a fixture of its own making", () => {
    expect(oracle).toContain("scikit-learn 1.7.2");
    expect(cases.length).toBe(8);
  });

  it.each(cases.map((sample) => [sample.name, sample] as const))("%s, converged tightly", (_, sample) => {
    const regression = new LogisticRegression({ ...sample.options, tolerance: 1e-10, maxIterations: 10_000 });
    regression.fit(matrix(sample.columns, sample.features), sample.classes);
    expect(regression.converged).toBe(true);
    expect(regression.warning).toBeUndefined();
    expect(worst(flat(regression.weights), sample.weights)).toBeLessThan(1e-6);
    expect(worst(regression.intercepts, sample.intercepts)).toBeLessThan(1e-6);
    const probe = matrix(sample.columns, sample.probe);
    expect(worst(regression.predictProbabilities(probe).data, sample.probabilities)).toBeLessThan(1e-6);
    expect(regression.predict(probe)).toEqual(sample.predicted);
  });

  it.each(cases.map((sample) => [sample.name, sample] as const))("%s, to 1e-3 with the defaults", (_, sample) => {
    const regression = new LogisticRegression(sample.options);
    regression.fit(matrix(sample.columns, sample.features), sample.classes);
    expect(regression.converged).toBe(true);
    expect(worst(flat(regression.weights), sample.loose)).toBeLessThan(1e-3);
  });
});

const blobs = (rows: number, columns: number, classes: number, seed: number) => {
  const random = new SeededRandom(seed);
  const centres = Array.from({ length: classes }, () => Array.from({ length: columns }, () => random.normal()));
  const numbers = Array.from({ length: rows }, (_, i) => i % classes);
  const values = numbers.flatMap((c) => (centres[c] ?? []).map((mean) => random.normal(mean, 0.7)));
  return { features: matrix(columns, values), numbers };
};

describe("LogisticRegression", () => {
  const { features, numbers } = blobs(60, 6, 3, 1);

  it("gives probabilities that add up to 1, for features however large", () => {
    const regression = new LogisticRegression().fit(features, numbers);
    const large = matrix(6, [1e6, -1e6, 1e6, 1e6, 1e6, -1e6]);
    for (const probe of [features, large]) {
      const { rows, columns, data } = regression.predictProbabilities(probe);
      expect([rows, columns]).toEqual([probe.rows, 3]);
      for (let i = 0; i < rows; i++) {
        const row = data.subarray(i * 3, i * 3 + 3);
        expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
        expect(row.every((p) => p >= 0 && p <= 1)).toBe(true);
      }
    }
  });

  it("finds classes that are far apart, and features of very different sizes", () => {
    const values = numbers.flatMap((c, i) => [1000 * c + (i % 7), 1e-3 * ((i * 5) % 11)]);
    const regression = new LogisticRegression({ maxIterations: 5000 }).fit(matrix(2, values), numbers);
    expect(regression.predict(matrix(2, values))).toEqual(numbers);
  });

  it("is the same bit for bit after JSON", () => {
    const regression = new LogisticRegression({ C: 0.1, classWeight: { 1: 2 } }).fit(features, numbers);
    const again = LogisticRegression.fromJSON(JSON.parse(JSON.stringify(regression)));
    expect(again.toJSON()).toEqual(regression.toJSON());
    expect(again.predictProbabilities(features)).toEqual(regression.predictProbabilities(features));
    expect(again.options).toEqual(regression.options);
  });

  it("says so where it runs out of steps", () => {
    const regression = new LogisticRegression({ maxIterations: 1, tolerance: 1e-12 }).fit(features, numbers);
    expect(regression.converged).toBe(false);
    expect(regression.warning).toContain("did not converge in 1 steps");
  });

  it("gives way while it learns, with the same result, and learns nothing where it is stopped", async () => {
    const slow = await new LogisticRegression().fitAsync(features, numbers);
    expect(slow.toJSON()).toEqual(new LogisticRegression().fit(features, numbers).toJSON());
    const stopped = new LogisticRegression();
    const signal = AbortSignal.abort();
    await expect(stopped.fitAsync(features, numbers, { signal })).rejects.toThrow("LogisticRegression.fit was stopped");
    expect(() => stopped.predict(features)).toThrow("LogisticRegression.predict is not possible yet");
  });

  it.each([
    ["C", () => new LogisticRegression({ C: 0 }), "for C but received 0"],
    ["steps", () => new LogisticRegression({ maxIterations: 0 }), "for maxIterations but received 0"],
    ["an option of another", () => new LogisticRegression({ loss: "hinge" } as object), 'but received "loss"'],
    ["a class's weight", () => new LogisticRegression({ classWeight: { 1: -1 } }), 'classWeight["1"] but received -1'],
    ["one class", () => new LogisticRegression().fit(matrix(1, [1, 2]), [0, 0]), "at least two different classes"],
    ["NaN", () => new LogisticRegression().fit(matrix(1, [1, NaN]), [0, 1]), "a finite number"],
    [
      "another classifier's file",
      () => LogisticRegression.fromJSON({ format: "vitrine.LinearSVC" }),
      "format: expected",
    ],
  ])("refuses %s", (_, action, message) => {
    expect(action).toThrow(message);
  });
});
