/** Cells run one after the other; when one fails, those that were sent before it failed are not run. */
import { setTimeout as sleep } from "node:timers/promises";

import type { Message } from "./messages.js";

/** Requests that were sent already may still be in the socket. */
const ARRIVAL_MS = 20;

export interface CellRun {
  /** What follows is aborted. */
  readonly stop: boolean;
  /** Sends the reply. */
  finish(): void;
}

export class ExecutionQueue {
  private readonly run: (request: Message) => Promise<CellRun>;
  private readonly abort: (request: Message) => void;
  private waiting: Message[] = [];
  private busy = false;

  constructor(run: (request: Message) => Promise<CellRun>, abort: (request: Message) => void) {
    this.run = run;
    this.abort = abort;
  }

  add(request: Message): void {
    this.waiting.push(request);
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      const run = await this.run(next);
      if (run.stop) await sleep(ARRIVAL_MS);
      const aborted = run.stop ? this.waiting.splice(0) : [];
      // The reply comes after the wait: what a client sends once it knows of the error is meant to run.
      run.finish();
      for (const request of aborted) this.abort(request);
    }
    this.busy = false;
  }
}
