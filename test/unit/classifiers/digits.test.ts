/** Logistic regression on the digits of sample_data, beside scikit-learn. */
import { readFile } from "node:fs/promises";

import { expect, it } from "vitest";

import { inRoot } from "../../../scripts/places.mjs";
import { LogisticRegression } from "../../../src/kernel-lib/classifiers/logistic-regression.js";
import { IdxDataset } from "../../../src/kernel-lib/data/idx-dataset.js";
import { confusionMatrix } from "../../../src/kernel-lib/metrics/confusion-matrix.js";

it("reaches 0.90 on digits it has not seen, and matches scikit-learn 1.7.2 on nearly every one", async () => {
  const fixture = JSON.parse(await readFile(inRoot("test", "fixtures", "classifiers", "digits.json"), "utf8")) as {
    accuracy: number;
    confusionMatrix: number[][];
    predicted: string;
  };
  const [train, test] = await Promise.all(
    (["train", "test"] as const).map((part) => IdxDataset.fromFolder(inRoot("sample_data", "digits"), part)),
  );
  if (!train || !test) throw new Error("no digits");
  const classifier = new LogisticRegression({ C: 0.1 });
  await classifier.fitAsync(train.features(), train.labels);
  expect(classifier.converged).toBe(true);
  const predicted = classifier.predict(test.features());
  const accuracy = predicted.filter((digit, i) => digit === test.labels[i]).length / test.size();
  expect(accuracy).toBeGreaterThanOrEqual(0.9);
  // Both stop within a tolerance of the same minimum: a digit between two classes may fall to either.
  expect(Math.abs(accuracy - fixture.accuracy)).toBeLessThanOrEqual(0.003);
  const differing = predicted.filter((digit, i) => String(digit) !== fixture.predicted[i]).length;
  expect(differing).toBeLessThanOrEqual(3);
  const matrix = confusionMatrix(test.labels, predicted).flat();
  const moved = matrix.reduce((sum, count, i) => sum + Math.abs(count - (fixture.confusionMatrix.flat()[i] ?? 0)), 0);
  expect(moved).toBeLessThanOrEqual(2 * differing);
});
