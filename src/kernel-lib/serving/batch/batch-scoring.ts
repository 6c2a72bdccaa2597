/**
 * A large folder of pictures, scored by workers that may die: its pictures are dealt into shards once, a worker leases a shard, and a
 * shard's results appear whole and once. What is there is not done again, so a batch that was stopped is gone on with by the same call.
 */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { VitrineError } from "../../structures/errors.js";
import { effectiveSignal } from "../../structures/interrupt.js";
import { addVersion, modelFolder } from "../model-versions.js";
import { checkIdentity } from "./batch-identity.js";
import { checkBatch, type BatchOptions, type CheckedBatch } from "./batch-options.js";
import { openPlan } from "./batch-plan.js";
import { addUp, BatchReport } from "./batch-report.js";
import { runKubernetesJob } from "./kubernetes-job.js";
import { runLocalWorkers } from "./local-workers.js";
import { runRayJobs } from "./ray-jobs.js";
import { readSummaries } from "./shard-results.js";
import type { WorkerRun } from "./worker-run.js";

/** @throws InvalidOption, InvalidDataset, DeploymentFailed, Stopped */
export async function scoreFolder(options: BatchOptions): Promise<BatchReport> {
  const batch = checkBatch(options);
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const progress = options.progress === null ? () => undefined : (options.progress ?? print);
  const signal = effectiveSignal(options.signal);
  const started = Date.now();
  const seconds = () => (Date.now() - started) / 1000;
  if (batch.environment === "kubernetes") {
    const { summaries, lostWorkers } = await runKubernetesJob(batch, progress, signal);
    return new BatchReport({ output: batch.output, ...addUp(summaries), seconds: seconds(), lostWorkers });
  }
  const plan = await openPlan(batch.input, batch.output, batch.shards);
  const model = await modelPath(batch);
  await checkIdentity(batch.output, batch.input, model);
  progress(`${batch.name}: ${plan.pictures.length} pictures in ${plan.shards} shards`);
  const run: WorkerRun = { batch, plan, model, progress, signal };
  const { lostWorkers } = await (batch.environment === "ray" ? runRayJobs(run) : runLocalWorkers(run));
  return new BatchReport({
    output: batch.output,
    ...addUp(await readSummaries(batch.output, plan)),
    seconds: seconds(),
    lostWorkers,
  });
}

/** Where workers find it: what is not on disk yet is written beside the results. */
async function modelPath({ model, output }: CheckedBatch): Promise<string> {
  if (typeof model === "string") {
    if (existsSync(join(model, "model.json"))) return model;
    throw new VitrineError("MissingFile", { path: model, what: "a saved model", reason: "it has no model.json" });
  }
  const versions = join(output, `model-${randomUUID().slice(0, 8)}`);
  if (!model) throw new Error("a batch without a model");
  const { number } = await addVersion(versions, model);
  return modelFolder(versions, number);
}
