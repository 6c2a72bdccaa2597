/** A detector's results at two thresholds, by the boxes as they are now: verdicts, figures, plots, and what a point of a plot is about. */
import type { PairedBoxes } from "../metrics/detection/box-pairs.js";
import type { ErrorAnalysis } from "../metrics/detection/error-kinds.js";
import { DetectionEvaluation, type PictureTruth } from "../metrics/detection-evaluation.js";
import {
  confusionMatrixSpec,
  errorCountsSpec,
  histogramRange,
  type PlotSpec,
  precisionRecallPlot,
  scoreHistogramSpec,
  shownPoints,
} from "../plots/index.js";
import {
  BACKGROUND,
  DETECTION_ERROR_KINDS,
  type DetectionErrorKind,
  type DetectionPlot,
  type DetectionResultsFilter,
  type DetectionResultsState,
  EVERY_DETECTION,
  type FigurePanel,
} from "../protocol/index.js";
import type { Detections } from "../structures/detections.js";
import type { ObjectBox } from "../structures/object-box.js";
import { describePlot } from "./describe-plot.js";

const BINS = 20;

/** A filter that lists what was clicked, and the score threshold that goes with it. */
export interface PickedDetections {
  filter: DetectionResultsFilter;
  score?: number;
}

export class DetectionAnalysis {
  readonly labels: readonly string[];
  private readonly boxes: () => readonly (readonly ObjectBox[])[];
  private readonly detections: readonly Detections[];
  private cut = { score: 0.5, iou: 0.5 };
  private evaluation: DetectionEvaluation | undefined;
  private known = new Map<string, unknown>();

  /** @param boxes of every picture, as they are when it is called */
  constructor(
    labels: readonly string[],
    boxes: () => readonly (readonly ObjectBox[])[],
    detections: readonly Detections[],
  ) {
    this.labels = labels;
    this.boxes = boxes;
    this.detections = detections;
  }

  get thresholds(): Readonly<{ score: number; iou: number }> {
    return this.cut;
  }

  set thresholds(cut: Readonly<{ score: number; iou: number }>) {
    this.cut = { ...cut };
    this.known.clear();
  }

  /** A box has changed: what was computed is out of date. */
  forget(): void {
    this.evaluation = undefined;
    this.known.clear();
  }

  pairs(id: number): PairedBoxes {
    return this.once(`pairs ${id}`, () => this.now().pairs(id, this.cut));
  }

  mistakes(): readonly number[] {
    return this.once("mistakes", () => this.now().mistakes(this.cut));
  }

  /** Kinds of errors by picture, among the detections that count. */
  kinds(id: number): ReadonlySet<DetectionErrorKind> {
    const byPicture = this.once("kinds", () => {
      const kinds = new Map<number, Set<DetectionErrorKind>>();
      for (const { kind, picture } of this.errors().errors) {
        kinds.set(picture, (kinds.get(picture) ?? new Set<DetectionErrorKind>()).add(kind));
      }
      return kinds;
    });
    return byPicture.get(id) ?? new Set();
  }

  totals(): Pick<DetectionResultsState, "right" | "wrong" | "missed" | "figures"> {
    const counts = this.now().counts(this.cut);
    const sum = (key: "right" | "wrong" | "missed") => counts.reduce((total, one) => total + one[key], 0);
    const [right, wrong, missed] = [sum("right"), sum("wrong"), sum("missed")];
    const precision = right / (right + wrong);
    const recall = right / (right + missed);
    const figure = (name: string, value: number) => ({ name, value, low: NaN, high: NaN });
    const { iou } = this.cut;
    return {
      right,
      wrong,
      missed,
      figures: [
        figure(`mAP at IoU ${iou}`, this.now().averagePrecision(undefined, { iou })),
        figure("Precision", precision),
        figure("Recall", recall),
        figure("F1", (2 * right) / (2 * right + wrong + missed)),
      ],
    };
  }

  panel(kind: DetectionPlot): FigurePanel | null {
    if (kind === "none") return null;
    return this.once(`plot ${kind}`, () => {
      const spec = this.draw(kind);
      return { spec: { ...spec }, description: describePlot(spec), height: 340 };
    });
  }

  pick(kind: DetectionPlot, trace: number, index: number | readonly number[]): PickedDetections | undefined {
    const all = [...this.labels, BACKGROUND];
    if (kind === "matrix" && Array.isArray(index)) {
      const [row = -1, column = -1] = index as readonly number[];
      const [truth, found] = [all[row], all[column]];
      return truth === undefined || found === undefined ? undefined : { filter: { ...EVERY_DETECTION, truth, found } };
    }
    if (typeof index !== "number") return undefined;
    if (kind === "errors") return { filter: { ...EVERY_DETECTION, kind: DETECTION_ERROR_KINDS[index] ?? null } };
    return kind === "scores" ? this.pickedBin(trace, index) : this.pickedPoint(trace, index);
  }

