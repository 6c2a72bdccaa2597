/**
 * How often a figure that a program changes is drawn. A training reports faster than plotly draws: drawn at every report, two curves keep a
 * page busy on end, what the kernel says waits behind them for seconds, and so does a click on "interrupt".
 */

/** How many times as long as a drawing took the page is left alone after it: a fifth of its time is spent on one figure. */
const REST = 4;
/** In milliseconds, on a page however slow. */
const LONGEST_REST = 3000;

export class DrawPace {
  private until = 0;
  private wake: () => void = () => undefined;

  /** Resolves when the next drawing may begin. */
  async turn(): Promise<void> {
    const left = this.until - performance.now();
    if (left <= 0) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, left);
    });
  }

  /** The next drawing begins at once. */
  hurry(): void {
    this.until = 0;
    this.wake();
  }

  /** Draws, and notes what it cost the page: the drawing itself, and the frame that shows it. */
  async time(draw: () => Promise<unknown>): Promise<void> {
    const begun = performance.now();
    await draw();
    const cost = performance.now() - begun + (await frameTime());
    this.until = performance.now() + Math.min(LONGEST_REST, REST * cost);
  }
}

/** Milliseconds that the next frame takes. */
function frameTime(): Promise<number> {
  return new Promise((resolve) => {
    // A page that nobody sees has no frames.
    setTimeout(() => resolve(0), 500);
    requestAnimationFrame((begun) => {
      setTimeout(() => resolve(performance.now() - begun));
    });
  });
}
