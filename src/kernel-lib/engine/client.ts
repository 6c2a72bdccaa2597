/**
 * The calling thread's end of the engine. The worker starts with the first request, keeps no script alive while it has nothing
 * to do, and is replaced by a new one if it dies: requests under way fail with `EngineFailed`, the next one works.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

import { VitrineError, type VitrineErrorCode } from "../structures/errors.js";
import {
  END,
  RUN,
  STOP,
  type EngineEvent,
  type ErrorMessage,
  type OperationName,
  type Operations,
  type RequestMessage,
  type ResponseMessage,
} from "./messages.js";
import { packageFolder } from "./package-folder.js";

export interface RequestOptions {
  /** Asks the worker to stop; what the operation does then is its own matter. */
  signal?: AbortSignal | undefined;
  onEvent?: (event: EngineEvent) => void;
}

interface Pending {
  operation: OperationName;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
  onEvent: ((event: EngineEvent) => void) | undefined;
  /** Asks the worker to stop it. */
  stop: () => void;
}

/** How long a step under way may take to its end. */
const PATIENCE_MS = 3000;

export class EngineClient {
  private readonly path: string;
  private worker: Worker | undefined;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  /** @param path the worker's script */
  constructor(path: string = join(packageFolder(), "dist", "engine", "worker.js")) {
    this.path = path;
  }

  /** Runs one operation in the worker. Operations wait for each other; `info` and `memory` don't. */
  async request<N extends OperationName>(
    operation: N,
    request: Operations[N]["request"],
    { signal, onEvent }: RequestOptions = {},
  ): Promise<Operations[N]["response"]> {
    const flag = new SharedArrayBuffer(4);
    const stop = () => void Atomics.store(new Int32Array(flag), 0, STOP);
    if (signal?.aborted) stop();
    else Atomics.store(new Int32Array(flag), 0, RUN);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await this.send({ id: ++this.lastId, operation, request, flag }, onEvent);
    } catch (error) {
      // Made where a message came in, it would not say which of the caller's lines had asked.
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Ends the worker; the next request starts a new one. What is under way is asked to stop, and fails. */
  async close(): Promise<void> {
    const worker = this.worker;
    this.worker = undefined;
    const underWay = [...this.pending.keys()];
    for (const id of underWay) this.pending.get(id)?.stop();
    if (worker) await ended(worker);
    // A new worker may be at work by now.
    this.fail(underWay, "it was closed");
  }

  private send<N extends OperationName>(message: RequestMessage<N>, onEvent: Pending["onEvent"]) {
    return new Promise<Operations[N]["response"]>((resolve, reject) => {
      const worker = (this.worker ??= this.start());
      const settle = (result: unknown) => resolve(result as Operations[N]["response"]);
      const stop = () => void Atomics.store(new Int32Array(message.flag), 0, STOP);
      this.pending.set(message.id, { operation: message.operation, resolve: settle, reject, onEvent, stop });
      worker.ref();
      try {
        worker.postMessage(message);
      } catch (cause) {
        this.pending.delete(message.id);
        reject(new VitrineError("EngineFailed", { operation: message.operation, reason: String(cause) }, { cause }));
      }
    });
  }

  private start(): Worker {
    if (!existsSync(this.path)) {
      throw new VitrineError("EngineFailed", {
        operation: "start",
        reason: `${this.path} is not there: npm run setup`,
      });
    }
    // Has to be set before the libraries are loaded, and a worker's own environment is a copy that they don't see.
    process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
    const worker = new Worker(this.path);
    worker.on("message", (message: ResponseMessage) => this.receive(message));
    worker.on("messageerror", (error) => this.lose(worker, error.message));
    worker.on("error", (error) => this.lose(worker, error instanceof Error ? error.message : String(error)));
    worker.on("exit", (code) => this.lose(worker, `the engine's thread ended with code ${code}`));
    return worker;
  }

  private receive(message: ResponseMessage): void {
    const pending = this.pending.get(message.id);
    if (!pending) return;
    if (message.kind === "event") {
      pending.onEvent?.(message.event);
      return;
    }
    this.pending.delete(message.id);
    if (this.pending.size === 0) this.worker?.unref();
    if (message.kind === "result") pending.resolve(message.result);
    else pending.reject(toError(pending.operation, message.error));
  }

  private lose(worker: Worker, reason: string): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    this.fail([...this.pending.keys()], reason);
  }

  private fail(ids: readonly number[], reason: string): void {
    for (const id of ids) {
      const pending = this.pending.get(id);
      this.pending.delete(id);
      pending?.reject(new VitrineError("EngineFailed", { operation: pending.operation, reason }));
    }
  }
}

/**
 * Lets a worker come to its end by itself. Ended in the middle of a call into TensorFlow, that call would fail halfway, and memory that
 * both sides know would be freed twice.
 */
async function ended(worker: Worker): Promise<void> {
  const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  worker.ref();
  worker.postMessage(END);
  const timer = setTimeout(() => void worker.terminate(), PATIENCE_MS);
  await exited;
  clearTimeout(timer);
}

function toError(operation: OperationName, { code, details, message }: ErrorMessage): Error {
  if (code === undefined) return new VitrineError("EngineFailed", { operation, reason: message });
  // Made by the same class in the worker, so code and details fit each other.
  return new VitrineError(code as VitrineErrorCode, details as never);
}
