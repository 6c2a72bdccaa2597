import { afterEach, expect, test } from "vitest";

import { installKernelPort } from "../../../src/kernel-lib/comm/port.js";
import type { ClassificationDataset } from "../../../src/kernel-lib/data/classification-dataset.js";
import { EVERY_RESULT, type ResultsFilter, type ResultsState } from "../../../src/kernel-lib/protocol/index.js";
import { ClassificationEvaluation } from "../../../src/kernel-lib/metrics/classification-evaluation.js";
import { ResultsUI, type ResultsOptions } from "../../../src/kernel-lib/ui/results-ui.js";
import { displayed, withMemoryKernel } from "./memory-kernel.js";
import { pictureDataset } from "./picture-folder.js";

const THINGS = { bowl: ["b1.png", "b2.png"], cup: ["c1.png", "c2.png"], plate: ["p1.png"] };

/** By hand: b2 is taken for a cup, p1 for a bowl; all else is right. */
const SCORES = {
  rows: 5,
  columns: 3,
  data: Float32Array.from([0.5, 0.25, 0.25, 0.125, 0.75, 0.125, 0.25, 0.625, 0.125, 0, 1, 0, 0.875, 0, 0.125]),
};

afterEach(() => installKernelPort(undefined));

async function shown(dataset: ClassificationDataset, options: ResultsOptions = { scores: SCORES }) {
  const kernel = withMemoryKernel();
  const widget = new ResultsUI(dataset, options);
  await widget.show();
  const filter = (change: Partial<ResultsFilter>) =>
    kernel.command({
      type: "filter",
      filter: { ...EVERY_RESULT, ...change },
    });
  return { kernel, widget, filter, state: () => kernel.state<ResultsState>(), names: () => names(kernel.state()) };
}

const names = ({ page }: ResultsState) => page.map(({ name }) => name.replace(".png", ""));

test("opens with what is right and wrong, and the scores of the chosen picture", async () => {
  const { state } = await shown(await pictureDataset(THINGS));
  expect(state()).toMatchObject({ total: 5, correct: 3, incorrect: 2, matching: 5, position: 0, scoreRange: [0, 1] });
  expect(state()).toMatchObject({ truthCounts: [2, 2, 1], predictionCounts: [2, 3, 0], scores: [0.5, 0.25, 0.25] });
  expect(state().page[1]).toMatchObject({ truth: ["bowl"], prediction: "cup", score: 0.75, correct: false });
});

test("filters by outcome, by what a picture is, and by what it was taken for", async () => {
  const { filter, names, state } = await shown(await pictureDataset(THINGS));
  await filter({ correct: false });
  expect(names()).toEqual(["b2", "p1"]);
  await filter({ correct: false, prediction: "bowl" });
  expect(names()).toEqual(["p1"]);
  await filter({ truth: "cup" });
  expect(names()).toEqual(["c1", "c2"]);
  await filter({ correct: false, truth: "cup" });
  expect(state()).toMatchObject({ matching: 0, position: -1, page: [], scores: [] });
  await filter({});
  expect(state()).toMatchObject({ matching: 5, position: 0 });
});

test("sorts by confidence both ways, and by the score of the label", async () => {
  const { kernel, names, state } = await shown(await pictureDataset(THINGS));
  await kernel.command({ type: "order", order: "confidence ascending" });
  expect(names()).toEqual(["b1", "c1", "b2", "p1", "c2"]);
  await kernel.command({ type: "order", order: "confidence descending" });
  expect(names()).toEqual(["c2", "p1", "b2", "c1", "b1"]);
  // b2 and p1 both give their own label 0.125; the first in the data set comes first.
  await kernel.command({ type: "order", order: "truth score ascending" });
  expect(names()).toEqual(["b2", "p1", "b1", "c1", "c2"]);
  await kernel.command({ type: "nextOrder" });
  expect(state().order).toBe("loss descending");
  for (let press = 0; press < 3; press++) await kernel.command({ type: "nextOrder" });
  expect(names()).toEqual(["b1", "b2", "c1", "c2", "p1"]);
  await kernel.command({ type: "order", order: "truth score ascending" });
  await kernel.command({ type: "order", order: "by mood" });
  expect(names()).toEqual(["b2", "p1", "b1", "c1", "c2"]);
});

test("a label that is corrected here is on the data set, counts at once, and is undone", async () => {
  const dataset = await pictureDataset(THINGS);
  const { kernel, filter, state, names } = await shown(dataset);
  await filter({ correct: false });
  await kernel.command({ type: "label", label: "cup", id: 1 });
  expect(dataset.getLabelsForImage(1)).toEqual(["cup"]);
  expect(state()).toMatchObject({ correct: 4, incorrect: 1, truthCounts: [1, 3, 1], stale: 1, canUndo: true });
  expect(names()).toEqual(["b2", "p1"]);
  await kernel.command({ type: "undo" });
  expect(state()).toMatchObject({ correct: 3, incorrect: 2, truthCounts: [2, 2, 1], stale: 0, canRedo: true });
});

test("takes an evaluation as it is", async () => {
  const dataset = await pictureDataset(THINGS);
  const labels = dataset.labels;
  const evaluation = ClassificationEvaluation.fromScores({ labels, truth: [0, 0, 1, 1, 2], scores: SCORES });
  const { state } = await shown(dataset, evaluation);
  expect(state().correct / state().total).toBeCloseTo(evaluation.accuracy({ average: "overall" }), 12);
});

test("takes labels in the model's order, predictions that are not the highest score, and a margin's range", async () => {
  const scores = { rows: 5, columns: 3, data: Float32Array.from({ length: 15 }, (_, i) => i / 2 - 3) };
  const { state } = await shown(await pictureDataset(THINGS), {
    scores,
    labels: ["plate", "cup", "bowl"],
    predictedLabels: ["cup", "bowl", "plate", "plate", "plate"],
  });
  expect(state()).toMatchObject({ labels: ["plate", "cup", "bowl"], scoreRange: [-3, 4], correct: 2 });
  expect(state().page[0]).toMatchObject({ prediction: "cup", score: -2.5 });
});

test("without a kernel it is pictures and a table", async () => {
  const widget = new ResultsUI(await pictureDataset(THINGS), { scores: SCORES });
  const bundle = await displayed(widget);
  expect(bundle["text/html"]).toContain("things: 5 pictures, 3 correct, 2 incorrect");
  expect(bundle["text/html"]).toContain("b2.png: ✗ cup, is bowl (0.75)");
  expect(bundle["text/plain"]).toMatch(/plate\s+1\s+0/);
});

test.each<[string, object, string]>([
  [
    "too few rows",
    { scores: { ...SCORES, rows: 4 } },
    "Expected 5 rows (the pictures) × 3 columns (the labels) for scores",
  ],
  ["too many labels", { scores: SCORES, labels: ["a"] }, "5 rows (the pictures) × 1 columns"],
  [
    "a score that is no number",
    { scores: { ...SCORES, data: SCORES.data.map(() => Number.NaN) } },
    "scores of picture 0",
  ],
  [
    "too few predictions",
    { scores: SCORES, predictedLabels: ["cup"] },
    "Expected 5 labels for predictedLabels but received 1",
  ],
  [
    "an unknown prediction",
    { scores: SCORES, predictedLabels: Array.from({ length: 5 }, () => "fork") },
    'for predictedLabels[0] but received "fork"',
  ],
])("refuses %s", async (_, options, message) => {
  const dataset = await pictureDataset(THINGS);
  expect(() => new ResultsUI(dataset, options as ResultsOptions)).toThrow(message);
});
