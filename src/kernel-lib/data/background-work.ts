/**
 * Work through many files, a few at a time and behind the caller's back. A process that has nothing else to do ends all the same, unless
 * somebody waits for it.
 */
import { setTimeout as sleep } from "node:timers/promises";

/** How many of the files are done, such as the pictures of a large data set that are checked while it is looked at. */
export interface WorkProgress {
  readonly done: number;
  readonly total: number;
}

const TELL_MS = 500;
const SAVE_MS = 20_000;

export abstract class BackgroundWork {
  private readonly listeners = new Set<(progress: WorkProgress) => void>();
  private waiting = 0;
  private running: Promise<void> | undefined;
  private told = 0;
  private saved = Date.now();
  /** Wakes what sleeps without keeping the process alive. */
  private wake = new AbortController();

  protected abstract readonly total: number;
  protected abstract readonly done: number;

  /** The next few. */
  protected abstract work(): Promise<void>;

  /** Keeps what was found out so far. */
  protected abstract save(): Promise<void>;

  get left(): number {
    return this.total - this.done;
  }

  /** @param first work that is done before */
  start(first?: BackgroundWork): void {
    if (this.running) return;
    const before = first?.running?.catch(() => undefined);
    this.running = before ? before.then(() => this.run()) : this.run();
    // Whoever waits for it is told; where nobody does, it stays undone.
    this.running.catch(() => undefined);
  }

  async whenDone(): Promise<void> {
    this.start();
    this.waiting++;
    this.wake.abort();
    try {
      await this.running;
    } finally {
      this.waiting--;
    }
  }

  /** Called now and then, and at the end. The function returned ends it. */
  onProgress(listener: (progress: WorkProgress) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async run(): Promise<void> {
    do {
      await this.rest();
      await this.work();
      this.tell();
      if (Date.now() - this.saved < SAVE_MS) continue;
      await this.save();
      this.saved = Date.now();
    } while (this.left > 0);
    await this.save();
    this.tell(true);
  }

  /** Others get their turn; a process with nothing to do but this ends here. */
  private async rest(): Promise<void> {
    if (this.waiting > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      return;
    }
    this.wake = new AbortController();
    await sleep(1, undefined, { ref: false, signal: this.wake.signal }).catch(() => undefined);
  }

  private tell(now = false): void {
    if (!now && Date.now() - this.told < TELL_MS) return;
    this.told = Date.now();
    const progress = { done: this.done, total: this.total };
    for (const listener of [...this.listeners]) listener(progress);
  }
}
