/**
 * A worker of a batch: `node main.js --input FOLDER --output FOLDER --model FOLDER [--shards N] [--shard I]`. In a pod of an indexed Job the
 * shard is the pod's index. It prints a line for each shard, and ends with 0 when there is none left to do.
 */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { engine } from "../../engine/engine.js";
import { packageFolder } from "../../engine/package-folder.js";
import { DEFAULT_MAX_PIXELS } from "../../data/picture-file.js";
import { openServedModel } from "../models/open-served-model.js";
import { listVersions, modelFolder } from "../model-versions.js";
import { openPlan } from "./batch-plan.js";
import { readShard, type ShardSummary } from "./shard-results.js";
import { workShards } from "./shard-worker.js";

/** Where Kubernetes reads what a container says at its end. */
const TERMINATION_LOG = "/dev/termination-log";

const text = { type: "string" } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      input: text,
      output: text,
      model: text,
      shards: text,
      shard: text,
      lease: text,
      owner: text,
      "max-batch": text,
    },
  });
  const { input = "", output = "" } = values;
  const plan = await openPlan(input, output, Number(values.shards ?? 1));
  const index = values.shard ?? process.env["JOB_COMPLETION_INDEX"];
  const only = index === undefined ? undefined : Number(index);
  // A small folder has fewer shards than were asked for.
  if (only !== undefined && only >= plan.shards)
    return say({ shard: only, pictures: 0, failed: 0, milliseconds: 0, worker: "" });
  const model = await openServedModel(values.model ?? (await imagesModel()));
  const owner = values.owner ?? `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  await workShards(
    model,
    {
      input,
      output,
      plan,
      owner,
      lease: Number(values.lease ?? 30) * 1000,
      maxBatch: Number(values["max-batch"] ?? 8),
      maxPixels: DEFAULT_MAX_PIXELS,
      onShard: (summary, published) => {
        process.stdout.write(`${JSON.stringify({ ...summary, published })}\n`);
      },
    },
    only,
  );
  // Also where it was done before: whoever adds up asks each pod once.
  if (only !== undefined) await say((await readShard(output, only)).summary);
  await engine.close();
}

/** The version that an image holds. */
async function imagesModel(): Promise<string> {
  const versions = join(packageFolder(), "..", "..", "versions");
  return modelFolder(versions, (await listVersions(versions)).at(-1) ?? 1);
}

async function say(summary: ShardSummary): Promise<void> {
  const path = process.env["VITRINE_TERMINATION_LOG"] ?? TERMINATION_LOG;
  if (existsSync(path)) await writeFile(path, JSON.stringify(summary));
}

main().catch((error: unknown) => {
  process.stderr.write(`vitrine: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
