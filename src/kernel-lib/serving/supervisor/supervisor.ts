/**
 * A service: the process that clients talk to, which has the queue and the keys, and starts, watches and replaces the replicas. It computes
 * nothing itself, so it answers at once; it outlives the notebook that started it; and all that it must remember is on disk.
 */
import type { FastifyInstance } from "fastify";

import { KeyRing, newKey, recordOf, type KeyName, type KeysDocument } from "../keys/service-keys.js";
import { checkVersion, modelFolder } from "../model-versions.js";
import { cpuSeconds } from "../server/metrics.js";
import type { Service } from "../server/service.js";
import { openServiceLog, type ServiceLog } from "../server/service-log.js";
import { serviceServer } from "../server/service-server.js";
import type { DeploymentDocument } from "../service-settings.js";
import type { ServiceState, ServiceStatus } from "../service-status.js";
import { openControl, type ControlledService } from "./control-server.js";
import { Dispatcher } from "./dispatcher.js";
import { Fleet } from "./fleet.js";
import { processStart } from "./process-identity.js";
import type { ServiceStore } from "./service-store.js";

/** Milliseconds for requests under way when the service is told to end. */
const GRACE = 10_000;

/** Milliseconds beyond a script's time limit after which the replica itself can't be well. */
const STUCK_SCRIPT = 10_000;

export class Supervisor implements ControlledService, Service {
  readonly keys: KeyRing;
  readonly dispatcher: Dispatcher;
  readonly startedAt = Date.now();
  private readonly folder: ServiceStore;
  private document: DeploymentDocument;
  private readonly fleet: Fleet;
  private readonly log: ServiceLog;
  private readonly vitrineVersion: string;
  private servers: FastifyInstance[] = [];
  private uri = "";
  private first: Promise<void> = Promise.resolve();
  private stopping: Promise<void> | undefined;

  private constructor(folder: ServiceStore, document: DeploymentDocument, keys: KeysDocument, version: string) {
    this.folder = folder;
    this.document = document;
    this.vitrineVersion = version;
    this.keys = new KeyRing(keys, folder.ownerToken);
    this.log = openServiceLog(folder.log, document.name);
    const { maxBatch, maxDelay, queueSize, maxPixels, spare, threads, replicas, script } = document.settings;
    this.dispatcher = new Dispatcher({ queueSize, ...handing(document.settings) });
    const settings = {
      batching: { maxBatch, maxDelay },
      maxPixels,
      script,
      // A script's own limit comes first.
      stuckAfter: script ? script.runTimeout + STUCK_SCRIPT : document.settings.stuckAfter,
      spare,
      threads: threads ?? undefined,
      folderOf: async (number: number) => {
        await checkVersion(folder.versions, number);
        return modelFolder(folder.versions, number);
      },
    };
    this.fleet = new Fleet({ replicas, version: document.current }, settings, this.dispatcher, {
      onOutput: (pid, line) => this.log.logger.warn({ pid }, line),
      onEvent: (event, details) => this.log.logger.info(details, event),
    });
  }

  static async open(folder: ServiceStore, vitrineVersion: string): Promise<Supervisor> {
    const [document, keys] = await Promise.all([folder.readDeployment(), folder.readKeys()]);
    if (!document || !keys) throw new Error(`${folder.path} has no deployment`);
    return new Supervisor(folder, document, keys, vitrineVersion);
  }

  /** Listens, tells where, then starts the replicas; resolves when it can be reached. */
  async start(): Promise<void> {
    const { host, port, tls, replicas } = this.document.settings;
    const server = await serviceServer(this, this.log.logger, this.vitrineVersion);
    this.servers.push(server);
    await server.listen({ host, port });
    const address = server.server.address();
    const given = typeof address === "object" && address ? address.port : port;
    this.uri = `${tls === null ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${given}`;
    const control = await this.folder.controlSocket();
    if (control !== undefined) this.servers.push(await openControl(control, this));
    // The address stays the same when the service is started again.
    if (port === 0) await this.save({ settings: { ...this.document.settings, port: given } });
    await this.folder.writeService({
      format: "vitrine.service",
      version: 1,
      pid: process.pid,
      processStart: (await processStart(process.pid)) ?? "",
      control: control ?? "",
      uri: this.uri,
      startedAt: new Date(this.startedAt).toISOString(),
    });
    this.log.logger.info({ uri: this.uri, version: this.version, pid: process.pid }, "service started");
    this.first = this.fleet.scale(replicas);
    this.first.catch((error: unknown) => this.log.logger.error({ reason: messageOf(error) }, "replicas not started"));
  }

