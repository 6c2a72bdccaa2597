/** Scores shards until all are done, or one. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { isVitrineError } from "../../structures/errors.js";
import type { ServedModel } from "../models/served-model.js";
import { NO_PARAMETERS } from "../wire/score-parameters.js";
import { serialize } from "../wire/score-response.js";
import { picturesOf, publish, type BatchPlan } from "./batch-plan.js";
import { ShardLeases } from "./shard-lease.js";
import { finishedShards, shardPath, shardText, type PictureResult, type ShardSummary } from "./shard-results.js";

export interface ShardWorkerOptions {
  input: string;
  output: string;
  plan: BatchPlan;
  /** Told apart from all others. */
  owner: string;
  /** Milliseconds after which a shard whose worker is silent is anybody's. */
  lease: number;
  maxBatch: number;
  maxPixels: number;
  onShard?: (summary: ShardSummary, published: "first" | "second") => void;
}

/** Times that a shard is begun before it is given up: it may be what ends its workers. */
export const MAX_ATTEMPTS = 4;

/** Codes of what is the picture's own fault. */
const PICTURE_FAULTS = new Set(["InvalidImage", "ImageTooLarge", "MissingFile"]);

export async function workShards(model: ServedModel, options: ShardWorkerOptions, only?: number): Promise<void> {
  const { output, plan, owner, lease } = options;
  const leases = new ShardLeases(output, owner, lease);
  const wanted = only === undefined ? Array.from({ length: plan.shards }, (_, shard) => shard) : [only];
  for (;;) {
    const finished = await finishedShards(output);
    const open = wanted.filter((shard) => !finished.has(shard));
    if (open.length === 0) return;
    let worked = false;
    for (const shard of open) worked = (await workShard(model, options, leases, shard)) || worked;
    // The rest is with others; should they end, it comes back.
    if (!worked) await wait(Math.min(1000, lease / 4));
  }
}

/** Whether it was ours to do. */
async function workShard(
  model: ServedModel,
  options: ShardWorkerOptions,
  leases: ShardLeases,
  shard: number,
): Promise<boolean> {
  const { output, plan, owner } = options;
  if ((await finishedShards(output)).has(shard)) return false;
  const held = await leases.take(shard);
  if (!held) return false;
  try {
    const started = Date.now();
    const pictures = picturesOf(plan, shard);
    const results = held.attempt > MAX_ATTEMPTS ? pictures.map(givenUp) : await scorePictures(model, options, pictures);
    const failed = results.filter(({ error }) => error).length;
    const summary: ShardSummary = {
      shard,
      pictures: pictures.length,
      failed,
      milliseconds: Date.now() - started,
      worker: owner,
    };
    const published = await publish(shardPath(output, shard), shardText(summary, results));
    options.onShard?.(summary, published);
    return true;
  } finally {
    await held.release();
  }
}

const givenUp = (picture: string): PictureResult => ({
  picture,
  error: { code: "GivenUp", message: `its shard was begun ${MAX_ATTEMPTS} times and never ended` },
});

async function scorePictures(
  model: ServedModel,
  options: ShardWorkerOptions,
  pictures: readonly string[],
): Promise<PictureResult[]> {
  const size = model.together ? options.maxBatch : 1;
  const results: PictureResult[] = [];
  for (let from = 0; from < pictures.length; from += size) {
    results.push(...(await scoreBatch(model, options, pictures.slice(from, from + size))));
  }
  return results;
}

async function scoreBatch(
  model: ServedModel,
  { input, maxPixels }: ShardWorkerOptions,
  pictures: readonly string[],
): Promise<PictureResult[]> {
  const prepared = await Promise.all(
    pictures.map(async (picture) => {
      try {
        return {
          picture,
          pixels: await model.prepare({ picture: await readFile(join(input, picture)) }, { maxPixels }),
        };
      } catch (error) {
        return { picture, error: faultOf(error) };
      }
    }),
  );
  const good = prepared.flatMap((one) => ("pixels" in one ? [one.pixels] : []));
  const scores = good.length === 0 ? [] : await model.score(good);
  let next = 0;
  return prepared.map((one) => {
    if (!("pixels" in one)) return { picture: one.picture, error: one.error };
    const found = scores[next++];
    if (!found) throw new Error("the model has not answered for every picture");
    const text = serialize(found, model.metadata.labels, { ...NO_PARAMETERS, addSoftmax: true });
    return { picture: one.picture, result: JSON.parse(text) as unknown };
  });
}

/** @throws what is not the picture's fault */
function faultOf(error: unknown): { code: string; message: string } {
  if (isVitrineError(error) && PICTURE_FAULTS.has(error.code)) return { code: error.code, message: error.message };
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return { code: "MissingFile", message: "it is gone" };
  throw error;
}
