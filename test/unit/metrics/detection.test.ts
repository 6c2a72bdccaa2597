import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { CocoFigures } from "../../../src/kernel-lib/metrics/detection/coco-summary.js";
import type { ErrorAnalysis } from "../../../src/kernel-lib/metrics/detection/error-kinds.js";
import { DetectionEvaluation } from "../../../src/kernel-lib/metrics/detection-evaluation.js";
import { cocoEvaluate, vocAveragePrecision } from "../../../src/kernel-lib/metrics/index.js";
import { byPicture, type CocoCase } from "./coco-pictures.js";

function fixture<T>(name: string): (CocoCase & T)[] {
  const path = new URL(`../../fixtures/detection-metrics/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as (CocoCase & T)[];
}

const near = (received: number, expected: number | null, digits = 9) => {
  if (expected === null) expect(received).toBeNaN();
  else expect(received).toBeCloseTo(expected, digits);
};

describe("cocoEvaluate matches pycocotools 2.0.11", () => {
  const cases = fixture<{ figures: CocoFigures; byCategory: CocoFigures[]; difficult: boolean }>("coco");
  const names = Object.keys(cases[0]?.figures ?? {}) as (keyof CocoFigures)[];

  it.each(cases.filter(({ difficult }) => !difficult))("$name", ({ groundTruth, detections, figures, byCategory }) => {
    const evaluation = cocoEvaluate(groundTruth, detections);
    expect(names).toHaveLength(12);
    for (const name of names) {
      near(evaluation[name], figures[name]);
      byCategory.forEach((own, i) => near(evaluation.byCategory[i]?.[name] ?? NaN, own[name]));
    }
    expect(evaluation.byCategory.map(({ id, name }) => `${id} ${name}`)[1]).toBe("2 class 2");
  });

  it.each(cases)("$name, from boxes by picture", (one) => {
    const coco = DetectionEvaluation.fromDetections(byPicture(one, true)).coco();
    for (const name of names) {
      near(coco[name], one.figures[name]);
      one.byCategory.forEach((own, i) => near(coco.byLabel.get(`class ${i + 1}`)?.[name] ?? NaN, own[name]));
    }
  });

  it("takes other overlaps", () => {
    const [one] = cases;
    if (!one) throw new Error("no case");
    const half = cocoEvaluate(one.groundTruth, one.detections, { iouThresholds: [0.5] });
    expect(half.ap).toBeCloseTo(one.figures.ap50, 9);
    expect(half.ap75).toBe(-1);
  });

  it.each<[string, (one: CocoCase) => unknown, RegExp]>([
    [
      "a NaN in a box",
      (c) => (c.detections[0]?.bbox ?? []).fill(NaN),
      /^Expected x, y, width and height.*detections\[0\]\.bbox/,
    ],
    ["a score that is none", (c) => Object.assign(c.detections[1] ?? {}, { score: NaN }), /detections\[1\]\.score/],
    [
      "an unknown picture",
      (c) => Object.assign(c.detections[0] ?? {}, { image_id: 4711 }),
      /detections\[0\]\.image_id/,
    ],
    [
      "an unknown category",
      (c) => Object.assign(c.detections[0] ?? {}, { category_id: 91 }),
      /category_id but received 91/,
    ],
    ["a category twice", (c) => c.groundTruth.categories.push({ id: 1, name: "again" }), /no id twice for categories/],
  ])("refuses %s", (_, spoil, sentence) => {
    const one = structuredClone(cases[0] as CocoCase);
    spoil(one);
    expect(() => cocoEvaluate(one.groundTruth, one.detections)).toThrow(sentence);
  });
});

describe("Pascal VOC's figures match gluoncv 0.10.5", () => {
  interface Voc {
    iou: number;
    area: (number | null)[];
    "11-point": (number | null)[];
    recall: (number[] | null)[];
    precision: number[][];
    matches: number[][];
  }
  const cases = fixture<Voc>("voc");

  it.each(cases)("average precision: $name", (one) => {
    const evaluation = DetectionEvaluation.fromDetections(byPicture(one));
    for (const method of ["area", "11-point"] as const) {
      one[method].forEach((expected, i) => {
        near(evaluation.averagePrecision(`class ${i + 1}`, { iou: one.iou, method }), expected);
      });
      const known = one[method].filter((value) => value !== null);
      const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
      near(evaluation.averagePrecision(undefined, { iou: one.iou, method }), mean);
      near(vocAveragePrecision(byPicture(one), { iou: one.iou, method }).mean, mean);
    }
  });

  it.each(cases)("precision-recall curve of a class: $name", (one) => {
    const evaluation = DetectionEvaluation.fromDetections(byPicture(one));
    one.precision.forEach((precision, i) => {
      const curve = evaluation.precisionRecallCurve(`class ${i + 1}`, { iou: one.iou });
      // Where a detection counts neither way, gluoncv repeats the point before it.
      const counting = (one.matches[i] ?? []).map((match) => match !== -1);
      const points = precision.filter((_, at) => counting[at]).reverse();
      curve.precision.slice(0, -1).forEach((value, at) => near(value, points[at] ?? NaN));
      expect(curve.precision).toHaveLength(points.length + 1);
      const recall = one.recall[i]?.filter((_, at) => counting[at]).reverse();
      curve.recall.slice(0, -1).forEach((value, at) => near(value, recall?.[at] ?? null));
      expect([curve.precision.at(-1), curve.recall.at(-1)]).toEqual([1, 0]);
    });
  });
});

describe("errors", () => {
  type Tide = Omit<ErrorAnalysis, "errors">;

  it.each(fixture<Tide>("tide"))("match tidecv 1.0.1: $name", (one) => {
    const analysis = DetectionEvaluation.fromDetections(byPicture(one)).errors();
    expect(analysis.counts).toEqual(one.counts);
    near(analysis.ap, one.ap);
    for (const kind of Object.keys(one.dAP) as (keyof Tide["dAP"])[]) near(analysis.dAP[kind], one.dAP[kind]);
    near(analysis.falsePositiveDAP, one.falsePositiveDAP);
    near(analysis.falseNegativeDAP, one.falseNegativeDAP);
  });

  it("say which detection and which object, by their places in the picture", () => {
    const evaluation = DetectionEvaluation.fromDetections({
      labels: ["cup", "bowl"],
      truth: [
        { boxes: [0, 0, 10, 10], classes: [0] },
        { boxes: [0, 0, 10, 10, 50, 50, 60, 60], classes: [0, 1] },
      ],
      detections: [
        { boxes: Float32Array.of(0, 0, 10, 10), scores: Float32Array.of(0.9), classes: Int32Array.of(0) },
        {
          boxes: Float32Array.of(0, 0, 10, 10, 0, 0, 10, 10, 80, 80, 90, 90, 50, 50, 60, 60, 0, 5, 10, 15),
          scores: Float32Array.of(0.9, 0.8, 0.7, 0.6, 0.5),
          classes: Int32Array.of(0, 0, 1, 0, 0),
        },
      ],
    });
    // The last one overlaps the cup by a third.
    expect(evaluation.errors().errors).toEqual([
      { kind: "duplicate", picture: 1, detection: 1, truth: 0 },
      { kind: "background", picture: 1, detection: 2 },
      { kind: "classification", picture: 1, detection: 3, truth: 1 },
      { kind: "localization", picture: 1, detection: 4, truth: 0 },
    ]);
  });
});

describe("the confusion matrix", () => {
  it.each(fixture<{ iou: number; score: number; matrix: number[][] }>("matrix"))(
    "matches supervision 0.31.2: $name",
    (one) => {
      const evaluation = DetectionEvaluation.fromDetections(byPicture(one));
      const { iou, score } = one;
      expect(evaluation.confusionMatrix({ iou, score })).toEqual(one.matrix);
      const counts = evaluation.counts({ iou, score });
      counts.forEach(({ right, wrong, missed }, i) => {
        expect(right).toBe(one.matrix[i]?.[i]);
        expect(right + missed).toBe(one.matrix[i]?.reduce((sum, count) => sum + count, 0));
        expect(right + wrong).toBe(one.matrix.reduce((sum, row) => sum + (row[i] ?? 0), 0));
      });
    },
  );

  it("leaves out difficult objects and the detections on them", () => {
    const evaluation = DetectionEvaluation.fromDetections({
      labels: ["cup"],
      truth: [{ boxes: [0, 0, 10, 10], classes: [0], difficult: [true] }],
      detections: [{ boxes: Float32Array.of(0, 0, 10, 9), scores: Float32Array.of(0.9), classes: Int32Array.of(0) }],
    });
    expect(evaluation.confusionMatrix()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(evaluation.pairs(0)).toEqual({ pairs: [], missed: [], spurious: [], ignored: [0] });
    expect(evaluation.averagePrecision("cup")).toBeNaN();
  });

  const box = fc
    .tuple(fc.nat(40), fc.nat(40), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }))
    .map(([x, y, w, h]) => [x, y, x + w, y + h]);
  const labelled = fc.array(fc.tuple(box, fc.nat(2)), { maxLength: 8 });

  it("accounts for every object and every detection once", () => {
    fc.assert(
      fc.property(labelled, labelled, fc.double({ min: 0.05, max: 1, noNaN: true }), (there, found, iou) => {
        const evaluation = DetectionEvaluation.fromDetections({
          labels: ["a", "b", "c"],
          truth: [{ boxes: there.flatMap(([b]) => b), classes: there.map(([, c]) => c) }],
          detections: [
            {
              boxes: Float32Array.from(found.flatMap(([b]) => b)),
              scores: Float32Array.from(found, (_, i) => 1 - i / 100),
              classes: Int32Array.from(found, ([, c]) => c),
            },
          ],
        });
        const matrix = evaluation.confusionMatrix({ iou, score: 0 });
        const rows = matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
        const columns = matrix.map((_, i) => matrix.reduce((sum, row) => sum + (row[i] ?? 0), 0));
        for (const c of [0, 1, 2]) {
          expect(rows[c]).toBe(there.filter(([, own]) => own === c).length);
          expect(columns[c]).toBe(found.filter(([, own]) => own === c).length);
        }
        expect(matrix[3]?.[3]).toBe(0);
      }),
    );
  });
});

describe("DetectionEvaluation", () => {
  const boxes = Float32Array.of(0, 0, 10, 10);
  const found = { boxes, scores: Float32Array.of(0.9), classes: Int32Array.of(0) };
  const egg = {
    label: "egg",
    xmin: 0,
    ymin: 0,
    xmax: 10,
    ymax: 10,
    difficult: false,
    truncated: false,
    occluded: false,
  };
  const dataset = {
    images: [
      { name: "one.jpg", boxes: [egg] },
      { name: "two.jpg", boxes: [] },
    ],
  };
  const nothing = { boxes: new Float32Array(), scores: new Float32Array(), classes: new Int32Array() };

  it("runs a detector and names the figures as TensorFlow's detection API did", async () => {
    const detector = { labels: ["egg", "milk"], detect: () => Promise.resolve([found, nothing]) };
    const evaluation = await DetectionEvaluation.run(detector, dataset);
    expect(evaluation.summary()).toEqual({
      "PASCAL/PerformanceByCategory/AP@0.5IOU/egg": 1,
      // No picture has milk: it has no figure, and the mean leaves it out.
      "PASCAL/PerformanceByCategory/AP@0.5IOU/milk": NaN,
      "PASCAL/Precision/mAP@0.5IOU": 1,
      "COCO/Precision/mAP@[.5:.95]": 1,
    });
    const shown = evaluation as unknown as { [key: symbol]: () => Record<string, string> };
    const bundle = shown[Symbol.for("Jupyter.display")]?.();
    expect(bundle?.["text/plain"]).toContain("mAP 1.000 at IoU 0.5, 1.000 over IoU 0.5 to 0.95, on 2 pictures");
    expect(bundle?.["text/html"]).toContain('<th scope="row" style="text-align:left">milk</th><td>–</td>');
  });

  it.each<[string, unknown, unknown, RegExp]>([
    [
      "pictures with labels",
      { labels: ["egg"] },
      { images: [{ name: "a.png", labels: [] }] },
      /a\.png has no boxes: a detector is judged/,
    ],
    ["nothing", { labels: ["egg"] }, undefined, /Expected a data set for dataset but received undefined/],
    ["the two the other way round", dataset, { labels: ["egg"] }, /Expected a detector for detector but received/],
  ])("refuses %s", async (_, detector, given, message) => {
    const whole = detector === dataset ? detector : { ...(detector as object), detect: () => Promise.resolve([]) };
    await expect(DetectionEvaluation.run(whole as never, given as never)).rejects.toThrow(message);
  });

  it("says how sure a figure is", () => {
    const evaluation = DetectionEvaluation.fromDetections({
      labels: ["egg"],
      truth: Array.from({ length: 20 }, () => ({ boxes, classes: [0] })),
      detections: Array.from({ length: 20 }, (_, i) => (i < 15 ? found : nothing)),
    });
    const { low, high } = evaluation.interval((e) => e.counts()[0]?.recall ?? NaN, { resamples: 400 });
    expect(low).toBeGreaterThan(0.45);
    expect(low).toBeLessThan(0.65);
    expect(high).toBeGreaterThan(0.85);
    expect(high).toBeLessThan(1);
  });

  it("names the picture whose label the detector never saw", async () => {
    const detector = { labels: ["milk"], detect: () => Promise.resolve([found, nothing]) };
    await expect(DetectionEvaluation.run(detector, dataset)).rejects.toThrow(
      'one.jpg: Expected one of the labels "milk" but received "egg"',
    );
  });

  const from = (over: object) => () =>
    DetectionEvaluation.fromDetections({
      labels: ["egg"],
      truth: [{ boxes, classes: [0] }],
      detections: [found],
      ...over,
    });

  it.each<[string, object, RegExp]>([
    ["an empty test set", { truth: [], detections: [] }, /the evaluated set: it holds no pictures/],
    ["another number of pictures", { detections: [found, found] }, /Expected 1 entries, one a picture, for detections/],
    [
      "a NaN score",
      { detections: [{ ...found, scores: Float32Array.of(NaN) }] },
      /a finite number for detections\[0\]\.scores\[0\]/,
    ],
    ["a NaN in a box", { detections: [{ ...found, boxes: Float32Array.of(0, NaN, 1, 1) }] }, /detections\[0\], box 0,/],
    ["an inverted box", { truth: [{ boxes: [5, 0, 1, 1], classes: [0] }] }, /xmin ≤ xmax.*truth\[0\], box 0,/],
    ["a class without a label", { detections: [{ ...found, classes: Int32Array.of(1) }] }, /a label's index below 1/],
    ["boxes that are not four numbers each", { truth: [{ boxes: [1, 2, 3], classes: [0] }] }, /4 × 1 numbers/],
    [
      "fewer scores than boxes",
      { detections: [{ ...found, scores: new Float32Array() }] },
      /1 scores for detections\[0\]/,
    ],
    ["no labels", { labels: [] }, /at least one label for labels/],
  ])("refuses %s", (_, over, sentence) => {
    expect(from(over)).toThrow(sentence);
  });

  it("refuses thresholds that are none, and options nobody knows", () => {
    const evaluation = from({})();
    expect(() => evaluation.confusionMatrix({ iou: 1.5 })).toThrow(
      "Expected a number between 0 and 1 for iou but received 1.5",
    );
    expect(() => evaluation.counts({ scoer: 0.3 } as object)).toThrow(/one of iou, score/);
    expect(() => evaluation.averagePrecision("milk")).toThrow(/one of the labels "egg"/);
  });
});
