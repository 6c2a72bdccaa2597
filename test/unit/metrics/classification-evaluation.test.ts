import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { ClassificationEvaluation } from "../../../src/kernel-lib/metrics/classification-evaluation.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import type { Matrix } from "../../../src/kernel-lib/structures/matrix.js";
import { difference, fixture } from "./fixture.js";

const EPSILON = 1e-9;
const labels = ["cup", "bowl", "plate"];
const sample = fixture.evaluation;
const matrix = (rows: number[][]): Matrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  data: Float32Array.from(rows.flat()),
});
const images = (...names: string[][]) => ({ images: names.map((own, i) => ({ name: `${i}.jpg`, labels: own })) });
const classifier = (rows: number[][]) => ({ labels, score: () => Promise.resolve(matrix(rows)) });

describe("ClassificationEvaluation matches scikit-learn 1.7.2", () => {
  const evaluation = ClassificationEvaluation.fromScores({
    labels,
    truth: sample.truth,
    scores: { rows: sample.truth.length, columns: sample.classes, data: Float32Array.from(sample.scores) },
  });

  it("in predictions, accuracy and confusion matrix, with ties among the scores", () => {
    expect(evaluation.predictions).toEqual(sample.predicted);
    expect(evaluation.accuracy({ average: "overall" })).toBeCloseTo(sample.accuracy, 12);
    expect(evaluation.accuracy()).toBeCloseTo(sample.balancedAccuracy, 12);
    expect(evaluation.confusionMatrix()).toEqual(sample.confusion);
  });

  it.each(labels.map((label, i) => [label, i] as const))("in the curves of %s against the rest", (label, i) => {
    const pr = evaluation.precisionRecallCurve(label);
    const roc = evaluation.rocCurve(label);
    expect(difference(pr.precision, sample.pr[i]?.precision ?? [])).toBeLessThan(EPSILON);
    expect(difference(pr.recall, sample.pr[i]?.recall ?? [])).toBeLessThan(EPSILON);
    expect(difference(pr.thresholds, sample.pr[i]?.thresholds ?? [])).toBeLessThan(EPSILON);
    expect(difference(roc.fpr, sample.roc[i]?.fpr ?? [])).toBeLessThan(EPSILON);
    expect(difference(roc.tpr, sample.roc[i]?.tpr ?? [])).toBeLessThan(EPSILON);
    expect(evaluation.auc(label)).toBeCloseTo(sample.rocAuc[i] ?? NaN, 9);
    expect(evaluation.averagePrecision(label)).toBeCloseTo(sample.averagePrecision[i] ?? NaN, 9);
  });

  it("in the micro average, where no label is named", () => {
    expect(evaluation.auc()).toBeCloseTo(sample.microRocAuc, 9);
    expect(evaluation.averagePrecision()).toBeCloseTo(sample.microAveragePrecision, 9);
  });
});

