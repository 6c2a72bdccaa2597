/** A training that was killed and went on, against one that nothing happened to. */
import { spawn } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import type { TrainOptions } from "../../../src/kernel-lib/engine/train-options.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import type { EpochReport, StepReport, TrainingObserver } from "../../../src/kernel-lib/structures/training.js";

import { tablewareCopy } from "../../browser/tableware-copy.js";
import { SAMPLES, tableware } from "./tableware.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const { folder, train, test } = await tableware();

const newModel = () => new TransferLearningModel({ labels: train.labels, imageSize: 64, mirror: true });
const timeless = (history: readonly EpochReport[]) =>
  history.map(({ imagesPerSecond: _images, seconds: _seconds, ...report }) => report);

/** The same training in a process of its own, by the built library. */
const script = `
const { ClassificationDataset, TransferLearningModel } = require(process.env.LIBRARY);
(async () => {
  const whole = await ClassificationDataset.createFromDir("tableware", process.env.SAMPLES);
  const [train, test] = whole.split({ trainSize: 0.66, seed: 1 });
  const model = new TransferLearningModel({ labels: train.labels, imageSize: 64, mirror: true });
  const still = Number(process.env.STILL);
  const observer = {
    onStep: ({ phase, epoch, done }) => console.log(phase, epoch, done),
    // Whoever is to kill it may be late: it waits for that.
    onEpoch: ({ epoch }) => epoch === still && Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  };
  await model.train(train, { ...JSON.parse(process.env.OPTIONS), evalDataset: test, observer });
  console.log("the end");
})();
`;

/** Kills it, with no chance to tidy up, so many milliseconds after its first checkpoint. Gives what it had said. */
async function killed(options: TrainOptions, milliseconds: number): Promise<string> {
  const env = { ...process.env, LIBRARY: join(root, "src", "kernel-lib", "dist", "index.js"), SAMPLES };
  const STILL = String((options.epochs ?? 0) - 1);
  const child = spawn(process.execPath, ["-e", script], { env: { ...env, STILL, OPTIONS: JSON.stringify(options) } });
  let said = "";
  child.stdout.on("data", (data: Buffer) => (said += data.toString()));
  child.stderr.on("data", (data: Buffer) => (said += data.toString()));
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once("exit", (_, signal) => resolve(signal)));
  const poll = setInterval(() => {
    if (!existsSync(options.checkpoints?.path ?? "")) return;
    clearInterval(poll);
    setTimeout(() => child.kill("SIGKILL"), milliseconds);
  }, 2);
  const signal = await ended;
  clearInterval(poll);
  expect([signal, said.includes("the end")]).toEqual(["SIGKILL", false]);
  return said;
}

const cases: [string, TrainOptions, number][] = [
  ["frozen, SGD", { epochs: 200, batchSize: 8, mixup: 0.2 }, 100],
  [
    "fine-tuned, AdamW",
    { freeze: "layer1", optimizer: "adamw", epochs: 8, batchSize: 8, mixup: 0.2, accumulate: 2 },
    600,
  ],
];

describe("killed at a random step and resumed, a training equals one that nothing happened to, to the bit", () => {
  it.each(cases)(
    "%s",
    async (name, options, most) => {
      const checkpoints = { path: join(folder, `${name}.checkpoint`), every: 2 };
      const how = { ...options, checkpoints };
      const delay = Math.random() * most;
      await killed(how, delay);
      const read: TrainOptions = { ...how, evalDataset: test, observer: null };
      const resumed = newModel();
      const after = await resumed.train(train, { ...read, resume: true });
      const model = newModel();
      const { checkpoints: _none, ...plain } = read;
      const whole = await model.train(train, plain);
      expect(timeless(after.history), `killed after ${delay} ms`).toEqual(timeless(whole.history));
      expect(after.bestEpoch).toBe(whole.bestEpoch);
      expect((await resumed.score(test)).data).toEqual((await model.score(test)).data);
      // What is finished is finished.
      const again = await newModel().train(train, { ...read, resume: true });
      expect(again.history).toEqual(after.history);
      const { tensors, networkTensors } = await engine.memory();
      expect(tensors - networkTensors).toBe(0);
    },
    240_000,
  );
});

describe("stopped in the middle of an epoch and resumed, a training that augments on the fly", () => {
  const how = { freeze: "layer2", epochs: 3, batchSize: 8, learningRates: [0.01] } as const;
  const augment = () => augmenters.Sequential([augmenters.Fliplr(0.5), augmenters.Affine({ rotate: [-20, 20] })]);

  it("equals one that nothing happened to, and refuses another augmenter", async () => {
    const checkpoints = { path: join(folder, "augmented.checkpoint"), every: 1 };
    let stop: () => void = () => undefined;
    const observer = {
      onStart: (_: unknown, end: () => void) => void (stop = end),
      // The second of three epochs, once some of its pictures were learnt.
      onStep: ({ epoch, done, phase }: StepReport) => phase === "train" && epoch === 2 && done > 16 && stop(),
    };
    const broken = await newModel().train(train, { ...how, augment: augment(), checkpoints, observer });
    expect([broken.reason, broken.history.length]).toEqual(["stopped", 1]);
    const again = { ...how, checkpoints, resume: true, observer: null };
    const other = newModel().train(train, { ...again, augment: augmenters.Fliplr(0.5) });
    await expect(other).rejects.toThrow("a checkpoint of this training but found one with another augmenter");
    const none = newModel().train(train, again);
    await expect(none).rejects.toThrow("one with another augment, augmenter");
    const resumed = newModel();
    const after = await resumed.train(train, { ...again, augment: augment() });
    const model = newModel();
    const whole = await model.train(train, { ...how, augment: augment(), observer: null });
    expect(timeless(after.history)).toEqual(timeless(whole.history));
    expect((await resumed.score(test)).data).toEqual((await model.score(test)).data);
  });
});