  /** Resolves when all its first replicas can score. @throws Error where one can't start */
  firstReplicas(): Promise<void> {
    return this.first;
  }

  get name(): string {
    return this.document.name;
  }
  get settings() {
    return this.document.settings;
  }
  get metadata() {
    return this.fleet.metadata;
  }
  get version(): number {
    return this.fleet.version;
  }
  get restarts(): number {
    return this.fleet.restarts;
  }
  get ownerToken(): string {
    return this.keys.ownerToken;
  }

  replicas(): { ready: number; wanted: number } {
    return { ready: this.fleet.active.size, wanted: this.fleet.wanted };
  }

  status(): ServiceStatus {
    const { ready, wanted } = this.replicas();
    const state: ServiceState = ready === 0 ? "starting" : ready < wanted ? "degraded" : "ready";
    return {
      name: this.name,
      environment: this.document.environment,
      state,
      uri: this.uri,
      tags: this.settings.tags,
      description: this.settings.description,
      version: this.version,
      previous: this.document.previous,
      labels: this.metadata?.labels ?? [],
      script: this.settings.script !== null,
      model: this.metadata?.description ?? "",
      replicas: this.fleet.members.map(({ replica, role }) => ({
        pid: replica.pid,
        role,
        version: replica.version,
        pictures: replica.load,
        ...replica.usage,
        seconds: (Date.now() - replica.startedAt) / 1000,
      })),
      wanted,
      queue: { waiting: this.dispatcher.waiting, capacity: this.dispatcher.capacity },
      restarts: this.restarts,
      lastFailure: this.fleet.lastFailure,
      pid: process.pid,
      cpuSeconds: cpuSeconds(),
      memoryBytes: process.memoryUsage.rss(),
      seconds: (Date.now() - this.startedAt) / 1000,
    };
  }

  async scale(replicas: number): Promise<void> {
    await this.fleet.scale(replicas);
    await this.save({ settings: { ...this.settings, replicas } });
    this.log.logger.info({ replicas }, "scaled");
  }

  async update(version: number): Promise<void> {
    const { current, previous } = this.document;
    if (version === current) return;
    await this.fleet.update(version);
    await this.save({ current: version, previous: [...previous.filter((one) => one !== version), current] });
    this.log.logger.info({ version }, "updated");
  }

  async rollback(): Promise<void> {
    const { previous } = this.document;
    const version = previous.at(-1);
    if (version === undefined) throw new Error("there is no version before this one");
    await this.fleet.update(version);
    await this.save({ current: version, previous: previous.slice(0, -1) });
    this.log.logger.info({ version }, "rolled back");
  }

  async rotateKey(name: KeyName): Promise<string> {
    const key = newKey();
    await this.saveKeys({ ...this.keys.current, [name]: recordOf(key) });
    this.log.logger.info({ key: name }, "key rotated");
    return key;
  }

  async revokeKey(name: KeyName): Promise<void> {
    await this.saveKeys({ ...this.keys.current, [name]: null });
    this.log.logger.info({ key: name }, "key revoked");
  }

  /** Takes no more requests, finishes those under way, ends the replicas, ends. */
  stop(): void {
    this.stopping ??= this.end().finally(() => process.exit(0));
  }

  private async end(): Promise<void> {
    this.log.logger.info({}, "service ends");
    const late = setTimeout(() => this.dispatcher.close(), GRACE);
    const [http, control] = this.servers;
    await http?.close();
    clearTimeout(late);
    this.dispatcher.close();
    await this.fleet.close();
    await control?.close();
    await this.log.close();
  }

  private async save(change: Partial<DeploymentDocument>): Promise<void> {
    const next = { ...this.document, ...change };
    await this.folder.writeDeployment(next);
    this.document = next;
  }

  private async saveKeys(keys: KeysDocument): Promise<void> {
    await this.folder.writeKeys(keys);
    this.keys.replace(keys);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Pictures: what is computed, and as much again that is decoded meanwhile; scoring one changes nothing, so it is done again where its
 * replica ended, once. A script gets one request at a time, so that its limits hit whose fault it is; and only it knows what it has
 * done already.
 */
const handing = ({ script, maxBatch }: DeploymentDocument["settings"]) =>
  script ? { perReplica: 1, maxTries: 1 } : { perReplica: 2 * maxBatch, maxTries: 2 };
