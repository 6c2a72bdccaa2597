import { describe, expect, it } from "vitest";

import { JUPYTER_DISPLAY } from "../../../src/kernel-lib/comm/port.js";
import { ClassificationEvaluation } from "../../../src/kernel-lib/metrics/classification-evaluation.js";
import { DetectionEvaluation } from "../../../src/kernel-lib/metrics/detection-evaluation.js";
import { compareEvaluations, mcnemar } from "../../../src/kernel-lib/metrics/index.js";
import { compare } from "../../../src/kernel-lib/ui/compare.js";

const LABELS = ["cup", "bowl"];
const TRUTH = Array.from({ length: 40 }, (_, i) => i % 2);

/** Wrong on these pictures. */
function wrongOn(places: readonly number[], truth = TRUTH): ClassificationEvaluation {
  const data = new Float32Array(2 * truth.length);
  truth.forEach((own, i) => {
    const taken = places.includes(i) ? 1 - own : own;
    data[2 * i + taken] = 0.9;
    data[2 * i + 1 - taken] = 0.1;
  });
  const pictures = truth.map((_, i) => ({ name: `<${i}>.jpg` }));
  return ClassificationEvaluation.fromScores({
    labels: LABELS,
    truth,
    scores: { rows: truth.length, columns: 2, data },
    pictures,
  });
}

describe("a comparison", () => {
  const first = wrongOn([0, 1, 2, 3, 4, 5, 6, 7]);
  const second = wrongOn([0, 20]);

  it("names the pictures that changed sides, those lost first", () => {
    const { changed } = compareEvaluations([first, second], { resamples: 20 });
    expect(changed.map(({ index, side }) => `${index} ${side}`)).toEqual([
      "20 lost",
      ...[1, 2, 3, 4, 5, 6, 7].map((i) => `${i} gained`),
    ]);
    expect(changed[0]).toEqual({ index: 20, name: "<20>.jpg", side: "lost", mistakes: [0, 1] });
  });

  it("gives each figure of both, and an interval of the difference that is narrower than both apart", () => {
    const comparison = compareEvaluations([first, second], { resamples: 200 });
    const overall = comparison.figures.find(({ name }) => name === "accuracy overall");
    expect(overall?.values).toEqual([0.8, 0.95]);
    expect(overall?.difference).toBeCloseTo(0.15, 12);
    expect(overall?.differenceInterval.low).toBeGreaterThan(0);
    expect(overall?.differenceInterval.high).toBeLessThan(0.35);
    expect(comparison.matrices[1]).toEqual(second.confusionMatrix());
    expect(comparison.mcnemar).toEqual(mcnemar(TRUTH, first.predictions, second.predictions));
  });

  it("claims no certainty where nothing is wrong", async () => {
    const comparison = compare({ one: wrongOn([]), two: wrongOn([]) }, { resamples: 20 });
    const overall = comparison.figures.find(({ name }) => name === "accuracy overall");
    // Wilson 1927 with none wrong: n / (n + z²), z = 1.96.
    expect(overall?.intervals[0].low).toBeCloseTo(40 / (40 + 1.959964 ** 2), 6);
    const text = String((await comparison[JUPYTER_DISPLAY]())["text/plain"]);
    expect(text).toMatch(/accuracy overall +1\.000 \[0\.912, 1\.000\]/);
    expect(text).toMatch(/accuracy by class +1\.000 +1\.000 +0\.000$/m);
    expect(text).toContain("Brackets: 95 % intervals");
  });

  it("finds no difference of a model from itself", () => {
    const { figures, changed, mcnemar: test } = compareEvaluations([first, first], { resamples: 20 });
    expect(changed).toEqual([]);
    for (const { differenceInterval } of figures) expect(differenceInterval).toEqual({ low: 0, high: 0 });
    expect(test.pValue).toBe(1);
  });

  it("shows itself with both names, and file names as what they are", async () => {
    const comparison = compare({ svm: first, "<head>": second }, { resamples: 50 });
    const html = await comparison.html();
    expect(html).toContain("&lt;head&gt; − svm");
    expect(html).toContain("Better with svm (1)");
    expect(html).toContain("&lt;20&gt;.jpg: cup taken for bowl, score 0.900");
    expect(html.match(/data:image\/svg\+xml/g)).toHaveLength(1);
    const bundle = await comparison[JUPYTER_DISPLAY]();
    expect(bundle["text/html"]).toBe(html);
    expect(bundle["text/plain"]).toContain("Better with <head> (7): <1>.jpg, <2>.jpg");
  });

  it("compares detectors by the mistakes on each picture", () => {
    const box = Float32Array.of(0, 0, 10, 10);
    const nothing = { boxes: new Float32Array(), scores: new Float32Array(), classes: new Int32Array() };
    const found = { boxes: box, scores: Float32Array.of(0.9), classes: Int32Array.of(0) };
    const of = (detections: (typeof found)[]) =>
      DetectionEvaluation.fromDetections({
        labels: ["egg"],
        truth: detections.map(() => ({ boxes: box, classes: [0] })),
        detections,
      });
    const { changed, figures, matrices } = compare([of([found, nothing, nothing]), of([nothing, found, nothing])], {
      resamples: 20,
    });
    expect(changed.map(({ index, side }) => [index, side])).toEqual([
      [0, "lost"],
      [1, "gained"],
    ]);
    expect(figures.map(({ name }) => name)).toEqual(["mAP at IoU 0.5", "mAP at IoU 0.75", "mistakes a picture"]);
    expect(matrices[0]).toEqual([
      [1, 2],
      [0, 0],
    ]);
  });

  it("refuses evaluations of other pictures, of other labels, and any number but two", () => {
    expect(() => compare([first, wrongOn([], TRUTH.slice(2))])).toThrow(
      /Expected 40 pictures for the second evaluation/,
    );
    expect(() => compare([first, wrongOn([], [...TRUTH].reverse())])).toThrow(/the same pictures in the same order/);
    expect(() => compare({ only: first })).toThrow(/Expected two evaluations for models but received 1/);
    expect(() => compare([first, second], { resample: 3 } as object)).toThrow(/compare's options/);
  });
});
