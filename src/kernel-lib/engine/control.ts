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

  /** @throws StopRequest */
  readonly check = (): void => {
    if (this.stopped) throw new StopRequest("stopped");
  };
}
