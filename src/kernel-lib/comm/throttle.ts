/** Patches of a state that come faster than anybody can look: gathered, and passed on a few times a second. */

export class Throttle<S extends object> {
  private readonly pass: (patch: Partial<S>) => void;
  private readonly interval: () => number;
  private gathered: Partial<S> | undefined;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param pass takes the gathered patch
   * @param interval milliseconds between two calls of `pass`, at least; asked after each call
   */
  constructor(pass: (patch: Partial<S>) => void, interval: () => number = () => 100) {
    this.pass = pass;
    this.interval = interval;
  }

  /** The first patch goes at once, what follows within the interval goes together after it. */
  add(patch: Partial<S>): void {
    this.gathered = { ...this.gathered, ...patch };
    if (!this.timer) this.flush();
  }

  /** Passes on at once what is waiting. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const patch = this.gathered;
    this.gathered = undefined;
    if (!patch) return;
    this.pass(patch);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.flush();
    }, this.interval());
    // A script ends when it is done, not when the last patch has been looked at.
    this.timer.unref();
  }
}
