/** Who looks at a widget, as far as its views have told. */
import type { Presence } from "../protocol/index.js";

export class Audience {
  private readonly views = new Set<string>();
  private told = false;

  /** Only where every view that has come has gone, too. A page that was closed or loaded again says nothing: its views count. */
  get isGone(): boolean {
    return this.told && this.views.size === 0;
  }

  /** @param presence from outside: what is none is passed over */
  take({ view, here }: Partial<Presence>): void {
    if (typeof view !== "string" || typeof here !== "boolean") return;
    this.told = true;
    if (here) this.views.add(view);
    else this.views.delete(view);
  }

  /** Somebody may be there whose word did not come. */
  expect(): void {
    if (this.isGone) this.told = false;
  }
}
