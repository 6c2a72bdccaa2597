/** FasterRCNN as a notebook uses it, on five small pictures: what it reports, keeps, refuses, and that it repeats itself to the bit. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Fliplr } from "../../../src/kernel-lib/augmenters/flip.js";
import { decodeImage } from "../../../src/kernel-lib/data/decode.js";
import { ObjectDetectionDataset } from "../../../src/kernel-lib/data/object-detection-dataset.js";
import { engine } from "../../../src/kernel-lib/engine/engine.js";
import type { FasterRCNNOptions } from "../../../src/kernel-lib/engine/detection-options.js";
import { visualize } from "../../../src/kernel-lib/engine/detection-result.js";
import type { DetectionTrainOptions } from "../../../src/kernel-lib/engine/detection-train-options.js";
import { FasterRCNN } from "../../../src/kernel-lib/engine/faster-rcnn.js";
import { readSafetensors } from "../../../src/kernel-lib/hub/safetensors.js";
import { writeSafetensors } from "../../../src/kernel-lib/hub/safetensors-writer.js";
import type { Tensor } from "../../../src/kernel-lib/hub/tensor.js";
import { DetectionEvaluation } from "../../../src/kernel-lib/metrics/detection-evaluation.js";
import { Context } from "../../../src/kernel-lib/structures/context.js";
import type { EpochReport, TrainingOutcome, TrainingPlan } from "../../../src/kernel-lib/structures/training.js";
import { failure } from "../failure.js";

const samples = fileURLToPath(new URL("../../../sample_data/fridge/test", import.meta.url));
let folder: string;
let context: Context;
let set: ObjectDetectionDataset;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-detector-"));
  context = Context.create({
    outputsPath: join(folder, "outputs"),
    persistentPath: join(folder, "persistent"),
    tempPath: join(folder, "temp"),
  });
  set = await ObjectDetectionDataset.createFromDir("fridge", samples, { context });
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

/** Small and quick. */
const newDetector = (options: Partial<FasterRCNNOptions> = {}) =>
  new FasterRCNN({ labels: set.labels, imageSize: 96, context, ...options });
const QUICK: DetectionTrainOptions = { numSteps: 4, initialLearningRate: 0.01, reportEvery: 2, observer: null };

const first = () => set.images[0]?.storagePath ?? "";

