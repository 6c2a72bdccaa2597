/** A replica without a process: a model that answers by what it is told. */
import type { Scores } from "../../../src/kernel-lib/serving/models/served-model.js";
import type { Job, Outcome } from "../../../src/kernel-lib/serving/supervisor/job.js";
import type { ReplicaEnd, ReplicaProcess } from "../../../src/kernel-lib/serving/supervisor/replica-process.js";

const TIMES = { decode: 1, wait: 0, model: 2, batch: 1 };

/** Of the stand-in model's first version. */
export const LABELS: readonly string[] = ["cat", "dog", "owl"];

export const classified = (...logits: number[]): Scores => ({
  kind: "classification",
  logits: Float32Array.from(logits),
});

export class StandInReplica {
  state: "ready" | "ended" = "ready";
  readonly version: number;
  readonly jobs: Job[] = [];
  private end: ((end: ReplicaEnd) => void) | undefined;
  private readonly answer: ((job: Job) => Outcome | undefined) | undefined;

  /** @param answer undefined keeps the job until `finish` */
  constructor(answer?: (job: Job) => Outcome | undefined, version = 1) {
    this.answer = answer;
    this.version = version;
  }

  get load(): number {
    return this.jobs.length;
  }

  score(job: Job): void {
    this.jobs.push(job);
    const outcome = this.answer?.(job);
    if (outcome) setImmediate(() => this.finish(job, outcome));
  }

  finish(job: Job, outcome: Outcome = StandInReplica.good()): void {
    const index = this.jobs.indexOf(job);
    if (index < 0) return;
    this.jobs.splice(index, 1);
    job.settle(outcome);
  }

  onEnd(listener: (end: ReplicaEnd) => void): void {
    this.end = listener;
  }

  /** As SIGKILL does. */
  die(): void {
    this.state = "ended";
    this.end?.({ jobs: this.jobs.splice(0), reason: "it was ended by SIGKILL", expected: false });
  }

  get process(): ReplicaProcess {
    // The dispatcher uses no more of it than is here.
    return this as unknown as ReplicaProcess;
  }

  static good(scores: Scores = classified(1, 3, 2), labels = LABELS, version = 1): Outcome {
    return { ok: true, scores, times: TIMES, version, labels };
  }
}
