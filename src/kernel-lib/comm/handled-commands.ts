/** Which command of each view the kernel has come to, for the state that it sends next. */
import type { Handled, Receipt } from "../protocol/index.js";

/** A page that is loaded again is another view: the first ones are forgotten. */
const VIEWS = 32;

export class HandledCommands {
  private readonly last = new Map<string, number>();
  /** Whether there is one that no view has heard of. */
  unsaid = false;

  /** @param receipt from outside: what is none is passed over */
  take({ view, number }: Partial<Receipt>): void {
    if (typeof view !== "string" || typeof number !== "number") return;
    this.last.delete(view);
    this.last.set(view, number);
    const [oldest] = this.last.keys();
    if (this.last.size > VIEWS && oldest !== undefined) this.last.delete(oldest);
    this.unsaid = true;
  }

  /** What there is to say, once. */
  say(): Handled {
    this.unsaid = false;
    return Object.fromEntries(this.last);
  }
}
