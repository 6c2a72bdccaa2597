/**
 * A precision-recall curve on which a point is picked: in the browser, by `ui.pick`, or by what is wanted of it. The threshold that it
 * stands for comes back to the notebook:
 *
 * ```ts
 * const ui = new PrecisionRecallUI(evaluation);
 * ui                                              // the cell's value: pick a point
 * const threshold = await ui.threshold();         // a later cell
 * ```
 */
import { Widget, type StaticView } from "../comm/widget.js";
import type { ClassificationEvaluation } from "../metrics/classification-evaluation.js";
import { precisionRecallSpec, type PlotSpec } from "../plots/index.js";
import {
  f1Score,
  pointOfCost,
  pointOfPrecision,
  pointOfRecall,
  PRECISION_RECALL_DEFAULTS,
  type PrecisionRecallCommand,
  type PrecisionRecallState,
} from "../protocol/index.js";
import { type Interval, wilsonInterval } from "../metrics/interval.js";
import { quote, VitrineError } from "../structures/errors.js";
import { booleanOption, choiceOption, givenOption, knownOptions, numberOption } from "../structures/options.js";
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

/**
 * A precision-recall curve on which a point is picked; its threshold comes back to the notebook.
 *
 * ```ts
 * const ui = new PrecisionRecallUI(evaluation);
 * ui                                              // the cell's value: pick a point
 * const threshold = await ui.threshold();         // a later cell
 * ```
 */
export class PrecisionRecallUI extends Widget<PrecisionRecallState, PrecisionRecallCommand> {
  private readonly evaluation: ClassificationEvaluation | undefined;
  private readonly waiting = new Set<() => void>();
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

  /**
   * The picked threshold: scores from here on count as found; Infinity where nothing does. With `wait`, resolves once the person has
   * pressed "Use this threshold".
   *
   * @throws Stopped where the signal says so before
   */
  async threshold(options: { wait?: boolean; signal?: AbortSignal | undefined } = {}): Promise<number> {
    knownOptions("threshold", options, ["wait", "signal"]);
    if (booleanOption("wait", options.wait ?? false)) await this.pressed(options.signal);
    return this.picked.threshold ?? Infinity;
  }

  /** The class whose curve is shown; empty for all classes together, and where three arrays were given. */
  get label(): string {
    return this.state.label;
  }

  get picked(): PickedPoint {
    const { precision: precisions, recall: recalls, thresholds, index } = this.state;
    const [precision, recall] = [precisions[index] ?? 0, recalls[index] ?? 0];
    return { precision, recall, threshold: thresholds[index] ?? undefined, f1: f1Score(precision, recall) };
  }

  /** How sure precision and recall are at the picked point: Wilson's intervals of 95 %; undefined where only arrays were given. */
  get intervals(): { precision: Interval | undefined; recall: Interval | undefined } | undefined {
    const { intervals } = this.state;
    const ends = (of: readonly [number, number] | null) => (of ? { low: of[0], high: of[1] } : undefined);
    return intervals ? { precision: ends(intervals.precision), recall: ends(intervals.recall) } : undefined;
  }

  /**
   * Shows another class, at its best F1; without one, all classes together (every picture with every class: the micro average).
   *
   * @throws InvalidOption for a class that isn't offered
   */
  choose(label = ""): void {
    const { evaluation } = this;
    if (label !== "" || !evaluation) choiceOption("label", label, this.state.labels);
    if (!evaluation) return;
    const own = label === "" ? undefined : label;
    const { precision, recall, thresholds } = evaluation.precisionRecallCurve(own);
    this.showCurve(label, thresholdCurve(precision, recall, thresholds), evaluation.averagePrecision(own));
  }

  /**
   * Picks the point that is wanted: the highest recall with at least that precision, the highest precision with at least that recall, or
   * what costs least where a wrong finding and a missed one cost so much.
   *
   * @throws InvalidOption where no point of the curve is so, or not one thing is wanted
   */
  want(
    wanted:
      | { precision: number; recall?: never; cost?: never }
      | { recall: number; precision?: never; cost?: never }
      | { cost: { falsePositive: number; falseNegative: number }; precision?: never; recall?: never },
  ): void {
    knownOptions("want", wanted, ["precision", "recall", "cost"]);
    const index = this.wantedPoint(wanted);
    if (index === undefined) {
      const received = quote(wanted);
      throw new VitrineError("InvalidOption", {
        option: "want",
        expected: "what a point of the curve reaches",
        received,
      });
    }
    this.setPoint(index);
  }

