/** Linear classifiers over what a network sees. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";

import { describe, expect, it } from "vitest";

import { LinearSVC } from "../../../src/kernel-lib/classifiers/linear-svc.js";
import { LogisticRegression } from "../../../src/kernel-lib/classifiers/logistic-regression.js";
import { StandardScaler } from "../../../src/kernel-lib/classifiers/standard-scaler.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import { FeatureClassifier } from "../../../src/kernel-lib/engine/feature-classifier.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { matrixRow } from "../../../src/kernel-lib/structures/matrix.js";
import { failure } from "../failure.js";
import { strayTensors, tableware } from "./tableware.js";

const { folder, whole, train, test, newModel, relabelled } = await tableware();

describe("a FeatureClassifier", () => {
  it("learns, scores in 0 to 1, saves and loads to the bit", async () => {
    const classifier = new FeatureClassifier(newModel(), new LinearSVC({ C: 0.01, classWeight: "balanced" }));
    expect((await failure(classifier.score(test))).code).toBe("NotReady");
    await classifier.train(train);
    const scores = await classifier.score(test);
    for (let i = 0; i < 22; i++) expect(matrixRow(scores, i).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    const predicted = await classifier.predict(test);
    const decisions = await classifier.decisionFunction(test);
    for (const [i, label] of predicted.entries()) {
      const row = matrixRow(decisions, i);
      expect(label).toBe(whole.labels[row.indexOf(Math.max(...row))]);
    }
    expect(predicted.filter((label, i) => test.images[i]?.labels.includes(label)).length / 22).toBeGreaterThan(0.8);
    const path = join(folder, "svm");
    await classifier.save(path);
    expect(existsSync(join(path, "model.json"))).toBe(true);
    await engine.close();
    const again = await FeatureClassifier.load(path);
    expect(await again.score(test)).toEqual(scores);
    expect(await strayTensors()).toBe(0);
  });

  it("looks at pictures by their paths too, alone or several, as at a data set of them", async () => {
    const model = newModel();
    await model.train(train, { observer: null, epochs: 3 });
    const classifier = new FeatureClassifier(model, new LinearSVC({ C: 0.01 }));
    await classifier.train(train);
    const paths = test.images.slice(0, 3).map(({ storagePath }) => storagePath);
    const few = test.filter((_, index) => index < 3);
    for (const each of [model, classifier]) {
      expect(await each.score(paths)).toEqual(await each.score(few));
      expect(await each.predict(paths[1] ?? "")).toEqual([(await each.predict(few))[1]]);
      expect(await each.features(paths)).toEqual(await each.features(few));
      expect(await each.predict(test.images[1] ?? "")).toEqual(await each.predict(paths[1] ?? ""));
      expect(await each.score(test.images.slice(0, 3))).toEqual(await each.score(few));
      await expect(each.predict(undefined as never)).rejects.toThrow("Expected a data set with images for dataset");
      await expect(each.predict([])).rejects.toMatchObject({ code: "InvalidDataset" });
      await expect(each.predict([paths[0] ?? "", 3 as never])).rejects.toThrow("for dataset[1] but received 3");
      await expect(each.predict("nowhere.jpg")).rejects.toMatchObject({ code: "MissingFile" });
    }
    const four = "4 labels (bowl, cup, cutlery, plate)";
    expect(inspect(classifier)).toBe(`FeatureClassifier: LinearSVC on embedded, ${four}. Trained.`);
    const size = "pictures of 112 × 112";
    expect(inspect(model)).toBe(`TransferLearningModel: embedded, ${size}, ${four}. Trained, epoch 3 of 3.`);
    expect(inspect(newModel())).toContain("Not trained yet.");
  });

  it("with two labels has two columns that agree with the one decision value", async () => {
    const set = await relabelled(["bowl", "cup"], [["bowl"], ["bowl"], ["bowl"], ["cup"], ["cup"]]);
    const classifier = new FeatureClassifier(new TransferLearningModel({ labels: ["bowl", "cup"] }));
    await classifier.train(set);
    const [decisions, scores] = [await classifier.decisionFunction(set), await classifier.score(set)];
    expect([decisions.columns, scores.columns]).toEqual([1, 2]);
    for (let i = 0; i < 5; i++) {
      expect((scores.data[2 * i + 1] ?? 0) > 0.5).toBe((decisions.data[i] ?? 0) > 0);
      expect(scores.data[2 * i + 1]).toBeCloseTo(1 / (1 + Math.exp(-(decisions.data[i] ?? 0))), 6);
    }
  });

  it("scores by logistic regression's own probabilities, before and after a save", async () => {
    const model = newModel();
    const classifier = new FeatureClassifier(model, new LogisticRegression({ C: 0.01 }));
    await classifier.train(train);
    const scores = await classifier.score(test);
    const scaler = StandardScaler.fit(await model.features(train));
    const own = (classifier.classifier as LogisticRegression).predictProbabilities(
      scaler.transform(await model.features(test)),
    );
    expect(scores.data.every((p, i) => Math.abs(p - (own.data[i] ?? NaN)) < 1e-6)).toBe(true);
    const predicted = await classifier.predict(test);
    expect(predicted.filter((label, i) => test.images[i]?.labels.includes(label)).length / 22).toBeGreaterThan(0.8);
    const path = join(folder, "logistic");
    await classifier.save(path);
    const again = await FeatureClassifier.load(path);
    expect(again.classifier).toBeInstanceOf(LogisticRegression);
    expect(await again.score(test)).toEqual(scores);
  });

  it("is named where its folder was loaded as a plain model", async () => {
    const path = join(folder, "classifier");
    const classifier = new FeatureClassifier(newModel(), new LinearSVC({ C: 0.01 }));
    await classifier.train(train);
    await classifier.save(path);
    const plain = await TransferLearningModel.load(path);
    const { message } = await failure(plain.score(test));
    expect(message).toMatch(/has not been trained; FeatureClassifier\.load\(".*classifier"\) has the classifier/);
  });

  it("refuses to load what a plain model saved", async () => {
    const path = join(folder, "plain");
    await newModel().save(path);
    expect((await failure(FeatureClassifier.load(path))).code).toBe("InvalidFile");
  });
});
