/** Pictures that are selected beside the chosen one: what is done next is done to all of them. */
import type { PictureList } from "./picture-list.js";

export class PictureSelection {
  private readonly list: PictureList;
  private ids = new Set<number>();
  /** Where a range begins. */
  private anchor = -1;

  constructor(list: PictureList) {
    this.list = list;
  }

  get size(): number {
    return this.ids.size;
  }

  has(id: number): boolean {
    return this.ids.has(id);
  }

  /** What a command without a picture of its own is for, in the list's order. */
  targets(): readonly number[] {
    if (this.ids.size > 0) return this.list.all.filter((id) => this.ids.has(id));
    return this.list.chosen === undefined ? [] : [this.list.chosen];
  }

  clear(): void {
    this.ids.clear();
    this.anchor = -1;
  }

  /** Only what is still listed stays selected: nobody changes what they do not see. */
  keepListed(): void {
    if (this.ids.size === 0) return;
    const { ids } = this;
    this.ids = new Set(this.list.all.filter((id) => ids.has(id)));
    this.anchor = -1;
  }

  all(): void {
    this.ids = new Set(this.list.all);
  }

  /** One more, or one less. The chosen picture is the first of several. */
  toggle(position: number): void {
    const { chosen } = this.list;
    if (this.ids.size === 0 && chosen !== undefined && position !== this.list.place) this.ids.add(chosen);
    const id = this.list.all[position];
    if (id === undefined) return;
    if (!this.ids.delete(id)) this.ids.add(id);
    this.anchor = position;
  }

  /** All from where the last one was taken to here. */
  range(position: number): void {
    if (this.anchor < 0) this.anchor = Math.max(0, this.list.place);
    const [first, last] = [Math.min(this.anchor, position), Math.max(this.anchor, position)];
    this.ids = new Set(this.list.all.slice(first, last + 1));
  }

  set(ids: readonly number[], how: "set" | "add" | "remove"): void {
    const { chosen } = this.list;
    if (how === "set") this.ids.clear();
    else if (how === "add" && this.ids.size === 0 && chosen !== undefined) this.ids.add(chosen);
    for (const id of ids) {
      if (how === "remove") this.ids.delete(id);
      else if (this.list.has(id)) this.ids.add(id);
    }
  }
}
