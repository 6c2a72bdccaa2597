/** How running work learns that it should stop: a flag in shared memory, looked at between the layers of a step. */
import { RUN } from "./messages.js";

/** Unwinds a computation that was asked to stop; never leaves the worker. */
export class StopRequest extends Error {
  override readonly name = "StopRequest";
}

export class Control {
  private readonly flag: Int32Array;

  constructor(flag: SharedArrayBuffer) {
    this.flag = new Int32Array(flag);
  }

  get stopped(): boolean {
    return Atomics.load(this.flag, 0) !== RUN;
  }

  /** For what waits instead of computing: a signal that follows the flag while `work` runs. */
  async during<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    const timer = setInterval(() => {
      if (this.stopped) controller.abort();
    }, 50);
    try {
      return await work(controller.signal);
    } finally {
      clearInterval(timer);
    }
  }

  /** @throws StopRequest */
  readonly check = (): void => {
    if (this.stopped) throw new StopRequest("stopped");
  };
}
