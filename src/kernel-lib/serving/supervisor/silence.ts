/**
 * How long a replica has had work and said nothing. Counted in looks at it, not read off a clock: a clock that was set, a machine that slept or stood still
 * would have every replica ended at once, which had no chance to answer either.
 */
export class Silence {
  /** Milliseconds between two looks. */
  static readonly INTERVAL = 1000;
  private looks = 0;

  /** It said something, or has been given its first work. */
  end(): void {
    this.looks = 0;
  }

  /** Once an interval. Gives the milliseconds so far. */
  look(busy: boolean): number {
    this.looks = busy ? this.looks + 1 : 0;
    return this.looks * Silence.INTERVAL;
  }
}
