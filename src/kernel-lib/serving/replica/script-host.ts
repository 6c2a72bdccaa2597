/**
 * A replica with an entry script: the script runs in a thread of its own, one request at a time, and this watches over it. Where it
 * takes too long or too much memory, or ends its thread, the request is answered, and the replica ends: what is left of the script is
 * not to be trusted, and the supervisor has another.
 */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";

import { packageFolder } from "../../engine/package-folder.js";
import type { ScriptInput, ServedModelMetadata } from "../models/served-model.js";
import { scriptDocument, type ScriptDocument } from "../scripts/script-document.js";
import { placeOf } from "../scripts/script-place.js";
import { scriptVariables } from "../scripts/script-variables.js";
import type { ScriptLimits } from "../service-settings.js";
import type { Scored } from "./batcher.js";
import type { ScriptFault } from "./messages.js";
import type { FromScript, ScriptStart, ToScript } from "./script-messages.js";

/** Milliseconds between two looks at the memory. */
const MEMORY_INTERVAL = 100;
const MEBIBYTE = 2 ** 20;

/** A request that got no answer. */
export class ScriptFailure extends Error {
  readonly fault: ScriptFault;

  constructor(fault: ScriptFault) {
    super(fault.reason);
    this.fault = fault;
  }
}

interface Running {
  id: number;
  since: number;
  timer: NodeJS.Timeout;
  resolve: (scored: Scored) => void;
  reject: (failure: ScriptFailure) => void;
}

export class ScriptHost {
  readonly metadata: ServedModelMetadata;
  private readonly entry: string;
  /** Of the compiled script. */
  private readonly folder: string;
  private readonly limits: ScriptLimits;
  private readonly worker: Worker;
  /** Told why, once. */
  private readonly onUnfit: (reason: string) => void;
  private running: Running | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private lastId = 0;
  private over: ScriptFault | undefined;
  private starting: { resolve: () => void; reject: (error: Error) => void } | undefined;

  private constructor(
    folder: string,
    document: ScriptDocument,
    limits: ScriptLimits,
    onUnfit: (reason: string) => void,
  ) {
    this.entry = document.entry;
    this.limits = limits;
    this.onUnfit = onUnfit;
    const names = document.models.map(({ name, version }) => `${name}:${version}`);
    const description = `entry script ${this.entry}${names.length === 0 ? "" : ` with ${names.join(", ")}`}`;
    this.metadata = { kind: "script", labels: [], description };
    const start: ScriptStart = {
      file: join(folder, document.file),
      modelDir: join(folder, document.modelDir),
      models: document.models.map((model) => ({ ...model, path: join(folder, model.path) })),
    };
    this.worker = new Worker(join(packageFolder(), "dist", "serving", "replica", "script-worker.js"), {
      workerData: start,
      env: scriptVariables(document, start.modelDir),
      execArgv: ["--enable-source-maps"],
      resourceLimits: { maxOldGenerationSizeMb: limits.memory },
    });
    this.folder = dirname(start.file);
    this.watch();
  }

  /** Resolves when `init()` is done. @throws Error that names the script's line where it threw, or the limit that it went over */
  static async open(folder: string, limits: ScriptLimits, onUnfit: (reason: string) => void): Promise<ScriptHost> {
    const document = scriptDocument.parse(JSON.parse(await readFile(join(folder, "model.json"), "utf8")));
    const host = new ScriptHost(folder, document, limits, onUnfit);
    const late = setTimeout(() => {
      host.end({
        status: 500,
        code: "ScriptTimeout",
        reason: `init() of ${host.entry} did not end within ${limits.initTimeout / 1000} s`,
      });
    }, limits.initTimeout);
    await new Promise<void>((resolve, reject) => (host.starting = { resolve, reject })).finally(() =>
      clearTimeout(late),
    );
    return host;
  }

  /** @throws ScriptFailure */
  score(input: ScriptInput): Promise<Scored> {
    const entered = performance.now();
    const scored = this.last.then(() => this.run(input, entered));
    this.last = scored.catch(() => undefined);
    return scored;
  }

  private run({ body, contentType, requestId }: ScriptInput, entered: number): Promise<Scored> {
    if (this.over) return Promise.reject(new ScriptFailure(this.over));
    const id = ++this.lastId;
    const since = performance.now();
    return new Promise<Scored>((resolve, reject) => {
      const timer = setTimeout(() => this.tooLong(), this.limits.runTimeout);
      this.running = { id, since, timer, resolve, reject };
      this.worker.postMessage({ id, body, contentType, requestId } satisfies ToScript);
    }).then((scored) => ({ ...scored, times: { ...scored.times, wait: since - entered } }));
  }

  private watch(): void {
    this.worker.on("message", (message: FromScript) => this.receive(message));
    this.worker.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ERR_WORKER_OUT_OF_MEMORY") this.tooMuch();
      else this.failed(`${this.entry}: ${error.message}${placeOf(error, this.folder)}`);
    });
    this.worker.on("exit", (code) => this.failed(`${this.entry} ended its own thread with code ${code}`));
    setInterval(() => {
      if (process.memoryUsage.rss() > this.limits.memory * MEBIBYTE) this.tooMuch();
    }, MEMORY_INTERVAL).unref();
  }

  private receive(message: FromScript): void {
    if (message.type === "ready") {
      this.starting?.resolve();
      this.starting = undefined;
      return;
    }
    const { running } = this;
    if (running?.id !== message.id) return;
    this.running = undefined;
    clearTimeout(running.timer);
    if (message.type === "threw") {
      running.reject(new ScriptFailure(this.thrown(message)));
      return;
    }
    const times = { decode: 0, wait: 0, model: performance.now() - running.since, batch: 1 };
    running.resolve({ scores: { kind: "script", json: message.json }, times });
  }

  private thrown({ status, message, where }: Extract<FromScript, { type: "threw" }>): ScriptFault {
    if (status !== undefined) return { status, code: "InvalidRequest", reason: message };
    const reason = `run() of ${this.entry} threw ${message}${where}`;
    return { status: 500, code: "ScriptFailed", reason, publicReason: PUBLIC };
  }

  private failed(reason: string): void {
    this.end({ status: 500, code: "ScriptFailed", reason, publicReason: PUBLIC });
  }

  private tooLong(): void {
    const reason = `run() of ${this.entry} did not end within ${this.limits.runTimeout / 1000} s`;
    this.end({ status: 504, code: "ScriptTimeout", reason });
  }

  private tooMuch(): void {
    const doing = this.starting ? "init() of " : this.running ? "run() of " : "";
    const reason = `${doing}${this.entry} took more memory than the ${this.limits.memory} MiB of its replica`;
    // Not 503: who tries again would only end another replica.
    this.end({ status: 500, code: "ScriptMemory", reason });
  }

  /** The script is done for: once, by whatever came first. */
  private end(fault: ScriptFault): void {
    if (this.over) return;
    this.over = fault;
    void this.worker.terminate();
    if (this.starting) this.starting.reject(new Error(fault.reason));
    else if (this.running) {
      clearTimeout(this.running.timer);
      this.running.reject(new ScriptFailure(fault));
    } else this.onUnfit(fault.reason);
  }

  /** Whether the replica has to end. */
  get ended(): boolean {
    return this.over !== undefined;
  }
}

const PUBLIC = "The entry script has failed; the service's log says how, beside this request's id";
