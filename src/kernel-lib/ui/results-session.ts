/** What `ResultsUI` is about, without the widget: which results are listed, in which order, and which is chosen. */
import type { ClassificationChange, ClassificationDataset } from "../data/classification-dataset.js";
import {
  EVERY_RESULT,
  RESULTS_ORDERS,
  RESULTS_PLOTS,
  type ResultsPlot,
  type ScoreRange,
  type ResultsFilter,
  type ResultsOrder,
  type ResultsRow,
  type ResultsState,
} from "../protocol/index.js";
import { LabelTally } from "./label-tally.js";
import { FlagTally, markFilterOf, passesMark } from "./marks.js";
import { PictureList } from "./picture-list.js";
import { describePicture } from "./picture-row.js";
import type { Predictions } from "./predictions.js";
import { ResultsAnalysis } from "./results-analysis.js";
import type { Chosen, ResultsExplainer } from "./results-explainer.js";

export class ResultsSession {
  readonly list: PictureList;
  private readonly dataset: ClassificationDataset;
  private readonly predictions: Predictions;
  // Pictures that are added to the data set later have no prediction: they are not among the results.
  private readonly all: readonly number[];
  private readonly ids: ReadonlyMap<ClassificationChange["image"], number>;
  private readonly truths: LabelTally;
  private readonly taken: LabelTally;
  private readonly flags: FlagTally;
  private readonly analysis: ResultsAnalysis;
  private readonly explainer: ResultsExplainer;
  private correct: number;
  private plot: ResultsPlot = "none";
  private filter: ResultsFilter = EVERY_RESULT;
  private order: ResultsOrder = "index";

  constructor(
    dataset: ClassificationDataset,
    predictions: Predictions,
    grid: readonly [number, number],
    explainer: ResultsExplainer,
  ) {
    this.dataset = dataset;
    this.predictions = predictions;
    this.all = dataset.images.map((_, id) => id);
    this.ids = new Map(dataset.images.map((image, id) => [image, id]));
    this.truths = new LabelTally(dataset.images.map(({ labels }) => labels));
    this.taken = new LabelTally(this.all.map((id) => [predictions.label(id)]));
    this.correct = this.all.filter((id) => this.isCorrect(id)).length;
    this.flags = new FlagTally(dataset.images);
    this.analysis = new ResultsAnalysis(predictions, this.all, (id) => this.truth(id));
    this.explainer = explainer;
    this.list = new PictureList(this.all, grid);
  }

  idOf(image: ClassificationChange["image"]): number | undefined {
    return this.ids.get(image);
  }

  /** The chosen picture and what it was taken for. */
  get chosen(): Chosen | undefined {
    const id = this.list.chosen;
    return id === undefined ? undefined : { id, label: this.predictions.label(id) };
  }

  applyFilter(change: Partial<ResultsFilter>): void {
    this.filter = checkedFilter({ ...this.filter, ...change });
    this.list.replace(this.listed());
  }

  showPlot(kind: ResultsPlot): void {
    if (RESULTS_PLOTS.includes(kind)) this.plot = kind;
  }

  /** Lists the pictures behind a point of the plot. */
  pick(trace: number, index: number | readonly number[]): void {
    const filter = this.analysis.pick(this.plot, trace, index);
    if (!filter) return;
    this.filter = filter;
    this.list.restart(this.listed());
  }

  /** The label that confident learning would rather have. */
  suggestion(id: number): string | undefined {
    return this.analysis.doubts()?.get(id);
  }

  nextOrder(): void {
    this.applyOrder(RESULTS_ORDERS[(RESULTS_ORDERS.indexOf(this.order) + 1) % RESULTS_ORDERS.length] ?? "index");
  }

  applyOrder(order: ResultsOrder): void {
    if (!RESULTS_ORDERS.includes(order)) return;
    this.order = order;
    this.list.restart(this.listed());
  }

  note(change: ClassificationChange): boolean {
    const id = this.ids.get(change.image);
    if (id === undefined) return false;
    if (change.field === "flag") this.flags.change(change.before, change.after);
    if (change.field !== "labels") {
      this.list.note(id, this.passes(id));
      return true;
    }
    const { before, after } = change;
    this.analysis.forget();
    this.truths.change(before, after);
    this.correct += Number(this.isCorrect(id, after)) - Number(this.isCorrect(id, before));
    this.list.note(id, this.passes(id));
    return true;
  }

