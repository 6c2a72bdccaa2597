import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { ClassificationEvaluation } from "../../../src/kernel-lib/metrics/classification-evaluation.js";
import { DetectionEvaluation } from "../../../src/kernel-lib/metrics/detection-evaluation.js";
import { wilsonInterval } from "../../../src/kernel-lib/metrics/interval.js";
import {
  plotCalibration,
  plotClassBars,
  plotConfusionMatrix,
  plotErrorCounts,
  plotPrecisionRecallCurve,
  plotRocCurve,
  plotScoreHistogram,
} from "../../../src/kernel-lib/ui/evaluation-plots.js";
import type { Figure } from "../../../src/kernel-lib/ui/figure.js";

/** Pictures 0 to 59 of three labels; the surer the model, the better, and `skill` says how good. */
function evaluation(skill: number, labels = ["cup", "bowl", "plate"]): ClassificationEvaluation {
  const truth = Array.from({ length: 60 }, (_, i) => i % 3);
  const data = new Float32Array(60 * labels.length);
  truth.forEach((own, i) => {
    const taken = (i * 7) % 10 < skill ? own : (own + 1) % 3;
    const top = 0.4 + ((i * 13) % 60) / 110;
    labels.forEach((_, column) => (data[i * labels.length + column] = (1 - top) / (labels.length - 1)));
    data[i * labels.length + taken] = top;
  });
  return ClassificationEvaluation.fromScores({ labels, truth, scores: { rows: 60, columns: labels.length, data } });
}

function detection(): DetectionEvaluation {
  const box = Float32Array.of(0, 0, 10, 10);
  const found = (score: number, label: number, boxes = box) => ({
    boxes,
    scores: Float32Array.of(score),
    classes: Int32Array.of(label),
  });
  return DetectionEvaluation.fromDetections({
    labels: ["egg", "milk"],
    truth: Array.from({ length: 4 }, (_, i) => ({ boxes: box, classes: [i % 2] })),
    detections: [found(0.9, 0), found(0.8, 0), found(0.7, 0, Float32Array.of(0, 4, 10, 14)), found(0.3, 1)],
  });
}

const traces = (figure: Figure) => figure.panel.spec.data;
const names = (figure: Figure) => traces(figure).flatMap(({ name }) => (name === undefined ? [] : [name]));

describe("curves", () => {
  it("draw precision and recall over lines on which F1 is what they say", () => {
    const figure = plotPrecisionRecallCurve(evaluation(8));
    const lines = traces(figure).filter(({ showlegend }) => showlegend === false);
    expect(lines.map(({ text }) => (text as string[]).at(-1)?.trim())).toEqual([
      "F1 0.2",
      "F1 0.4",
      "F1 0.6",
      "F1 0.8",
    ]);
    for (const [i, { x, y }] of lines.entries()) {
      Array.from(x as number[]).forEach((recall, at) => {
        const precision = (y as number[])[at] ?? NaN;
        expect((2 * precision * recall) / (precision + recall)).toBeCloseTo(0.2 * (i + 1), 12);
      });
    }
  });

  it("say each point's threshold under the pointer", () => {
    const one = evaluation(8);
    const { thresholds } = one.precisionRecallCurve("cup");
    const [trace] = traces(plotPrecisionRecallCurve(one));
    const said = trace?.["customdata"] as string[];
    expect(said).toHaveLength(thresholds.length + 1);
    expect(Number(said[3])).toBeCloseTo(thresholds[3] ?? NaN, 3);
    expect(said.at(-1)).toBe("above all");
    expect((traces(plotRocCurve(one))[0]?.["customdata"] as string[])[0]).toBe("above all");
  });

  it("overlay models by name, of all classes or of one, each with a dash of its own", () => {
    const models = { svm: evaluation(8), head: evaluation(9) };
    expect(names(plotRocCurve(models))).toEqual([
      `svm (AUC ${models.svm.auc().toFixed(3)})`,
      `head (AUC ${models.head.auc().toFixed(3)})`,
      "guessing",
    ]);
    const figure = plotPrecisionRecallCurve(models, { label: "cup" });
    expect(names(figure)[1]).toBe(`head (AP ${models.head.averagePrecision("cup").toFixed(3)})`);
    expect(traces(figure).map(({ line }) => (line as { dash?: string }).dash)).toEqual([
      undefined,
      "dash",
      "dot",
      "dot",
      "dot",
      "dot",
    ]);
  });

  it("leave out a class without pictures", () => {
    const one = evaluation(8, ["cup", "bowl", "plate", "fork"]);
    expect(names(plotPrecisionRecallCurve(one))).toHaveLength(3);
    expect(names(plotRocCurve(one))).toHaveLength(4);
  });

  it("are there for detectors too", () => {
    expect(names(plotPrecisionRecallCurve(detection()))).toEqual(["egg (AP 0.500)", "milk (AP 0.500)"]);
  });
});

