/**
 * How good a detector is on pictures with boxes: detects once, every figure from the detections.
 *
 * P pictures, L labels. Two thresholds come up everywhere: `iou`, from which overlap a detection is in the right place, and
 * `score`, from which a detection counts at all. Difficult objects and crowds, and detections on them, count neither way.
 */
import type { Detections } from "../structures/detections.js";
import { choiceOption, datasetOption, givenOption, knownOptions, numberOption } from "../structures/options.js";
import {
  addToMatrix,
  pairBoxes,
  type PairedBoxes,
  type PictureBoxes,
  type PictureTruthBoxes,
} from "./detection/box-pairs.js";
import type { DetectionTables } from "./detection/box-table.js";
import { COCO_THRESHOLDS, type CocoFigures, cocoSummary, type CocoSummary } from "./detection/coco-summary.js";
import { analyseErrors, type DetectionError, type ErrorAnalysis } from "./detection/error-kinds.js";
import {
  rankVoc,
  type RankedDetections,
  VOC_METHODS,
  vocAveragePrecision,
  type VocMethod,
} from "./detection/voc-average-precision.js";
import { detectionAsHtml, detectionAsText } from "./detection-display.js";
import { type BoxedImages, boxedTruth, detectionTables, type PictureTruth } from "./detection-input.js";
import { checkPictures, checkPlaces, type EvaluatedPicture, labelIndex } from "./evaluation-input.js";
import { bootstrapInterval, type BootstrapOptions, type Interval } from "./interval.js";
import type { PrecisionRecallCurve } from "./precision-recall-curve.js";
import { thresholdCounts } from "./threshold-counts.js";

export type { BoxedImages, PictureTruth } from "./detection-input.js";

export interface DetectOptions {
  /** Pictures a batch. */
  batchSize?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Anything that finds objects: one entry a picture, in the data set's order. */
export interface ObjectDetector<D extends BoxedImages = BoxedImages> {
  readonly labels: readonly string[];
  detect(dataset: D, options?: DetectOptions): Promise<Detections[]>;
}

export interface OverlapOptions {
  /** From which intersection over union a detection is in the right place, in 0..1. Default 0.5. */
  iou?: number;
}

export interface AveragePrecisionOptions extends OverlapOptions {
  /**
   * "area": under the curve, after each precision has become the best at its recall or more (VOC 2010 to 2012); "11-point": the
   * mean of eleven of those (VOC 2007). Default "area". COCO's is `coco()`.
   */
  method?: VocMethod;
}

export interface CutOptions extends OverlapOptions {
  /** From which score a detection counts. Default 0.5. */
  score?: number;
}

export interface ErrorKindOptions extends OverlapOptions {
  /** Up to which overlap a detection is on the background, in 0..1. Default 0.1. */
  background?: number;
}

/** Detections and objects of one label at chosen thresholds. */
export interface DetectionCounts {
  label: string;
  /** Objects that a detection of their label found. */
  right: number;
  /** Detections without an object of their label. */
  wrong: number;
  /** Objects without a detection of their label. */
  missed: number;
  /** In 0..1; NaN where nothing was detected. */
  precision: number;
  /** In 0..1; NaN where there is nothing to find. */
  recall: number;
}

/**
 * How good a detector is on pictures with boxes: detects once, and gives every figure from that.
 *
 * ```ts
 * const evaluation = await DetectionEvaluation.run(detector, test);
 * evaluation.averagePrecision();                 // the mean over labels, at an overlap of 0.5
 * ```
 */
export class DetectionEvaluation {
  /** The classes, in the order of the detections' indices. */
  readonly labels: readonly string[];
  /** What is there, by picture. */
  readonly truth: readonly PictureTruth[];
  /** What was found, by picture. */
  readonly detections: readonly Detections[];
  /** The pictures, in the order of `detections`; undefined where only detections were given. */
  readonly pictures: readonly EvaluatedPicture[] | undefined;
  private readonly tables: DetectionTables;
  private readonly ranked = new Map<number, RankedDetections[]>();
  private readonly start: { truth: Int32Array; detections: Int32Array };

  private constructor(
    labels: readonly string[],
    truth: readonly PictureTruth[],
    detections: readonly Detections[],
    pictures?: readonly EvaluatedPicture[],
  ) {
    this.tables = detectionTables(labels, truth, detections);
    checkPictures(pictures, truth.length);
    this.pictures = pictures && [...pictures];
    this.labels = [...labels];
    this.truth = [...truth];
    this.detections = [...detections];
    this.start = { truth: starts(truth), detections: starts(detections) };
  }

  /**
   * Detects in every picture of `dataset` by `detector`.
   *
   * @throws InvalidDataset where there is no picture, or pictures have no boxes at all
   * @throws UnknownLabel where a box's label is not among the detector's
   */
  static async run<D extends BoxedImages>(
    detector: ObjectDetector<D>,
    dataset: D,
    options: DetectOptions = {},
  ): Promise<DetectionEvaluation> {
    givenOption("detector", detector, ["labels", "detect"], "a detector");
    const truth = boxedTruth(detector.labels, datasetOption(dataset));
    return new DetectionEvaluation(detector.labels, truth, await detector.detect(dataset, options), dataset.images);
  }