describe("a training", () => {
  it("reports the four losses by steps, evaluates, writes curves, and leaves no tensors behind", async () => {
    const detector = newDetector();
    const reports: EpochReport[] = [];
    const ends: TrainingOutcome[] = [];
    let plan: TrainingPlan | undefined;
    await detector.score(first());
    const before = await engine.memory();
    const result = await detector.train(set, {
      ...QUICK,
      batchSize: 2,
      evalDataset: set,
      evaluateEvery: 4,
      observer: {
        onStart: (own) => void (plan = own),
        onEpoch: (report) => reports.push(report),
        onEnd: (outcome) => ends.push(outcome),
      },
    });
    const after = await engine.memory();
    expect(after.tensors - after.networkTensors).toBe(before.tensors - before.networkTensors);
    expect(plan).toMatchObject({ epochs: 4, images: 5, batchSize: 2, unit: "step" });
    expect(result).toMatchObject({ reason: "finished", bestStep: 4 });
    expect(reports.map(({ epoch }) => epoch)).toEqual([2, 4]);
    for (const { loss, losses } of reports) {
      const { objectness = NaN, proposalBox = NaN, classes = NaN, box = NaN } = losses ?? {};
      const sum = objectness + proposalBox + classes + box;
      expect(loss).toBeCloseTo(sum, 6);
      expect(loss).toBeGreaterThan(0);
    }
    expect(reports[0]?.evalMeanAp).toBeUndefined();
    expect(reports[1]?.evalMeanAp).toBeGreaterThanOrEqual(0);
    expect(reports[1]?.evalLoss).toBeGreaterThan(0);
    expect(ends).toEqual([{ reason: "finished", bestEpoch: 4 }]);
    const curves = readdirSync(detector.trainDir).map((name) => readFileSync(join(detector.trainDir, name), "latin1"));
    expect(curves.join()).toContain("Losses/RPNLoss/objectness_loss");
    expect(curves.join()).toContain("EvalLosses/BoxClassifierLoss/localization_loss");
    expect((await detector.origin()).source).toMatch(/^embedded: .*; then trained$/);
  });

  it("learns: the loss of the same pictures falls", async () => {
    const { history } = await newDetector().train(set, { ...QUICK, numSteps: 24, reportEvery: 4, flip: false });
    expect(history.at(-1)?.loss).toBeLessThan(0.8 * (history[0]?.loss ?? 0));
  });

  it("repeats itself to the bit, and goes on from a checkpoint as if nothing had happened", async () => {
    const checkpoints = { path: join(folder, "run.checkpoint"), every: 3 };
    const whole = newDetector();
    await whole.train(set, {
      ...QUICK,
      numSteps: 6,
      reportEvery: 3,
      checkpoints: { ...checkpoints, path: join(folder, "whole.checkpoint") },
    });
    const parted = newDetector();
    const options = { ...QUICK, numSteps: 6, reportEvery: 3, checkpoints };
    const stop = new AbortController();
    const observer = { onEpoch: () => stop.abort() };
    const stopped = await failure(parted.train(set, { ...options, observer, signal: stop.signal }));
    expect(stopped.code).toBe("Stopped");
    const again = newDetector();
    const { history } = await again.train(set, { ...options, resume: true });
    expect(history.map(({ epoch }) => epoch)).toEqual([3, 6]);
    expect(await again.score(first())).toEqual(await whole.score(first()));
    const other = await failure(newDetector().train(set, { ...options, resume: true, seed: 2 }));
    expect(other.message).toMatch(/expected a checkpoint of this training but found one with another seed/);
  });

  it("ended by its observer keeps what was learnt so far", async () => {
    let stop: () => void = () => undefined;
    const observer = { onStart: (_: TrainingPlan, end: () => void) => void (stop = end), onEpoch: () => stop() };
    const result = await newDetector().train(set, { ...QUICK, numSteps: 1000, observer });
    expect(result.reason).toBe("stopped");
    expect(result.bestStep).toBeGreaterThanOrEqual(2);
    expect(result.bestStep).toBeLessThan(1000);
  });

  it("ends early when its evaluations get no better, and keeps the best", async () => {
    const stopping = {
      evalDataset: set,
      evaluateEvery: 1,
      reportEvery: 1,
      earlyStopping: { patience: 2, minDelta: 1 },
    };
    const result = await newDetector().train(set, { ...QUICK, ...stopping, numSteps: 50 });
    expect(result).toMatchObject({ reason: "early", bestStep: 1 });
    expect(result.history).toHaveLength(3);
  });

  it("applies an augmenter to pictures and boxes: a mirror is the same as the option", async () => {
    const options = { ...QUICK, flip: false, seed: 3 };
    const mirrored = await newDetector().train(set, { ...options, augment: Fliplr(1) });
    const plain = await newDetector().train(set, options);
    expect(mirrored.history[0]?.loss).not.toBe(plain.history[0]?.loss);
    const broken = {
      augment: () => {
        throw new Error("no way to augment");
      },
    };
    await expect(newDetector().train(set, { ...QUICK, augment: broken })).rejects.toThrow("no way to augment");
  });

  it("diverges with advice, and leaves the detector as it was", async () => {
    const detector = newDetector();
    const error = await failure(
      detector.train(set, { ...QUICK, numSteps: 60, initialLearningRate: 1000, gradientClip: 0, warmUpSteps: 0 }),
    );
    expect(error.code).toBe("TrainingDiverged");
    expect(error.message).toMatch(/A smaller initialLearningRate, 100 say/);
    expect((await detector.origin()).source).not.toMatch(/then trained/);
  });
});

describe("scores", () => {
  it("have the documents' four fields, normalised, descending, and few enough", async () => {
    const detector = newDetector({ maxTotalDetections: 7 });
    const found = await detector.score(first());
    expect(found.numDetections).toBe(7);
    expect(found.detectionBoxes).toHaveLength(7);
    for (const [ymin, xmin, ymax, xmax] of found.detectionBoxes) {
      expect(Math.min(ymin, xmin)).toBeGreaterThanOrEqual(0);
      expect(Math.max(ymax, xmax)).toBeLessThanOrEqual(1 + 1e-6);
      expect(ymax).toBeGreaterThan(ymin);
      expect(xmax).toBeGreaterThan(xmin);
    }
    expect([...found.detectionScores].sort((a, b) => b - a)).toEqual(found.detectionScores);
    const names = found.detectionClasses.map((number) => detector.classLabels[number]);
    expect(names).toEqual(found.detectionLabels);
    expect(names.map((name) => detector.classMap[name ?? ""])).toEqual(found.detectionClasses);
  });

  it("of a list are those of its pictures, whether paths, bytes or pixels", async () => {
    const detector = newDetector({ maxTotalDetections: 20 });
    const one = await detector.score(first());
    const bytes = new Uint8Array(readFileSync(first()));
    const all = await detector.score([first(), bytes, await decodeImage(first())]);
    expect(all).toEqual([one, one, one]);
    const ofTheSet = set.images[0] ?? "";
    expect(await detector.score(ofTheSet)).toEqual(one);
    expect((await detector.visualize(ofTheSet, one)).width).toBe(set.images[0]?.width);
    const batch = await detector.score([first(), first()], { batchSize: 2 });
    expect(batch[1]?.detectionScores[0]).toBeCloseTo(one.detectionScores[0] ?? NaN, 4);
    expect(await detector.score([])).toEqual([]);
  });

  it("tiles of a text, or of a misspelt size, are refused by name", async () => {
    const refusal = async (tiles: unknown) =>
      (await failure(newDetector().score(first(), { tiles: tiles as number }))).message;
    expect(await refusal("big")).toMatch(/^Expected an integer between 64 and 8192 for tiles but received "big"$/);
    expect(await refusal({ sise: 300 })).toMatch(
      /^Expected one of size, overlap for tiles's options but received "sise"$/,
    );
  });

  it("in tiles are in the whole picture's coordinates", async () => {
    const detector = newDetector({ maxTotalDetections: 50 });
    expect(await detector.score(first(), { tiles: 1000 })).toEqual(await detector.score(first()));
    const tiled = await detector.score(first(), { tiles: { size: 240, overlap: 0.25 } });
    const right = Math.max(...tiled.detectionBoxes.map(([, , , xmax]) => xmax));
    expect(right).toBeGreaterThan(0.75);
    expect(right).toBeLessThanOrEqual(1);
  });

  it("leave out what is not above the threshold", async () => {
    const found = await newDetector({ scoreThreshold: 0.999 }).score(first());
    expect(found.numDetections).toBe(0);
  });
});

