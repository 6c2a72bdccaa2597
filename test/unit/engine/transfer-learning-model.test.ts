import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { LinearSVC } from "../../../src/kernel-lib/classifiers/linear-svc.js";
import { LogisticRegression } from "../../../src/kernel-lib/classifiers/logistic-regression.js";
import { StandardScaler } from "../../../src/kernel-lib/classifiers/standard-scaler.js";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import type { ExportOptions } from "../../../src/kernel-lib/engine/export-options.js";
import { FeatureClassifier } from "../../../src/kernel-lib/engine/feature-classifier.js";
import { setDefaultObserver } from "../../../src/kernel-lib/engine/observers.js";
import {
  TransferLearningModel,
  type TransferLearningModelOptions,
} from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { readSafetensors } from "../../../src/kernel-lib/hub/safetensors.js";
import { writeSafetensors } from "../../../src/kernel-lib/hub/safetensors-writer.js";
import type { Tensor } from "../../../src/kernel-lib/hub/tensor.js";
import { randomTensors } from "../../../src/kernel-lib/models/random-weights.js";
import { resnetPlan } from "../../../src/kernel-lib/models/resnet.js";
import { isVitrineError, type VitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { matrixRow } from "../../../src/kernel-lib/structures/matrix.js";
import type { StepReport, TrainingObserver, TrainingOutcome } from "../../../src/kernel-lib/structures/training.js";

const samples = fileURLToPath(new URL("../../../sample_data/tableware", import.meta.url));
let folder: string;
let whole: ClassificationDataset;
let train: ClassificationDataset;
let test: ClassificationDataset;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-model-"));
  whole = await ClassificationDataset.createFromDir("tableware", samples);
  [train, test] = whole.split({ trainSize: 0.66, seed: 1 });
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const newModel = (options: Partial<TransferLearningModelOptions> = {}) =>
  new TransferLearningModel({ labels: whole.labels, ...options });

/** Small and quick: fine-tuning at 64 pixels. */
const small = { imageSize: 64, mirror: false } as const;

async function failure(promise: Promise<unknown>): Promise<VitrineError> {
  const error: unknown = await promise.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  if (!isVitrineError(error)) throw error;
  return error;
}

/** Tensors that belong to no network that is kept on purpose. */
async function strayTensors(): Promise<number> {
  const { tensors, networkTensors } = await engine.memory();
  return tensors - networkTensors;
}

/** Pictures of the sample under labels of our choice. */
async function pictures(labels: readonly string[], take: readonly string[][]): Promise<ClassificationDataset> {
  const set = ClassificationDataset.create("picked", { labels });
  for (const [index, own] of take.entries()) await set.addImage(whole.images[index]?.storagePath ?? "", own);
  return set;
}

describe("a model's options", () => {
  it.each([
    [{ labels: ["one"] }, 'Expected a list of at least two different labels for labels but received ["one"]'],
    [{ labels: ["a", "a"] }, "at least two different labels"],
    [{ labels: ["a", " "] }, "Expected a text that is not empty for labels[1]"],
    [{ baseModel: "vgg" }, '"resnet152", "alexnet" for baseModel but received "vgg"'],
    [{ imageSize: 16 }, "Expected an integer between 32 and 1024 for imageSize but received 16"],
    [{ baseModel: "alexnet", imageSize: 62 }, "Expected an integer between 63 and 1024 for imageSize but received 62"],
    [{ fit: "squash" }, 'Expected one of "crop", "stretch" for fit'],
    [{ weights: "imagenet" }, 'a path or a URL for baseModel "embedded" for weights but received "imagenet"'],
    [{ wieghts: "random" }, `for TransferLearningModel's options but received "wieghts"`],
  ])("%j is refused by name", (options, message) => {
    expect(() => newModel(options as Partial<TransferLearningModelOptions>)).toThrow(message);
  });

  it.each([
    [{ learningRates: [] }, "learningRates"],
    [{ learningRates: [0.1, NaN] }, "learningRates[1]"],
    [{ epochs: 0 }, "epochs"],
    [{ batchSize: 1.5 }, "batchSize"],
    [{ momentum: 1 }, "momentum"],
    [{ dropout: 1 }, "dropout"],
    [{ freeze: "yes" }, "freeze"],
    [{ evalDataset: 5 }, "evalDataset"],
    [{ learningrate: 0.1 }, "train's options"],
  ])("train refuses %j", async (options, option) => {
    const error = await failure(newModel().train(train, options as object));
    expect(isVitrineError(error, "InvalidOption") && error.details.option).toBe(option);
  });
});

describe("data that nothing can be learnt from", () => {
  it.each([
    ["no picture", [], "InvalidDataset", "it has no pictures"],
    ["one picture", [["bowl"]], "InvalidDataset", "one picture is not enough"],
    ["a class that nobody has", [["bowl"], ["cup"]], "InvalidDataset", 'no picture has the label "cutlery", "plate"'],
    ["a picture without label", [["bowl"], []], "InvalidDataset", "bowl-02.jpg has no label"],
    ["a label that the model lacks", [["bowl"], ["spoon"]], "UnknownLabel", ": Expected one of the labels"],
  ] as const)("%s", async (_, take, code, message) => {
    const set = await pictures(
      whole.labels,
      take.map((labels) => [...labels]),
    );
    const error = await failure(newModel().train(set));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  it("nothing is scored before a training, and no empty set", async () => {
    expect((await failure(newModel().score(test))).code).toBe("NotReady");
    expect((await failure(newModel().features(ClassificationDataset.create("none")))).code).toBe("InvalidDataset");
  });

  it("a picture of several labels counts for each of them", async () => {
    const set = await pictures(["bowl", "cup"], [["bowl"], ["bowl", "cup"], ["cup"], ["cup"]]);
    const model = new TransferLearningModel({ labels: ["bowl", "cup"] });
    await model.train(set, { observer: null, epochs: 40, dropout: 0 });
    const scores = await model.score(set);
    const [bowl = 0, cup = 0] = matrixRow(scores, 1);
    expect(bowl).toBeGreaterThan(0.2);
    expect(cup).toBeGreaterThan(0.2);
  });
});

describe("frozen training", () => {
  it("learns, tells every epoch, and leaves no tensor behind", async () => {
    const model = newModel();
    const epochs: number[] = [];
    const phases = new Set<StepReport["phase"]>();
    let outcome: TrainingOutcome | undefined;
    const observer: TrainingObserver = {
      onStart: (plan) =>
        expect(plan).toEqual({ title: "embedded, base frozen", epochs: 15, images: 41, batchSize: 32 }),
      onStep: ({ phase }) => phases.add(phase),
      onEpoch: ({ epoch }) => epochs.push(epoch),
      onEnd: (end) => (outcome = end),
    };
    const { reason, bestEpoch, history } = await model.train(train, { evalDataset: test, observer });
    expect({ reason, bestEpoch, epochs: history.length }).toEqual({ reason: "finished", bestEpoch: 15, epochs: 15 });
    expect(epochs).toEqual(history.map(({ epoch }) => epoch));
    expect([...phases]).toEqual(["features", "train"]);
    expect(outcome).toEqual({ reason: "finished", bestEpoch: 15 });
    expect(history.map(({ learningRate }) => learningRate)).toEqual([
      ...Array<number>(7).fill(0.05),
      ...Array<number>(7).fill(0.005),
      0.0005,
    ]);
    expect(history[14]?.loss).toBeLessThan((history[0]?.loss ?? 0) / 10);
    expect(history[14]?.evalError).toBeLessThan(0.25);
    const [trainAccs, testAccs, numbers] = model.trainEvalAccs;
    expect(trainAccs[14]).toBe(1 - (history[14]?.trainError ?? 1));
    expect([testAccs.length, numbers.at(-1)]).toEqual([15, 15]);
    expect(await strayTensors()).toBe(0);
  });

  it("gives probabilities in the labels' order, and the labels themselves", async () => {
    const model = newModel();
    await model.train(train, { observer: null });
    const scores = await model.score(test, { batchSize: 5 });
    expect([scores.rows, scores.columns]).toEqual([22, 4]);
    for (let i = 0; i < 22; i++) expect(matrixRow(scores, i).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    const predicted = await model.predict(test);
    const right = predicted.filter((label, i) => test.images[i]?.labels.includes(label));
    expect(right.length / 22).toBeGreaterThan(0.75);
    expect(await strayTensors()).toBe(0);
  });

  it("is the same again with the same seed, and another with another", async () => {
    const losses = async (seed: number) => {
      const model = newModel();
      const { history } = await model.train(train, { seed, observer: null });
      return { losses: history.map(({ loss }) => loss), scores: (await model.score(test)).data };
    };
    const first = await losses(7);
    expect(await losses(7)).toEqual(first);
    expect((await losses(8)).losses).not.toEqual(first.losses);
  });

  it("takes the default observer where none is named, none for null", async () => {
    let made = 0;
    setDefaultObserver(() => (made++, {}));
    await newModel().train(train, { epochs: 1 });
    await newModel().train(train, { epochs: 1, observer: null });
    setDefaultObserver(undefined);
    expect(made).toBe(1);
  });

  it("goes on with the last rate where there are more epochs than rates", async () => {
    const { history } = await newModel().train(train, { learningRates: [0.05, 0.01], epochs: 4, observer: null });
    expect(history.map(({ learningRate }) => learningRate)).toEqual([0.05, 0.01, 0.01, 0.01]);
  });

  it("keeps the best epoch by evaluation where that is asked", async () => {
    const { history, bestEpoch } = await newModel().train(train, { evalDataset: test, keep: "best", observer: null });
    const errors = history.map(({ evalError }) => evalError ?? 1);
    expect(errors[bestEpoch - 1]).toBe(Math.min(...errors));
  });

  it("writes TensorBoard's curves, a point an epoch", async () => {
    const tensorboardLogdir = join(folder, "curves");
    await newModel().train(train, { tensorboardLogdir, evalDataset: test, epochs: 3, observer: null });
    const [file = ""] = readdirSync(tensorboardLogdir);
    const bytes = readFileSync(join(tensorboardLogdir, file)).toString("latin1");
    for (const tag of ["loss/train", "loss/evaluation", "error/train", "error/evaluation"]) {
      expect(bytes.split(tag)).toHaveLength(1 + 3);
    }
  });

  it("refuses a folder for curves that can't be made, before anything else", async () => {
    writeFileSync(join(folder, "a file"), "");
    const model = newModel();
    const error = await failure(model.train(train, { tensorboardLogdir: join(folder, "a file", "x"), observer: null }));
    expect(error.code).toBe("CannotWrite");
    expect((await failure(model.score(test))).code).toBe("NotReady");
  });

  it("goes on when who watches fails", async () => {
    const warned: Error[] = [];
    const listen = (warning: Error) => warned.push(warning);
    process.on("warning", listen);
    const observer: TrainingObserver = {
      onEpoch: () => {
        throw new Error("the view is broken");
      },
    };
    const { history } = await newModel().train(train, { epochs: 2, observer });
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    expect(history).toHaveLength(2);
    expect(warned.map(({ message }) => message)).toEqual(["the view is broken", "the view is broken"]);
  });

  it("names a picture that has vanished, and the model stays as it was", async () => {
    const copy = join(folder, "copy");
    cpSync(samples, copy, { recursive: true });
    const set = await ClassificationDataset.createFromDir("copy", copy);
    const model = newModel({ imageSize: 96 });
    await model.train(set, { observer: null, epochs: 2 });
    const before = (await model.score(test)).data;
    const lost = set.images[40]?.storagePath ?? "";
    unlinkSync(lost);
    const error = await failure(model.train(set, { observer: null }));
    expect(isVitrineError(error, "MissingFile") && error.details.path).toBe(lost);
    expect((await model.score(test)).data).toEqual(before);
    expect(await strayTensors()).toBe(0);
  });

  it("stops a loss that is not a number, and keeps the best epoch before it", async () => {
    const model = newModel();
    const learningRates = [0.01, 0.01, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6, 1e6];
    const error = await failure(model.train(train, { learningRates, momentum: 0.9999, l2: 1, observer: null }));
    expect(error.code).toBe("TrainingDiverged");
    expect(error.message).toContain("A smaller learning rate: it was 1000000; try learningRates: [0.05]");
    expect(error.message).toContain("findLearningRate");
    const scores = await model.score(test);
    expect(scores.data.every(Number.isFinite)).toBe(true);
    expect(await strayTensors()).toBe(0);
  });

  it("ends by a signal that fired before, leaving the model untrained", async () => {
    const model = newModel();
    const error = await failure(model.train(train, { signal: AbortSignal.abort(), observer: null }));
    expect(error.message).toBe("The training was stopped; the model is as it was before");
    expect((await failure(model.score(test))).code).toBe("NotReady");
  });
});

describe("fine-tuning", () => {
  it.each(["frozen", "live"] as const)("changes the base, with batch norm %s", async (batchNorm) => {
    const model = newModel(small);
    const before = await model.features(test);
    // Statistics of eight pictures jump about: live, so few pictures bear a small rate only.
    const learningRates = [batchNorm === "live" ? 0.001 : 0.01];
    const how = { freeze: false, batchNorm, learningRates, epochs: 3, batchSize: 8, observer: null };
    const { history } = await model.train(train, how);
    expect(history.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    expect(history[2]?.loss).toBeLessThan(history[0]?.loss ?? 0);
    expect((await model.features(test)).data).not.toEqual(before.data);
    expect((await model.summary()).source).toContain("then fine-tuned");
    expect(await strayTensors()).toBe(0);
  });

  it("is stopped by the observer in the middle of a step, within a second, with the best epoch kept", async () => {
    const model = newModel(small);
    let asked = 0;
    let stop: () => void = () => undefined;
    const observer: TrainingObserver = {
      onStart: (_, ask) => void (stop = ask),
      onEpoch: ({ epoch }) => {
        if (epoch !== 2) return;
        setTimeout(() => {
          asked = performance.now();
          stop();
        }, 30);
      },
    };
    const { reason, bestEpoch, history } = await model.train(train, { freeze: false, epochs: 200, observer });
    expect(reason).toBe("stopped");
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(history.length).toBeGreaterThanOrEqual(2);
    const errors = history.map(({ trainError }) => trainError);
    expect(errors[bestEpoch - 1]).toBe(Math.min(...errors));
    await model.score(test);
    expect(await strayTensors()).toBe(0);
  });

  it("is stopped by a signal: the best weights are kept, then it throws", async () => {
    const model = newModel(small);
    const controller = new AbortController();
    const observer: TrainingObserver = { onEpoch: () => controller.abort() };
    const options = { freeze: false, epochs: 200, observer, signal: controller.signal };
    const error = await failure(model.train(train, options));
    expect(error.code).toBe("Stopped");
    expect(error.message).toMatch(/the weights of epoch \d+ were kept/);
    expect((await model.score(test)).rows).toBe(22);
    expect(await strayTensors()).toBe(0);
  });
});

describe("saving", () => {
  it.each([
    ["frozen", { observer: null, epochs: 3 }, {}],
    ["fine-tuned", { observer: null, epochs: 1, freeze: false, batchSize: 8 }, small],
  ] as const)("a %s model scores the same to the bit after loading, in a new engine", async (name, how, options) => {
    const model = newModel(options);
    await model.train(train, how);
    const path = join(folder, name);
    await model.save(path);
    const before = await model.score(test);
    await engine.close();
    const again = await TransferLearningModel.load(path);
    expect(await again.score(test)).toEqual(before);
    expect(again.trainEvalAccs).toEqual(model.trainEvalAccs);
    expect(String(await again.summary())).toBe(String(await model.summary()));
  });

  it("over a model that is there replaces it, and leaves two files", async () => {
    const path = join(folder, "twice");
    const model = newModel();
    await model.train(train, { observer: null, epochs: 1 });
    await model.save(path);
    await model.train(train, { observer: null, epochs: 2 });
    await model.save(path);
    expect(readdirSync(path)).toHaveLength(2);
    expect((await TransferLearningModel.load(path)).trainEvalAccs[2]).toEqual([1, 2]);
  });

  it.each([
    ["no folder", () => join(folder, "nowhere"), "MissingFile", "expected a saved model"],
    ["half a description", () => spoilt((text) => text.slice(0, 100)), "InvalidFile", "expected JSON"],
    ["another format", () => spoilt((text) => text.replace("vitrine.Transfer", "other.")), "InvalidFile", "format"],
    [
      "a label too many",
      () => spoilt((text) => text.replace('"bowl",', '"bowl", "fork",')),
      "InvalidWeights",
      "fc.weight",
    ],
    ["weights that are gone", () => spoilt((text) => text, "weights"), "MissingFile", "weights-"],
  ] as const)("refuses %s, and says where", async (_, path, code, message) => {
    const error = await failure(TransferLearningModel.load(await path()));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });

  let spoiltCount = 0;
  async function spoilt(change: (text: string) => string, drop?: "weights"): Promise<string> {
    const path = join(folder, `spoilt-${spoiltCount++}`);
    const model = newModel();
    await model.train(train, { observer: null, epochs: 1 });
    await model.save(path);
    const file = join(path, "model.json");
    writeFileSync(file, change(readFileSync(file, "utf8")));
    if (drop) for (const name of readdirSync(path)) if (name.startsWith(drop)) unlinkSync(join(path, name));
    return path;
  }
});

describe("weights from a file", () => {
  const plan = resnetPlan("resnet18");
  const file = (change: (tensors: Map<string, Tensor>) => void, prefix = "") => {
    const tensors = new Map<string, Tensor>(
      [...randomTensors(plan, 3)].map(([name, { shape, data }]) => [prefix + name, { dtype: "F32", shape, data }]),
    );
    change(tensors);
    return tensors;
  };
  const fc: [string, Tensor] = ["fc.weight", { dtype: "F32", shape: [10, 512], data: new Float32Array(5120) }];

  it.each(["", "module."])(
    "in torchvision's names behind %j, with fc or without, are the same network",
    async (prefix) => {
      const path = join(folder, `weights-${prefix}x.safetensors`);
      const tensors = file((all) => prefix && all.set(prefix + fc[0], fc[1]), prefix);
      await writeSafetensors(path, tensors);
      const options = { baseModel: "resnet18", imageSize: 64 } as const;
      const features = await newModel({ ...options, weights: path }).features(test);
      expect(features.columns).toBe(512);
      expect(features).toEqual(await newModel({ ...options, weights: "random", seed: 3 }).features(test));
    },
  );

  it.each([
    ["lacks a tensor", (all: Map<string, Tensor>) => void all.delete("layer3.0.bn1.running_var"), "found none"],
    [
      "has one of another shape",
      (all: Map<string, Tensor>) =>
        void all.set("layer3.0.bn1.running_var", { dtype: "F32", shape: [5], data: new Float32Array(5) }),
      "found one of 5",
    ],
  ])("say which tensor is wrong when a file %s", async (name, change, found) => {
    const path = join(folder, `${name}.safetensors`);
    await writeSafetensors(path, file(change));
    const error = await failure(newModel({ baseModel: "resnet18", weights: path }).features(test));
    expect(isVitrineError(error, "InvalidWeights") && error.details.tensor).toBe("layer3.0.bn1.running_var");
    expect(error.message).toContain(found);
  });

  it("from the hub, offline: an error that names the ways out", async () => {
    process.env["HF_HUB_OFFLINE"] = "1";
    process.env["XDG_CACHE_HOME"] = join(folder, "empty cache");
    await engine.close();
    try {
      const error = await failure(newModel({ baseModel: "resnet18", weights: "imagenet" }).features(test));
      expect(isVitrineError(error, "WeightsUnavailable") && error.details.waysOut.length).toBe(3);
      expect(error.message).toContain("give the file's path as weights");
    } finally {
      delete process.env["HF_HUB_OFFLINE"];
      delete process.env["XDG_CACHE_HOME"];
      await engine.close();
    }
  });

  it("a failed opening is tried again", async () => {
    const path = join(folder, "late.safetensors");
    const model = newModel({ baseModel: "resnet18", imageSize: 64, weights: path });
    expect((await failure(model.features(test))).code).toBe("MissingFile");
    await writeSafetensors(
      path,
      file(() => undefined),
    );
    expect((await model.features(test)).rows).toBe(22);
  });
});

describe("a summary", () => {
  it("has layers with their outputs and parameters, and where the weights came from", async () => {
    const summary = await newModel().summary();
    const displayed = summary as unknown as Record<symbol, () => object>;
    expect(summary.layers.map(({ name, output }) => [name, output.join(" × ")])).toEqual([
      ["stem", "28 × 28 × 24"],
      ["layer1", "28 × 28 × 24"],
      ["layer2", "14 × 14 × 48"],
      ["layer3", "7 × 7 × 96"],
      ["layer4", "4 × 4 × 192"],
      ["mean", "192"],
      ["head", "4"],
    ]);
    expect(summary.parameters).toBe(summary.layers.reduce((sum, { parameters }) => sum + parameters, 0));
    expect(summary.source).toContain("MODEL_CARD.md");
    expect(String(summary)).toContain("Not trained yet");
    expect(Object.keys(displayed[Symbol.for("Jupyter.display")]?.() ?? {})).toEqual(["text/plain", "text/html"]);
  });
});

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

  it("with two labels has two columns that agree with the one decision value", async () => {
    const set = await pictures(["bowl", "cup"], [["bowl"], ["bowl"], ["bowl"], ["cup"], ["cup"]]);
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

  it("refuses to load what a plain model saved", async () => {
    const path = join(folder, "plain");
    await newModel().save(path);
    expect((await failure(FeatureClassifier.load(path))).code).toBe("InvalidFile");
  });
});

describe("the bases of the zoo", () => {
  it("AlexNet's summary names its layers, with as many parameters as torchvision 0.24.1 counts", async () => {
    const summary = await newModel({ baseModel: "alexnet", weights: "random" }).summary();
    expect(summary.layers.map(({ name, output }) => [name, output.join(" × ")])).toEqual([
      ["conv1", "27 × 27 × 64"],
      ["conv2", "13 × 13 × 192"],
      ["conv3", "13 × 13 × 384"],
      ["conv4", "13 × 13 × 256"],
      ["conv5", "6 × 6 × 256"],
      ["pool5", "6 × 6 × 256"],
      ["classifier.1", "4096"],
      ["classifier.4", "4096"],
      ["head", "4"],
    ]);
    // The head has 4 classes, torchvision's 1000.
    expect(summary.parameters).toBe(61_100_840 - 4097 * 996);
  });

  it.each([
    ["resnet34", 512],
    ["resnet50", 2048],
    ["alexnet", 4096],
  ] as const)("%s gives %i features, and is saved and loaded as what it is", async (baseModel, count) => {
    const model = newModel({ baseModel, weights: "random", imageSize: [64, 96], mirror: false });
    const set = await pictures(whole.labels, [["bowl"], ["cup"], ["cutlery"], ["plate"]]);
    const features = await model.features(set);
    expect([features.rows, features.columns]).toEqual([4, count]);
    const path = join(folder, baseModel);
    await model.save(path);
    const loaded = await TransferLearningModel.load(path);
    expect(loaded.baseModel).toBe(baseModel);
    expect((await loaded.features(set)).data).toEqual(features.data);
    expect((await loaded.summary()).layers.at(-2)?.output).toEqual([count]);
  });
});

describe("an exported model", () => {
  const names = JSON.parse(readFileSync(new URL("../../fixtures/hub/names.json", import.meta.url), "utf8")) as Record<
    "resnet18",
    Record<"torchvision", Record<string, string>>
  >;

  it("as safetensors has torchvision 0.24.1's names and shapes, all of them, and scores by its last layer", async () => {
    const model = newModel({ baseModel: "resnet18", weights: "random", ...small });
    await model.train(train, { learningRates: [0.01], observer: null });
    const path = join(folder, "exported.safetensors");
    await model.export(path);
    const tensors = await readSafetensors(path);
    const expected = { ...names.resnet18.torchvision, "fc.weight": "4x512", "fc.bias": "4" };
    expect(Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape.join("x")]))).toEqual(expected);
    const features = await model.features(test);
    const scores = await model.score(test);
    const [weight, bias] = ["fc.weight", "fc.bias"].map((name) => tensors.get(name)?.data ?? []);
    for (let row = 0; row < features.rows; row++) {
      const x = matrixRow(features, row);
      const logits = [0, 1, 2, 3].map((label) =>
        x.reduce((sum, value, i) => sum + value * Number(weight?.[label * 512 + i]), Number(bias?.[label])),
      );
      const powers = logits.map((value) => Math.exp(value - Math.max(...logits)));
      const total = powers.reduce((sum, value) => sum + value, 0);
      [...matrixRow(scores, row)].forEach((score, i) => expect((powers[i] ?? NaN) / total).toBeCloseTo(score, 4));
    }
  });

  it("as ONNX is one file that can be had before a training too; what was there stays until it is whole", async () => {
    const path = join(folder, "exported.bin");
    writeFileSync(path, "old");
    await newModel().export(path, { format: "onnx" });
    const bytes = readFileSync(path);
    // ir_version 8, then the producer.
    expect([...bytes.subarray(0, 4)]).toEqual([8, 8, 18, 7]);
    expect(bytes.subarray(4, 11).toString()).toBe("vitrine");
    expect(bytes.includes("features")).toBe(true);
    expect(bytes.includes("probabilities")).toBe(false);
    expect(bytes.length).toBeGreaterThan(5e6);
  });

  it("to tfjs layers is a model.json with its labels, and the weights beside it in parts", async () => {
    const path = join(folder, "web", "model.json");
    await newModel().export(path);
    const { format, userDefinedMetadata, weightsManifest } = JSON.parse(readFileSync(path, "utf8")) as {
      format: string;
      userDefinedMetadata: object;
      weightsManifest: { paths: string[] }[];
    };
    expect(format).toBe("layers-model");
    expect(userDefinedMetadata).toMatchObject({ labels: train.labels, fit: "crop" });
    const parts = weightsManifest.flatMap(({ paths }) => paths);
    expect(parts.length).toBeGreaterThan(1);
    expect(readdirSync(join(folder, "web")).sort()).toEqual(["model.json", ...parts].sort());
  });

  it.each([
    ["model.h5", {}, 'Expected one of "safetensors", "onnx", "tfjs" for format but received "h5"'],
    ["model", { format: "keras" }, 'for format but received "keras"'],
    ["", { format: "onnx" }, "Expected a text that is not empty for path"],
    ["model.onnx", { opset: 9 }, 'received "opset"'],
  ])("is refused as %j %j", async (path, options, message) => {
    expect((await failure(newModel().export(path, options as ExportOptions))).message).toContain(message);
  });
});
