/** How a classifier learns: with a frozen base and a whole one, to its end or stopped before. */
import { cpSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { setDefaultObserver } from "../../../src/kernel-lib/engine/observers.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import { matrixRow } from "../../../src/kernel-lib/structures/matrix.js";
import type { StepReport, TrainingObserver, TrainingOutcome } from "../../../src/kernel-lib/structures/training.js";
import { failure } from "../failure.js";
import { SAMPLES, strayTensors, tableware } from "./tableware.js";

const { folder, train, test, newModel } = await tableware();

/** Small and quick: fine-tuning at 64 pixels. */
const small = { imageSize: 64, mirror: false } as const;

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
    // Beside the pictures others write what they find out, and take it away again.
    cpSync(SAMPLES, copy, { recursive: true, filter: (path) => !path.includes(".vitrine") });
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

  it("is stopped by the observer in the middle of an epoch, with the best one kept", async () => {
    const model = newModel(small);
    let stop: () => void = () => undefined;
    const observer: TrainingObserver = {
      onStart: (_, ask) => void (stop = ask),
      onStep: ({ phase, epoch, done }) => phase === "train" && epoch === 3 && done === 8 && stop(),
    };
    // The augmented pictures come from this thread, a step ahead: the engine can't be done with the epoch before it hears.
    const how = { freeze: false, epochs: 200, batchSize: 8, augment: augmenters.Fliplr(0.5), observer };
    const { reason, bestEpoch, history } = await model.train(train, how);
    expect(reason).toBe("stopped");
    expect(history).toHaveLength(2);
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
