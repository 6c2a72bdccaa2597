/** What `DetectionResultsUI` is about, without the widget: which pictures are listed, in which order, and what is wrong about each. */
import {
  BACKGROUND,
  DETECTION_ERROR_KINDS,
  DETECTION_ORDERS,
  DETECTION_PLOTS,
  type DetectionOrder,
  type DetectionPlot,
  type DetectionResultsFilter,
  type DetectionResultsRow,
  type DetectionResultsState,
  EVERY_DETECTION,
  type FoundBox,
  type TruthBox,
} from "../protocol/index.js";
import type { Detections } from "../structures/detections.js";
import type { BoxChange, BoxDataset, BoxImage } from "./box-dataset.js";
import { DetectionAnalysis } from "./detection-analysis.js";
import { FlagTally, markFilterOf, passesMark } from "./marks.js";
import { PictureList } from "./picture-list.js";
import { describePicture } from "./picture-row.js";

export class DetectionResultsSession {
  readonly list: PictureList;
  readonly analysis: DetectionAnalysis;
  private readonly dataset: BoxDataset;
  private readonly images: readonly BoxImage[];
  private readonly ids: ReadonlyMap<object, number>;
  private readonly detections: readonly Detections[];
  private readonly flags: FlagTally;
  private filter: DetectionResultsFilter = EVERY_DETECTION;
  private order: DetectionOrder = "index";
  private plot: DetectionPlot = "none";

  /** @param labels the detector's */
  constructor(
    dataset: BoxDataset,
    labels: readonly string[],
    detections: readonly Detections[],
    grid: readonly [number, number],
  ) {
    this.dataset = dataset;
    // Pictures that are added later have no detections: they are not among the results.
    this.images = [...dataset.images];
    this.ids = new Map(this.images.map((image, id) => [image, id]));
    this.detections = detections;
    this.flags = new FlagTally(this.images);
    // An object of a label that the detector never saw is missed, and can be set right all the same.
    const all = [...labels, ...dataset.labels.filter((label) => !labels.includes(label))];
    this.analysis = new DetectionAnalysis(all, () => this.images.map(({ boxes }) => boxes), detections);
    this.list = new PictureList(
      this.images.map((_, id) => id),
      grid,
    );
    // A box of another label than any is not to be had: counting the first time shows what does not fit.
    this.analysis.totals();
  }

  idOf(image: object): number | undefined {
    return this.ids.get(image);
  }

  image(id: number): BoxImage | undefined {
    return this.images[id];
  }

  /** A detection as a box. */
  detection(id: number, place: number): Omit<FoundBox, "verdict" | "pair"> | undefined {
    const found = this.detections[id];
    const label = this.analysis.labels[found?.classes[place] ?? -1];
    if (!found || label === undefined) return undefined;
    const [xmin = 0, ymin = 0, xmax = 0, ymax = 0] = found.boxes.subarray(4 * place, 4 * place + 4);
    return { place, label, score: found.scores[place] ?? NaN, xmin, ymin, xmax, ymax };
  }

  applyFilter(change: Partial<DetectionResultsFilter>): void {
    this.filter = checkedFilter({ ...this.filter, ...change });
    this.list.replace(this.listed());
  }

  applyOrder(order: DetectionOrder): void {
    if (!DETECTION_ORDERS.includes(order)) return;
    this.order = order;
    this.list.restart(this.listed());
  }

  nextOrder(): void {
    this.applyOrder(DETECTION_ORDERS[(DETECTION_ORDERS.indexOf(this.order) + 1) % DETECTION_ORDERS.length] ?? "index");
  }

  applyThresholds({ score, iou }: { score?: number | undefined; iou?: number | undefined }): void {
    const within = (value: number | undefined, now: number) =>
      typeof value === "number" && value >= 0 && value <= 1 ? value : now;
    const now = this.analysis.thresholds;
    this.analysis.thresholds = { score: within(score, now.score), iou: within(iou, now.iou) };
    this.list.replace(this.listed());
  }

  /** In hundredths, so that ten steps there and back end where they began. */
  scoreBy(by: number): void {
    const score = Math.round((this.analysis.thresholds.score + by) * 100) / 100;
    this.applyThresholds({ score: Math.min(1, Math.max(0, score)) });
  }

  showPlot(kind: DetectionPlot): void {
    if (DETECTION_PLOTS.includes(kind)) this.plot = kind;
  }

  pick(trace: number, index: number | readonly number[]): void {
    const picked = this.analysis.pick(this.plot, trace, index);
    if (!picked) return;
    this.filter = picked.filter;
    this.applyThresholds({ score: picked.score });
    this.list.restart(this.listed());
  }

  note(change: BoxChange): boolean {
    const id = this.ids.get(change.image);
    if (id === undefined) return false;
    if (change.field === "flag") this.flags.change(change.before, change.after);
    if (change.field === "boxes") this.analysis.forget();
    this.list.note(id, this.passes(id));
    return true;
  }