describe("other plots", () => {
  it("draw calibration by bins, with the error in the name", () => {
    const one = evaluation(8);
    const [trace] = traces(plotCalibration(one, { bins: 5 }));
    expect(trace?.x).toEqual(one.calibration(undefined, { bins: 5 }).predicted);
    expect(trace?.name).toBe(`predicted label (ECE ${one.calibrationError({ bins: 5 }).toFixed(3)})`);
  });

  it("refuse to draw calibration of scores that are no probabilities", () => {
    const scores = { rows: 1, columns: 2, data: Float32Array.of(-3, 4) };
    const one = ClassificationEvaluation.fromScores({ labels: ["a", "b"], truth: [1], scores });
    expect(() => plotCalibration(one)).toThrow(/Expected a probability between 0 and 1/);
    // A histogram takes any scores.
    expect(names(plotScoreHistogram(one))).toEqual(["right (1)", "wrong (0)"]);
  });

  it("count every picture once in a histogram", () => {
    const one = evaluation(8);
    const figure = plotScoreHistogram(one, { bins: 7 });
    const counted = traces(figure).flatMap(({ y }) => Array.from(y as number[]));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(60);
    const right = one.truth.filter((t, i) => t === one.predictions[i]).length;
    expect(names(figure)).toEqual([`right (${right})`, `wrong (${60 - right})`]);
    expect(names(plotScoreHistogram(one, { label: "bowl" }))).toEqual(["bowl (20)", "others (40)"]);
  });

  it("draw each class's precision and recall with Wilson's interval", () => {
    const one = evaluation(8);
    const [precision, recall] = traces(plotClassBars(one));
    expect(recall?.y).toEqual(one.precisionRecallF1().map((row) => row.recall));
    expect(precision?.name).toBe("precision");
    const right = one.confusionMatrix()[0]?.[0] ?? 0;
    const { high, low } = wilsonInterval(right, 20);
    const bars = recall?.["error_y"] as { array: number[]; arrayminus: number[] };
    expect(bars.array[0]).toBeCloseTo(high - right / 20, 12);
    expect(bars.arrayminus[0]).toBeCloseTo(right / 20 - low, 12);
    expect(names(plotClassBars({ a: one, b: evaluation(9) }, { figure: "f1" }))).toEqual(["a", "b"]);
  });

  it("count a detector's errors by kind, and what they cost", () => {
    const one = detection();
    const { counts, dAP } = one.errors();
    const [trace] = traces(plotErrorCounts(one));
    expect(trace?.x).toEqual(["classification", "localization", "both", "duplicate", "background", "missed"]);
    expect(trace?.y).toEqual(Object.values(counts));
    expect(counts).toMatchObject({ classification: 1, localization: 1 });
    expect(traces(plotErrorCounts(one, { by: "dAP" }))[0]?.y).toEqual(Object.values(dAP));
    expect(names(plotErrorCounts({ a: one, b: one }))).toEqual(["a", "b"]);
  });

  it("give a detector's matrix a row and a column for the background", () => {
    const [trace] = traces(plotConfusionMatrix(detection(), { score: 0.5 }));
    expect(trace?.x).toEqual(["egg", "milk", "background"]);
    expect(trace?.["text"]).toEqual([
      ["1", "0", "1"],
      ["1", "0", "1"],
      ["1", "0", "0"],
    ]);
  });
});

describe("pictures without a browser", () => {
  const all = (): [string, Figure][] => [
    ["roc", plotRocCurve(evaluation(8))],
    ["precision-recall", plotPrecisionRecallCurve({ svm: evaluation(8), head: evaluation(9) })],
    ["calibration", plotCalibration(evaluation(8))],
    ["histogram", plotScoreHistogram(evaluation(8))],
    ["bars", plotClassBars(evaluation(8))],
    ["matrix", plotConfusionMatrix(evaluation(8))],
    ["errors", plotErrorCounts(detection())],
  ];

  it.each(["light", "dark"] as const)("are SVG and PNG in %s colours", async (theme) => {
    for (const [name, figure] of all()) {
      const svg = figure.svg({ theme });
      expect(svg, name).toContain(theme === "dark" ? "#15181c" : "#ffffff");
      expect(svg, name).not.toMatch(/NaN|undefined/);
      const png = await figure.png({ theme, width: 500 });
      const { width, height, channels } = await sharp(png).metadata();
      expect([width, channels], name).toEqual([1000, 4]);
      const { channels: colours } = await sharp(png).stats();
      expect(height).toBeGreaterThan(600);
      expect(Math.max(...colours.slice(0, 3).map(({ stdev }) => stdev)), `${name} is not empty`).toBeGreaterThan(5);
    }
  });

  it("are written whole under the name's end, and under no other", async () => {
    const folder = await mkdtemp(join(tmpdir(), "vitrine-plots-"));
    const figure = plotRocCurve(evaluation(8));
    await figure.save(join(folder, "new", "roc.svg"), { theme: "dark" });
    await figure.save(join(folder, "new", "roc.PNG"));
    expect((await readdir(join(folder, "new"))).sort()).toEqual(["roc.PNG", "roc.svg"]);
    expect(await readFile(join(folder, "new", "roc.svg"), "utf8")).toBe(figure.svg({ theme: "dark" }));
    await expect(figure.save(join(folder, "roc.jpg"))).rejects.toThrow(/a name that ends in \.svg or \.png for path/);
    await expect(figure.png({ thème: "dark" } as object)).rejects.toThrow(/png's options/);
    await rm(folder, { recursive: true });
  });
});
