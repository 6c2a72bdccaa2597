/** Bad input to an evaluation and to what shows it: scores that are no probabilities, NaN, foreign labels, nothing, a class of nobody. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { installKernelPort } from "../../../src/kernel-lib/comm/port.js";
import {
  AnnotationUI,
  ClassificationDataset,
  ClassificationEvaluation,
  compare,
  findLabelErrors,
  plotCalibration,
  plotClassBars,
  plotConfusionMatrix,
  plotPrecisionRecallCurve,
  plotRocCurve,
  plotScoreHistogram,
  PrecisionRecallUI,
  ResultsUI,
} from "../../../src/kernel-lib/index.js";
import type { ResultsState } from "../../../src/kernel-lib/protocol/index.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import type { Matrix } from "../../../src/kernel-lib/structures/matrix.js";
import { withMemoryKernel } from "./memory-kernel.js";
import { pictureDataset } from "./picture-folder.js";

/** The model's; the pictures have a fork, too, and no plate. */
const labels = ["bowl", "cup", "plate"];
const THINGS = { bowl: ["b0.png", "b1.png"], cup: ["c0.png"], fork: ["f0.png"] };
const PROBABLE = [[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.1, 0.8, 0.1], [0.2, 0.3, 0.5]]; // prettier-ignore
let folder: string;

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "vitrine-bad-"))));
afterEach(() => installKernelPort(undefined));
afterAll(() => rmSync(folder, { recursive: true }));

const matrix = (rows: number[][]): Matrix => ({
  rows: rows.length,
  columns: labels.length,
  data: Float32Array.from(rows.flat()),
});

const evaluated = (scores: number[][], truth: readonly (number | string)[] = [0, 0, 1, 1]) =>
  ClassificationEvaluation.fromScores({ labels, truth, scores: matrix(scores) });

async function shown(scores: number[][], dataset?: ClassificationDataset) {
  const kernel = withMemoryKernel();
  const ui = new ResultsUI(dataset ?? (await pictureDataset(THINGS)), { scores: matrix(scores), labels });
  await ui.show();
  return { kernel, state: () => kernel.state<ResultsState>() };
}

async function report(evaluation: ClassificationEvaluation): Promise<string> {
  const path = join(folder, "report.html");
  await evaluation.report(path);
  return readFileSync(path, "utf8");
}

describe("scores that don't add up to 1", () => {
  const scores = [[3, 1, -1], [0, 2, 1], [0, 5, 0], [1, 2, 0]]; // prettier-ignore

  it("have curves, a matrix and a threshold; what needs probabilities says which row has none", async () => {
    const evaluation = evaluated(scores);
    expect(evaluation.confusionMatrix()).toEqual([[1, 1, 0], [0, 2, 0], [0, 0, 0]]); // prettier-ignore
    expect(evaluation.auc("cup")).toBeCloseTo(0.875, 9);
    const ui = new PrecisionRecallUI(evaluation);
    ui.want({ precision: 1 });
    expect(await ui.threshold()).toBe(3);
    for (const needs of [
      () => evaluation.logLoss(),
      () => evaluation.calibration(),
      () => findLabelErrors(evaluation),
      () => plotCalibration(evaluation),
    ]) {
      expect(needs).toThrow("Expected a probability between 0 and 1 for scores[0] but received 3");
    }
    expect(() => evaluated([...PROBABLE.slice(1), [0.2, 0.2, 0.2]]).logLoss()).toThrow(
      "Expected probabilities that add up to 1 for scores, row 3, but received 0.6",
    );
    expect(await report(evaluation)).toContain("<html");
  });

  it("are shown as they are, without doubts about labels", async () => {
    const { state } = await shown(scores);
    expect(state()).toMatchObject({ doubtful: null, scoreRange: [-1, 5], correct: 2, incorrect: 2 });
  });
});

describe("scores that are no numbers", () => {
  const scores = [[0.7, 0.2, 0.1], [0.3, NaN, 0.1], [0.1, 0.8, 0.1], [0.2, 0.3, Infinity]]; // prettier-ignore

  it("are refused by row and column, by picture, by place", async () => {
    expect(() => evaluated(scores)).toThrow("a finite number for scores, row 1, column 1, but received NaN");
    await expect(shown(scores)).rejects.toThrow("Expected numbers for scores of picture 1 but received NaN");
    expect(() => new PrecisionRecallUI([1, NaN], [0, 1], [0.5, 0.6])).toThrow("for precisions[1] but received NaN");
  });
});

