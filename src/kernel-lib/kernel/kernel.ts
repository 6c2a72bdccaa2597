/**
 * The kernel: sockets, dispatcher, cells, comms and output, put together.
 *
 *     shell ──► dispatch ──► queue ──► cell runner ──► tslab's executor on our compiler
 *                  │                        │
 *                  ├──► comms, completion…  └──► output, errors, results ──► iopub
 *     control thread ──► interrupt, shutdown
 *
 * Only cells wait for each other. All else is answered at once, so widgets live while a cell awaits a training.
 */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

import * as tslabJupyter from "tslab/dist/jupyter.js";

import { installKernelPort } from "../comm/port.js";
import { serveWidgetControl } from "../comm/widget-control.js";
import { CellExecutor } from "./cell-executor.js";
import { CellRunner } from "./cell-runner.js";
import { Cells } from "./cells.js";
import { Channels } from "./channels.js";
import { CodeAssistant } from "./code-assistant.js";
import { CommManager } from "./comm-manager.js";
import { showCellPositions } from "./compiler/cell-source.js";
import type { Connection } from "./connection.js";
import type { ControlData, ControlNotice } from "./control-worker.js";
import { DisposalScope } from "./disposal-scope.js";
import { Dispatcher } from "./dispatcher.js";
import { reportException } from "./error-report.js";
import { History } from "./history.js";
import { Interrupter } from "./interrupter.js";
import { kernelInfo } from "./kernel-info.js";
import { createKernelPort } from "./kernel-port.js";
import type { Outgoing } from "./messages.js";
import { Output } from "./output.js";
import { exitProcess, keepProcess } from "./process-end.js";
import { Stdin } from "./stdin.js";
import { Wire } from "./wire.js";

/** The compiler's start takes a second; a front end's first questions go before it. */
const WARM_UP_AFTER_MS = 200;

/** A training in the engine is not waited for longer than this, and then the sockets' end not longer than that. */
const ENGINE_PATIENCE_MS = 1000;
const END_PATIENCE_MS = 2500;

/** Where the library keeps its engine, if the notebook has one. */
const ENGINE = Symbol.for("vitrine.engine");

export class Kernel {
  private readonly connection: Connection;
  private readonly session = randomUUID();
  private readonly info = kernelInfo();
  private readonly cells = new Cells();
  private readonly output: Output;
  /** Writes to the terminal that Jupyter was started in. */
  readonly log: (line: string) => void;
  private readonly channels: Channels;
  private readonly comms: CommManager;
  private readonly stdin: Stdin;
  private readonly executor: CellExecutor;
  private readonly interrupter: Interrupter;
  private readonly dispatcher: Dispatcher;
  private control: Worker | undefined;
  private ending = false;

  /** Cells run as if they lay in `folder`. */
  constructor(connection: Connection, folder: string) {
    const { cells } = this;
    this.connection = connection;
    this.output = new Output({
      publish: (message) => this.channels.publish(message),
      scope: () => cells.scope,
      rewrite: showCellPositions,
    });
    const terminal = this.output.capture();
    this.log = (line) => terminal(`[vitrine] ${line}\n`);
    this.channels = new Channels(new Wire(connection.key, this.session), this.log);
    const publish = (message: Outgoing) => this.publish(message);
    this.comms = new CommManager({ publish, fail: (error) => this.fail(error) }, cells);
    this.stdin = new Stdin(cells, (request, content) => {
      this.output.flush();
      this.channels.ask(request, content);
    });
    this.executor = new CellExecutor(folder);
    this.interrupter = new Interrupter(cells, this.executor.tslab, this.stdin);
    const assistant = new CodeAssistant(this.executor.tslab);
    const history = new History();
    const runner = new CellRunner({ executor: this.executor, assistant, history, cells, publish });
    const { comms, channels, info } = this;
    this.dispatcher = new Dispatcher({ runner, assistant, history, comms, cells, channels, info, publish });
  }

  async start(): Promise<void> {
    this.survive();
    this.serveCells();
    await this.channels.bind(this.connection);
    await this.startControl();
    this.channels.listen(
      (message) => this.dispatcher.handle(message),
      (message) => this.stdin.answer(message),
    );
    setTimeout(() => this.executor.compiler.warmUp(), WARM_UP_AFTER_MS);
  }

