/** What `AnnotationUI` is about, without the widget: which pictures are listed, which is chosen, what was changed. */
import type { ClassificationChange, ClassificationDataset } from "../data/classification-dataset.js";
import type { ClassificationImage } from "../data/classification-image.js";
import {
  NO_FILTER,
  SHOWN_PROBLEMS,
  type AnnotationFilter,
  type AnnotationRow,
  type AnnotationState,
} from "../protocol/index.js";
import { LabelTally } from "./label-tally.js";
import { PictureList } from "./picture-list.js";
import { describePicture, sameLabels } from "./picture-row.js";

export class AnnotationSession {
  readonly list: PictureList;
  autoAdvance = false;
  private readonly dataset: ClassificationDataset;
  private readonly indices: readonly number[] | undefined;
  private filter: AnnotationFilter = NO_FILTER;
  /** The labels that a picture had when the widget was made, for those that were changed since. */
  private readonly originals = new Map<number, readonly string[]>();
  private others: number;
  // What follows is made anew when pictures are added to the data set.
  private known = 0;
  private scope: readonly number[] = [];
  private ids = new Map<ClassificationImage, number>();
  private tally = new LabelTally([]);

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
  }

  image(id: number | undefined): ClassificationImage | undefined {
    return id === undefined ? undefined : this.dataset.images[id];
  }

  /** The id of a picture that this widget shows. */
  idOf(image: ClassificationImage): number | undefined {
    return this.ids.get(image);
  }

  /** Takes in what other notebooks have changed; the data set reports each change. */
  refresh(): void {
    this.others = this.dataset.sharedWith.length;
    this.dataset.refresh();
  }

  applyFilter(filter: AnnotationFilter): void {
    this.filter = {
      label: typeof filter.label === "string" ? filter.label : null,
      unlabelled: filter.unlabelled,
      changed: filter.changed,
    };
    this.relist();
  }

  /** The list afresh: pictures that were added come in, pictures that do not pass the filter any more go. */
  relist(): void {
    this.survey();
    this.list.replace(this.scope.filter((id) => this.passes(id)));
  }

  /** Takes note of a change that the data set reports; says whether this widget shows the picture. */
  note(change: ClassificationChange): boolean {
    if (change.field !== "labels") return this.ids.has(change.image);
    const { image, before, after } = change;
    const grown = this.dataset.images.length !== this.known;
    // Counting afresh counts the change too.
    if (grown) this.survey();
    const id = this.ids.get(image);
    if (id === undefined) return false;
    if (!grown) this.tally.change(before, after);
    const original = this.originals.get(id) ?? before;
    if (sameLabels(original, after)) this.originals.delete(id);
    else this.originals.set(id, original);
    if (grown) this.relist();
    else this.list.note(id, this.passes(id));
    return true;
  }

  state(): AnnotationState {
    const { dataset, filter, autoAdvance } = this;
    return {
      ...this.list.state(),
      dataset: dataset.name,
      labels: dataset.labels,
      counts: this.tally.of(dataset.labels),
      unlabelled: this.tally.unlabelled,
      changed: this.originals.size,
      total: this.scope.length,
      filter,
      page: this.list.page.flatMap((id) => this.row(id)),
      canUndo: dataset.canUndo,
      canRedo: dataset.canRedo,
      autoAdvance,
      problems: dataset.problems.slice(0, SHOWN_PROBLEMS).map(({ path, reason }) => ({ path, reason })),
      problemCount: dataset.problems.length,
      others: this.others,
    };
  }

  private row(id: number): AnnotationRow[] {
    const image = this.image(id);
    if (!image) return [];
    return [{ ...describePicture(id, image), labels: image.labels, changed: this.originals.has(id) }];
  }

  private passes(id: number): boolean {
    const labels = this.image(id)?.labels ?? [];
    if (this.filter.unlabelled && labels.length > 0) return false;
    if (this.filter.changed && !this.originals.has(id)) return false;
    return this.filter.label === null || labels.includes(this.filter.label);
  }

  private survey(): void {
    const { images } = this.dataset;
    if (images.length === this.known) return;
    this.known = images.length;
    this.scope = this.indices ?? images.map((_, id) => id);
    this.ids = new Map(this.scope.flatMap((id) => (images[id] ? [[images[id], id] as const] : [])));
    this.tally = new LabelTally(this.scope.map((id) => images[id]?.labels ?? []));
  }
}