describe("ClassificationEvaluation", () => {
  const scores = [
    [0.9, 0.1, 0],
    [0.8, 0.2, 0],
    [0.1, 0.7, 0.2],
    [0.6, 0.3, 0.1],
  ];
  const set = images(["cup"], ["cup", "plate"], ["bowl"], ["bowl"]);

  it("runs a model over a set, taking each picture's first label as the truth", async () => {
    const evaluation = await ClassificationEvaluation.run(classifier(scores), set);
    expect(evaluation.truth).toEqual([0, 0, 1, 1]);
    expect(evaluation.predictedLabels).toEqual(["cup", "cup", "bowl", "cup"]);
    expect(evaluation.accuracy()).toBe(0.75);
    expect([...evaluation.accuracyByLabel()]).toEqual([
      ["cup", 1],
      ["bowl", 0.5],
      ["plate", NaN],
    ]);
    expect(evaluation.confusionMatrix({ normalize: "true" })).toEqual([
      [1, 0, 0],
      [0.5, 0.5, 0],
      [0, 0, 0],
    ]);
    expect(evaluation.precisionRecallF1().map((row) => [row.label, row.support])).toEqual([
      ["cup", 2],
      ["bowl", 2],
      ["plate", 0],
    ]);
  });

  it("says how sure its scores are and how right that is, and how sure its figures", async () => {
    const evaluation = await ClassificationEvaluation.run(classifier(scores), set);
    expect(evaluation.topK(1)).toBe(evaluation.accuracy({ average: "overall" }));
    expect(evaluation.topK(2)).toBe(1);
    expect(evaluation.logLoss()).toBeCloseTo(-Math.log(0.9 * 0.8 * 0.7 * 0.3) / 4, 6);
    const sure = evaluation.calibration(undefined, { bins: 1 });
    expect(sure).toEqual({ predicted: [expect.closeTo(0.75, 6)], observed: [0.75], counts: [4] });
    expect(evaluation.calibrationError({ bins: 1 })).toBeCloseTo(0, 6);
    expect(evaluation.calibration("bowl", { bins: 2 }).counts).toEqual([3, 1]);
    const interval = evaluation.interval();
    expect(interval).toEqual(evaluation.interval((e) => e.accuracy(), { seed: 0 }));
    expect(interval.low).toBeLessThan(0.75);
    expect(interval.high).toBe(1);
    expect(evaluation.interval((e) => e.truth.length)).toEqual({ low: 4, high: 4 });
  });

  it("hands batch size and signal on to the model", async () => {
    const { signal } = new AbortController();
    let received: unknown;
    const model = {
      labels,
      score: (_set: unknown, options?: object) => {
        received = options;
        return Promise.resolve(matrix(scores));
      },
    };
    await ClassificationEvaluation.run(model, set, { batchSize: 7, signal });
    expect(received).toEqual({ batchSize: 7, signal });
  });

  it("weighs 20 right of 22 by class where the classes differ in size", () => {
    const truth = [...Array<number>(10).fill(0), ...Array<number>(12).fill(1)];
    const wrong = new Set([0, 1]);
    const rows = truth.map((t, i) => (t === 0 && !wrong.has(i) ? [1, 0] : [0, 1]));
    const evaluation = ClassificationEvaluation.fromScores({ labels: ["a", "b"], truth, scores: matrix(rows) });
    expect(evaluation.accuracy()).toBeCloseTo((0.8 + 1) / 2, 12);
    expect(evaluation.accuracy({ average: "overall" })).toBeCloseTo(20 / 22, 12);
  });

  it("lists of many labels those that are found worst, instead of a matrix that nobody reads", () => {
    const labels = Array.from({ length: 60 }, (_, i) => `<${i}>`);
    const truth = labels.map((_, i) => i);
    const data = new Float32Array(3600);
    // Label 41 is taken for 7, all others are right.
    for (const i of truth) data[60 * i + (i === 41 ? 7 : i)] = 1;
    const evaluation = ClassificationEvaluation.fromScores({ labels, truth, scores: { rows: 60, columns: 60, data } });
    const lines = inspect(evaluation).split("\n");
    expect(lines).toHaveLength(23);
    expect(lines[2]).toMatch(/^<41> +1 +0\.00 % +<7> \(1\)$/);
    expect(lines[22]).toMatch(/^The 20 labels of 60 with the lowest accuracy/);
    const shown = evaluation as unknown as Record<symbol, () => Record<string, string>>;
    const html = shown[Symbol.for("Jupyter.display")]?.()["text/html"] ?? "";
    expect(html.match(/<tr>/g)).toHaveLength(21);
    expect(html).toContain("&lt;7&gt; (1)");
  });

  it("shows itself as an HTML table and as text, with foreign labels made harmless", async () => {
    const hostile = { labels: ["<script>", "b&b"], score: () => Promise.resolve(matrix([[1, 0]])) };
    const evaluation = await ClassificationEvaluation.run(hostile, images(["<script>"]));
    const display = (evaluation as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for("Jupyter.display")
    ];
    const bundle = display?.call(evaluation);
    expect(bundle?.["text/html"]).toContain(
      '<table><caption style="text-align:left">Accuracy 100.00 % by class, 100.00 % overall, on 1 picture',
    );
    expect(bundle?.["text/html"]).toContain(
      '<th scope="row" style="text-align:left">&lt;script&gt;</th><td><b>1</b></td><td>0</td>',
    );
    expect(bundle?.["text/html"]).not.toContain("<script>");
    expect(bundle?.["text/plain"]).toBe(inspect(evaluation));
    expect(inspect(evaluation)).toBe(
      [
        "Accuracy 100.00 % by class, 100.00 % overall, on 1 picture",
        "truth \\ prediction  <script>  b&b  accuracy",
        "<script>                   1    0  100.00 %",
        "b&b                        0    0         –",
      ].join("\n"),
    );
  });
});

describe("ClassificationEvaluation refuses", () => {
  const run = (set: ReturnType<typeof images>, scores: number[][] = [[1, 0, 0]]) =>
    ClassificationEvaluation.run(classifier(scores), set).catch((error: unknown) => error);

  it.each([
    ["an empty set", images(), "InvalidDataset", "holds no pictures"],
    ["a picture without a label", images([]), "InvalidDataset", "0.jpg: it has no label"],
    ["a label the model does not have", images(["fork"]), "UnknownLabel", '"cup", "bowl", "plate" but received "fork"'],
    ["scores of another shape", images(["cup"], ["cup"]), "InvalidOption", "2 rows (pictures) and 3 columns (labels)"],
  ] as const)("%s", async (_, set, code, message) => {
    const error = await run(set);
    expect(isVitrineError(error, code)).toBe(true);
    expect((error as Error).message).toContain(message);
  });

  it("scores that are not numbers", async () => {
    const error = await run(images(["cup"]), [[1, NaN, 0]]);
    expect((error as Error).message).toBe("Expected a finite number for scores, row 0, column 1, but received NaN");
  });

  it("scores that are no matrix, and a label that is there twice", () => {
    const refused = (given: object) => expect(() => ClassificationEvaluation.fromScores(given as never));
    const expected = "Expected a matrix { rows, columns, data } for scores but received";
    refused({ labels: ["a", "b"], truth: [0] }).toThrow(`${expected} undefined`);
    refused({ labels: ["a", "b"], truth: [0], scores: [[0.1, 0.9]] }).toThrow(`${expected} [[0.1,0.9]]`);
    refused({ labels: ["a", "a"], truth: [0], scores: matrix([[0.1, 0.9]]) }).toThrow(
      'all different for labels but received "a"',
    );
  });

  it("truth beyond the labels, and an unknown label of a curve", () => {
    const make = (truth: (number | string)[]) =>
      ClassificationEvaluation.fromScores({ labels, truth, scores: matrix([[1, 0, 0]]) });
    expect(() => make([3])).toThrow("Expected a label's index below 3 for truth[0] but received 3");
    expect(() => make(["fork"])).toThrow('but received "fork"');
    expect(() => make(["cup"]).auc("fork")).toThrow('but received "fork"');
  });
});
