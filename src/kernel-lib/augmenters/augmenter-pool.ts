/**
 * Threads that augment. They start with the first batch, keep no program alive while they have nothing to do, and end with it. One that dies
 * takes the batches it worked for with it, which then fail; the next batch gets a new one.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { VitrineError, type VitrineErrorCode } from "../structures/errors.js";
import type { RandomPosition } from "../structures/random.js";
import type { Subject } from "./subject.js";

/** One picture, and where its random numbers begin; where that is undefined, chance decides. */
export interface AugmentJob {
  subject: Subject;
  position: RandomPosition | undefined;
}

/** What a thread gets. An augmenter comes with its first picture and is kept. */
export interface PoolRequest extends AugmentJob {
  id: number;
  key: number;
  augmenter?: unknown;
  /** Those that are kept have become too many. */
  forget?: boolean;
}

export type PoolResponse =
  { id: number; subject: Subject } | { id: number; error: { code?: string; details?: unknown; message: string } };

interface Batch {
  key: number;
  sent: unknown;
  jobs: readonly AugmentJob[];
  next: number;
  done: number;
  results: Subject[];
  threads: number;
  running: number;
  end: (error?: Error) => void;
}

interface Thread {
  worker: Worker;
  task: { id: number; batch: Batch; index: number } | undefined;
  known: Set<number>;
}

/** Augmenters that a thread keeps. */
const MOST_KEPT = 64;

export class AugmenterPool {
  private readonly path: string | undefined;
  private threads: Thread[] = [];
  private batches: Batch[] = [];
  private readonly keys = new WeakMap<object, number>();
  private lastKey = 0;
  private lastId = 0;

  /** @param path the threads' script */
  constructor(path?: string) {
    this.path = path;
  }

  /** The results in the order of the jobs. @param augmenter whose `sent` is kept in the threads */
  run(
    augmenter: object,
    sent: unknown,
    jobs: readonly AugmentJob[],
    { threads, signal }: { threads: number; signal?: AbortSignal | undefined },
  ): Promise<Subject[]> {
    const key = this.keys.get(augmenter) ?? ++this.lastKey;
    this.keys.set(augmenter, key);
    return new Promise((resolve, reject) => {
      const stop = () => batch.end(new VitrineError("Stopped", { operation: "Augmenting", kept: "nothing" }));
      const end = (error?: Error) => {
        this.batches = this.batches.filter((each) => each !== batch);
        signal?.removeEventListener("abort", stop);
        if (error) reject(error);
        else resolve(batch.results);
      };
      const batch: Batch = { key, sent, jobs, next: 0, done: 0, results: [], threads, running: 0, end };
      if (signal?.aborted) {
        stop();
        return;
      }
      if (jobs.length === 0) {
        end();
        return;
      }
      signal?.addEventListener("abort", stop, { once: true });
      this.batches.push(batch);
      this.dispatch();
    });
  }

  /** Ends the threads; batches under way fail, the next one starts new ones. */
  async close(): Promise<void> {
    const threads = this.threads;
    this.threads = [];
    for (const batch of [...this.batches]) batch.end(failed("the threads were closed"));
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  /** Gives threads that wait the next pictures, and starts threads as long as a batch may have more. */
  private dispatch(): void {
    for (const batch of [...this.batches]) {
      while (batch.next < batch.jobs.length && batch.running < batch.threads) {
        const waiting = this.threads.find(({ task }) => task === undefined);
        if (!waiting && this.threads.length >= batch.threads) break;
        try {
          this.give(waiting ?? this.start(), batch);
        } catch (error) {
          batch.end(failed(error instanceof Error ? error.message : String(error)));
          break;
        }
      }
    }
  }

  private give(thread: Thread, batch: Batch): void {
    const index = batch.next++;
    const job = batch.jobs[index];
    if (!job) return;
    const task = { id: ++this.lastId, batch, index };
    const forget = thread.known.size >= MOST_KEPT && !thread.known.has(batch.key);
    if (forget) thread.known.clear();
    const isNew = !thread.known.has(batch.key);
    thread.known.add(batch.key);
    const { id } = task;
    const { position } = job;
    const subject = { ...job.subject, image: inSharedMemory(job.subject.image) };
    const request: PoolRequest = {
      id,
      key: batch.key,
      subject,
      position,
      ...(isNew && { augmenter: batch.sent, forget }),
    };
    thread.worker.ref();
    thread.worker.postMessage(request);
    thread.task = task;
    batch.running++;
  }

  private start(): Thread {
    const worker = new Worker(this.path ?? workerPath());
    const thread: Thread = { worker, task: undefined, known: new Set() };
    worker.on("message", (response: PoolResponse) => this.receive(thread, response));
    worker.on("messageerror", (error) => this.lose(thread, error.message));
    worker.on("error", (error) => this.lose(thread, error instanceof Error ? error.message : String(error)));
    worker.on("exit", (code) => this.lose(thread, `a thread ended with code ${code}`));
    this.threads.push(thread);
    return thread;
  }

  private receive(thread: Thread, response: PoolResponse): void {
    const { task } = thread;
    if (task?.id !== response.id) return;
    thread.task = undefined;
    thread.worker.unref();
    const { batch, index } = task;
    batch.running--;
    if ("error" in response) batch.end(asError(response.error));
    else {
      batch.results[index] = response.subject;
      if (++batch.done === batch.jobs.length) batch.end();
    }
    this.dispatch();
  }

  private lose(thread: Thread, reason: string): void {
    if (!this.threads.includes(thread)) return;
    this.threads = this.threads.filter((each) => each !== thread);
    thread.task?.batch.end(failed(reason));
    this.dispatch();
  }
}

const failed = (reason: string) => new VitrineError("EngineFailed", { operation: "augmentBatch", reason });

function asError({ code, details, message }: { code?: string; details?: unknown; message: string }): Error {
  // Made by the same class in the thread, so that code and details fit each other.
  return code === undefined ? failed(message) : new VitrineError(code as VitrineErrorCode, details as never);
}

/** A picture that threads read where it lies. */
function inSharedMemory(image: Subject["image"]): Subject["image"] {
  const { data, width, height, channels } = image;
  if (data.buffer instanceof SharedArrayBuffer) return { data, width, height, channels };
  const shared = new Uint8Array(new SharedArrayBuffer(data.length));
  shared.set(data);
  return { data: shared, width, height, channels };
}

/** Threads run the built library, wherever this file is read from. */
function workerPath(): string {
  const beside = join(__dirname, "augmenter-worker.js");
  if (existsSync(beside)) return beside;
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (!existsSync(path) || (JSON.parse(readFileSync(path, "utf8")) as { name?: unknown }).name !== "vitrine")
      continue;
    const built = join(folder, "dist", "augmenters", "augmenter-worker.js");
    if (existsSync(built)) return built;
  }
  throw new Error("the library is not built: npm run setup");
}

export const augmenterPool = new AugmenterPool();
