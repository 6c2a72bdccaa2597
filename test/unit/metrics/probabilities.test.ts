import { describe, expect, it } from "vitest";
import {
  brierScore,
  calibrationCurve,
  expectedCalibrationError,
  logLoss,
  multiclassAuc,
  topKAccuracy,
} from "../../../src/kernel-lib/metrics/index.js";
import { type CalibrationCase, difference, probabilities as fixture } from "./fixture.js";

const EPSILON = 1e-9;
const close = (ours: number, theirs: number | string) => {
  expect(difference([ours], [theirs])).toBeLessThan(EPSILON);
};
const options = ({ bins, strategy }: CalibrationCase) => ({ bins, strategy });

describe("metrics of probabilities match scikit-learn 1.7.2", () => {
  it("on fixtures with ties, a missing class and equal scores", () => {
    expect(fixture.oracle).toContain("scikit-learn 1.7.2");
    expect([fixture.binary.length, fixture.multiclass.length]).toEqual([5, 5]);
  });

  it.each(fixture.binary.map((sample) => [sample.name, sample] as const))("two classes: %s", (_, sample) => {
    close(logLoss(sample.truth, sample.probabilities), sample.logLoss);
    close(brierScore(sample.truth, sample.probabilities), sample.brier);
    for (const expected of sample.calibration) {
      const curve = calibrationCurve(sample.truth, sample.probabilities, options(expected));
      expect(difference(curve.observed, expected.observed)).toBeLessThan(EPSILON);
      expect(difference(curve.predicted, expected.predicted)).toBeLessThan(EPSILON);
      expect(curve.counts).toEqual(expected.counts);
      close(expectedCalibrationError(sample.truth, sample.probabilities, options(expected)), expected.ece);
    }
  });

  it.each(fixture.multiclass.map((sample) => [sample.name, sample] as const))("more classes: %s", (_, sample) => {
    const { truth, columns } = sample;
    const scores = { rows: truth.length, columns, data: sample.probabilities };
    close(logLoss(truth, scores), sample.logLoss);
    close(brierScore(truth, scores), sample.brier);
    sample.topK.forEach((share, i) => {
      close(topKAccuracy(truth, scores, i + 1), share);
    });
    for (const multiClass of ["ovr", "ovo"] as const) {
      for (const average of ["macro", "weighted"] as const) {
        close(multiclassAuc(truth, scores, { multiClass, average }), sample.auc[`${multiClass} ${average}`] ?? "");
      }
    }
    for (const expected of sample.calibration) {
      close(expectedCalibrationError(truth, scores, options(expected)), expected.ece);
    }
  });
});

describe("metrics of probabilities refuse", () => {
  const pair = (...data: number[]) => ({ rows: data.length / 2, columns: 2, data });

  it.each([
    ["NaN", () => logLoss([1], [NaN]), "a finite number for scores[0] but received NaN"],
    ["NaN in a matrix", () => brierScore([1], pair(NaN, 1)), "a finite number for scores[0] but received NaN"],
    ["NaN among scores", () => topKAccuracy([1], pair(0, NaN)), "a finite number for scores[1] but received NaN"],
    ["NaN in an area", () => multiclassAuc([1], pair(0, NaN)), "a finite number for scores[1] but received NaN"],
    [
      "a score over 1",
      () => calibrationCurve([1], [1.5]),
      "a probability between 0 and 1 for scores[0] but received 1.5",
    ],
    ["rows that don't add up", () => logLoss([1], pair(0.5, 0.2)), "add up to 1 for scores, row 0, but received 0.7"],
    ["a class without a column", () => logLoss([2], pair(0.5, 0.5)), "index below 2 for truth[0] but received 2"],
    ["matrices of another height", () => logLoss([1, 0], pair(0.5, 0.5)), "Expected 2 entries"],
    [
      "matrices that lie about their size",
      () => topKAccuracy([1], { rows: 1, columns: 3, data: [1] }),
      "rows × columns",
    ],
    ["no bin", () => calibrationCurve([1], [1], { bins: 0 }), "at least 1 for bins but received 0"],
  ])("%s", (_, action, message) => {
    expect(action).toThrow(message);
  });
});
