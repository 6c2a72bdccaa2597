/** What `AnnotationUI` is about, without the widget: which pictures are listed, which are chosen, what was changed. */
import type { ClassificationChange, ClassificationDataset } from "../data/classification-dataset.js";
import type { ClassificationImage } from "../data/classification-image.js";
import {
  ANNOTATION_ORDERS,
  ANNOTATION_VIEWS,
  MAX_GRID,
  MAX_ROWS,
  NO_FILTER,
  SHOWN_PROBLEMS,
  type AnnotationFilter,
  type AnnotationOrder,
  type AnnotationRow,
  type AnnotationState,
  type AnnotationView,
  type KeyMap,
} from "../protocol/index.js";
import { historyLines } from "./history-lines.js";
import type { LabelAssistant } from "./label-assistant.js";
import { LabelColumns } from "./label-columns.js";
import { queued } from "./label-queue.js";
import { LabelTally } from "./label-tally.js";
import { FlagTally, markFilterOf, passesMark } from "./marks.js";
import { PictureList } from "./picture-list.js";
import { describePicture, sameLabels } from "./picture-row.js";
import { PictureSelection } from "./picture-selection.js";

/** What a view shows that has no model. */
const NO_MODEL = {
  phase: "none",
  text: "",
  progress: 0,
  trainable: false,
  orders: ["index"],
  newLabels: 0,
} as const;

export class AnnotationSession {
  readonly list: PictureList;
  readonly selection: PictureSelection;
  readonly labelColumns: LabelColumns;
  autoAdvance = false;
  keys: KeyMap = {};
  threshold = 0.9;
  assistant: LabelAssistant | undefined;
  private readonly dataset: ClassificationDataset;
  private readonly indices: readonly number[] | undefined;
  private filter: AnnotationFilter = NO_FILTER;
  private view: AnnotationView = "grid";
  private order: AnnotationOrder = "index";
  private revision = 0;
  /** The labels that a picture had when the widget was made, for those that were changed since. */
  private readonly originals = new Map<number, readonly string[]>();
  private others: number;
  // What follows is made anew when pictures are added to the data set.
  private known = 0;
  private scope: readonly number[] = [];
  private ids = new Map<ClassificationImage, number>();
  private tally = new LabelTally([]);
  private flags = new FlagTally([]);

  constructor(
    dataset: ClassificationDataset,
    indices: readonly number[] | undefined,
    grid: readonly [columns: number, rows: number],
  ) {
    this.dataset = dataset;
    this.indices = indices;
    this.others = dataset.sharedWith.length;
    this.survey();
    this.list = new PictureList(this.scope, grid);
    this.selection = new PictureSelection(this.list);
    this.labelColumns = new LabelColumns();
  }

  /** A picture of this widget. */
  image(id: number | undefined): ClassificationImage | undefined {
    return id === undefined ? undefined : this.dataset.images[id];
  }

  /** The id of a picture that this widget shows. */
  idOf(image: ClassificationImage): number | undefined {
    return this.ids.get(image);
  }

  /** All ids of this widget, in the data set's order. */
  get all(): readonly number[] {
    return this.scope;
  }

  /** Takes in what other notebooks have changed; the data set reports each change. */
  refresh(): void {
    this.others = this.dataset.sharedWith.length;
    this.dataset.refresh();
  }

  applyFilter(change: Partial<AnnotationFilter>): void {
    const filter = { ...this.filter, ...change };
    this.filter = {
      label: typeof filter.label === "string" ? filter.label : null,
      unlabelled: filter.unlabelled,
      changed: filter.changed,
      disagrees: filter.disagrees,
      mark: markFilterOf(filter.mark),
      name: typeof filter.name === "string" ? filter.name : "",
    };
    this.relist();
  }

  applyOrder(order: AnnotationOrder): void {
    if (!ANNOTATION_ORDERS.includes(order)) return;
    this.order = order;
    this.list.restart(this.listed());
    this.selection.keepListed();
    this.revision++;
  }

  applyView(view: AnnotationView): void {
    if (ANNOTATION_VIEWS.includes(view)) this.view = view;
  }

  /** The list afresh: pictures that were added come in, pictures that do not pass the filter any more go. */
  relist(): void {
    this.survey();
    this.list.replace(this.listed());
    this.selection.keepListed();
    this.revision++;
  }

  /** Pictures that turned out to be unreadable are listed no more. @returns their names */
  dropUnusable(): string[] {
    const gone = this.scope.flatMap((id) => this.image(id) ?? []).filter(({ problem }) => problem !== undefined);
    if (gone.length === 0) return [];
    this.known = -1;
    this.relist();
    return gone.map(({ name }) => name);
  }

  /** The model has judged anew: the order is another, and begins with the picture that is being looked at. */
  requeue(): void {
    if (this.order === "index" && !this.filter.disagrees) {
      this.revision++;
      return;
    }
    const { chosen } = this.list;
    const queue = this.listed();
    const here = chosen !== undefined && queue.includes(chosen);
    this.list.restart(here ? [chosen, ...queue.filter((id) => id !== chosen)] : queue);
    this.revision++;
  }

