/** What a batch came to: each shard counted once. */
import type { PictureResult, ShardSummary } from "./shard-results.js";
import { readShard } from "./shard-results.js";

export interface BatchReportData {
  /** Folder of the results; within its volume, where it was done in a cluster. */
  output: string;
  shards: number;
  pictures: number;
  /** Pictures that could not be scored; their lines say why. */
  failed: number;
  seconds: number;
  /** Workers that ended before their time. */
  lostWorkers: number;
}

/** What a scored folder came to: each shard counted once. */
export class BatchReport implements BatchReportData {
  readonly output!: string;
  readonly shards!: number;
  readonly pictures!: number;
  readonly failed!: number;
  readonly seconds!: number;
  readonly lostWorkers!: number;

  constructor(data: BatchReportData) {
    Object.assign(this, data);
  }

  /** Each picture's line, in the order of their names; where the output is a folder of this machine. */
  async *results(): AsyncGenerator<PictureResult> {
    for (let shard = 0; shard < this.shards; shard++) yield* (await readShard(this.output, shard)).results;
  }

  toString(): string {
    const { pictures, failed, shards, seconds, lostWorkers, output } = this;
    const lost =
      lostWorkers === 0
        ? ""
        : `; ${lostWorkers} worker${lostWorkers === 1 ? "" : "s"} lost on the way, nothing counted twice`;
    const bad = failed === 0 ? "" : `, ${failed} of them could not be scored`;
    return `${pictures} pictures${bad}, in ${shards} shards and ${seconds.toFixed(1)} s${lost}; results in ${output}`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

export const addUp = (summaries: readonly ShardSummary[]): { shards: number; pictures: number; failed: number } => ({
  shards: summaries.length,
  pictures: summaries.reduce((sum, { pictures }) => sum + pictures, 0),
  failed: summaries.reduce((sum, { failed }) => sum + failed, 0),
});
