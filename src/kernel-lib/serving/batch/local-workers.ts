/** Workers as processes of this machine; one that ends before its time is replaced, and its shard goes back at once. */
import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { setTimeout as wait } from "node:timers/promises";

import { VitrineError } from "../../structures/errors.js";
import { releaseOf } from "./shard-lease.js";
import { finishedShards } from "./shard-results.js";
import { workerArguments, workerScript } from "./worker-command.js";
import { stoppedBatch, type WorkerRun } from "./worker-run.js";

const INTERVAL = 100;

/** Ends without a shard between them, after which the next is likely to end of the same: without a word, and with a reason. */
const LIVES = 8;
const REFUSALS = 2;

interface Ended {
  good: boolean;
  words: string;
  /** It said itself that it can't work. */
  refused: boolean;
}

interface Worker {
  owner: string;
  child: ChildProcess;
  ended: Promise<Ended>;
}

/** Workers that ended before their time: all of them, and those since the last shard that was finished. */
class Losses {
  total = 0;
  private last = "";
  private silent = 0;
  private refusals = 0;

  add({ words, refused }: Ended): void {
    this.total++;
    this.last = words;
    this.silent++;
    if (refused) this.refusals++;
  }

  /** A shard was finished: there is hope. */
  forget(): void {
    [this.silent, this.refusals] = [0, 0];
  }

  /** @throws DeploymentFailed where the next worker is likely to end of the same */
  refuseHopeless(name: string): void {
    if (this.silent < LIVES && this.refusals < REFUSALS) return;
    const reason = `workers end before their time: ${this.last}`;
    const waysOut = ["Fewer workers, where memory is short", "Read what it says above"];
    throw new VitrineError("DeploymentFailed", { name, operation: "The batch", reason, waysOut, kind: "crash-loop" });
  }
}

export async function runLocalWorkers(run: WorkerRun): Promise<{ lostWorkers: number }> {
  const { batch, plan, progress, signal } = run;
  const count = Math.min(batch.workers, plan.shards);
  const workers = new Set<Worker>();
  const losses = new Losses();
  const start = () => {
    const worker = startWorker(run, count);
    workers.add(worker);
    void worker.ended.then(async (end) => {
      // First its shards, then the place: a new one finds them free.
      if (!end.good) await releaseAll(run, worker);
      workers.delete(worker);
      if (end.good) return;
      losses.add(end);
      progress(`${batch.name}: a worker was lost (${end.words})`);
    });
  };
  let finished = -1;
  try {
    for (;;) {
      const { size } = await finishedShards(batch.output);
      if (size !== finished) {
        finished = size;
        progress(`${batch.name}: ${size} of ${plan.shards} shards`);
        losses.forget();
      }
      if (size >= plan.shards) return { lostWorkers: losses.total };
      if (signal?.aborted === true) throw stoppedBatch(size, plan.shards);
      losses.refuseHopeless(batch.name);
      while (workers.size < Math.min(count, plan.shards - size)) start();
      await wait(INTERVAL);
    }
  } finally {
    for (const { child } of workers) child.kill("SIGTERM");
    await Promise.all([...workers].map(({ ended }) => ended));
  }
}

async function releaseAll({ batch, plan }: WorkerRun, { owner }: Worker): Promise<void> {
  await Promise.all(Array.from({ length: plan.shards }, (_, shard) => releaseOf(batch.output, shard, owner)));
}

function startWorker({ batch, model }: WorkerRun, count: number): Worker {
  const owner = `local-${randomUUID()}`;
  const threads = String(Math.max(1, Math.floor(availableParallelism() / count)));
  const { input, output, shards, leaseSeconds } = batch;
  const args = workerArguments({ input, output, model, shards, lease: leaseSeconds, owner });
  const child = fork(workerScript(), args, {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
    env: {
      ...process.env,
      TF_NUM_INTRAOP_THREADS: threads,
      TF_NUM_INTEROP_THREADS: "1",
      OMP_NUM_THREADS: threads,
      TF_CPP_MIN_LOG_LEVEL: "2",
    },
  });
  let words = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (words = (words + text).slice(-2000)));
  const ended = new Promise<Ended>((resolve) => {
    child.once("error", (error) => resolve({ good: false, words: error.message, refused: true }));
    child.once("close", (code, signal) => {
      const how = signal === null ? `it ended with ${code ?? 0}` : `it was ended by ${signal}`;
      const said = /^vitrine: (.*)$/m.exec(words)?.[1];
      resolve({ good: code === 0, words: said ?? how, refused: said !== undefined });
    });
  });
  return { owner, child, ended };
}
