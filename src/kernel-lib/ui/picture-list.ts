/** The order in which a gallery shows pictures, cut into pages, and the one that is chosen. Knows ids, not pictures. */
import { MAX_GRID, pageCount, pageOf, type BrowsingCommand, type BrowsingState } from "../protocol/index.js";

export class PictureList {
  private ids: readonly number[];
  /** The same ids, for the question whether one is listed; made when it is first asked. */
  private known: ReadonlySet<number> | undefined;
  private position: number;
  private columns: number;
  private rows: number;
  private readonly stale = new Set<number>();

  constructor(ids: readonly number[], grid: readonly [columns: number, rows: number]) {
    this.ids = ids;
    this.position = ids.length === 0 ? -1 : 0;
    [this.columns, this.rows] = grid;
  }

  /** The chosen picture's id. */
  get chosen(): number | undefined {
    return this.ids[this.position];
  }

  /** Everything that is listed, in its order. */
  get all(): readonly number[] {
    return this.ids;
  }

  /** The chosen picture's place, -1 where nothing is listed. */
  get place(): number {
    return this.position;
  }

  has(id: number): boolean {
    return this.members.has(id);
  }

  /** The picture before another one in the list. */
  before(id: number): number | undefined {
    return this.ids[this.chosen === id ? this.position - 1 : this.ids.indexOf(id) - 1];
  }

  /** The ids of the page on which the chosen picture lies. */
  get page(): readonly number[] {
    const size = this.columns * this.rows;
    const start = pageOf(this.state()) * size;
    return this.ids.slice(start, start + size);
  }

  state(): BrowsingState {
    const { columns, rows, position } = this;
    return { columns, rows, position, matching: this.ids.length, stale: this.stale.size };
  }

  /** Another list: the chosen picture stays chosen where it is in it, else the next one by id is. */
  replace(ids: readonly number[]): void {
    const chosen = this.chosen ?? 0;
    const same = ids.indexOf(chosen);
    const next = same >= 0 ? same : ids.findIndex((id) => id > chosen);
    this.ids = ids;
    this.known = undefined;
    this.stale.clear();
    this.choose(next >= 0 ? next : ids.length - 1);
  }

  /** Another order of interest: begins at its first picture. */
  restart(ids: readonly number[]): void {
    this.ids = ids;
    this.known = undefined;
    this.stale.clear();
    this.choose(0);
  }

  /** Chooses this picture where it is in the list. */
  reveal(id: number): void {
    const position = this.ids.indexOf(id);
    if (position >= 0) this.position = position;
  }

  /** Notes whether a picture of the list still passes the filter that made the list. */
  note(id: number, passes: boolean): void {
    if (passes) this.stale.delete(id);
    else if (this.has(id)) this.stale.add(id);
  }

  browse(command: BrowsingCommand): void {
    if (command.type === "move") this.choose(this.position + whole(command.by));
    else if (command.type === "select") this.choose(whole(command.position));
    else if (command.type === "page") this.turnTo(whole(command.page));
    else {
      this.columns = Math.min(MAX_GRID, Math.max(1, whole(command.columns)));
      this.rows = Math.min(MAX_GRID, Math.max(1, whole(command.rows)));
    }
  }

  private get members(): ReadonlySet<number> {
    this.known ??= new Set(this.ids);
    return this.known;
  }

  private turnTo(page: number): void {
    const state = this.state();
    const size = this.columns * this.rows;
    const within = Math.max(0, this.position) % size;
    this.choose(Math.min(pageCount(state) - 1, Math.max(0, page)) * size + within);
  }

  private choose(position: number): void {
    this.position = Math.min(this.ids.length - 1, Math.max(0, position));
  }
}

/** Numbers from outside: what is not a whole number counts as 0. */
const whole = (value: number): number => (Number.isSafeInteger(value) ? value : 0);
