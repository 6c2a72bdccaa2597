import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averagePrecision, precisionRecallCurve, rocAuc, rocCurve } from "../../../src/kernel-lib/metrics/index.js";
import { thresholdCounts } from "../../../src/kernel-lib/metrics/threshold-counts.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { difference, fixture } from "./fixture.js";

const EPSILON = 1e-9;

const errorOf = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("curves match scikit-learn 1.7.2", () => {
  it("on a fixture with ties, equal scores and missing classes", () => {
    expect(fixture.oracle).toContain("scikit-learn 1.7.2");
    expect(fixture.binary.length).toBeGreaterThanOrEqual(12);
  });

  for (const sample of fixture.binary) {
    it.each([
      ["full", false],
      ["dropped", true],
    ] as const)(`${sample.name}, %s`, (key, dropIntermediate) => {
      const pr = precisionRecallCurve(sample.truth, sample.scores, { dropIntermediate });
      const roc = rocCurve(sample.truth, sample.scores, { dropIntermediate });
      const expected = sample[key];
      expect(difference(pr.precision, expected.pr.precision)).toBeLessThan(EPSILON);
      expect(difference(pr.recall, expected.pr.recall)).toBeLessThan(EPSILON);
      expect(difference(pr.thresholds, expected.pr.thresholds)).toBeLessThan(EPSILON);
      expect(difference(roc.fpr, expected.roc.fpr)).toBeLessThan(EPSILON);
      expect(difference(roc.tpr, expected.roc.tpr)).toBeLessThan(EPSILON);
      expect(difference(roc.thresholds, expected.roc.thresholds)).toBeLessThan(EPSILON);
    });

    it(`${sample.name}, areas`, () => {
      expect(difference([rocAuc(sample.truth, sample.scores)], [sample.rocAuc])).toBeLessThan(EPSILON);
      const average = averagePrecision(sample.truth, sample.scores);
      expect(difference([average], [sample.averagePrecision])).toBeLessThan(EPSILON);
    });
  }
});

describe("curves, for any scores", () => {
  // Few distinct values, so that ties are common.
  const samples = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -5, max: 5 })), { minLength: 1, maxLength: 60 });

  it("counts what a count by hand counts, at every threshold", () => {
    fc.assert(
      fc.property(samples, (pairs) => {
        const counts = thresholdCounts(
          pairs.map(([truth]) => truth),
          pairs.map(([, score]) => score),
        );
        const above = (threshold: number, wanted: boolean) =>
          pairs.filter(([truth, score]) => truth === wanted && score >= threshold).length;
        expect([...counts.thresholds]).toEqual([...new Set(pairs.map(([, score]) => score))].sort((a, b) => b - a));
        expect([...counts.truePositives]).toEqual(Array.from(counts.thresholds, (threshold) => above(threshold, true)));
        expect([...counts.falsePositives]).toEqual(
          Array.from(counts.thresholds, (threshold) => above(threshold, false)),
        );
      }),
    );
  });

  it("has the area that the share of rightly ordered pairs is (Mann and Whitney), ties counting half", () => {
    fc.assert(
      fc.property(samples, (pairs) => {
        const positives = pairs.filter(([truth]) => truth);
        const negatives = pairs.filter(([truth]) => !truth);
        fc.pre(positives.length > 0 && negatives.length > 0);
        let ordered = 0;
        for (const [, p] of positives) for (const [, n] of negatives) ordered += p > n ? 1 : p === n ? 0.5 : 0;
        const area = rocAuc(
          pairs.map(([truth]) => truth),
          pairs.map(([, score]) => score),
        );
        expect(area).toBeCloseTo(ordered / (positives.length * negatives.length), 10);
      }),
    );
  });

  it("does not depend on the order of the samples", () => {
    fc.assert(
      fc.property(samples, (pairs) => {
        const curve = (list: typeof pairs) =>
          precisionRecallCurve(
            list.map(([truth]) => truth),
            list.map(([, score]) => score),
          );
        expect(curve([...pairs].reverse())).toEqual(curve(pairs));
      }),
    );
  });
});

describe("curves refuse", () => {
  it.each([
    ["NaN", [0, 1], [0.5, NaN], "Expected a finite number for scores[1] but received NaN"],
    ["an infinite score", [0, 1], [Infinity, 0], "Expected a finite number for scores[0] but received Infinity"],
    ["lists of two lengths", [0, 1], [0.5], "Expected 2 entries, as many as truth has, for scores but received 1"],
    ["nothing", [], [], "Expected at least one sample for truth but received an empty list"],
    ["a third class", [0, 2], [1, 2], "Expected true or false, 1 or 0, or 1 or -1 for truth[1] but received 2"],
  ])("%s", (_, truth, scores, message) => {
    for (const metric of [precisionRecallCurve, rocCurve, rocAuc, averagePrecision]) {
      const error = errorOf(() => metric(truth, scores));
      expect(isVitrineError(error, "InvalidOption")).toBe(true);
      expect((error as Error).message).toBe(message);
    }
  });
});
