/** A training written down: its folder, its events, and runs beside each other. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import { historyCsv, parseHistory } from "../../../src/kernel-lib/data/run-history.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import { setMatrixPicture } from "../../../src/kernel-lib/engine/matrix-picture.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import type { EpochReport } from "../../../src/kernel-lib/structures/training.js";
import { compareRuns, type CompareRunsOptions } from "../../../src/kernel-lib/ui/compare-runs.js";
import { drawConfusionMatrix } from "../../../src/kernel-lib/ui/matrix-picture.js";
import { tableware } from "./tableware.js";

const { folder, train, test } = await tableware();

beforeAll(() => setMatrixPicture(drawConfusionMatrix));

const newModel = () => new TransferLearningModel({ labels: train.labels, imageSize: 64, mirror: false });
/** Runs away after one good epoch. */
const away = { learningRates: [0.05, ...Array<number>(30).fill(1e6)], momentum: 0.99, l2: 1 };
const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), "utf8")) as Record<string, unknown>;

/** What tensorboard's own reader finds in a folder. */
function tensorboard(logdir: string): Record<string, unknown> {
  const python = fileURLToPath(new URL("../../../.venv/bin/python", import.meta.url));
  const script = `
import json, struct, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
events = EventAccumulator(sys.argv[1], size_guidance={"images": 0, "histograms": 0}).Reload()
meta = lambda tag: HParamsPluginData.FromString(events.summary_metadata[tag].plugin_data.content)
start = meta("_hparams_/session_start_info").session_start_info
print(json.dumps({
    "scalars": sorted(events.Tags()["scalars"]),
    "histograms": {tag: [h.step for h in events.Histograms(tag)] for tag in sorted(events.Tags()["histograms"])},
    "counts": {tag: events.Histograms(tag)[0].histogram_value.num for tag in events.Tags()["histograms"]},
    "images": {tag: [[i.step, i.width, i.height, i.encoded_image_string[:4].hex()] for i in events.Images(tag)] for tag in events.Tags()["images"]},
    "parameters": {key: getattr(value, value.WhichOneof("kind")) for key, value in start.hparams.items()},
    "status": meta("_hparams_/session_end_info").session_end_info.status,
    "text": events.Tensors("config")[0].tensor_proto.string_val[0].decode(),
    "graph": len(events.Graph().node),
}))
`;
  const text = execFileSync(python, ["-c", script, logdir], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  return JSON.parse(text.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
}

describe("a run's folder", () => {
  it("says what the run was told, where it ran, how it went and how it ended", async () => {
    const runFolder = join(folder, "first");
    const options = {
      epochs: 3,
      evalDataset: test,
      runFolder,
      observer: null,
      seed: 5,
      classWeights: "balanced",
    } as const;
    const result = await newModel().train(train, options);
    expect(result.runFolder).toBe(runFolder);
    expect(readdirSync(runFolder).filter((name) => !name.startsWith("events."))).toEqual([
      "config.json",
      "environment.json",
      "history.csv",
      "result.json",
    ]);
    const config = json(runFolder, "config.json");
    expect(config).toMatchObject({
      format: "vitrine.run",
      version: 1,
      title: "embedded, base frozen",
      model: { baseModel: "embedded", imageSize: "64 × 64", mirror: false },
      labels: train.labels,
      training: {
        epochs: 3,
        seed: 5,
        classWeights: "balanced",
        optimizer: { kind: "sgd", momentum: 0.9 },
        augment: false,
      },
      dataset: { pictures: train.size(), labels: Object.fromEntries(train.counts()) },
      evaluation: { pictures: test.size() },
    });
    const { backend, version, device } = await engine.info();
    const environment = json(runFolder, "environment.json");
    expect(environment).toMatchObject({ node: process.versions.node, engine: { backend, version, device } });
    expect(environment["vitrine"]).toMatch(/^\d+\.\d+\.\d+/);
    const csv = readFileSync(join(runFolder, "history.csv"), "utf8");
    expect(parseHistory("history.csv", csv)).toEqual(result.history);
    const best = result.history[result.bestEpoch - 1];
    expect(json(runFolder, "result.json")).toMatchObject({ reason: "finished", bestEpoch: 3, epochs: 3, best });
  });

  it("is never another run's: the next gets a number, and a resumed one goes on in its own", async () => {
    const runFolder = join(folder, "again");
    const checkpoints = { path: join(folder, "again.checkpoint") };
    const options = { epochs: 2, runFolder, checkpoints, observer: null };
    expect((await newModel().train(train, options)).runFolder).toBe(runFolder);
    expect((await newModel().train(train, options)).runFolder).toBe(`${runFolder}-2`);
    expect((await newModel().train(train, options)).runFolder).toBe(`${runFolder}-3`);
    const resumed = await newModel().train(train, { ...options, resume: true });
    expect(resumed.runFolder).toBe(runFolder);
    expect(parseHistory("", readFileSync(join(runFolder, "history.csv"), "utf8"))).toEqual(resumed.history);
  });

  it("says that a run diverged, and at which rate", async () => {
    const runFolder = join(folder, "diverged");
    const options = { ...away, runFolder, observer: null };
    const error: unknown = await newModel()
      .train(train, options)
      .catch((reason: unknown) => reason);
    expect((error as Error).message).toContain("A smaller learning rate: it was 1000000; try learningRates: [0.05]");
    expect(json(runFolder, "result.json")).toMatchObject({ reason: "failed" });
    expect(existsSync(join(runFolder, "history.csv"))).toBe(true);
  });

  it("that can't be made is refused before anything is learnt", async () => {
    writeFileSync(join(folder, "a file"), "");
    const training = newModel().train(train, { runFolder: join(folder, "a file", "run"), observer: null });
    await expect(training).rejects.toMatchObject({ code: "CannotWrite" });
    await expect(newModel().train(train, { runFolder: "", observer: null })).rejects.toThrow("for runFolder");
  });
});

describe("TensorBoard's events, as tensorboard's own reader finds them", () => {
  it("of a run whose last stage learns", async () => {
    const runFolder = join(folder, "tuned");
    const how = {
      freeze: "layer3",
      epochs: 2,
      batchSize: 16,
      evalDataset: test,
      runFolder,
      observer: null,
      learningRates: [0.01],
    };
    const model = newModel();
    await model.train(train, how);
    const found = tensorboard(runFolder);
    const stages = ["head", "layer4"];
    expect(found["scalars"]).toEqual([
      "error/evaluation",
      "error/train",
      "loss/evaluation",
      "loss/train",
      "training/images per second",
      "training/learning rate",
    ]);
    expect(found["histograms"]).toEqual(
      Object.fromEntries(
        ["gradients", "weights"].flatMap((group) => stages.map((stage) => [`${group}/${stage}`, [1, 2]])),
      ),
    );
    // A head of 192 features and 4 labels, with its biases; of a bigger stage so many numbers.
    expect(found["counts"]).toMatchObject({
      "weights/head": 193 * 4,
      "weights/layer4": 65536,
      "gradients/head": 193 * 4,
    });
    const images = found["images"] as Record<string, [number, number, number, string][]>;
    expect(Object.keys(images).sort()).toEqual(["confusion matrix", "pictures/predictions", "pictures/training"]);
    const [jpeg, png] = ["ffd8", "89504e47"];
    expect(images["pictures/training"]?.[0]?.[0]).toBe(0);
    expect(images["pictures/predictions"]?.[0]?.[3]).toContain(jpeg);
    expect(images["confusion matrix"]).toEqual([[2, 1280, 800, png]]);
    expect(found["parameters"]).toMatchObject({
      baseModel: "embedded",
      learningRate: 0.01,
      freeze: "layer3",
      epochs: 2,
    });
    expect(found["text"]).toContain("| freeze | layer3 |");
    expect([found["status"], found["graph"]]).toEqual([1, 31]);
  });

  it("go where they are asked for, and say that a run failed", async () => {
    const tensorboardLogdir = join(folder, "logs");
    const options = { ...away, tensorboardLogdir, observer: null };
    await expect(newModel().train(train, options)).rejects.toMatchObject({ code: "TrainingDiverged" });
    const found = tensorboard(tensorboardLogdir);
    expect(found["status"]).toBe(2);
    expect(Object.keys(found["images"] as object)).toEqual(["pictures/training"]);
  });

  it("leave no tensor behind", async () => {
    const { tensors, networkTensors } = await engine.memory();
    expect(tensors - networkTensors).toBe(0);
  });
});

describe("compareRuns", () => {
  const report = (epoch: number, more: Partial<EpochReport> = {}): EpochReport => ({
    epoch,
    learningRate: 0.1 / epoch,
    loss: 1 / epoch,
    trainError: 0.5 / epoch,
    imagesPerSecond: 10,
    seconds: epoch,
    ...more,
  });
  const plain = { name: "plain", history: [report(1), report(2)] };
  const evaluated = { history: [report(1, { evalError: 0.25, evalLoss: 3 })] };
  const lines = (...args: Parameters<typeof compareRuns>) =>
    compareRuns(...args).panel.spec.data.map(({ name, x, y }) => ({ name, x, y }));

  it("shows folders, models and results, on evaluation pictures where there are some", () => {
    const run = join(folder, "compared");
    mkdirSync(run);
    writeFileSync(join(run, "history.csv"), historyCsv(evaluated.history));
    expect(lines([run, plain, evaluated])).toEqual([
      { name: "compared", x: [1], y: [75] },
      { name: "plain (training)", x: [1, 2], y: [50, 75] },
      { name: "run 3", x: [1], y: [75] },
    ]);
    expect(lines([run, plain], { measure: "loss" }).map(({ y }) => y)).toEqual([[3], [1, 0.5]]);
    expect(lines([run], { measure: "loss", pictures: "training" })[0]?.y).toEqual([1]);
    expect(lines([plain], { measure: "learningRate" })[0]).toMatchObject({ name: "plain", y: [0.1, 0.05] });
  });

  it.each([
    [[], {}, "Expected a list of runs' folders, models or results for runs but received []"],
    [[5], {}, "for runs[0] but received 5"],
    [["nowhere"], {}, "expected the history of a run, as train(…, { runFolder }) writes it, but there is none"],
    [[plain], { measure: "speed" }, 'Expected one of "accuracy", "loss", "learningRate" for measure'],
    [[plain], { of: "all" }, 'compareRuns\'s options but received "of"'],
  ])("refuses %j with %j", (runs, options, message) => {
    expect(() => compareRuns(runs as string[], options as CompareRunsOptions)).toThrow(message);
  });
});

describe("a history's CSV", () => {
  it("comes back to the last bit", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0));
    const optional = fc.option(number, { nil: undefined });
    const epochs = fc.array(
      fc.record({
        epoch: fc.nat(),
        learningRate: number,
        loss: number,
        trainError: number,
        evalLoss: optional,
        evalError: optional,
        imagesPerSecond: number,
        seconds: number,
      }),
    );
    fc.assert(
      fc.property(epochs, (history) => {
        const given = history as unknown as EpochReport[];
        expect(parseHistory("x", historyCsv(given))).toEqual(
          given.map((r) => JSON.parse(JSON.stringify(r)) as unknown),
        );
      }),
    );
  });

  it.each([
    ["epoch,loss\n1,2\n", "line 1: expected a column learningRate"],
    [historyCsv([]) + "1,0.1,much,0,,,1,1\n", 'line 2: expected a number for loss but found "much"'],
    [historyCsv([]) + "1,0.1\n", 'line 2: expected a number for loss but found ""'],
  ])("refuses %j", (text, message) => {
    expect(() => parseHistory("history.csv", text)).toThrow(message);
  });
});