  /** From detections that are there already. */
  static fromDetections(from: {
    labels: readonly string[];
    truth: readonly PictureTruth[];
    detections: readonly Detections[];
    /** Where each picture is: a report shows it. */
    pictures?: readonly EvaluatedPicture[];
  }): DetectionEvaluation {
    return new DetectionEvaluation(from.labels, from.truth, from.detections, from.pictures);
  }

  /** Pascal VOC's average precision of a label, in 0..1; NaN where there is nothing to find. Without a label, the mean. */
  averagePrecision(label?: string, options: AveragePrecisionOptions = {}): number {
    knownOptions("averagePrecision", options, ["iou", "method"]);
    const method = choiceOption("method", options.method ?? "area", VOC_METHODS);
    const own = label === undefined ? this.rank(options) : this.rank(options).slice(...this.only(label));
    return meanOfKnown(own.map((ranked) => vocAveragePrecision(ranked, method)));
  }

  /** COCO's twelve figures, and each label's; -1 where there is nothing to find. */
  coco(): CocoFigures & { byLabel: Map<string, CocoFigures> } {
    const { byClass, ...figures }: CocoSummary = cocoSummary(this.tables, COCO_THRESHOLDS);
    return { ...figures, byLabel: new Map(byClass.map((own, i) => [this.labels[i] ?? "", own])) };
  }

  /**
   * The figures by the names that TensorFlow's detection API gave them, in 0..1: `PASCAL/Precision/mAP@0.5IOU` and
   * `PASCAL/PerformanceByCategory/AP@0.5IOU/<label>`, and COCO's mean as `COCO/Precision/mAP@[.5:.95]`.
   */
  summary(): Record<string, number> {
    const byLabel = this.labels.map((label): [string, number] => [
      `PASCAL/PerformanceByCategory/AP@0.5IOU/${label}`,
      this.averagePrecision(label),
    ]);
    return {
      ...Object.fromEntries(byLabel),
      "PASCAL/Precision/mAP@0.5IOU": this.averagePrecision(),
      "COCO/Precision/mAP@[.5:.95]": this.coco().ap,
    };
  }

  /** Of a label's detections, or of all: every point is a score from which detections count. Recall may end below 1. */
  precisionRecallCurve(label?: string, options: OverlapOptions = {}): PrecisionRecallCurve {
    knownOptions("precisionRecallCurve", options, ["iou"]);
    const ranked = this.rank(options);
    return curveOf(label === undefined ? ranked : ranked.slice(...this.only(label)));
  }

  /** Rows: truth, columns: detections, in the order of `labels`; the last row and column are the background. */
  confusionMatrix(options: CutOptions = {}): number[][] {
    const cut = this.cut(options);
    const size = this.labels.length + 1;
    const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    this.truth.forEach((_, picture) => {
      const [truth, detections] = this.boxesOf(picture);
      addToMatrix(matrix, truth, detections, this.pairsAt(picture, cut));
    });
    return matrix;
  }

  /** Right and wrong detections and missed objects of each label. */
  counts(options: CutOptions = {}): DetectionCounts[] {
    return countsOf(this.labels, this.confusionMatrix(options));
  }

  /** Of each picture, how many detections are wrong and objects missed; a wrong label in the right place is one. */
  mistakes(options: CutOptions = {}): number[] {
    const cut = this.cut(options);
    return this.truth.map(({ classes: there }, picture) => {
      const { pairs, missed, spurious } = this.pairsAt(picture, cut);
      const found = this.detections[picture]?.classes ?? [];
      const mistaken = pairs.filter((pair) => there[pair.truth] !== found[pair.detection]);
      return missed.length + spurious.length + mistaken.length;
    });
  }

  /**
   * Which detection of a picture stands for which object, by their places in `detections[picture]` and `truth[picture]`: first
   * those of one label, by falling overlap, then what is left across labels.
   */
  pairs(picture: number, options: CutOptions = {}): PairedBoxes {
    return this.pairsAt(picture, this.cut(options));
  }

  /**
   * TIDE's six kinds of errors: how many there are, where, and what the mean average precision would gain without each. An
   * error's `detection` and `truth` are places in `detections[picture]` and `truth[picture]`.
   */
  errors(options: ErrorKindOptions = {}): ErrorAnalysis {
    knownOptions("errors", options, ["iou", "background"]);
    const iou = share("iou", options.iou, 0.5);
    const analysis = analyseErrors(this.tables, {
      iou,
      background: share("background", options.background, 0.1),
      limit: 100,
    });
    return { ...analysis, errors: analysis.errors.map((error) => this.placed(error)) };
  }

  /**
   * How sure a figure is, given that there are only so many pictures: a bootstrap interval over pictures, of 95 % where nothing
   * else is said. `evaluation.interval((e) => e.averagePrecision("egg"))`
   *
   * @param statistic default: `averagePrecision()`
   */
  interval(
    statistic: (evaluation: DetectionEvaluation) => number = (evaluation) => evaluation.averagePrecision(),
    options: BootstrapOptions = {},
  ): Interval {
    return bootstrapInterval(this.truth.length, (indices) => statistic(this.pick(indices)), options);
  }