  state(): DetectionResultsState {
    const { dataset, list, analysis, filter, order } = this;
    const mistakes = analysis.mistakes();
    return {
      ...list.state(),
      dataset: dataset.name,
      labels: analysis.labels,
      total: this.images.length,
      correct: mistakes.filter((count) => count === 0).length,
      ...analysis.thresholds,
      ...analysis.totals(),
      filter,
      order,
      flags: this.flags.now,
      page: list.page.flatMap((id) => this.row(id)),
      plotKind: this.plot,
      plot: analysis.panel(this.plot),
      canUndo: dataset.canUndo,
      canRedo: dataset.canRedo,
    };
  }

  row(id: number): DetectionResultsRow[] {
    const image = this.images[id];
    if (!image) return [];
    const { flag, note } = image;
    const mistakes = this.analysis.mistakes()[id] ?? 0;
    return [{ ...describePicture(id, image), flag, note, truth: this.truth(id), found: this.found(id), mistakes }];
  }

  private truth(id: number): TruthBox[] {
    const { pairs, missed } = this.analysis.pairs(id);
    return (this.images[id]?.boxes ?? []).map((box, place) => {
      const pair = pairs.find(({ truth }) => truth === place);
      const found = pair && (this.analysis.sameLabel(id, pair) ? ("found" as const) : ("mislabelled" as const));
      const verdict = found ?? (missed.includes(place) ? "missed" : "ignored");
      return { ...box, verdict };
    });
  }

  private found(id: number): FoundBox[] {
    const { pairs, spurious } = this.analysis.pairs(id);
    const scores = this.detections[id]?.scores ?? new Float32Array();
    return Array.from(scores.keys()).flatMap((place): FoundBox[] => {
      const box = this.detection(id, place);
      if (!box || box.score < this.analysis.thresholds.score) return [];
      const pair = pairs.find(({ detection }) => detection === place);
      if (!pair) return [{ ...box, verdict: spurious.includes(place) ? "spurious" : "ignored", pair: null }];
      const verdict = this.analysis.sameLabel(id, pair) ? "right" : "mislabelled";
      return [{ ...box, verdict, pair: { truth: pair.truth, iou: pair.iou } }];
    });
  }

  private passes(id: number): boolean {
    const { correct, incorrect, kind, range, mark } = this.filter;
    if (!((this.analysis.mistakes()[id] ?? 0) === 0 ? correct : incorrect)) return false;
    if (!this.hasCell(id)) return false;
    if (kind !== null && !this.analysis.kinds(id).has(kind)) return false;
    const image = this.images[id];
    if (!image || !passesMark(image, mark)) return false;
    if (!range) return true;
    return this.found(id).some(({ score, verdict }) => {
      const counted = range.right ? verdict === "right" : verdict === "mislabelled" || verdict === "spurious";
      return counted && score >= Math.fround(range.low) && (range.high === null || score < Math.fround(range.high));
    });
  }

  /** Whether something in the picture is in the cell of the matrix that the filter names, or in its row or column. */
  private hasCell(id: number): boolean {
    const { truth, found } = this.filter;
    if (truth === null && found === null) return true;
    const [there, detected] = [this.truth(id), this.found(id)];
    if (truth === null) {
      if (found === BACKGROUND) return there.some(({ verdict }) => verdict === "missed");
      return detected.some(({ label }) => label === found);
    }
    if (truth === BACKGROUND) {
      return detected.some(({ label, verdict }) => verdict === "spurious" && (found === null || label === found));
    }
    if (found === null) return there.some(({ label }) => label === truth);
    if (found === BACKGROUND) return there.some(({ label, verdict }) => label === truth && verdict === "missed");
    return detected.some(({ label, pair }) => label === found && pair !== null && there[pair.truth]?.label === truth);
  }

  private listed(): number[] {
    const ids = this.images.flatMap((_, id) => (this.passes(id) ? [id] : []));
    if (this.order === "index") return ids;
    const keyed = ids.map((id) => ({ id, key: this.key(id) }));
    const sign = this.order.endsWith("descending") ? -1 : 1;
    return keyed.sort((a, b) => (a.key === b.key ? 0 : sign * (a.key < b.key ? -1 : 1))).map(({ id }) => id);
  }

  private key(id: number): number {
    if (this.order === "mistakes descending") return this.analysis.mistakes()[id] ?? 0;
    const found = this.found(id);
    if (this.order === "confidence ascending") return Math.min(...found.map(({ score }) => score), Infinity);
    const wrong = found.filter(({ verdict }) => verdict === "spurious" || verdict === "mislabelled");
    return Math.max(...wrong.map(({ score }) => score), -Infinity);
  }
}

/** A filter comes from outside: what is missing or odd filters nothing. */
function checkedFilter(filter: Partial<DetectionResultsFilter>): DetectionResultsFilter {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  const { range } = filter;
  return {
    correct: filter.correct !== false,
    incorrect: filter.incorrect !== false,
    truth: text(filter.truth),
    found: text(filter.found),
    kind: DETECTION_ERROR_KINDS.find((kind) => kind === filter.kind) ?? null,
    range: range && typeof range.low === "number" ? { low: range.low, high: range.high, right: range.right } : null,
    mark: markFilterOf(filter.mark),
  };
}
