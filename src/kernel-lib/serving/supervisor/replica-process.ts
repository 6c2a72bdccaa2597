/** One replica as its supervisor sees it: a child process, the pictures it has, and what became of it. */
import { fork, type ChildProcess } from "node:child_process";
import { setPriority } from "node:os";
import { join } from "node:path";

import { packageFolder } from "../../engine/package-folder.js";
import type { ServedModelMetadata } from "../models/served-model.js";
import type { BatchingSettings, FromReplica, ReplicaUsage, ToReplica } from "../replica/messages.js";
import type { ScriptLimits } from "../service-settings.js";
import type { Job } from "./job.js";
import { OutputLines } from "./output-lines.js";
import { Silence } from "./silence.js";

/**
 * Below the supervisor's, so that an answer about the service's health never waits behind a model's computation. The service is a session of
 * its own, and Linux shares the processor among sessions first; so this costs replicas nothing beside other programs.
 */
const NICENESS = 10;

export interface ReplicaSettings {
  /** The version's model folder. */
  folder: string;
  version: number;
  batching: BatchingSettings;
  maxPixels: number;
  /** Where an entry script gives the answers. */
  script: ScriptLimits | null;
  /** Threads of the model's computation. */
  threads: number;
  /** Milliseconds that the model may take for what it was given before it counts as stuck. */
  stuckAfter: number;
  /** Gets what the process prints. */
  onOutput: (line: string) => void;
}

/** "failing": it has said that it ends, and gets no new work. */
export type ReplicaState = "starting" | "ready" | "retiring" | "failing" | "ended";

export interface ReplicaEnd {
  /** Jobs that were with it. */
  jobs: Job[];
  reason: string;
  /** It was told to. */
  expected: boolean;
}

export class ReplicaProcess {
  readonly version: number;
  readonly startedAt = Date.now();
  /** Resolves when it can score, rejects when it ends before that. */
  readonly ready: Promise<ServedModelMetadata>;
  /** Of its model, once it can score. */
  metadata: ServedModelMetadata | undefined;
  state: ReplicaState = "starting";
  usage: ReplicaUsage = { cpuSeconds: 0, memoryBytes: 0 };
  private readonly child: ChildProcess;
  private readonly jobs = new Map<number, Job>();
  private readonly ended: Promise<ReplicaEnd>;
  private reason = "";
  private readonly silence = new Silence();
  private readonly watchdog: NodeJS.Timeout;

  constructor(settings: ReplicaSettings) {
    this.version = settings.version;
    this.child = fork(join(packageFolder(), "dist", "serving", "replica", "main.js"), [], {
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: [],
      env: replicaEnvironment(settings.threads),
    });
    this.listen(settings.onOutput);
    this.ended = this.whenEnded();
    this.ready = this.whenReady();
    // Awaited by whoever started it; until then a failure is nobody's.
    this.ready.catch(() => undefined);
    const { folder, batching, maxPixels, script } = settings;
    this.send({ type: "load", folder, batching, maxPixels, script });
    this.watchdog = setInterval(() => this.watch(settings.stuckAfter), Silence.INTERVAL);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Pictures that it has. */
  get load(): number {
    return this.jobs.size;
  }

  onEnd(listener: (end: ReplicaEnd) => void): void {
    void this.ended.then(listener);
  }

  score(job: Job): void {
    if (this.jobs.size === 0) this.silence.end();
    this.jobs.set(job.id, job);
    this.send({ type: "score", id: job.id, item: job.item });
  }

  /** Lets it finish what it has; resolves when it is gone. */
  async retire(): Promise<void> {
    if (this.state === "starting") this.kill("it is not needed any more");
    else if (this.state === "ready") {
      this.state = "retiring";
      this.send({ type: "retire" });
    }
    await this.ended;
  }

  kill(reason: string): void {
    this.reason = reason;
    this.child.kill("SIGKILL");
  }

  private send(message: ToReplica): void {
    // A process that has just died says so by its end, not here.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private listen(onOutput: (line: string) => void): void {
    this.child.on("message", (message: FromReplica) => this.receive(message));
    this.child.on("spawn", () => {
      try {
        setPriority(this.pid, NICENESS);
      } catch {
        // Gone already, or not allowed here; then it competes.
      }
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      const lines = new OutputLines(onOutput);
      stream
        ?.setEncoding("utf8")
        .on("data", (text: string) => lines.add(text))
        .once("end", () => lines.end());
    }
  }

  private receive(message: FromReplica): void {
    if (message.type === "usage") this.usage = message.usage;
    else if (message.type === "unfit") this.reason = message.reason;
    else if (message.type !== "ready") this.settle(message);
  }

  private settle(message: Extract<FromReplica, { id: number }>): void {
    this.silence.end();
    const job = this.jobs.get(message.id);
    this.jobs.delete(message.id);
    if (!job) return;
    if (message.type === "answer")
      job.settle({
        ok: true,
        scores: message.scores,
        times: message.times,
        version: this.version,
        labels: this.metadata?.labels ?? [],
      });
    else if (message.type === "script failed") {
      if (message.ends) this.state = "failing";
      job.settle({ ok: false, fault: "script", ...message.fault });
    } else if (message.type === "refused")
      job.settle({ ok: false, fault: "picture", code: message.code, reason: message.reason });
    else job.settle({ ok: false, fault: "service", reason: message.reason });
  }

  private watch(stuckAfter: number): void {
    if (this.silence.look(this.jobs.size > 0) > stuckAfter) {
      this.kill(`it gave no answer for ${stuckAfter / 1000} s`);
    }
  }

  private whenReady(): Promise<ServedModelMetadata> {
    return new Promise((resolve, reject) => {
      this.child.on("message", (message: FromReplica) => {
        if (message.type !== "ready") return;
        this.state = "ready";
        this.metadata = message.metadata;
        resolve(message.metadata);
      });
      void this.ended.then(({ reason }) => reject(new Error(reason)));
    });
  }

  private whenEnded(): Promise<ReplicaEnd> {
    return new Promise((resolve) => {
      const end = (how: string) => {
        clearInterval(this.watchdog);
        const expected = this.state === "retiring";
        this.state = "ended";
        const jobs = [...this.jobs.values()];
        this.jobs.clear();
        resolve({ jobs, expected, reason: this.reason === "" ? how : this.reason });
      };
      this.child.once("error", (error) => end(error.message));
      this.child.once("exit", (code, signal) =>
        end(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`),
      );
    });
  }
}

/** The computation's threads, and an allocator that gives back what decoding took. */
const replicaEnvironment = (threads: number): NodeJS.ProcessEnv => ({
  ...process.env,
  TF_NUM_INTRAOP_THREADS: String(threads),
  TF_NUM_INTEROP_THREADS: "1",
  OMP_NUM_THREADS: String(threads),
  TF_CPP_MIN_LOG_LEVEL: "2",
  MALLOC_ARENA_MAX: "2",
});