it("saved and loaded it finds the same, to the bit; what is saved over it is whole", async () => {
  const detector = newDetector({ nmsThreshold: 0.4, maxTotalDetections: 30 });
  await detector.train(set, QUICK);
  const path = join(folder, "model");
  await newDetector({ weights: "random" }).save(path);
  await detector.save(path);
  expect(readdirSync(path).filter((name) => name.endsWith(".safetensors"))).toHaveLength(1);
  const loaded = await FasterRCNN.load(path);
  const paths = set.images.map(({ storagePath }) => storagePath);
  expect(await loaded.score(paths)).toEqual(await detector.score(paths));
  expect(loaded.history).toEqual(detector.history);
  const document = JSON.parse(readFileSync(join(path, "model.json"), "utf8")) as object;
  writeFileSync(join(path, "model.json"), JSON.stringify({ ...document, backbone: "vgg" }));
  expect((await failure(FasterRCNN.load(path))).message).toMatch(/model\.json, backbone: expected/);
  expect((await failure(FasterRCNN.load(join(folder, "nowhere")))).code).toBe("MissingFile");
});

it("evaluates by the documents' names and COCO's, which DetectionEvaluation computes too, and draws into evalDir", async () => {
  const detector = newDetector();
  const figures = await detector.evaluate(set, { pictures: 2 });
  const evaluation = await DetectionEvaluation.run(detector, set);
  expect(figures["PASCAL/Precision/mAP@0.5IOU"]).toBe(evaluation.averagePrecision());
  for (const label of set.labels) expect(figures).toHaveProperty([`PASCAL/PerformanceByCategory/AP@0.5IOU/${label}`]);
  expect(figures["COCO/Precision/mAP"]).toBe(evaluation.coco().ap);
  const events = readFileSync(join(detector.evalDir, readdirSync(detector.evalDir)[0] ?? ""), "latin1");
  expect(events).toContain("PASCAL/Precision/mAP@0.5IOU");
  expect(events).toContain("truth/image-1");
  expect(events).not.toContain("image-2");
});

it("draws what it is sure of, and saves it by the path's ending", async () => {
  const detections = {
    detectionBoxes: [[0.1, 0.2, 0.5, 0.6], [0, 0, 0.1, 0.1]] as [number, number, number, number][], // prettier-ignore
    detectionScores: [0.9, 0.2],
    detectionClasses: [1, 2],
    detectionLabels: ["eggBox", "joghurt"],
    numDetections: 2,
  };
  const pathSave = join(folder, "drawn.png");
  const shown = await visualize(first(), detections, { pathSave, imageSize: 300 });
  expect([shown.width, shown.height]).toEqual([300, 225]);
  expect(shown.description).toBe("a picture with 1 object: eggBox");
  expect((await decodeImage(pathSave)).width).toBe(300);
  const error = await failure(visualize(first(), detections, { pathSave: join(folder, "drawn.bmp") }));
  expect(error.message).toMatch(/ends with \.jpg, \.jpeg or \.png for pathSave/);
});