  private pickedBin(trace: number, index: number): PickedDetections {
    const [low, high] = histogramRange(this.scores());
    const width = (high - low) / BINS;
    const end = index >= BINS - 1 ? null : low + (index + 1) * width;
    const from = low + index * width;
    // Bars below the threshold are of detections that would not be shown.
    const score = Math.min(this.cut.score, Math.fround(from));
    return { filter: { ...EVERY_DETECTION, range: { low: from, high: end, right: trace === 0 } }, score };
  }

  private pickedPoint(trace: number, index: number): PickedDetections | undefined {
    const drawn = this.labels.filter((label) => !Number.isNaN(this.now().averagePrecision(label)));
    const label = drawn[trace];
    if (label === undefined) return undefined;
    const { precision, recall, thresholds } = this.now().precisionRecallCurve(label);
    const score = thresholds[shownPoints(recall, precision)[index] ?? -1];
    return { filter: { ...EVERY_DETECTION, found: label }, ...(score !== undefined && { score }) };
  }

  private draw(kind: Exclude<DetectionPlot, "none">): PlotSpec {
    const now = this.now();
    if (kind === "matrix") return confusionMatrixSpec(now.confusionMatrix(this.cut), [...this.labels, BACKGROUND]);
    if (kind === "curve") return precisionRecallPlot(now);
    if (kind === "errors") return errorCountsSpec([{ name: "errors", ...this.errors() }], "counts");
    const spec = scoreHistogramSpec(this.scores(), { bins: BINS, title: "Scores of detections" });
    return { ...spec, layout: { ...spec.layout, yaxis: { title: { text: "Detections" }, rangemode: "tozero" } } };
  }

  /** Scores of right and of wrong detections, whatever the score threshold is. */
  private scores() {
    return this.once("scores", () => {
      const right: number[] = [];
      const wrong: number[] = [];
      this.detections.forEach(({ scores }, id) => {
        const { pairs, spurious } = this.now().pairs(id, { iou: this.cut.iou, score: -Number.MAX_VALUE });
        for (const pair of pairs) (this.sameLabel(id, pair) ? right : wrong).push(scores[pair.detection] ?? NaN);
        for (const place of spurious) wrong.push(scores[place] ?? NaN);
      });
      return [
        { name: "right", scores: right },
        { name: "wrong", scores: wrong },
      ];
    });
  }

  /** Whether the detection of a pair has the label of its object. */
  sameLabel(id: number, { truth, detection }: { truth: number; detection: number }): boolean {
    const label = this.labels[this.detections[id]?.classes[detection] ?? -1];
    return this.boxes()[id]?.[truth]?.label === label;
  }

  private errors(): ErrorAnalysis {
    return this.once("errors", () => {
      const counting = this.detections.map((found) => atLeast(found, this.cut.score));
      const { labels, truth } = this.now();
      const evaluation = DetectionEvaluation.fromDetections({ labels, truth, detections: counting });
      return evaluation.errors({ iou: this.cut.iou });
    });
  }

  private now(): DetectionEvaluation {
    this.evaluation ??= DetectionEvaluation.fromDetections({
      labels: this.labels,
      truth: this.boxes().map((own) => truthOf(this.labels, own)),
      detections: this.detections,
    });
    return this.evaluation;
  }

  /** Computed when it is first asked for, until a threshold or a box changes. */
  // The key decides what kind of thing is kept under it: the cast is no more than that.
  private once<T>(key: string, compute: () => T): T {
    if (!this.known.has(key)) this.known.set(key, compute());
    return this.known.get(key) as T;
  }
}

function truthOf(labels: readonly string[], boxes: readonly ObjectBox[]): PictureTruth {
  return {
    boxes: boxes.flatMap(({ xmin, ymin, xmax, ymax }) => [xmin, ymin, xmax, ymax]),
    classes: boxes.map(({ label }) => labels.indexOf(label)),
    difficult: boxes.map(({ difficult }) => difficult),
    crowd: boxes.map(({ crowd = false }) => crowd),
  };
}

function atLeast({ boxes, scores, classes }: Detections, score: number): Detections {
  const kept = Array.from(scores.keys()).filter((place) => (scores[place] ?? NaN) >= score);
  return {
    boxes: Float32Array.from(kept.flatMap((place) => Array.from(boxes.subarray(4 * place, 4 * place + 4)))),
    scores: Float32Array.from(kept, (place) => scores[place] ?? NaN),
    classes: Int32Array.from(kept, (place) => classes[place] ?? 0),
  };
}
