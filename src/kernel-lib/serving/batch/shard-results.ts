/** What came of a shard: a JSON object a line, first what it adds up to. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { BatchPlan } from "./batch-plan.js";

export interface ShardSummary {
  shard: number;
  pictures: number;
  /** Pictures that could not be scored. */
  failed: number;
  milliseconds: number;
  /** Whose work it was. */
  worker: string;
}

/** A line for each picture. */
export interface PictureResult {
  /** Relative to the input, with forward slashes. */
  picture: string;
  /** Of a classifier: a probability a label; of a detector: the fields of its `score()`. */
  result?: unknown;
  error?: { code: string; message: string };
}

export const shardPath = (output: string, shard: number): string =>
  join(output, "shards", `${String(shard).padStart(6, "0")}.jsonl`);

export const shardText = (summary: ShardSummary, results: readonly PictureResult[]): string =>
  [summary, ...results].map((line) => `${JSON.stringify(line)}\n`).join("");

/** Those that are whole. */
export async function finishedShards(output: string): Promise<Set<number>> {
  const names = await readdir(join(output, "shards")).catch(() => []);
  return new Set(names.filter((name) => /^\d+\.jsonl$/.test(name)).map((name) => Number.parseInt(name, 10)));
}

export async function readShard(
  output: string,
  shard: number,
): Promise<{ summary: ShardSummary; results: PictureResult[] }> {
  const [head = "{}", ...lines] = (await readFile(shardPath(output, shard), "utf8")).trimEnd().split("\n");
  return { summary: JSON.parse(head) as ShardSummary, results: lines.map((line) => JSON.parse(line) as PictureResult) };
}

/** In the order of the plan. */
export async function readSummaries(output: string, { shards }: BatchPlan): Promise<ShardSummary[]> {
  const summaries: ShardSummary[] = [];
  for (let shard = 0; shard < shards; shard++) summaries.push((await readShard(output, shard)).summary);
  return summaries;
}