describe("labels that the model never saw", () => {
  it("stop an evaluation, by name", async () => {
    const model = { labels, score: () => Promise.resolve(matrix(PROBABLE)) };
    const error: unknown = await ClassificationEvaluation.run(model, await pictureDataset(THINGS)).catch(
      (reason: unknown) => reason,
    );
    expect(isVitrineError(error, "UnknownLabel") && error.message).toMatch(
      /Expected one of the labels "bowl", "cup", "plate" but received "fork"/,
    );
  });

  it("are wrong among the results, have the highest loss, and are left out of matrix and figures", async () => {
    const { kernel, state } = await shown(PROBABLE);
    expect(state()).toMatchObject({ total: 4, correct: 2, incorrect: 2 });
    expect(state().figures[0]).toMatchObject({ name: "Accuracy", value: 2 / 3 });
    await kernel.command({ type: "order", order: "loss descending" });
    expect(state().page[0]).toMatchObject({ truth: ["fork"], prediction: "plate", correct: false, suggested: null });
    for (const kind of ["matrix", "curve", "scores", "classes"]) {
      await kernel.command({ type: "plot", kind });
      expect(state().plot?.spec.data.length).toBeGreaterThan(0);
    }
    expect(kernel.events("failed")).toEqual([]);
  });
});

describe("an empty test set", () => {
  it("is refused where figures are wanted, and shown as what it is", async () => {
    const empty = ClassificationDataset.create("empty", { labels });
    const model = { labels, score: () => Promise.resolve(matrix([])) };
    const error: unknown = await ClassificationEvaluation.run(model, empty).catch((reason: unknown) => reason);
    expect(isVitrineError(error, "InvalidDataset") && error.message).toContain("it holds no pictures");
    expect(() => evaluated([], [])).toThrow("it holds no pictures");
    expect(() => new PrecisionRecallUI([], [], [])).toThrow("at least one");
    const { kernel, state } = await shown([], empty);
    await kernel.command({ type: "move", by: 1 });
    await kernel.command({ type: "plot", kind: "curve" });
    expect(state()).toMatchObject({ total: 0, matching: 0, position: -1, figures: [], plot: null });
    expect(kernel.events("failed")).toEqual([]);
  });
});

describe("a class without a picture", () => {
  const evaluation = evaluated(PROBABLE);

  it("has no recall and no area, and is left out of means and of the choice of a curve", async () => {
    const bowl = evaluation.auc("bowl");
    expect([evaluation.auc("plate"), evaluation.rocCurve("plate").tpr.every((rate) => Number.isNaN(rate))]).toEqual([
      NaN,
      true,
    ]);
    expect(evaluation.auc()).toBeCloseTo((bowl + evaluation.auc("cup")) / 2, 9);
    expect(evaluation.accuracy()).toBeCloseTo((0.5 + 0.5) / 2, 9);
    expect(() => new PrecisionRecallUI(evaluation).choose("plate")).toThrow('one of "bowl", "cup" for label');
    expect(await report(evaluation)).toContain("–");
  });

  it("breaks no plot, no comparison, no search for wrong labels", () => {
    const plots = [
      plotPrecisionRecallCurve,
      plotRocCurve,
      plotConfusionMatrix,
      plotClassBars,
      plotCalibration,
      plotScoreHistogram,
    ];
    for (const plot of plots) {
      const svg = plot(evaluation).svg();
      expect(svg).toMatch(/^<svg/);
      expect(svg).not.toMatch(/NaN|undefined/);
    }
    expect(findLabelErrors(evaluation).every(({ label }) => label !== "plate")).toBe(true);
    const { figures } = compare({ a: evaluation, b: evaluated([...PROBABLE].reverse()) });
    expect(figures.length).toBeGreaterThan(2);
  });
});

describe("a plot of what is no evaluation", () => {
  it.each([
    ["a number", 3],
    ["nothing", null],
    ["no models", {}],
    ["a model", { labels, score: () => undefined }],
    ["models by name", { mine: { labels, score: () => undefined } }],
  ])("%s is refused", (_what, given) => {
    for (const plot of [plotRocCurve, plotPrecisionRecallCurve, plotCalibration, plotClassBars]) {
      expect(() => plot(given as never)).toThrow(/^Expected an evaluation, as ClassificationEvaluation\.run gives it/);
    }
  });
});

describe("what a cell above has failed to make", () => {
  const nothing = undefined as never;

  it("is named where it is wanted, in place of what went wrong inside", async () => {
    const dataset = await pictureDataset(THINGS);
    const evaluation = "Expected an evaluation, as ClassificationEvaluation.run gives it";
    expect(() => new ResultsUI(dataset, nothing)).toThrow(
      `${evaluation}, or { scores } for results but received undefined`,
    );
    expect(() => new ResultsUI(nothing, nothing)).toThrow("Expected a data set for dataset but received undefined");
    expect(() => new PrecisionRecallUI(nothing)).toThrow(evaluation);
    expect(() => findLabelErrors(nothing)).toThrow(`${evaluation} for evaluation but received undefined`);
    expect(() => new AnnotationUI(nothing)).toThrow("Expected a data set for dataset but received undefined");
    const model = { labels, score: () => Promise.resolve(matrix(PROBABLE)) };
    await expect(ClassificationEvaluation.run(nothing, dataset)).rejects.toThrow("Expected a model for model but");
    await expect(ClassificationEvaluation.run(model, nothing)).rejects.toThrow("Expected a data set for dataset but");
  });
});
