/**
 * A precision-recall curve on which a point is picked, in the browser or by `ui.pick`; `ui.threshold` is what it stands for.
 */
import { Widget, type StaticView } from "../comm/widget.js";
import type { ClassificationEvaluation } from "../metrics/classification-evaluation.js";
import { precisionRecallSpec, type PlotSpec } from "../plots/index.js";
import {
  f1Score,
  PRECISION_RECALL_DEFAULTS,
  type PrecisionRecallCommand,
  type PrecisionRecallState,
} from "../protocol/index.js";
import { choiceOption, numberOption } from "../structures/options.js";
import { tableHtml, tableText } from "./html.js";
import { plotsAsImage } from "./plot-widget.js";
import { thresholdCurve, type ThresholdCurve } from "./threshold-curve.js";

/** The picked point; fractions, 0 to 1. */
export interface PickedPoint {
  precision: number;
  recall: number;
  /** Scores from here on count as found; undefined at the end of the curve, where nothing is found. */
  threshold: number | undefined;
  f1: number;
}

export class PrecisionRecallUI extends Widget<PrecisionRecallState, PrecisionRecallCommand> {
  private readonly evaluation: ClassificationEvaluation | undefined;
  private readonly listeners = new Set<(point: PickedPoint) => void | Promise<void>>();

  /** @param evaluation a class is chosen among those with pictures */
  constructor(evaluation: ClassificationEvaluation);
  /**
   * @param precisions of each point, as fractions or, where one is over 1, as percentages
   * @param recalls of each point, likewise
   * @param thresholds of each point in rising or falling order; the point at the end without one may be left out
   * @throws InvalidOption where the lengths don't fit, or a value is no fraction
   */
  constructor(precisions: ArrayLike<number>, recalls: ArrayLike<number>, thresholds: ArrayLike<number>);
  constructor(
    source: ClassificationEvaluation | ArrayLike<number>,
    recalls?: ArrayLike<number>,
    thresholds?: ArrayLike<number>,
  ) {
    super("PrecisionRecall", PRECISION_RECALL_DEFAULTS);
    if (isEvaluation(source)) {
      this.evaluation = source;
      const labels = source.labels.filter((_, index) => source.truth.includes(index));
      this.set({ labels });
      this.choose(labels[0] ?? "");
    } else {
      this.showCurve("", thresholdCurve(source, recalls ?? [], thresholds ?? []), null);
    }
  }

  /** The picked threshold: scores from here on count as found. Undefined where nothing does. */
  get threshold(): number | undefined {
    return this.picked.threshold;
  }

  /** The class whose curve is shown; empty where three arrays were given. */
  get label(): string {
    return this.state.label;
  }

  get picked(): PickedPoint {
    const { precision: precisions, recall: recalls, thresholds, index } = this.state;
    const [precision, recall] = [precisions[index] ?? 0, recalls[index] ?? 0];
    return { precision, recall, threshold: thresholds[index] ?? undefined, f1: f1Score(precision, recall) };
  }

  /**
   * Shows another class, at its best F1.
   *
   * @throws InvalidOption for a class that isn't offered
   */
  choose(label: string): void {
    const { evaluation } = this;
    choiceOption("label", label, this.state.labels);
    if (!evaluation) return;
    const { precision, recall, thresholds } = evaluation.precisionRecallCurve(label);
    this.showCurve(label, thresholdCurve(precision, recall, thresholds), evaluation.averagePrecision(label));
  }

  /** Picks the point that `threshold` gives: the one of the lowest threshold that is at least as high. */
  pick(threshold: number): void {
    numberOption("threshold", threshold);
    const { thresholds, precision } = this.state;
    const index = thresholds.findIndex((own) => own === null || own >= threshold);
    this.set({ index: index < 0 ? precision.length - 1 : index });
  }

  /** Calls `listener` whenever the user picks a point or a class; the result stops it. */
  onPick(listener: (point: PickedPoint) => void | Promise<void>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  protected override async onCommand({ label }: PrecisionRecallCommand): Promise<void> {
    this.choose(label);
    await this.tell();
  }

  protected override async onChange(): Promise<void> {
    const { index, precision } = this.state;
    // What a browser sends is not to be trusted to lie on the curve.
    const valid = Number.isInteger(index) && index >= 0 && index < precision.length;
    if (!valid) this.set({ index: 0 });
    await this.tell();
  }

  protected override staticView(): StaticView {
    const { f1, precision, recall, threshold } = this.picked;
    const rows = [
      ["Precision", precision.toFixed(3)],
      ["Recall", recall.toFixed(3)],
      ["Threshold", threshold === undefined ? "above all" : String(Number(threshold.toPrecision(4)))],
      ["F1", f1.toFixed(3)],
    ];
    const title = this.label ? `Precision and recall of ${this.label}` : "Precision and recall";
    const panel = { spec: this.staticSpec(title), description: `${title}, a point picked.`, height: 340 };
    return {
      html: plotsAsImage([panel]) + tableHtml(["Picked point", ""], rows),
      text: `${title}\n${tableText(rows)}`,
    };
  }

  private staticSpec(title: string): PlotSpec {
    const { label, precision, recall, averagePrecision } = this.state;
    const curve = precisionRecallSpec([{ label, precision, recall, averagePrecision: averagePrecision ?? 0 }]);
    const point = {
      type: "scatter",
      mode: "markers",
      x: [this.picked.recall],
      y: [this.picked.precision],
      marker: { size: 13 },
    };
    return { data: [...curve.data, point], layout: { ...curve.layout, title: { text: title }, showlegend: false } };
  }

  private showCurve(label: string, curve: ThresholdCurve, averagePrecision: number | null): void {
    const f1 = curve.precision.map((precision, index) => f1Score(precision, curve.recall[index] ?? 0));
    const best = f1.reduce((found, value, index) => (value > (f1[found] ?? 0) ? index : found), 0);
    this.set({ ...curve, label, averagePrecision, index: best });
  }

  private async tell(): Promise<void> {
    await Promise.all([...this.listeners].map(async (listener) => listener(this.picked)));
  }
}

/** By what it can do: a cell's copy of the class and the library's may be two. */
function isEvaluation(source: ClassificationEvaluation | ArrayLike<number>): source is ClassificationEvaluation {
  return "precisionRecallCurve" in source;
}