  /** The evaluation of these of the pictures, by their places; of some perhaps several times. */
  pick(indices: Uint32Array | readonly number[]): DetectionEvaluation {
    checkPlaces(indices, this.truth.length);
    const draw = <T>(items: readonly T[]) => Array.from(indices, (index) => items[index] as T);
    return new DetectionEvaluation(
      this.labels,
      draw(this.truth),
      draw(this.detections),
      this.pictures && draw(this.pictures),
    );
  }

  private only(label: string): [number, number] {
    const index = labelIndex(this.labels, label);
    return [index, index + 1];
  }

  private rank(options: OverlapOptions): RankedDetections[] {
    const iou = share("iou", options.iou, 0.5);
    const known = this.ranked.get(iou) ?? rankVoc(this.tables, iou);
    this.ranked.set(iou, known);
    return known;
  }

  private cut(options: CutOptions): Required<CutOptions> {
    knownOptions("an evaluation", options, ["iou", "score"]);
    return { iou: share("iou", options.iou, 0.5), score: numberOption("score", options.score ?? 0.5) };
  }

  private pairsAt(picture: number, { iou, score }: Required<CutOptions>): PairedBoxes {
    const [truth, detections] = this.boxesOf(picture);
    const scores = this.detections[picture]?.scores ?? new Float32Array();
    const kept = Array.from(scores.keys()).filter((place) => (scores[place] ?? NaN) >= score);
    return pairBoxes(truth, detections, kept, iou);
  }

  private boxesOf(picture: number): [PictureTruthBoxes, PictureBoxes] {
    const { truth, detections } = this.tables;
    const slice = (table: typeof truth | typeof detections, start: Int32Array) => ({
      boxes: table.boxes.subarray(4 * (start[picture] ?? 0), 4 * (start[picture + 1] ?? 0)),
      classes: table.classes.subarray(start[picture], start[picture + 1]),
    });
    const [from, to] = [this.start.truth[picture] ?? 0, this.start.truth[picture + 1] ?? 0];
    const crowd = truth.crowd.subarray(from, to);
    const ignored = truth.ignored.slice(from, to).map((flag, i) => flag | (crowd[i] ?? 0));
    return [{ ...slice(truth, this.start.truth), ignored, crowd }, slice(detections, this.start.detections)];
  }

  private placed({ kind, picture, detection, truth }: DetectionError): DetectionError {
    const { start } = this;
    return {
      kind,
      picture,
      ...(detection !== undefined && { detection: detection - (start.detections[picture] ?? 0) }),
      ...(truth !== undefined && { truth: truth - (start.truth[picture] ?? 0) }),
    };
  }

  /** How a notebook shows it as a cell's value. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "text/html": detectionAsHtml(this), "text/plain": detectionAsText(this) };
  }

  /** How Node prints it. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return detectionAsText(this);
  }
}

/** The row at which each picture's boxes begin, and where the last one's end. */
function starts(pictures: readonly { classes: ArrayLike<number> }[]): Int32Array {
  const start = new Int32Array(pictures.length + 1);
  pictures.forEach(({ classes }, i) => (start[i + 1] = (start[i] ?? 0) + classes.length));
  return start;
}

function share(option: string, value: number | undefined, byDefault: number): number {
  return numberOption(option, value ?? byDefault, 0, 1);
}

function meanOfKnown(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function curveOf(ranked: readonly RankedDetections[]): PrecisionRecallCurve {
  const right = ranked.flatMap((own) => Array.from(own.right));
  const scores = ranked.flatMap((own) => Array.from(own.scores));
  const objects = ranked.reduce((sum, own) => sum + own.objects, 0);
  if (right.length === 0) return { precision: [1], recall: [0], thresholds: [] };
  const counts = thresholdCounts(right, scores);
  const rising = <T>(value: (i: number) => T) => Array.from(counts.thresholds, (_, i) => value(i)).reverse();
  const tp = (i: number) => counts.truePositives[i] ?? 0;
  return {
    precision: [...rising((i) => tp(i) / (tp(i) + (counts.falsePositives[i] ?? 0))), 1],
    recall: [...rising((i) => (objects === 0 ? NaN : tp(i) / objects)), 0],
    thresholds: rising((i) => counts.thresholds[i] ?? NaN),
  };
}

function countsOf(labels: readonly string[], matrix: readonly (readonly number[])[]): DetectionCounts[] {
  return labels.map((label, i) => {
    const right = matrix[i]?.[i] ?? 0;
    const there = (matrix[i] ?? []).reduce((sum, count) => sum + count, 0);
    const found = matrix.reduce((sum, row) => sum + (row[i] ?? 0), 0);
    const [wrong, missed] = [found - right, there - right];
    return { label, right, wrong, missed, precision: right / found, recall: right / there };
  });
}