  state(): ResultsState {
    const { dataset, predictions, list, filter, order, correct } = this;
    const labels = predictions.labels;
    return {
      ...list.state(),
      dataset: dataset.name,
      labels,
      total: this.all.length,
      correct,
      incorrect: this.all.length - correct,
      truthCounts: this.truths.of(labels),
      predictionCounts: this.taken.of(labels),
      filter,
      order,
      page: list.page.flatMap((id) => this.row(id)),
      scores: list.chosen === undefined ? [] : [...predictions.scores(list.chosen)],
      scoreRange: predictions.range,
      figures: this.analysis.figures(),
      doubtful: this.analysis.doubts()?.size ?? null,
      flags: this.flags.now,
      plotKind: this.plot,
      plot: this.analysis.panel(this.plot),
      ...this.explainer.state(this.chosen),
      canUndo: dataset.canUndo,
      canRedo: dataset.canRedo,
    };
  }

  private row(id: number): ResultsRow[] {
    const image = this.dataset.images[id];
    if (!image) return [];
    const { predictions } = this;
    return [
      {
        ...describePicture(id, image),
        truth: image.labels,
        prediction: predictions.label(id),
        score: predictions.confidence(id),
        correct: this.isCorrect(id),
        suggested: this.suggestion(id) ?? null,
        flag: image.flag,
        note: image.note,
      },
    ];
  }

  private truth(id: number): readonly string[] {
    return this.dataset.images[id]?.labels ?? [];
  }

  private isCorrect(id: number, truth: readonly string[] = this.truth(id)): boolean {
    return truth.includes(this.predictions.label(id));
  }

  private passes(id: number): boolean {
    const { correct, incorrect, truth, prediction, range, mark, doubtful } = this.filter;
    if (!(this.isCorrect(id) ? correct : incorrect)) return false;
    if (truth !== null && !this.truth(id).includes(truth)) return false;
    if (prediction !== null && this.predictions.label(id) !== prediction) return false;
    if (range && !within(this.predictions.scoreOf(id, range.label), range)) return false;
    if (doubtful && this.suggestion(id) === undefined) return false;
    const image = this.dataset.images[id];
    return mark === null || (image !== undefined && passesMark(image, mark));
  }

  /** Sorting is stable: pictures of equal scores stay in the data set's order. */
  private listed(): number[] {
    const ids = this.all.filter((id) => this.passes(id));
    if (this.order === "index") return ids;
    const key = KEYS[this.order];
    const keyed = ids.map((id) => ({ id, key: key(this.predictions, id, this.truth(id)) }));
    const sign = this.order.endsWith("descending") ? -1 : 1;
    return keyed.sort((a, b) => sign * compare(a.key, b.key)).map(({ id }) => id);
  }
}

type Key = (predictions: Predictions, id: number, truth: readonly string[]) => number;

const KEYS: { [order in Exclude<ResultsOrder, "index">]: Key } = {
  "confidence ascending": (predictions, id) => predictions.confidence(id),
  "confidence descending": (predictions, id) => predictions.confidence(id),
  "truth score ascending": (predictions, id, truth) => predictions.truthScore(id, truth),
  "loss descending": (predictions, id, truth) => predictions.loss(id, truth),
  "margin ascending": (predictions, id) => predictions.margin(id),
  "disagreement descending": (predictions, id, truth) => predictions.disagreement(id, truth),
};

/** Scores are of 32 bits: 0.9 among them is a little less than the 0.9 that a person types. */
function within(score: number, { low, high }: ScoreRange): boolean {
  return score >= Math.fround(low ?? -Infinity) && (high === null ? score <= Infinity : score < Math.fround(high));
}

/** By size; a difference of two infinities would not be a number. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

const labelOrAny = (label: unknown): string | null => (typeof label === "string" ? label : null);

/** A filter comes from outside: what is missing or odd filters nothing. */
function checkedFilter(filter: Partial<ResultsFilter>): ResultsFilter {
  return {
    correct: filter.correct !== false,
    incorrect: filter.incorrect !== false,
    truth: labelOrAny(filter.truth),
    prediction: labelOrAny(filter.prediction),
    range: checkedRange(filter.range),
    mark: markFilterOf(filter.mark),
    doubtful: filter.doubtful === true,
  };
}

function checkedRange(range: ScoreRange | null | undefined): ScoreRange | null {
  if (!range) return null;
  const end = (value: unknown) => (typeof value === "number" && !Number.isNaN(value) ? value : null);
  const { label, low, high } = range;
  return { label: labelOrAny(label), low: end(low), high: end(high) };
}
