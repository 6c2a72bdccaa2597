/**
 * What the embedded backbone is worth on the sample pictures: the mean over 40 stratified splits into 41 training and 22 test
 * pictures. scikit-learn's LinearSVC (C 0.01) on PyTorch's features reached 0.941 on splits of its own (backbone/MODEL_CARD.md: features
 * standardised, 112 pixels, the picture and its mirror image averaged). 22 pictures say little, so one split proves nothing; the
 * mean of 40 varies by about 0.008 with the splits, and these splits are always the same.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { LinearSVC } from "../../src/kernel-lib/classifiers/linear-svc.js";
import { ClassificationDataset } from "../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../src/kernel-lib/engine/engine.js";
import { FeatureClassifier } from "../../src/kernel-lib/engine/feature-classifier.js";
import { TransferLearningModel } from "../../src/kernel-lib/engine/transfer-learning-model.js";

const SPLITS = 40;

let whole: ClassificationDataset;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vitrine-tableware-"));
  const samples = fileURLToPath(new URL("../../sample_data/tableware", import.meta.url));
  // Labels that were changed in the notebook are the user's; this is about the sample's.
  await cp(samples, folder, { recursive: true, filter: (source) => !basename(source).startsWith(".") });
  whole = await ClassificationDataset.createFromDir("tableware", folder);
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

type Predict = (train: ClassificationDataset, test: ClassificationDataset, seed: number) => Promise<string[]>;

/** Mean accuracy over the splits, and the part of them at 0.95 or more. */
async function accuracies(predict: Predict): Promise<{ mean: number; good: number }> {
  const each: number[] = [];
  for (let seed = 1; seed <= SPLITS; seed++) {
    const [train, test] = whole.split({ trainSize: 0.66, seed });
    expect([train.size(), test.size()]).toEqual([41, 22]);
    const predicted = await predict(train, test, seed);
    each.push(predicted.filter((label, i) => test.images[i]?.labels.includes(label)).length / test.size());
  }
  const mean = each.reduce((sum, value) => sum + value, 0) / SPLITS;
  return { mean, good: each.filter((value) => value >= 0.95).length / SPLITS };
}

const report = (what: string, { mean, good }: { mean: number; good: number }) =>
  process.stdout.write(
    `${what}: mean ${mean.toFixed(4)} over ${SPLITS} splits, ${good.toFixed(2)} of them at 0.95 or more\n`,
  );

describe("transfer from the embedded backbone is no worse than scikit-learn on PyTorch's features, 0.941", () => {
  it.each([0.01, 0.1, 1])("by a linear SVM, C = %f", async (C) => {
    const model = new TransferLearningModel({ labels: whole.labels });
    const result = await accuracies(async (train, test) => {
      const classifier = new FeatureClassifier(model, new LinearSVC({ C, classWeight: "balanced" }));
      await classifier.train(train);
      return classifier.predict(test);
    });
    report(`LinearSVC, C = ${C}`, result);
    expect(result.mean).toBeGreaterThanOrEqual(0.945);
  });

  it("by the trained head, with every default", async () => {
    const model = new TransferLearningModel({ labels: whole.labels });
    const result = await accuracies(async (train, test, seed) => {
      await model.train(train, { seed, observer: null });
      return model.predict(test);
    });
    report("trained head", result);
    expect(result.mean).toBeGreaterThanOrEqual(0.945);
  });
});
