import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { ClassificationEvaluation } from "../../../src/kernel-lib/metrics/classification-evaluation.js";
import { confidentJoint, findLabelErrors } from "../../../src/kernel-lib/metrics/index.js";

interface Case {
  name: string;
  classes: number;
  given: number[];
  scores: number[];
  thresholds: number[];
  joint: number[][];
  calibrated: number[][];
  pruneByNoiseRate: number[];
  confidentLearning: number[];
}

const path = new URL("../../fixtures/label-errors/label-errors.json", import.meta.url);
const cases = JSON.parse(readFileSync(path, "utf8")) as Case[];
const matrix = ({ given, classes, scores }: Case) => ({
  rows: given.length,
  columns: classes,
  data: Float32Array.from(scores),
});

describe("label errors match cleanlab 2.9.0", () => {
  it.each(cases)("the joint of labels and confident classes: $name", (one) => {
    const joint = confidentJoint(one.given, matrix(one));
    joint.thresholds.forEach((threshold, i) => expect(threshold).toBeCloseTo(one.thresholds[i] ?? NaN, 9));
    expect(joint.counts).toEqual(one.joint);
    expect(joint.calibrated).toEqual(one.calibrated);
  });

  it.each(cases)("the suspected pictures, in order: $name", (one) => {
    const labels = Array.from({ length: one.classes }, (_, i) => `class ${i}`);
    const evaluation = ClassificationEvaluation.fromScores({ labels, truth: one.given, scores: matrix(one) });
    const found = findLabelErrors(evaluation);
    expect(found.map(({ index }) => index)).toEqual(one.pruneByNoiseRate);
    const confident = findLabelErrors(evaluation, { filter: "confident class" });
    expect(confident.map(({ index }) => index)).toEqual(one.confidentLearning);
    for (const { index, label, suggested, labelScore, suggestedScore } of found) {
      expect(label).toBe(`class ${one.given[index] ?? -1}`);
      expect(suggested).toBe(evaluation.predictedLabels[index]);
      expect(labelScore).toBeLessThan(suggestedScore);
    }
  });
});

describe("label errors", () => {
  it("refuse scores that are no probabilities, and say which row", () => {
    const scores = { rows: 2, columns: 2, data: Float32Array.of(0.5, 0.5, 0.9, 0.9) };
    expect(() => findLabelErrors({ labels: ["a", "b"], truth: [0, 1], scores })).toThrow(
      /Expected probabilities that add up to 1 for scores, row 1, but received 1\.79999/,
    );
    const decisions = { rows: 1, columns: 2, data: Float32Array.of(-1.5, 2.5) };
    expect(() => findLabelErrors({ labels: ["a", "b"], truth: [0], scores: decisions })).toThrow(
      /a probability between 0 and 1/,
    );
  });

  it("are none where the model agrees with every label", () => {
    const scores = { rows: 2, columns: 2, data: Float32Array.of(0.9, 0.1, 0.2, 0.8) };
    expect(findLabelErrors({ labels: ["a", "b"], truth: [0, 1], scores })).toEqual([]);
  });
});
