import { describe, expect, it } from "vitest";
import {
  accuracy,
  balancedAccuracy,
  confusionMatrix,
  precisionRecallF1,
} from "../../../src/kernel-lib/metrics/index.js";
import { difference, fixture } from "./fixture.js";

const EPSILON = 1e-9;

describe("class metrics match scikit-learn 1.7.2", () => {
  for (const sample of fixture.multiclass) {
    const options = sample.labels ? { labels: sample.labels } : {};

    it(`${sample.name}: confusion matrix`, () => {
      const { truth, predicted, confusion } = sample;
      expect(confusionMatrix(truth, predicted, options)).toEqual(confusion.None);
      for (const normalize of ["true", "pred", "all"] as const) {
        const matrix = confusionMatrix(truth, predicted, { ...options, normalize });
        expect(matrix.length).toBe(confusion[normalize].length);
        expect(difference(matrix.flat(), confusion[normalize].flat())).toBeLessThan(EPSILON);
      }
    });

    it(`${sample.name}: accuracy, precision, recall and F1`, () => {
      const { truth, predicted } = sample;
      expect(accuracy(truth, predicted)).toBeCloseTo(sample.accuracy, 12);
      expect(balancedAccuracy(truth, predicted)).toBeCloseTo(sample.balancedAccuracy, 12);
      const rows = precisionRecallF1(truth, predicted, options);
      if (sample.labels) expect(rows.map((row) => row.label)).toEqual(sample.labels);
      for (const key of ["precision", "recall", "f1", "support"] as const) {
        expect(
          difference(
            rows.map((row) => row[key]),
            sample[key],
          ),
        ).toBeLessThan(EPSILON);
      }
    });
  }
});

describe("class metrics take and refuse", () => {
  it("typed arrays", () => {
    expect(confusionMatrix(Int32Array.of(0, 1, 1), Uint8Array.of(0, 1, 0))).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });

  it("labels that are a class's name on Object.prototype", () => {
    expect(confusionMatrix(["__proto__", "constructor"], ["__proto__", "__proto__"])).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  it.each([
    ["lists of two lengths", () => confusionMatrix(["a"], ["a", "b"]), "Expected 1 entries"],
    ["NaN", () => accuracy([NaN], [NaN]), "Expected a text or a number for a class but received NaN"],
    ["labels that are none of the truth's", () => confusionMatrix(["a"], ["a"], { labels: ["b"] }), "occurs in truth"],
    ["a label twice", () => confusionMatrix(["a"], ["a"], { labels: ["a", "a"] }), "none twice"],
    [
      "an unknown normalisation",
      () => confusionMatrix(["a"], ["a"], { normalize: "row" as "true" }),
      'Expected one of "true", "pred", "all" for normalize but received "row"',
    ],
  ])("%s", (_, action, message) => {
    expect(action).toThrow(message);
  });
});
