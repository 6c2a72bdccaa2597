/** What `AnnotationUI` is about where boxes are drawn: which pictures are listed, which is chosen, what was changed. */
import {
  EVERY_BOX,
  SHOWN_PROBLEMS,
  type BoxesFilter,
  type BoxesRow,
  type BoxesState,
  type KeyMap,
} from "../protocol/index.js";
import type { ObjectBox } from "../structures/object-box.js";
import type { BoxChange, BoxDataset, BoxImage } from "./box-dataset.js";
import type { BoxSuggestions } from "./box-suggestions.js";
import { FlagTally, markFilterOf, passesMark } from "./marks.js";
import { ObjectTally } from "./object-tally.js";
import { PictureList } from "./picture-list.js";
import { describePicture } from "./picture-row.js";

export class BoxSession {
  readonly list: PictureList;
  keys: KeyMap = {};
  threshold = 0.5;
  readonly suggestions: BoxSuggestions | undefined;
  private readonly dataset: BoxDataset;
  private readonly indices: readonly number[] | undefined;
  private scope: readonly number[] = [];
  private ids: ReadonlyMap<object, number> = new Map();
  private objects = new ObjectTally();
  private flags = new FlagTally([]);
  /** Pictures whose boxes are not counted yet, because nobody has read them. */
  private uncounted = new Set<number>();
  /** The boxes that a picture had when the widget was made, for those that were changed since. */
  private readonly originals = new Map<number, readonly ObjectBox[]>();
  private empty = 0;
  private filter: BoxesFilter = EVERY_BOX;
  private others: number;

  constructor(
    dataset: BoxDataset,
    indices: readonly number[] | undefined,
    grid: readonly [columns: number, rows: number],
    suggestions?: BoxSuggestions,
  ) {
    this.dataset = dataset;
    this.suggestions = suggestions;
    this.indices = indices;
    this.survey();
    this.others = dataset.sharedWith.length;
    this.list = new PictureList(this.scope, grid);
  }

  image(id: number): BoxImage | undefined {
    return this.ids.has(this.dataset.images[id] ?? {}) ? this.dataset.images[id] : undefined;
  }

  idOf(image: object): number | undefined {
    return this.ids.get(image);
  }

  refresh(): void {
    this.others = this.dataset.sharedWith.length;
    this.dataset.refresh();
  }

  applyFilter(change: Partial<BoxesFilter>): void {
    const filter = { ...this.filter, ...change };
    this.filter = {
      label: typeof filter.label === "string" ? filter.label : null,
      empty: filter.empty,
      changed: filter.changed,
      suggested: filter.suggested,
      mark: markFilterOf(filter.mark),
      name: typeof filter.name === "string" ? filter.name : "",
    };
    this.list.replace(this.scope.filter((id) => this.passes(id)));
  }

  /** Pictures that turned out to be unusable are listed no more. @returns their names */
  dropUnusable(): string[] {
    const images = this.scope.flatMap((id) => this.dataset.images[id] ?? []);
    const gone = images.filter(({ problem }) => problem !== undefined);
    if (gone.length === 0) return [];
    this.survey();
    this.list.replace(this.scope.filter((id) => this.passes(id)));
    return gone.map(({ name }) => name);
  }

  /** The picture before this one in the list. */
  previous(id: number): number | undefined {
    return this.list.before(id);
  }

  note({ image, field, before, after }: BoxChange): boolean {
    const id = this.ids.get(image);
    if (id === undefined) return false;
    // It was read for this change: what its file says counts first.
    if (this.uncounted.delete(id)) this.count(field === "boxes" ? (before as readonly ObjectBox[]) : image.boxes);
    if (field === "flag") this.flags.change(before, after);
    if (field === "boxes") this.noteBoxes(id, before as readonly ObjectBox[], after as readonly ObjectBox[]);
    this.list.note(id, this.passes(id));
    return true;
  }

  state(): BoxesState {
    const { dataset, filter, suggestions, threshold } = this;
    const { chosen } = this.list;
    // To show pictures reads their boxes, which then count.
    const page = this.list.page.flatMap((id) => this.row(id));
    this.countRead();
    const previous = chosen === undefined ? undefined : this.previous(chosen);
    return {
      ...this.list.state(),
      dataset: dataset.name,
      labels: dataset.labelsSoFar,
      counts: this.objects.of(dataset.labelsSoFar),
      total: this.scope.length,
      empty: this.empty,
      changed: this.originals.size,
      flags: this.flags.now,
      filter,
      page,
      previousBoxes: previous === undefined ? 0 : (dataset.images[previous]?.boxes.length ?? 0),
      suggestions: chosen === undefined ? [] : (suggestions?.of(chosen) ?? []),
      model: suggestions !== undefined,
      sureSuggestions: suggestions?.count(this.list.all, threshold) ?? 0,
      threshold,
      canUndo: dataset.canUndo,
      canRedo: dataset.canRedo,
      problems: dataset.problems.slice(0, SHOWN_PROBLEMS).map(({ path, reason }) => ({ path, reason })),
      problemCount: dataset.problems.length,
      unchecked: dataset.unchecked,
      unread: dataset.unread,
      others: this.others,
      keys: this.keys,
    };
  }

  private survey(): void {
    const { images } = this.dataset;
    const all = this.indices ?? images.map((_, id) => id);
    this.scope = all.filter((id) => images[id]?.problem === undefined);
    this.ids = new Map(this.scope.flatMap((id) => (images[id] ? [[images[id], id] as const] : [])));
    this.flags = new FlagTally(this.scope.map((id) => images[id]));
    this.objects = new ObjectTally();
    this.empty = 0;
    this.uncounted = new Set(this.scope);
    this.countRead();
  }

  private countRead(): void {
    for (const id of this.uncounted) {
      const image = this.dataset.images[id];
      if (image?.isRead !== true) continue;
      this.uncounted.delete(id);
      this.count(image.boxes);
    }
  }

  private count(boxes: readonly ObjectBox[]): void {
    this.objects.add(boxes, 1);
    this.empty += Number(boxes.length === 0);
  }

  private noteBoxes(id: number, before: readonly ObjectBox[], after: readonly ObjectBox[]): void {
    this.objects.add(before, -1);
    this.objects.add(after, 1);
    this.empty += Number(after.length === 0) - Number(before.length === 0);
    const original = this.originals.get(id) ?? before;
    if (JSON.stringify(original) === JSON.stringify(after)) this.originals.delete(id);
    else this.originals.set(id, original);
  }

  private row(id: number): BoxesRow[] {
    const image = this.dataset.images[id];
    if (!image) return [];
    return [
      {
        ...describePicture(id, image),
        boxes: image.boxes,
        flag: image.flag,
        note: image.note,
        changed: this.originals.has(id),
        suggested: this.suggestions?.of(id).length ?? 0,
      },
    ];
  }

  private passes(id: number): boolean {
    const image = this.dataset.images[id];
    const { label, empty, changed, suggested, mark, name } = this.filter;
    if (!image || !passesMark(image, mark)) return false;
    if (empty && image.boxes.length > 0) return false;
    if (changed && !this.originals.has(id)) return false;
    if (suggested && (this.suggestions?.of(id).length ?? 0) === 0) return false;
    if (name !== "" && !image.name.toLowerCase().includes(name.toLowerCase())) return false;
    return label === null || image.boxes.some((box) => box.label === label);
  }
}
