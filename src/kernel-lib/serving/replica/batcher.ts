/**
 * Dynamic batching: while the model computes some pictures, the next ones are decoded and gathered. A picture waits for company no
 * longer than `maxDelay` while the model is free, and never longer than the model is busy.
 */
import type { PictureOptions } from "../../data/picture-file.js";
import type { PictureItem, Scores, ServedModel } from "../models/served-model.js";
import type { BatchingSettings, ScoringTimes } from "./messages.js";

export interface Scored {
  scores: Scores;
  times: ScoringTimes;
}

interface Waiting {
  prepared: unknown;
  since: number;
  decode: number;
  resolve: (scored: Scored) => void;
  reject: (error: unknown) => void;
}

export class Batcher {
  private readonly model: ServedModel;
  private readonly settings: BatchingSettings;
  private readonly options: PictureOptions;
  private readonly waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  private busy = false;

  constructor(model: ServedModel, settings: BatchingSettings, options: PictureOptions) {
    this.model = model;
    this.settings = settings;
    this.options = options;
  }

  async score(item: PictureItem): Promise<Scored> {
    const started = performance.now();
    const prepared = await this.model.prepare(item, this.options);
    const since = performance.now();
    return new Promise((resolve, reject) => {
      this.waiting.push({ prepared, since, decode: since - started, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    const [oldest] = this.waiting;
    if (this.busy || !oldest) return;
    const left = oldest.since + this.settings.maxDelay - performance.now();
    if (this.waiting.length >= this.settings.maxBatch || left <= 0) return void this.run();
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (!this.busy) void this.run();
    }, left);
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.waiting.splice(0, this.settings.maxBatch);
    if (batch.length === 0) return;
    this.busy = true;
    const started = performance.now();
    try {
      const all = await this.model.score(batch.map(({ prepared }) => prepared));
      const model = performance.now() - started;
      batch.forEach(({ resolve, reject, since, decode }, index) => {
        const scores = all[index];
        const times = { decode, wait: started - since, model, batch: batch.length };
        if (scores) resolve({ scores, times });
        else reject(new Error(`the model gave ${all.length} answers for ${batch.length} pictures`));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.busy = false;
      this.schedule();
    }
  }
}
