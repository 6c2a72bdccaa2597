import fc from "fast-check";
import { afterEach, expect, it } from "vitest";

import { installKernelPort, JUPYTER_DISPLAY } from "../../../src/kernel-lib/comm/port.js";
import { wilsonInterval } from "../../../src/kernel-lib/metrics/interval.js";
import { precisionRecallCurve } from "../../../src/kernel-lib/metrics/precision-recall-curve.js";
import { PrecisionRecallUI, type PickedPoint } from "../../../src/kernel-lib/ui/precision-recall-ui.js";
import { thresholdCurve } from "../../../src/kernel-lib/ui/threshold-curve.js";
import { sampleEvaluation } from "../../browser/evaluations.js";
import { RecordingKernel } from "../comm/recording-kernel.js";

afterEach(() => installKernelPort(undefined));

// scikit-learn's own example: precision_recall_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
const PRECISION = [0.5, 2 / 3, 0.5, 1, 1];
const RECALL = [1, 1, 0.5, 0.5, 0];
const THRESHOLDS = [0.1, 0.35, 0.4, 0.8];

it("begins at the best F1, and says what holds there", () => {
  const ui = new PrecisionRecallUI(PRECISION, RECALL, THRESHOLDS);
  expect(ui.picked.threshold).toBe(0.35);
  expect(ui.picked).toEqual({ precision: 2 / 3, recall: 1, threshold: 0.35, f1: expect.closeTo(0.8, 12) as number });
});

it("takes the same curve reversed and in percent, as cvtk's notebooks hand it over", () => {
  const percent = (values: readonly number[]) => values.map((value) => 100 * value).reverse();
  const ui = new PrecisionRecallUI(percent(PRECISION), percent(RECALL), [...THRESHOLDS].reverse());
  expect(ui.picked.threshold).toBe(0.35);
  expect(ui.picked.precision).toBeCloseTo(2 / 3, 12);
});

it("orders any curve by rising threshold, each point with its own, whichever way it came", () => {
  const point = fc.record({
    precision: fc.double({ min: 0, max: 1, noNaN: true }),
    recall: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(point, { minLength: 3, maxLength: 30 }), fc.boolean(), (points, withEnd) => {
      const precision = points.map((one) => one.precision);
      const recall = points.map((one) => one.recall);
      const thresholds = points.slice(withEnd ? 0 : 1).map((_, index) => index / 10);
      const rising = thresholdCurve(precision, recall, thresholds);
      const falling = thresholdCurve(precision.toReversed(), recall.toReversed(), thresholds.toReversed());
      expect(falling).toEqual(rising);
      expect(rising).toEqual({ precision, recall, thresholds: withEnd ? thresholds : [...thresholds, null] });
    }),
  );
});

it("picks by threshold, also beyond the last one, where nothing is found", () => {
  const ui = new PrecisionRecallUI(PRECISION, RECALL, THRESHOLDS);
  ui.pick(0.36);
  expect(ui.picked.threshold).toBe(0.4);
  ui.pick(2);
  expect(ui.picked).toEqual({ precision: 1, recall: 0, threshold: undefined, f1: 0 });
  expect(() => ui.pick(NaN)).toThrow("Expected a number for threshold but received NaN");
});

it("follows the browser's point and class, and tells who listens", async () => {
  const kernel = new RecordingKernel();
  const evaluation = sampleEvaluation();
  const ui = new PrecisionRecallUI(evaluation);
  const heard: PickedPoint[] = [];
  ui.onPick((point) => void heard.push(point));
  await ui[JUPYTER_DISPLAY]();
  await kernel.receive(ui.id, { method: "update", state: { index: 3 } });
  expect(ui.picked.threshold).toBe(evaluation.precisionRecallCurve("bowl").thresholds[3]);
  await kernel.receive(ui.id, { method: "custom", content: { type: "choose", label: "plate" } });
  expect(ui.label).toBe("plate");
  expect(heard).toHaveLength(2);
  expect(heard[1]).toEqual(ui.picked);
  await kernel.receive(ui.id, { method: "update", state: { index: "99999" } });
  expect(ui.picked.threshold).toBe(evaluation.precisionRecallCurve("plate").thresholds[0]);
  const unknown = kernel.receive(ui.id, { method: "custom", content: { type: "choose", label: "spoon" } });
  await expect(unknown).rejects.toThrow(
    'Expected one of "bowl", "cup", "cutlery", "plate" for label but received "spoon"',
  );
});

it("refuses arrays that don't fit each other, or hold no fractions", () => {
  expect(() => new PrecisionRecallUI([1, 1], [1], [0.5])).toThrow("for recalls but received");
  expect(() => new PrecisionRecallUI([1, 1], [1, 0], [])).toThrow(
    "Expected 2 values, or 1 where the end of the curve has none for thresholds",
  );
  expect(() => new PrecisionRecallUI([NaN, 1], [1, 0], [0.5])).toThrow("for precisions[0] but received NaN");
});