describe("weights", () => {
  it("of a detector with other labels keep all but the predictor, under the names of older torchvisions too", async () => {
    const saved = join(folder, "old");
    await newDetector({ weights: "random", seed: 5 }).save(saved);
    const file = readdirSync(saved).find((name) => name.endsWith(".safetensors")) ?? "";
    const tensors = new Map<string, Tensor>();
    for (const [name, tensor] of await readSafetensors(join(saved, file))) {
      tensors.set(name.replace(/(_blocks\.\d)\.0\./, "$1.").replace("conv.0.0.", "conv."), tensor);
    }
    const path = join(folder, "old.safetensors");
    await writeSafetensors(path, tensors);
    const same = newDetector({ weights: path });
    expect((await same.origin()).source).toMatch(/with its own labels$/);
    expect(await same.score(first())).toEqual(await newDetector({ weights: "random", seed: 5 }).score(first()));
    const other = newDetector({ weights: path, labels: ["cat", "dog"] });
    expect((await other.origin()).source).toMatch(/the predictor begins anew$/);
    expect((await other.score(first())).detectionLabels.every((label) => ["cat", "dog"].includes(label))).toBe(true);
  });

  it("from COCO say without a network how to get them", async () => {
    const offline = process.env["HF_HUB_OFFLINE"];
    process.env["HF_HUB_OFFLINE"] = "1";
    await engine.close();
    try {
      const error = await failure(newDetector({ backbone: "resnet50" }).score(first()));
      expect(error.code).toBe("WeightsUnavailable");
      expect(error.message).toMatch(
        /fetch https:\S+fasterrcnn_resnet50_fpn_coco-258fb6c6\.pth where there is a network/,
      );
    } finally {
      if (offline === undefined) delete process.env["HF_HUB_OFFLINE"];
      else process.env["HF_HUB_OFFLINE"] = offline;
      await engine.close();
    }
  });
});

it("shows itself in a line", () => {
  expect(inspect(newDetector())).toMatch(
    /^FasterRCNN: embedded, pictures of 96 to \d+ pixels, 8 labels \(eggBox, .*\)\. Not trained yet\.$/,
  );
});

describe("what can't be is refused by name", () => {
  const options = (given: object) => () => new FasterRCNN({ labels: ["a"], ...given });

  it.each([
    [{ labels: [] }, /at least one label/],
    [{ maxTotalDetections: -1 }, "Expected an integer between 1 and 10000 for maxTotalDetections but received -1"],
    [{ scoreThreshold: 2 }, /for scoreThreshold but received 2/],
    [{ backbone: "vgg" }, /for backbone but received "vgg"/],
    [{ weights: "coco" }, /for backbone "embedded" for weights but received "coco"/],
    [{ imageSize: [300, 200] }, /for imageSize/],
    [{ label: ["b"] }, /FasterRCNN's options/],
  ])("%j", (given, message) => expect(options(given)).toThrow(message));

  it.each([
    [{ numSteps: 0 }, /for numSteps but received 0/],
    [{ earlyStopping: { patience: 1 } }, /an evalDataset beside it/],
    [{ keep: "best" }, /^Expected an evalDataset beside it, or "last", for keep but received "best"$/],
    [
      { evalDataset: { images: [{ labels: ["a"] }] } },
      /with boxes for evalDataset but received one whose pictures have none$/,
    ],
    [{ decay: "linear" }, /for decay/],
    [{ shorterSides: [] }, /for shorterSides/],
    [{ resume: true }, /for resume/],
    [{ steps: 5 }, /train's options/],
  ])("train with %j", async (given, message) => {
    const error = await failure(newDetector().train(set, { observer: null, ...(given as DetectionTrainOptions) }));
    expect(error.message).toMatch(message);
  });

  it.each<[string, unknown, RegExp]>([
    [
      "a data set",
      { images: [] },
      /^Expected a picture: a path, .* for image but received a data set; give its images$/,
    ],
    ["nothing", undefined, /^Expected a picture: .* for image but received undefined$/],
    ["an address", "https://example.org/a.jpg", /it is an address, and only files are read here/],
  ])("score of %s", async (_, given, message) => {
    expect((await failure(newDetector().score(given as string))).message).toMatch(message);
  });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["what detect() gives", { boxes: [], scores: [], classes: [] }],
  ])("a drawing of %s", async (_, found) => {
    const error = await failure(visualize(first(), found as never));
    expect(error.message).toMatch(/^Expected what score\(\) has found in the picture for detections but received/);
  });

  it("a label that the detector doesn't know, and pictures without objects", async () => {
    const error = await failure(newDetector({ labels: ["eggBox"] }).train(set, QUICK));
    expect(error.code).toBe("UnknownLabel");
    const empty = { name: "empty", images: [{ storagePath: first(), boxes: [] }] };
    expect((await failure(newDetector().train(empty, QUICK))).message).toMatch(/no object in its pictures/);
  });
});