  /** Takes note of a change that the data set reports; says whether this widget shows the picture. */
  note(change: ClassificationChange): boolean {
    const { image } = change;
    const grown = this.dataset.images.length !== this.known;
    // Counting afresh counts the change too.
    if (grown) this.survey();
    const id = this.ids.get(image);
    if (id === undefined) return false;
    if (!grown && change.field === "flag") this.flags.change(change.before, change.after);
    if (change.field === "labels") this.noteLabels(id, change.before, change.after, grown);
    if (grown) this.relist();
    else this.list.note(id, this.passes(id));
    this.revision++;
    return true;
  }

  /** Where an arrow leads among the columns. */
  moveInColumns({ across, down, wide }: { across: number; down: number; wide: number }): void {
    const labelsOf = (id: number) => this.image(id)?.labels ?? [];
    const next = this.labelColumns.step(this.list.all, this.dataset.labels, labelsOf, {
      chosen: this.list.chosen,
      across: Math.sign(across),
      down: Math.sign(down),
      wide: Math.min(MAX_GRID, Math.max(1, Math.floor(wide) || 1)),
    });
    if (next !== undefined) this.list.reveal(next);
  }

  /** Rows of the list, for a view that scrolls. */
  rows(from: number, count: number): AnnotationRow[] {
    const first = Math.max(0, Math.floor(from));
    const end = first + Math.min(MAX_ROWS, Math.max(0, Math.floor(count)));
    return this.list.all.slice(first, end).flatMap((id) => this.row(id));
  }

  get listRevision(): number {
    return this.revision;
  }

  state(): AnnotationState {
    const { dataset, filter, autoAdvance, list, view, order, threshold, keys } = this;
    return {
      ...list.state(),
      dataset: dataset.name,
      labels: dataset.labels,
      counts: this.tally.of(dataset.labels),
      unlabelled: this.tally.unlabelled,
      changed: this.originals.size,
      flags: this.flags.now,
      total: this.scope.length,
      selected: this.selection.size,
      filter,
      view,
      order,
      page: list.page.flatMap((id) => this.row(id)),
      labelColumns: view === "columns" ? this.columnRows() : [],
      revision: this.revision,
      history: historyLines(dataset, list.chosen),
      model: this.assistant?.state() ?? NO_MODEL,
      sureSuggestions: this.sure().length,
      threshold,
      canUndo: dataset.canUndo,
      canRedo: dataset.canRedo,
      autoAdvance,
      problems: dataset.problems.slice(0, SHOWN_PROBLEMS).map(({ path, reason }) => ({ path, reason })),
      problemCount: dataset.problems.length,
      unchecked: dataset.unchecked,
      others: this.others,
      keys,
    };
  }

  /** Listed pictures whose suggestion "accept all" takes over. */
  sure(): number[] {
    const { assistant, threshold, filter } = this;
    if (!assistant?.scores) return [];
    return this.list.all.filter((id) => {
      const suggestion = assistant.suggestion(id);
      if (!suggestion || suggestion.agrees || suggestion.score < threshold) return false;
      // What a person has labelled is overruled only where it was asked for.
      return filter.disagrees || this.image(id)?.labels.length === 0;
    });
  }

  private noteLabels(id: number, before: readonly string[], after: readonly string[], counted: boolean): void {
    if (!counted) this.tally.change(before, after);
    this.assistant?.noteChange();
    const original = this.originals.get(id) ?? before;
    if (sameLabels(original, after)) this.originals.delete(id);
    else this.originals.set(id, original);
  }

  private columnRows() {
    const labelsOf = (id: number) => this.image(id)?.labels ?? [];
    return this.labelColumns.of(this.list.all, this.dataset.labels, labelsOf, (id) => this.row(id));
  }

  private row(id: number): AnnotationRow[] {
    const image = this.image(id);
    if (!image) return [];
    return [
      {
        ...describePicture(id, image),
        labels: image.labels,
        changed: this.originals.has(id),
        selected: this.selection.has(id),
        flag: image.flag,
        note: image.note,
        suggestion: this.assistant?.suggestion(id) ?? null,
      },
    ];
  }

  private listed(): readonly number[] {
    const { assistant } = this;
    const { scores, features, featureIds = [], heldOut } = assistant ?? {};
    const labelsOf = (id: number) => this.image(id)?.labels ?? [];
    const ids = this.scope.filter((id) => this.passes(id));
    return queued(this.order, { ids, labelsOf, scores, features, featureIds, heldOut });
  }

  private passes(id: number): boolean {
    const image = this.image(id);
    const { label, unlabelled, changed, disagrees, mark, name } = this.filter;
    if (!image || !passesMark(image, mark)) return false;
    if (unlabelled && image.labels.length > 0) return false;
    if (changed && !this.originals.has(id)) return false;
    if (disagrees && this.assistant?.suggestion(id)?.agrees !== false) return false;
    if (name !== "" && !image.name.toLowerCase().includes(name.toLowerCase())) return false;
    return label === null || image.labels.includes(label);
  }

  private survey(): void {
    const { images } = this.dataset;
    if (images.length === this.known) return;
    this.known = images.length;
    const all = this.indices ?? images.map((_, id) => id);
    this.scope = all.filter((id) => images[id]?.problem === undefined);
    this.ids = new Map(this.scope.flatMap((id) => (images[id] ? [[images[id], id] as const] : [])));
    this.tally = new LabelTally(this.scope.map((id) => images[id]?.labels ?? []));
    this.flags = new FlagTally(this.scope.map((id) => images[id]));
  }
}
