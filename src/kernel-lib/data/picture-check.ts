/**
 * Decodes, a few at a time and in the background, the pictures of which a data set has taken it on trust that they can be decoded. A
 * process that has nothing else to do ends all the same, unless somebody waits for it; what was found out by then is in the index.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ImageFacts } from "./image-facts.js";
import type { DatasetProblem } from "./dataset-problem.js";
import type { PictureIndex } from "./picture-index.js";
import type { UncheckedFacts } from "./unchecked-facts.js";

/** Few: thumbnails that somebody is waiting for are made meanwhile. */
const AT_ONCE = 2;
/** Pictures between two looks at what else there is to do. */
const BATCH = 32;
const TELL_MS = 500;
const SAVE_MS = 20_000;

export interface CheckProgress {
  readonly done: number;
  readonly total: number;
}

type Look = (path: string) => Promise<{ facts?: ImageFacts; problem?: DatasetProblem }>;

export class PictureCheck {
  /** What was found wrong so far. */
  readonly problems: DatasetProblem[] = [];
  private readonly pictures: readonly UncheckedFacts[];
  private readonly look: Look;
  private readonly index: PictureIndex | undefined;
  private readonly listeners = new Set<(progress: CheckProgress) => void>();
  private done = 0;
  private waiting = 0;
  private running: Promise<void> | undefined;
  private told = 0;
  private saved = Date.now();
  /** Wakes what sleeps without keeping the process alive. */
  private wake = new AbortController();

  constructor(pictures: readonly UncheckedFacts[], look: Look, index: PictureIndex | undefined) {
    this.pictures = pictures;
    this.look = look;
    this.index = index;
  }

  /** Pictures that nobody has decoded yet. */
  get left(): number {
    return this.pictures.length - this.done;
  }

  start(): void {
    if (this.running) return;
    this.running = this.run();
    // Whoever waits for it is told; where nobody does, pictures stay unchecked.
    this.running.catch(() => undefined);
  }

  /** Until every picture was decoded. */
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

  onProgress(listener: (progress: CheckProgress) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async run(): Promise<void> {
    for (let from = 0; from < this.pictures.length; from += BATCH) {
      await this.rest();
      const queue = this.pictures.slice(from, from + BATCH).values();
      const work = async () => {
        for (const picture of queue) await this.check(picture);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      this.tell();
      await this.save();
    }
    await this.save(true);
    this.tell(true);
  }

  /** Others get their turn; a process with nothing to do but this ends here. */
  private async rest(): Promise<void> {
    if (this.waiting > 0) return;
    this.wake = new AbortController();
    await sleep(1, undefined, { ref: false, signal: this.wake.signal }).catch(() => undefined);
  }

  private async check(picture: UncheckedFacts): Promise<void> {
    const { facts, problem } = await this.look(picture.storagePath);
    picture.settle(facts, problem?.reason ?? "it can't be read");
    if (problem) this.problems.push(problem);
    this.done++;
  }

  private tell(now = false): void {
    if (!now && Date.now() - this.told < TELL_MS) return;
    this.told = Date.now();
    const progress = { done: this.done, total: this.pictures.length };
    for (const listener of [...this.listeners]) listener(progress);
  }

  private async save(now = false): Promise<void> {
    if (!now && Date.now() - this.saved < SAVE_MS) return;
    this.saved = Date.now();
    await this.index?.save();
  }
}