  private wantedPoint(wanted: {
    precision?: number;
    recall?: number;
    cost?: { falsePositive: number; falseNegative: number };
  }) {
    if (wanted.precision !== undefined)
      return pointOfPrecision(this.state, numberOption("precision", wanted.precision, 0, 1));
    if (wanted.recall !== undefined) return pointOfRecall(this.state, numberOption("recall", wanted.recall, 0, 1));
    const { falsePositive, falseNegative } = wanted.cost ?? { falsePositive: NaN, falseNegative: NaN };
    const [wrong, missed] = [
      numberOption("falsePositive", falsePositive, 0),
      numberOption("falseNegative", falseNegative, 0),
    ];
    return pointOfCost(this.state, wrong, missed);
  }

  /** Picks the point that `threshold` gives: the one of the lowest threshold that is at least as high. */
  pick(threshold: number): void {
    numberOption("threshold", threshold);
    const { thresholds, precision } = this.state;
    const index = thresholds.findIndex((own) => own === null || own >= threshold);
    this.setPoint(index < 0 ? precision.length - 1 : index);
  }

  /** Calls `listener` whenever the user picks a point or a class; the result stops it. */
  onPick(listener: (point: PickedPoint) => void | Promise<void>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  protected override async onCommand(command: PrecisionRecallCommand): Promise<void> {
    if (command.type === "use") {
      for (const go of [...this.waiting]) go();
      return;
    }
    this.choose(command.label);
    await this.tell();
  }

  protected override async onChange(): Promise<void> {
    const { index, precision } = this.state;
    // What a browser sends is not to be trusted to lie on the curve.
    const valid = Number.isInteger(index) && index >= 0 && index < precision.length;
    this.setPoint(valid ? index : 0);
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
    this.set({ ...curve, label, averagePrecision, index: best, intervals: null });
    this.setPoint(best);
  }

  private setPoint(index: number): void {
    this.set({ index, intervals: this.intervalsAt(index) });
  }

  /** Wilson's, from the pictures behind the point. */
  private intervalsAt(index: number): PrecisionRecallState["intervals"] {
    const { evaluation } = this;
    if (!evaluation) return null;
    const { label, precision, recall } = this.state;
    const column = evaluation.labels.indexOf(label);
    const positives =
      label === "" ? evaluation.truth.length : evaluation.truth.filter((truth) => truth === column).length;
    const [p, r] = [precision[index] ?? 0, recall[index] ?? 0];
    const right = Math.round(r * positives);
    const found = p > 0 ? Math.round(right / p) : 0;
    const ends = (part: number, whole: number): [number, number] => {
      const { low, high } = wilsonInterval(part, whole);
      return [low, high];
    };
    return { precision: found > 0 ? ends(right, found) : null, recall: ends(right, positives) };
  }

  /** Shows the button, and resolves when it is pressed. */
  private async pressed(signal: AbortSignal | undefined): Promise<void> {
    const stopped = () =>
      new VitrineError("Stopped", { operation: "Waiting for a threshold", kept: "the picked point stays" });
    if (signal?.aborted === true) throw stopped();
    this.set({ awaited: true });
    try {
      await new Promise<void>((resolve, reject) => {
        const end = (settle: () => void) => {
          signal?.removeEventListener("abort", stop);
          this.waiting.delete(go);
          settle();
        };
        const stop = () => {
          end(() => {
            reject(stopped());
          });
        };
        const go = () => {
          end(resolve);
        };
        signal?.addEventListener("abort", stop, { once: true });
        this.waiting.add(go);
      });
    } finally {
      if (this.waiting.size === 0) this.set({ awaited: false });
    }
  }

  private async tell(): Promise<void> {
    await Promise.all([...this.listeners].map(async (listener) => listener(this.picked)));
  }
}

/** By what it can do: a cell's copy of the class and the library's may be two. */
function isEvaluation(source: ClassificationEvaluation | ArrayLike<number>): source is ClassificationEvaluation {
  const expected = "an evaluation, as ClassificationEvaluation.run gives it, or precisions, recalls and thresholds";
  return "precisionRecallCurve" in givenOption("evaluation", source, [], expected);
}
