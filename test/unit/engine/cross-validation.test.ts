/** Every picture judged once, by a classifier that has not seen it. */
import { fileURLToPath } from "node:url";
import { mkdtempSync, rmSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { LinearSVC } from "../../../src/kernel-lib/classifiers/linear-svc.js";
import { LogisticRegression } from "../../../src/kernel-lib/classifiers/logistic-regression.js";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import { FeatureClassifier } from "../../../src/kernel-lib/engine/feature-classifier.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { findLabelErrors } from "../../../src/kernel-lib/metrics/label-errors.js";

const samples = fileURLToPath(new URL("../../../sample_data/tableware", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vitrine-folds-"));
let set: ClassificationDataset;
let model: TransferLearningModel;

beforeAll(async () => {
  await cp(samples, folder, { recursive: true, filter: (path) => basename(path) !== ".vitrine" });
  set = await ClassificationDataset.createFromDir("tableware", folder);
  model = new TransferLearningModel({ labels: set.labels });
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const newClassifier = (options = {}) => new FeatureClassifier(model, new LinearSVC({ C: 0.01, ...options }));

it("gives each picture the score of one fold's classifier, the same for the same seed", async () => {
  const classifier = newClassifier();
  const evaluation = await classifier.crossValidate(set, { folds: 3 });
  expect(evaluation.truth.map((index) => set.labels[index])).toEqual(set.images.map(({ labels }) => labels[0]));
  expect(evaluation.pictures?.[5]?.name).toBe(set.images[5]?.name);
  // The best of 4 labels by chance: 0.25.
  expect(evaluation.accuracy()).toBeGreaterThan(0.7);
  const again = await newClassifier().crossValidate(set, { folds: 3 });
  expect(again.scores).toEqual(evaluation.scores);
  const other = await newClassifier().crossValidate(set, { folds: 3, seed: 2 });
  expect(other.scores).not.toEqual(evaluation.scores);
  await expect(classifier.score(set)).rejects.toMatchObject({ code: "NotReady" });
});

it("as many folds as pictures judge each by all others, as training on them does", async () => {
  const some = set.filter((_, index) => index % 3 === 0);
  const evaluation = await newClassifier().crossValidate(some, { folds: some.size() });
  const classifier = newClassifier();
  await classifier.train(some.filter((_, index) => index !== 4));
  const alone = await classifier.score(some.filter((_, index) => index === 4));
  const { columns, data } = evaluation.scores;
  expect([...data.subarray(4 * columns, 5 * columns)]).toEqual([...alone.data]);
});

it("finds labels that were set wrongly on purpose, among all pictures", async () => {
  const wrong = [3, 20, 40, 60];
  for (const index of wrong) {
    const own = set.labels.indexOf(set.images[index]?.labels[0] ?? "");
    set.changeLabelForImage(index, set.labels[(own + 2) % 4] ?? "");
  }
  // Of an SVM the scores are no calibrated probabilities.
  const classifier = new FeatureClassifier(model, new LogisticRegression({ C: 0.1 }));
  const found = findLabelErrors(await classifier.crossValidate(set)).map(({ index }) => index);
  while (set.canUndo) set.undo();
  expect(wrong.filter((index) => found.includes(index)).length).toBeGreaterThanOrEqual(3);
});

it("weighs classes by their labels, and refuses a label that nobody has", async () => {
  const heavy = newClassifier({ classWeight: { [set.labels[1] ?? ""]: 1000 } });
  await heavy.train(set);
  const byNumber = newClassifier({ classWeight: { 1: 1000 } });
  await byNumber.train(set);
  expect(heavy.classifier.weights).toEqual(byNumber.classifier.weights);
  const plain = newClassifier();
  await plain.train(set);
  expect(heavy.classifier.weights).not.toEqual(plain.classifier.weights);
  await expect(newClassifier({ classWeight: { spoon: 2 } }).train(set)).rejects.toThrow(
    'for a name in classWeight but received "spoon"',
  );
});

it("refuses one fold, an option of another call, and a label of a single picture", async () => {
  const classifier = newClassifier();
  await expect(classifier.crossValidate(set, { folds: 1 })).rejects.toThrow("for folds but received 1");
  await expect(classifier.crossValidate(set, { parts: 3 } as object)).rejects.toThrow('but received "parts"');
  const first = set.images[0]?.labels[0];
  const lonely = set.filter(({ labels }, index) => labels[0] !== first || index === 0);
  await expect(classifier.crossValidate(lonely)).rejects.toThrow(`${JSON.stringify(first)} has fewer`);
  const stopped = classifier.crossValidate(set, { signal: AbortSignal.abort() });
  await expect(stopped).rejects.toMatchObject({ code: "Stopped" });
});
