/** What `ResultsUI` is about, without the widget: which results are listed, in which order, and which is chosen. */
import type { ClassificationChange, ClassificationDataset } from "../data/classification-dataset.js";
import {
  EVERY_RESULT,
  RESULTS_ORDERS,
  type ResultsFilter,
  type ResultsOrder,
  type ResultsRow,
  type ResultsState,
} from "../protocol/index.js";
import { LabelTally } from "./label-tally.js";
import { PictureList } from "./picture-list.js";
import { describePicture } from "./picture-row.js";
import type { Predictions } from "./predictions.js";

export class ResultsSession {
  readonly list: PictureList;
  private readonly dataset: ClassificationDataset;
  private readonly predictions: Predictions;
  // Pictures that are added to the data set later have no prediction: they are not among the results.
  private readonly all: readonly number[];
  private readonly ids: ReadonlyMap<ClassificationChange["image"], number>;
  private readonly truths: LabelTally;
  private readonly taken: LabelTally;
  private correct: number;
  private filter: ResultsFilter = EVERY_RESULT;
  private order: ResultsOrder = "index";

  constructor(dataset: ClassificationDataset, predictions: Predictions, grid: readonly [number, number]) {
    this.dataset = dataset;
    this.predictions = predictions;
    this.all = dataset.images.map((_, id) => id);
    this.ids = new Map(dataset.images.map((image, id) => [image, id]));
    this.truths = new LabelTally(dataset.images.map(({ labels }) => labels));
    this.taken = new LabelTally(this.all.map((id) => [predictions.label(id)]));
    this.correct = this.all.filter((id) => this.isCorrect(id)).length;
    this.list = new PictureList(this.all, grid);
  }

  idOf(image: ClassificationChange["image"]): number | undefined {
    return this.ids.get(image);
  }

  applyFilter({ correct, incorrect, truth, prediction }: ResultsFilter): void {
    this.filter = { correct, incorrect, truth: labelOrAny(truth), prediction: labelOrAny(prediction) };
    this.list.replace(this.listed());
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
    if (change.field !== "labels") return this.ids.has(change.image);
    const { image, before, after } = change;
    const id = this.ids.get(image);
    if (id === undefined) return false;
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
    const { correct, incorrect, truth, prediction } = this.filter;
    if (!(this.isCorrect(id) ? correct : incorrect)) return false;
    if (truth !== null && !this.truth(id).includes(truth)) return false;
    return prediction === null || this.predictions.label(id) === prediction;
  }

  /** Sorting is stable: pictures of equal scores stay in the data set's order. */
  private listed(): number[] {
    const ids = this.all.filter((id) => this.passes(id));
    if (this.order === "index") return ids;
    const score = (id: number) =>
      this.order === "truth score ascending"
        ? this.predictions.truthScore(id, this.truth(id))
        : this.predictions.confidence(id);
    const keyed = ids.map((id) => ({ id, score: score(id) }));
    const sign = this.order === "confidence descending" ? -1 : 1;
    return keyed.sort((a, b) => sign * compare(a.score, b.score)).map(({ id }) => id);
  }
}

/** By size; a difference of two infinities would not be a number. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

const labelOrAny = (label: string | null): string | null => (typeof label === "string" ? label : null);