  /** What is gathered goes out before: a reader sees everything in the order in which it happened. */
  private publish(message: Outgoing): void {
    this.output.flush();
    this.channels.publish(message);
  }

  /** An exception that no cell can report: shown where its code came from. Nothing is thrown here: nobody would catch it but Node, which ends. */
  private fail(error: unknown): void {
    try {
      this.publish({ type: "error", content: reportException(error, "Uncaught "), parent: this.cells.scope?.parent });
    } catch (problem) {
      this.log(`an error could not be shown: ${String(problem)}`);
    }
  }

  private survive(): void {
    keepProcess();
    process.on("SIGINT", () => this.interrupter.interrupt());
    process.on("SIGTERM", () => this.shutdown(false));
    process.on("uncaughtException", (error) => this.fail(error));
    process.on("unhandledRejection", (reason) => this.fail(reason));
  }

  private serveCells(): void {
    const { cells, comms, stdin } = this;
    const port = createKernelPort({ cells, comms, stdin, publish: (message) => this.publish(message) });
    installKernelPort(port);
    serveWidgetControl();
    const input = (prompt?: string, options?: { password?: boolean }) => stdin.input(prompt, options);
    this.defineGlobals(input);
    // tslab's own `display` looks here.
    (tslabJupyter as { lastWriteDisplayData: typeof tslabJupyter.lastWriteDisplayData }).lastWriteDisplayData = (
      content,
      update,
    ) => this.publish({ type: update ? "update_display_data" : "display_data", content, parent: cells.scope?.parent });
  }

  /** See `compiler/ambient.ts`. A cell may define names of its own over them. */
  private defineGlobals(input: (prompt?: string, options?: { password?: boolean }) => Promise<string>): void {
    const scope = () => this.executor.scope;
    const hidden = { configurable: true, enumerable: false };
    Object.defineProperties(globalThis, {
      input: { ...hidden, value: input, writable: true },
      __vitrineScope: { ...hidden, value: () => new DisposalScope() },
      __vitrineCell: { ...hidden, get: scope },
    });
  }

  private async startControl(): Promise<void> {
    const workerData: ControlData = { connection: this.connection, session: this.session, info: this.info };
    const worker = new Worker(join(__dirname, "control-worker.js"), { workerData });
    this.control = worker;
    await new Promise<void>((resolve, reject) => {
      worker.on("message", (notice: ControlNotice) => (notice.type === "ready" ? resolve() : this.onControl(notice)));
      worker.on("error", (error) => {
        this.log(`the control thread failed: ${String(error)}`);
        reject(error);
      });
    });
  }

  private onControl(notice: ControlNotice): void {
    if (notice.type === "interrupt") this.interrupter.interrupt(notice.at);
    else if (notice.type === "shutdown") this.shutdown(notice.restart);
    else if (notice.type === "dropped") this.log(`dropped frames on control: ${notice.reason}`);
    else if (notice.type === "handled") {
      this.channels.status("busy", notice.parent);
      this.channels.status("idle", notice.parent);
    }
  }

  private shutdown(restart: boolean): void {
    if (this.ending) return;
    this.ending = true;
    this.control?.postMessage("ending");
    this.cells.running?.abort();
    this.publish({ type: "shutdown_reply", content: { status: "ok", restart } });
    this.channels.close();
    // Native sockets that are open when the process exits would end it with an abort.
    this.control?.once("exit", () => exitProcess(0));
    const late = setTimeout(killOurselves, ENGINE_PATIENCE_MS);
    void endEngine().finally(() => {
      clearTimeout(late);
      this.control?.postMessage("end");
      setTimeout(killOurselves, END_PATIENCE_MS);
    });
  }
}

const killOurselves = () => process.kill(process.pid, "SIGKILL");

/** The engine's thread, where a cell has started one: it ends before the process does, or the process would cut its calls short. */
async function endEngine(): Promise<void> {
  const { [ENGINE]: engine } = globalThis as { [ENGINE]?: { close(): Promise<void> } };
  await engine?.close();
}
