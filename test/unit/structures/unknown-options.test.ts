/** What is misspelt is refused by name, in classes and in functions alike: a default that works in its place is found by nobody. */
import { describe, expect, it } from "vitest";

import { LinearSVC } from "../../../src/kernel-lib/classifiers/linear-svc.js";
import { LogisticRegression } from "../../../src/kernel-lib/classifiers/logistic-regression.js";
import { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { clearOutput } from "../../../src/kernel-lib/comm/clear-output.js";
import { decodeImage } from "../../../src/kernel-lib/data/decode.js";
import { drawBoxes } from "../../../src/kernel-lib/data/draw-boxes.js";
import { FasterRCNN } from "../../../src/kernel-lib/engine/faster-rcnn.js";
import { TransferLearningModel } from "../../../src/kernel-lib/engine/transfer-learning-model.js";
import { loadWeights } from "../../../src/kernel-lib/hub/load-weights.js";
import { ClassificationEvaluation } from "../../../src/kernel-lib/metrics/classification-evaluation.js";
import { DetectionEvaluation } from "../../../src/kernel-lib/metrics/detection-evaluation.js";
import { writeTfRecord } from "../../../src/kernel-lib/hub/tfrecord.js";
import * as metrics from "../../../src/kernel-lib/metrics/index.js";
import { Context } from "../../../src/kernel-lib/structures/context.js";
import { Figure } from "../../../src/kernel-lib/ui/figure.js";

const MISSPELT = { averige: 1 } as object;
const labels = ["cup", "plate"];
const scores = { rows: 2, columns: 2, data: Float32Array.of(0.9, 0.1, 0.2, 0.8) };
const evaluation = ClassificationEvaluation.fromScores({ labels, truth: [0, 1], scores });
const detections = { boxes: new Float32Array(), scores: new Float32Array(), classes: new Int32Array() };
const truth = { boxes: new Float32Array(), classes: new Int32Array(), difficult: [] };
const detected = DetectionEvaluation.fromDetections({ labels, truth: [truth], detections: [detections] });

describe("an option that nobody knows is refused by name", () => {
  it.each<[string, () => unknown]>([
    ["ClassificationDataset.create", () => ClassificationDataset.create("cups", MISSPELT)],
    ["Context.create", () => Context.create(MISSPELT)],
    ["TransferLearningModel", () => new TransferLearningModel({ labels, ...MISSPELT })],
    ["FasterRCNN", () => new FasterRCNN({ labels, ...MISSPELT })],
    ["LinearSVC", () => new LinearSVC(MISSPELT)],
    ["LogisticRegression", () => new LogisticRegression(MISSPELT)],
    ["Figure", () => new Figure({ data: [] }, MISSPELT)],
    ["evaluation.accuracy", () => evaluation.accuracy(MISSPELT)],
    ["evaluation.confusionMatrix", () => evaluation.confusionMatrix(MISSPELT)],
    ["evaluation.interval", () => evaluation.interval(undefined, MISSPELT)],
    ["detection.averagePrecision", () => detected.averagePrecision("cup", MISSPELT)],
    ["detection.precisionRecallCurve", () => detected.precisionRecallCurve("cup", MISSPELT)],
    ["detection.counts", () => detected.counts(MISSPELT)],
    ["detection.errors", () => detected.errors(MISSPELT)],
    ["metrics.rocCurve", () => metrics.rocCurve([true, false], [1, 0], MISSPELT)],
    ["metrics.precisionRecallCurve", () => metrics.precisionRecallCurve([true, false], [1, 0], MISSPELT)],
    ["metrics.calibrationCurve", () => metrics.calibrationCurve([true, false], [1, 0], MISSPELT)],
    ["metrics.confusionMatrix", () => metrics.confusionMatrix([0, 1], [0, 1], MISSPELT)],
    ["metrics.precisionRecallF1", () => metrics.precisionRecallF1([0, 1], [0, 1], MISSPELT)],
    ["metrics.precisionRecallFBeta", () => metrics.precisionRecallFBeta([0, 1], [0, 1], MISSPELT)],
    ["metrics.cohenKappa", () => metrics.cohenKappa([0, 1], [0, 1], MISSPELT)],
    ["metrics.mcnemar", () => metrics.mcnemar([0, 1], [0, 1], [1, 1], MISSPELT)],
    ["metrics.multiclassAuc", () => metrics.multiclassAuc([0, 1], scores, MISSPELT)],
    ["metrics.wilsonInterval", () => metrics.wilsonInterval(1, 2, MISSPELT)],
    ["clearOutput", () => clearOutput(MISSPELT)],
    ["drawBoxes", () => drawBoxes("cup.jpg", [], { imageSize: 100, ...MISSPELT })],
    ["writeTfRecord", () => writeTfRecord("cups.tfrecord", [], MISSPELT)],
    ["decodeImage", () => decodeImage("cup.jpg", MISSPELT)],
    ["loadWeights", () => loadWeights("imagenet:resnet18", MISSPELT)],
  ])("by %s", async (_, call) => {
    await expect(Promise.resolve().then(call)).rejects.toThrow(
      /^Expected one of .* for .*'s options but received "averige"/,
    );
  });
});
