import { expect, test } from "vitest";

import { LabelScores } from "../../../src/kernel-lib/ui/label-scores.js";
import { queued, type QueueInput } from "../../../src/kernel-lib/ui/label-queue.js";
import { heldOutLabels } from "../../../src/kernel-lib/ui/held-out-labels.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";
import { BoxSuggestions } from "../../../src/kernel-lib/ui/box-suggestions.js";
import type { ObjectBox } from "../../../src/kernel-lib/structures/object-box.js";

const LABELS = ["cup", "plate"];

function input(rows: readonly (readonly [cup: number, label: string])[], features?: readonly number[]): QueueInput {
  const scores = new LabelScores(LABELS);
  const ids = rows.map((_, id) => id);
  scores.take(ids, { rows: rows.length, columns: 2, data: Float32Array.from(rows.flatMap(([cup]) => [cup, 1 - cup])) });
  return {
    ids,
    labelsOf: (id) => (rows[id]?.[1] ? [rows[id][1]] : []),
    scores,
    features: features && { rows: features.length, columns: 1, data: Float32Array.from(features) },
    featureIds: ids,
  };
}

test("the least sure picture comes first, and equals stay in their order", () => {
  const rows = [
    [0.9, "cup"],
    [0.5, "cup"],
    [0.2, "plate"],
    [0.9, "cup"],
  ] as const;
  for (const order of ["least confidence", "margin", "entropy"] as const) {
    expect(queued(order, input(rows))).toEqual([1, 2, 0, 3]);
  }
});

test("labels that the model contradicts confidently come first", () => {
  const rows = [
    [0.95, "cup"],
    [0.9, "cup"],
    [0.97, "plate"],
    [0.1, "plate"],
    [0.05, "plate"],
    [0.6, ""],
  ] as const;
  const order = queued("disagreement", input(rows));
  expect(order[0]).toBe(2);
  // Without a label there is nothing to contradict.
  expect(order.at(-1)).toBe(5);
});

test("what is least like the labelled pictures comes first", () => {
  const rows = [
    [0.9, "cup"],
    [0.9, ""],
    [0.9, ""],
    [0.9, ""],
  ] as const;
  expect(queued("diversity", input(rows, [0, 1, 10, 4])).slice(0, 2)).toEqual([2, 3]);
});

test("decision values become probabilities, and the likeliest label is suggested", () => {
  const scores = new LabelScores(LABELS);
  scores.take([7], { rows: 1, columns: 2, data: Float32Array.of(-1, 1) });
  expect(scores.suggestion(7, ["cup"])).toMatchObject({ label: "plate", agrees: false });
  expect(scores.suggestion(7, [])?.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  expect(scores.suggestion(8, [])).toBeUndefined();
  expect(() => scores.take([1, 2], { rows: 1, columns: 2, data: Float32Array.of(1, 0) })).toThrow(
    "Expected 2 rows (the pictures) × 2 columns (the labels) for scores of the model but received 1 × 2",
  );
});

test("a suggested box is open until a box of its label lies there, or until it is rejected", () => {
  let boxes: readonly ObjectBox[] = [];
  let rejectedBoxes: readonly ObjectBox[] = [];
  const suggestions = new BoxSuggestions(() => ({ boxes, rejectedBoxes }));
  const found = {
    boxes: Float32Array.of(0, 0, 10, 10, 50, 50, 90, 90),
    scores: Float32Array.of(0.9, 0.4),
    classes: Int32Array.of(0, 1),
  };
  suggestions.take(0, found, LABELS);
  expect(suggestions.of(0).map(({ label }) => label)).toEqual(["cup", "plate"]);
  expect(suggestions.count([0], 0.5)).toBe(1);
  const there = { xmin: 1, ymin: 0, xmax: 10, ymax: 10, difficult: false, truncated: false, occluded: false };
  boxes = [{ ...there, label: "plate" }];
  expect(suggestions.of(0)).toHaveLength(2);
  boxes = [{ ...there, label: "cup" }];
  expect(suggestions.of(0).map(({ label }) => label)).toEqual(["plate"]);
  boxes = [];
  rejectedBoxes = [{ ...there, label: "cup" }];
  expect(suggestions.of(0).map(({ label }) => label)).toEqual(["plate"]);
  // What is taken back is open again, and what the detector says anew is still what was rejected.
  rejectedBoxes = [];
  expect(suggestions.of(0)).toHaveLength(2);
  rejectedBoxes = [{ ...there, label: "cup" }];
  suggestions.take(0, found, LABELS);
  expect(suggestions.of(0).map(({ label }) => label)).toEqual(["plate"]);
});

test("wrong labels that the model has learnt by heart are found by what others' labels say", async () => {
  const random = new SeededRandom(5);
  const truth = Array.from({ length: 60 }, (_, id) => id % 3);
  const wrong = [7, 20, 42];
  const labels = ["bowl", "cup", "plate"];
  const labelOf = (id: number) => labels[((truth[id] ?? 0) + (wrong.includes(id) ? 1 : 0)) % 3] ?? "";
  const data = Float32Array.from(
    truth.flatMap((own) => [0, 1, 2].map((axis) => (axis === own ? 3 : 0) + random.normal(0, 0.4))),
  );
  const features = { rows: 60, columns: 3, data };
  const ids = truth.map((_, id) => id);
  const scores = new LabelScores(labels);
  const learnt = ids.flatMap((id) => labels.map((label) => (label === labelOf(id) ? 0.98 : 0.01)));
  scores.take(ids, { rows: 60, columns: 3, data: Float32Array.from(learnt) });
  const shared = { ids, labelsOf: (id: number) => [labelOf(id)], scores, features, featureIds: ids };
  expect(queued("disagreement", shared).slice(0, 3)).toEqual([0, 1, 2]);
  const held = await heldOutLabels({ labels, features, ids, labelsOf: shared.labelsOf });
  const heldOut = new LabelScores(labels);
  heldOut.take(held.ids, held.scores);
  expect(
    queued("disagreement", { ...shared, heldOut })
      .slice(0, 3)
      .sort((a, b) => a - b),
  ).toEqual(wrong);
});

test("a picture that is alone with its label is not held out, and a stop ends it", async () => {
  const features = { rows: 5, columns: 1, data: Float32Array.of(0, 0.1, 5, 5.1, 9) };
  const own = ["cup", "cup", "plate", "plate", "bowl"];
  const input = { labels: ["bowl", "cup", "plate"], features, ids: [3, 4, 5, 6, 7] };
  const { ids, scores } = await heldOutLabels({ ...input, labelsOf: (id) => [own[id - 3] ?? ""] });
  expect(ids).toEqual([3, 4, 5, 6]);
  const sums = ids.map((_, row) => scores.data.subarray(row * 3, row * 3 + 3).reduce((sum, p) => sum + p, 0));
  for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
  const stopped = heldOutLabels({ ...input, labelsOf: () => ["cup"], signal: AbortSignal.abort() });
  await expect(stopped).rejects.toMatchObject({ code: "Stopped" });
});
