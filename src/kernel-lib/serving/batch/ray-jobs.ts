/** Workers as jobs of a Ray cluster, whose nodes see the folders as this machine does. A job whose node died is submitted again. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

import { VitrineError } from "../../structures/errors.js";
import { RayClient, RayRefusal } from "./ray-client.js";
import { finishedShards } from "./shard-results.js";
import { workerArguments, workerScript } from "./worker-command.js";
import { stoppedBatch, type WorkerRun } from "./worker-run.js";

const INTERVAL = 1000;
/** Times that a worker's job is submitted. */
const TRIES = 4;

export async function runRayJobs(run: WorkerRun): Promise<{ lostWorkers: number }> {
  const { batch, progress } = run;
  const client = new RayClient(batch.ray.address, batch.ray.headers);
  try {
    progress(`${batch.name}: Ray ${await client.version()} at ${batch.ray.address}`);
    return await submitAndWatch(run, client);
  } catch (error) {
    if (!(error instanceof RayRefusal)) throw error;
    const { status, message } = error;
    const reason =
      status === 0 ? `Ray at ${batch.ray.address} can't be reached: ${message}` : `Ray answered ${status}: ${message}`;
    const kind = status === 0 ? "unreachable" : status === 401 || status === 403 ? "unauthorized" : "rejected";
    throw new VitrineError(
      "DeploymentFailed",
      {
        name: batch.name,
        operation: "The batch",
        reason,
        waysOut: ["ray: { address }, of the dashboard: 8265 is its port by default", "ray start --head"],
        kind,
      },
      { cause: error },
    );
  }
}

async function submitAndWatch(run: WorkerRun, client: RayClient): Promise<{ lostWorkers: number }> {
  const { batch, plan, progress, signal } = run;
  const running = new Map<string, number>();
  let [lostWorkers, said] = [0, -1];
  const submit = async (tries: number) => {
    const id = `vitrine-${batch.name}-${randomUUID().slice(0, 12)}`;
    await client.submit(id, entrypoint(run), batch.ray.cpuCores);
    running.set(id, tries);
  };
  try {
    for (let i = 0; i < Math.min(batch.workers, plan.shards); i++) await submit(1);
    for (;;) {
      const { size } = await finishedShards(batch.output);
      if (size !== said) progress(`${batch.name}: ${(said = size)} of ${plan.shards} shards`);
      if (size >= plan.shards) return { lostWorkers };
      if (signal?.aborted === true) throw stoppedBatch(size, plan.shards);
      for (const [id, tries] of [...running]) {
        const { status, message } = await client.job(id);
        if (status === "PENDING" || status === "RUNNING") continue;
        running.delete(id);
        if (status === "SUCCEEDED") continue;
        lostWorkers++;
        progress(
          `${batch.name}: the job ${id} is ${status.toLowerCase()} (${firstLine(message ?? "no reason was given")})`,
        );
        if (tries >= TRIES) throw failed(run, id, await client.logs(id).catch(() => ""), message ?? "");
        await submit(tries + 1);
      }
      // All have ended well, and a shard that another had leased came back after that.
      if (running.size === 0 && (await finishedShards(batch.output)).size < plan.shards) await submit(1);
      await wait(INTERVAL);
    }
  } finally {
    for (const id of running.keys()) await client.stop(id).catch(() => undefined);
  }
}

function entrypoint({ batch, model }: WorkerRun): string {
  const { input, output, shards, leaseSeconds } = batch;
  const own = [process.execPath, workerScript()].map(shell).join(" ");
  const args = workerArguments({ input, output, model, shards, lease: leaseSeconds });
  return `${batch.ray.command ?? own} ${args.map(shell).join(" ")}`;
}

/** Ray adds the whole log to it. */
const firstLine = (message: string): string => message.split(/, last available logs|\n/)[0] ?? "";

const shell = (word: string): string => (/^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

function failed({ batch }: WorkerRun, id: string, log: string, message: string): VitrineError {
  const last = log.trim().split("\n").slice(-8).join("\n");
  const reason = `the job ${id} failed ${TRIES} times: ${firstLine(message)}\n${last}`;
  return new VitrineError("DeploymentFailed", {
    name: batch.name,
    operation: "The batch",
    reason,
    waysOut: [
      "Do all nodes see the folders by the same paths?",
      "ray: { command }, where the library lies elsewhere on them",
    ],
    kind: "crash-loop",
  });
}
