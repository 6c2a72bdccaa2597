/**
 * The replicas of a service: as many as are wanted, all of the wanted version, and a spare that has its model ready and takes the place
 * of one that ends. An update starts the new ones before it retires the old ones.
 */
import { availableParallelism } from "node:os";

import type { ServedModelMetadata } from "../models/served-model.js";
import type { Dispatcher } from "./dispatcher.js";
import { ReplicaProcess, type ReplicaSettings } from "./replica-process.js";

export interface FleetSettings extends Pick<ReplicaSettings, "batching" | "maxPixels" | "stuckAfter" | "script"> {
  /** Folder of a version's model, checked against its hashes. */
  folderOf: (version: number) => Promise<string>;
  /** Keep one more, ready but without work. */
  spare: boolean;
  /** Threads a replica; by default the cores are shared out. */
  threads: number | undefined;
}

export interface FleetEvents {
  onOutput: (pid: number, line: string) => void;
  onEvent: (event: string, details: Record<string, unknown>) => void;
}

/** Milliseconds after which a replica's end says nothing about the next one. */
const SETTLED = 3000;

/** Milliseconds before another start after so many failed ones. */
const backoff = (failures: number) => (failures <= 1 ? 0 : Math.min(30_000, 250 * 2 ** failures));

export class Fleet {
  readonly active = new Set<ReplicaProcess>();
  /** Of the version that is served, not of one on trial. */
  metadata: ServedModelMetadata | undefined;
  /** Replicas that ended without being told to. */
  restarts = 0;
  /** Why the last one could not start; "" where it could. */
  lastFailure = "";
  private spare: ReplicaProcess | undefined;
  private readonly starting = new Set<ReplicaProcess>();
  private failures = 0;
  private closed = false;
  private changing: Promise<unknown> = Promise.resolve();
  private readonly settings: FleetSettings;
  private readonly dispatcher: Dispatcher;
  private readonly events: FleetEvents;
  private timer: NodeJS.Timeout | undefined;
  wanted: number;
  version: number;

  constructor(
    target: { replicas: number; version: number },
    settings: FleetSettings,
    dispatcher: Dispatcher,
    events: FleetEvents,
  ) {
    this.wanted = target.replicas;
    this.version = target.version;
    this.settings = settings;
    this.dispatcher = dispatcher;
    this.events = events;
  }

  get members(): { replica: ReplicaProcess; role: "active" | "spare" | "starting" }[] {
    const rows = [...this.active].map((replica) => ({ replica, role: "active" as const }));
    const spare = this.spare ? [{ replica: this.spare, role: "spare" as const }] : [];
    return [...rows, ...spare, ...[...this.starting].map((replica) => ({ replica, role: "starting" as const }))];
  }

  /** Changes one after the other; resolves when as many as are wanted can score. */
  scale(replicas: number): Promise<void> {
    return this.change(async () => {
      this.wanted = replicas;
      const surplus = [...this.active].slice(replicas);
      for (const replica of surplus) this.retire(replica);
      while (!this.closed && this.active.size < replicas) await this.startOne(this.version);
      this.topUp();
    });
  }

  /** @throws Error where the new version can't be served; the old one goes on then */
  update(version: number): Promise<void> {
    return this.change(async () => {
      const old = [...this.active];
      const oldSpare = this.spare;
      const fresh: ReplicaProcess[] = [];
      try {
        // One at a time: old and new together need the memory of one more only.
        for (let i = 0; i < this.wanted; i++) {
          fresh.push(await this.startOne(version));
          // The first of the new ones is on trial.
          const replaced = i > 0 ? old.shift() : undefined;
          if (replaced) this.retire(replaced);
        }
      } catch (error) {
        for (const replica of fresh) this.retire(replica);
        this.topUp();
        throw error;
      }
      this.version = version;
      this.metadata = fresh[0]?.metadata ?? this.metadata;
      for (const replica of [...this.active]) if (replica.version !== version) this.retire(replica);
      this.spare = undefined;
      void oldSpare?.retire();
      this.topUp();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    const all = this.members.map(({ replica }) => replica);
    this.spare = undefined;
    for (const replica of all) this.dispatcher.remove(replica);
    await Promise.all(all.map((replica) => replica.retire()));
  }

  private change<T>(work: () => Promise<T>): Promise<T> {
    const result = this.changing.then(work);
    this.changing = result.catch(() => undefined);
    return result;
  }

  /** Starts a replica, or takes the spare, and gives it work. */
  private async startOne(version: number): Promise<ReplicaProcess> {
    const { spare } = this;
    if (spare?.version === version && spare.state === "ready") {
      this.spare = undefined;
      this.activate(spare);
      return spare;
    }
    const replica = await this.start(version);
    this.activate(replica);
    return replica;
  }

  private activate(replica: ReplicaProcess): void {
    this.active.add(replica);
    this.dispatcher.add(replica);
  }

  /** Resolves when it can score. */
  private async start(version: number): Promise<ReplicaProcess> {
    const { batching, maxPixels, stuckAfter, script, folderOf } = this.settings;
    const folder = await folderOf(version);
    const onOutput = (line: string) => this.events.onOutput(replica.pid, line);
    const threads = this.settings.threads ?? Math.max(1, Math.floor(availableParallelism() / Math.max(1, this.wanted)));
    const replica = new ReplicaProcess({ folder, version, batching, maxPixels, stuckAfter, script, threads, onOutput });
    this.starting.add(replica);
    replica.onEnd(({ reason, expected }) => this.ended(replica, reason, expected));
    try {
      const metadata = await replica.ready;
      if (version === this.version) this.metadata = metadata;
      this.lastFailure = "";
      this.events.onEvent("replica ready", {
        pid: replica.pid,
        version,
        seconds: (Date.now() - replica.startedAt) / 1000,
      });
      return replica;
    } catch (error) {
      this.lastFailure = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      this.starting.delete(replica);
    }
  }

  private retire(replica: ReplicaProcess): void {
    this.active.delete(replica);
    this.dispatcher.remove(replica);
    void replica.retire();
  }

  private ended(replica: ReplicaProcess, reason: string, expected: boolean): void {
    const wasActive = this.active.delete(replica);
    if (this.spare === replica) this.spare = undefined;
    if (expected || this.closed) return;
    this.failures = Date.now() - replica.startedAt > SETTLED ? 1 : this.failures + 1;
    this.restarts++;
    this.events.onEvent("replica ended", { pid: replica.pid, version: replica.version, reason, wasActive });
    this.topUp();
  }

  /** Brings the replicas back to what is wanted: at once by the spare, then by new ones. */
  private topUp(): void {
    if (this.closed) return;
    if (this.active.size < this.wanted && this.spare?.state === "ready" && this.spare.version === this.version) {
      const { spare } = this;
      this.spare = undefined;
      this.activate(spare);
    }
    const missing = this.active.size < this.wanted || (this.settings.spare && !this.spare);
    if (!missing || this.timer) return;
    this.timer = setTimeout(() => {
      void this.change(() => this.fill()).finally(() => {
        this.timer = undefined;
        this.topUp();
      });
    }, backoff(this.failures));
  }

  private async fill(): Promise<void> {
    if (this.closed) return;
    const needed = this.active.size < this.wanted;
    if (!needed && (this.spare || !this.settings.spare)) return;
    try {
      const replica = await this.start(this.version);
      if (this.active.size < this.wanted) this.activate(replica);
      else this.spare = replica;
    } catch (error) {
      this.events.onEvent("replica not started", { reason: error instanceof Error ? error.message : String(error) });
    }
  }
}
