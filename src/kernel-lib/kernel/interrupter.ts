/**
 * Interrupts the running cell.
 *
 * Synchronous code is stopped by Node itself (tslab's `breakOnSigint`). Code that awaits first gets the cell's AbortSignal: a
 * training stops and says what it kept. Only if nothing in the cell listens, or does not end in time, the cell ends without it.
 */
import type { Executor } from "tslab/dist/executor.js";

import type { Cell, Cells } from "./cells.js";
import type { Stdin } from "./stdin.js";

/** The control thread sends a signal and a message, of which either may be first or may come alone; a person is slower. */
const SAME_MS = 200;
/** For what listens to the signal to end by itself; a second interrupt does not wait. */
const GRACE_MS = 1000;

export class Interrupter {
  private readonly cells: Cells;
  private readonly executor: Executor;
  private readonly stdin: Stdin;

  private cell: Cell | undefined;
  private at = 0;

  constructor(cells: Cells, executor: Executor, stdin: Stdin) {
    this.cells = cells;
    this.executor = executor;
    this.stdin = stdin;
  }

  /** `at` is when the user asked, in milliseconds since 1970: a cell that began later is not meant. */
  interrupt(at = Date.now()): void {
    const cell = this.cells.running;
    if (!cell || cell.begun > at) return;
    const now = performance.now();
    if (cell === this.cell && now - this.at < SAME_MS) return;
    const isFirst = !cell.interrupted;
    this.cell = cell;
    this.at = now;
    cell.abort();
    this.stdin.cancel();
    if (isFirst && cell.signalTaken) setTimeout(() => this.end(cell), GRACE_MS);
    else this.end(cell);
  }

  private end(cell: Cell): void {
    if (this.cells.running === cell) this.executor.interrupt();
  }
}
