/**
 * The one queue of a service. A picture waits here, not with a replica, until one has room; so the quickest replica takes most, an
 * ended one loses little, and the service knows at once when it has too much to do.
 */
import type { Scores, ScoringItem } from "../models/served-model.js";
import type { ScoringTimes, ScriptFault } from "../replica/messages.js";
import type { Job, Outcome } from "./job.js";
import type { ReplicaProcess } from "./replica-process.js";
import { ServiceError } from "./service-error.js";

export interface DispatcherSettings {
  /** Pictures that wait at most. */
  queueSize: number;
  /** Pictures that a replica has at once: some that it computes, some that it decodes. */
  perReplica: number;
  /** Replicas that a picture is given to before it is given up, each having ended with it; 2 by default. */
  maxTries?: number;
}

export interface ScoredPicture {
  scores: Scores;
  times: ScoringTimes;
  /** Milliseconds in the queue and on the way to the replica. */
  queued: number;
  /** Of the model. */
  version: number;
  /** What that version's scores are for; another's may be others. */
  labels: readonly string[];
}

export class Dispatcher {
  private readonly settings: DispatcherSettings;
  private readonly queue: Job[] = [];
  private readonly replicas = new Set<ReplicaProcess>();
  private lastId = 0;
  /** Pictures a second, over the last seconds. */
  private rate = 0;
  private answered = 0;
  private since = performance.now();

  constructor(settings: DispatcherSettings) {
    this.settings = settings;
  }

  get waiting(): number {
    return this.queue.length;
  }

  get capacity(): number {
    return this.settings.queueSize;
  }

  get computing(): number {
    return [...this.replicas].reduce((sum, { load }) => sum + load, 0);
  }

  get full(): boolean {
    return this.queue.length >= this.settings.queueSize;
  }

  /** From now on the replica gets work, until it ends or is taken away. */
  add(replica: ReplicaProcess): void {
    this.replicas.add(replica);
    replica.onEnd(({ jobs, reason }) => {
      this.replicas.delete(replica);
      // Scoring changes nothing, so it may be done again; first, for they have waited longest.
      for (const job of jobs.reverse()) this.again(job, reason);
      this.pump();
    });
    this.pump();
  }

  /** It gets no new work. */
  remove(replica: ReplicaProcess): void {
    this.replicas.delete(replica);
  }

  /**
   * Scores pictures together or not at all: where there is no room for all of them, none is taken.
   *
   * @param version of the model, for pictures that were let in before and are scored again: they need no new room
   * @throws ServiceError 503 where there is no room, 413 where there never is
   */
  submit(items: readonly ScoringItem[], signal: AbortSignal, version?: number): Promise<ScoredPicture>[] {
    if (version === undefined) this.checkRoom(items);
    const jobs: Job[] = [];
    const scored = items.map((item) => this.enqueue(item, jobs, version));
    signal.addEventListener("abort", () => jobs.forEach((job) => this.abandon(job)), { once: true });
    this.pump();
    return scored;
  }

  private checkRoom(items: readonly ScoringItem[]): void {
    const { queueSize } = this.settings;
    if (items.length > queueSize) {
      const message = `Expected at most ${queueSize} pictures in a request but received ${items.length}`;
      throw new ServiceError(message, { status: 413, code: "TooManyPictures" });
    }
    if (this.queue.length + items.length > queueSize) {
      const { message, retryAfter } = this.overload;
      throw new ServiceError(message, { status: 503, code: "Overloaded", retryAfter });
    }
  }

  /** What to say where there is no room, and the seconds that the queue needs. */
  get overload(): { message: string; retryAfter: number } {
    const retryAfter = Math.min(60, Math.max(1, Math.ceil(this.queue.length / Math.max(this.rate, 1))));
    return { message: `The service has as much to do as it can take; try again in ${retryAfter} s`, retryAfter };
  }

  /** Gives up what still waits. */
  close(): void {
    for (const job of this.queue.splice(0)) job.settle({ ok: false, fault: "service", reason: "the service ends" });
  }

  private enqueue(item: ScoringItem, jobs: Job[], version: number | undefined): Promise<ScoredPicture> {
    const entered = performance.now();
    const what = "picture" in item ? "The picture" : "The request";
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome) => {
        this.count();
        if (outcome.ok) resolve({ ...outcome, queued: queuedTime(entered, outcome.times) });
        else if (outcome.fault === "picture")
          reject(new ServiceError(outcome.reason, { status: 400, code: outcome.code }));
        else if (outcome.fault === "script") reject(scriptError(outcome));
        else
          reject(new ServiceError(`${what} was not scored: ${outcome.reason}`, { status: 502, code: "ReplicaFailed" }));
        this.pump();
      };
      const job: Job = { id: ++this.lastId, item, version, tries: 0, abandoned: false, settle };
      this.queue.push(job);
      jobs.push(job);
    });
  }

  /** Whoever asked has gone; a picture that still waits need not be computed. */
  private abandon(job: Job): void {
    job.abandoned = true;
    const index = this.queue.indexOf(job);
    if (index < 0) return;
    this.queue.splice(index, 1);
    job.settle({ ok: false, fault: "service", reason: "the client has gone" });
  }

  private again(job: Job, reason: string): void {
    if (job.abandoned || job.tries >= (this.settings.maxTries ?? 2))
      job.settle({ ok: false, fault: "service", reason: `its replica ended: ${reason}` });
    else this.queue.unshift(job);
  }

  private pump(): void {
    for (let at = 0; at < this.queue.length;) {
      const job = this.queue[at];
      const replica = job && this.leastLoaded(job.version);
      if (replica) {
        this.queue.splice(at, 1);
        job.tries++;
        replica.score(job);
      } else if (job?.version === undefined) return;
      else at++;
    }
  }

  /** @param version of the model, where any replica has it */
  private leastLoaded(version: number | undefined): ReplicaProcess | undefined {
    const all = [...this.replicas];
    const fit = version === undefined ? all : all.filter((replica) => replica.version === version);
    let best: ReplicaProcess | undefined;
    for (const replica of fit.length > 0 ? fit : all) {
      const free = replica.state === "ready" && replica.load < this.settings.perReplica;
      if (free && (!best || replica.load < best.load)) best = replica;
    }
    return best;
  }

  private count(): void {
    this.answered++;
    const seconds = (performance.now() - this.since) / 1000;
    if (seconds < 2) return;
    this.rate = this.answered / seconds;
    this.answered = 0;
    this.since = performance.now();
  }
}

const scriptError = ({ status, code, reason, publicReason }: ScriptFault) =>
  new ServiceError(reason, { status, code, publicMessage: publicReason });

const queuedTime = (entered: number, { decode, wait, model }: ScoringTimes) =>
  Math.max(0, performance.now() - entered - decode - wait - model);