it("leaves the picked point as a table", async () => {
  const bundle = await new PrecisionRecallUI(PRECISION, RECALL, THRESHOLDS)[JUPYTER_DISPLAY]();
  expect(String(bundle["text/plain"])).toContain("Threshold  0.35");
  expect(String(bundle["text/html"])).toContain("0.667");
});

it("picks by a wanted precision, a wanted recall and the least cost", () => {
  const ui = new PrecisionRecallUI(PRECISION, RECALL, THRESHOLDS);
  ui.want({ precision: 0.6 });
  expect(ui.picked).toMatchObject({ precision: 2 / 3, recall: 1, threshold: 0.35 });
  ui.want({ precision: 0.9 });
  expect(ui.picked).toMatchObject({ precision: 1, recall: 0.5, threshold: 0.8 });
  ui.want({ recall: 0.5 });
  expect(ui.picked.threshold).toBe(0.8);
  ui.want({ recall: 0.7 });
  expect(ui.picked.threshold).toBe(0.35);
  // Of two objects: at 0.35 both are found and one thing wrongly, at 0.8 one is found and one missed.
  ui.want({ cost: { falsePositive: 1, falseNegative: 5 } });
  expect(ui.picked.threshold).toBe(0.35);
  ui.want({ cost: { falsePositive: 5, falseNegative: 1 } });
  expect(ui.picked.threshold).toBe(0.8);
  ui.want({ cost: { falsePositive: 1, falseNegative: 0 } });
  expect(ui.picked.threshold).toBeUndefined();
});

it("finds the point that costs least by counting, whatever the scores and costs are", () => {
  const sample = fc.record({ score: fc.integer({ min: 0, max: 9 }), positive: fc.boolean() });
  const cost = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(fc.array(sample, { minLength: 2, maxLength: 30 }), cost, cost, (samples, wrong, missed) => {
      fc.pre(samples.some(({ positive }) => positive));
      const scores = samples.map(({ score }) => score);
      const { precision, recall, thresholds } = precisionRecallCurve(
        samples.map(({ positive }) => positive),
        scores,
      );
      const ui = new PrecisionRecallUI(precision, recall, thresholds);
      ui.want({ cost: { falsePositive: wrong, falseNegative: missed } });
      const costAt = (threshold: number) =>
        samples.reduce((sum, { score, positive }) => {
          const found = score >= threshold;
          return sum + (found && !positive ? wrong : 0) + (!found && positive ? missed : 0);
        }, 0);
      const least = Math.min(...thresholds.map(costAt), costAt(Infinity));
      expect(costAt(ui.picked.threshold ?? Infinity)).toBe(least);
    }),
  );
});

it("refuses what no point reaches, and what is no wish", () => {
  const ui = new PrecisionRecallUI([0.5, 0.6, 0.7], [0.9, 0.5, 0.2], [0.1, 0.2, 0.3]);
  expect(() => ui.want({ precision: 0.99 })).toThrow(
    'Expected what a point of the curve reaches for want but received {"precision":0.99}',
  );
  expect(() => ui.want({ recall: 2 })).toThrow(/between 0 and 1 for recall/);
  expect(() => ui.want({ cost: { falsePositive: -1, falseNegative: 1 } })).toThrow(/falsePositive/);
  expect(() => ui.want({} as { recall: number })).toThrow(/falsePositive/);
});

it("says how sure precision and recall are at the picked point, and shows all classes together", () => {
  const evaluation = sampleEvaluation();
  const ui = new PrecisionRecallUI(evaluation);
  const { recall, precision } = ui.picked;
  const positives = evaluation.truth.filter((truth) => evaluation.labels[truth] === ui.label).length;
  const right = Math.round(recall * positives);
  expect(ui.intervals?.recall).toEqual(wilsonInterval(right, positives));
  expect(ui.intervals?.precision).toEqual(wilsonInterval(right, Math.round(right / precision)));
  ui.choose();
  expect(ui.label).toBe("");
  expect(ui.intervals?.recall).toBeDefined();
  expect(new PrecisionRecallUI(PRECISION, RECALL, THRESHOLDS).intervals).toBeUndefined();
});

it("gives the threshold to who awaits it: at once, or once it is handed over", async () => {
  const kernel = new RecordingKernel();
  const ui = new PrecisionRecallUI(PRECISION, RECALL, THRESHOLDS);
  await ui[JUPYTER_DISPLAY]();
  expect(await ui.threshold()).toBe(0.35);
  const waited = ui.threshold({ wait: true });
  ui.pick(0.36);
  await kernel.receive(ui.id, { method: "custom", content: { type: "use" } });
  expect(await waited).toBe(0.4);
  ui.want({ cost: { falsePositive: 1, falseNegative: 0 } });
  expect(await ui.threshold()).toBe(Infinity);
  const stop = new AbortController();
  const stopped = ui.threshold({ wait: true, signal: stop.signal });
  stop.abort();
  await expect(stopped).rejects.toThrow("Waiting for a threshold was stopped");
});
