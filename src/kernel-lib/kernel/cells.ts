/** The cells of this session: which one the running code belongs to, and which one an interrupt means. */
import { AsyncLocalStorage } from "node:async_hooks";

import { Interrupted } from "./error-report.js";
import type { Message, OutputScope } from "./messages.js";

/** One `execute_request`. */
export class Cell implements OutputScope {
  readonly request: Message;
  /** Milliseconds since 1970. */
  readonly begun = Date.now();
  private readonly controller = new AbortController();
  private taken = false;

  constructor(request: Message) {
    this.request = request;
  }

  get parent(): Message["header"] {
    return this.request.header;
  }

  get allowsInput(): boolean {
    return this.request.content["allow_stdin"] === true;
  }

  /** Fires when the user interrupts the cell. */
  get signal(): AbortSignal {
    this.taken = true;
    return this.controller.signal;
  }

  /** Whether something in the cell listens for its interrupt, and so may end by itself. */
  get signalTaken(): boolean {
    return this.taken;
  }

  get interrupted(): boolean {
    return this.controller.signal.aborted;
  }

  /** The work's result, unless the cell is interrupted first. */
  async orInterrupted<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.controller;
    let stop: () => void = () => undefined;
    const interrupted = new Promise<never>((_, reject) => {
      stop = () => reject(new Interrupted());
      signal.addEventListener("abort", stop);
    });
    return Promise.race([work, interrupted]).finally(() => signal.removeEventListener("abort", stop));
  }

  abort(): void {
    if (!this.interrupted) this.controller.abort(new Interrupted());
  }
}

export class Cells {
  /** The cell that runs now. */
  running: Cell | undefined;
  private last: OutputScope | undefined;
  private readonly storage = new AsyncLocalStorage<OutputScope>();

  /** Output of `work`, also that of its timers and promises, belongs to `scope`. */
  within<T>(scope: OutputScope, work: () => T): T {
    return this.storage.run(scope, work);
  }

  /** Where output of the running code goes: its own cell, else the one that runs, else the one that ran last. */
  get scope(): OutputScope | undefined {
    return this.storage.getStore() ?? this.running ?? this.last;
  }

  /** The cell whose code this is, or the running one. */
  get current(): Cell | undefined {
    const scope = this.storage.getStore();
    return scope instanceof Cell ? scope : this.running;
  }

  begin(cell: Cell): void {
    this.running = cell;
    this.last = cell;
  }

  end(): void {
    this.running = undefined;
  }
}