describe("resumed where the last step of an epoch was done and its evaluation was not, a training", () => {
  it("equals one that nothing happened to, the epoch's learning rate with it", async () => {
    const path = join(folder, "evaluating.checkpoint");
    const how = { freeze: "layer2", epochs: 3, batchSize: 8, learningRates: [0.05, 0.02, 0.01] } as const;
    const watched = { ...how, evalDataset: test, checkpoints: { path, every: 1 } };
    const observer: TrainingObserver = {
      onStep: ({ epoch, phase, done, total }) =>
        phase === "train" && epoch === 2 && done === total && copyFileSync(path, `${path}-then`),
    };
    const whole = await newModel().train(train, { ...watched, observer });
    copyFileSync(`${path}-then`, path);
    const after = await newModel().train(train, { ...watched, resume: true, observer: null });
    expect(timeless(after.history)).toEqual(timeless(whole.history));
  });
});

describe("a checkpoint", () => {
  const failure = async (options: TrainOptions) => {
    const error: unknown = await newModel()
      .train(train, { observer: null, epochs: 2, ...options })
      .catch((reason: unknown) => reason);
    if (!isVitrineError(error)) throw new Error("it did not fail");
    return error;
  };

  it("of another training is refused, and says what is another", async () => {
    const checkpoints = { path: join(folder, "other.checkpoint") };
    await newModel().train(train, { observer: null, epochs: 2, checkpoints });
    const before = readFileSync(checkpoints.path);
    const { code, message } = await failure({ checkpoints, resume: true, seed: 2, l2: 0.1 });
    expect(code).toBe("InvalidFile");
    expect(message).toContain("one with another l2, seed");
    expect(readFileSync(checkpoints.path)).toEqual(before);
  });

  it("goes on with the same pictures wherever they lie, and not with others of the same names", async () => {
    const copy = await tablewareCopy();
    const checkpoints = { path: join(folder, "moved.checkpoint") };
    const options = { epochs: 2, checkpoints, observer: null };
    const { history } = await newModel().train(train, options);
    const split = async () =>
      (await ClassificationDataset.createFromDir("tableware", copy)).split({ trainSize: 0.66, seed: 1 })[0];
    const moved = await newModel().train(await split(), { ...options, resume: true });
    expect(moved.history).toEqual(history);
    const changed = await split();
    const [first, second] = changed.images.map(({ storagePath }) => storagePath);
    copyFileSync(first ?? "", second ?? "");
    const error = newModel().train(changed, { ...options, resume: true });
    await expect(error).rejects.toThrow("but found one with another training pictures");
    rmSync(copy, { recursive: true });
  });

  it("that is none is refused", async () => {
    const path = join(folder, "none.checkpoint");
    writeFileSync(path, "no checkpoint");
    expect((await failure({ checkpoints: { path }, resume: true })).code).toBe("InvalidFile");
  });

  it("that can't be written is a warning, and the training goes on", async () => {
    const path = join(folder, "a folder");
    mkdirSync(path);
    const warnings: string[] = [];
    const listen = ({ message }: Error) => warnings.push(message);
    process.on("warning", listen);
    const { history } = await newModel().train(train, { observer: null, epochs: 2, checkpoints: { path } });
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    expect(history).toHaveLength(2);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain("a checkpoint could not be written");
  });

  it("survives a disk that fills while the next one is written: the training ends with warnings, and goes on from it", async () => {
    const path = join(folder, "full.checkpoint");
    const how = { epochs: 60, batchSize: 8, checkpoints: { path } };
    await newModel().train(train, { ...how, epochs: 1, evalDataset: test, observer: null });
    // The history in it grows by the epoch: there is room for some of them.
    const kilobytes = Math.ceil(statSync(path).size / 1024) + 4;
    rmSync(path);
    const env = { ...process.env, LIBRARY: join(root, "src", "kernel-lib", "dist", "index.js"), SAMPLES };
    const limited = `trap '' XFSZ; ulimit -f ${kilobytes}; exec "$0" -e "$1"`;
    const child = spawn("bash", ["-c", limited, process.execPath, script], {
      env: { ...env, OPTIONS: JSON.stringify(how) },
    });
    let said = "";
    child.stdout.on("data", (data: Buffer) => (said += data.toString()));
    child.stderr.on("data", (data: Buffer) => (said += data.toString()));
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect([code, said.includes("the end")], said.slice(-500)).toEqual([0, true]);
    expect(said).toContain("a checkpoint could not be written: EFBIG");
    expect(readdirSync(folder).filter((name) => name.includes("full.checkpoint"))).toEqual(["full.checkpoint"]);
    const resumed = newModel();
    const after = await resumed.train(train, { ...how, resume: true, evalDataset: test, observer: null });
    const model = newModel();
    const { checkpoints: _none, ...plain } = how;
    const whole = await model.train(train, { ...plain, evalDataset: test, observer: null });
    expect(timeless(after.history)).toEqual(timeless(whole.history));
    expect((await resumed.score(test)).data).toEqual((await model.score(test)).data);
  }, 240_000);

  it.each([
    [{ resume: true }, "resume"],
    [{ checkpoints: "here" }, "checkpoints"],
    [{ checkpoints: { path: "" } }, "checkpoints.path"],
    [{ checkpoints: { path: "x", every: 0 } }, "checkpoints.every"],
    [{ checkpoints: { file: "x" } }, "checkpoints's options"],
  ])("with %j is refused", async (options, option) => {
    const error = await failure(options as unknown as TrainOptions);
    expect(isVitrineError(error, "InvalidOption") && error.details.option).toBe(option);
  });
});
