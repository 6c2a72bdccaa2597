/**
 * Heartbeat and control channel, in a thread of their own: an interrupt or a shutdown is heard while a cell keeps the main thread
 * busy.
 */
import { parentPort, workerData } from "node:worker_threads";

import { Reply, Router } from "zeromq";

import { address, type Connection } from "./connection.js";
import type { Message } from "./messages.js";
import { Wire } from "./wire.js";

/** What the main thread gives this one. */
export interface ControlData {
  readonly connection: Connection;
  readonly session: string;
  readonly info: object;
}

/** What this thread tells the main one. */
export type ControlNotice =
  | { readonly type: "ready" }
  | { readonly type: "interrupt"; readonly at: number }
  | { readonly type: "shutdown"; readonly restart: boolean }
  | { readonly type: "handled"; readonly parent: Message["header"] }
  | { readonly type: "dropped"; readonly reason: string };

/** The main thread gets this long to hear that it is to end; then the process is killed. */
const PATIENCE_MS = 1500;
/** And this long for its end once it has heard: more than it takes itself, for code of a cell that does not let it go on. */
const END_PATIENCE_MS = 5000;
const PARENT_CHECK_MS = 1000;

const data = workerData as ControlData;
const wire = new Wire(data.connection.key, data.session);
const tell = (notice: ControlNotice) => parentPort?.postMessage(notice);

async function echoHeartbeats(heartbeat: Reply): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

async function serveControl(control: Router): Promise<void> {
  for await (const frames of control) {
    try {
      const message = wire.decode(frames);
      tell({ type: "handled", parent: message.header });
      await answer(control, message);
    } catch (error) {
      tell({ type: "dropped", reason: String(error) });
    }
  }
}

async function answer(control: Router, message: Message): Promise<void> {
  const type = message.header.msg_type.replace(/_request$/, "_reply");
  const reply = (content: object) =>
    control.send(wire.encode(message.identities, { type, content, parent: message.header }));
  switch (message.header.msg_type) {
    case "interrupt_request":
      interrupt();
      return reply({ status: "ok" });
    case "shutdown_request": {
      const restart = message.content["restart"] === true;
      await reply({ status: "ok", restart });
      shutDown(restart);
      return;
    }
    case "kernel_info_request":
      return reply(data.info);
    default:
      return reply({ status: "error", ename: "NotImplemented", evalue: message.header.msg_type, traceback: [] });
  }
}

/**
 * A signal reaches synchronous code, a message to the main thread does not. But Node loses a signal that comes just as a cell's
 * synchronous part ends, and Windows has none; then the message is there.
 */
function interrupt(): void {
  if (process.platform !== "win32") process.kill(process.pid, "SIGINT");
  tell({ type: "interrupt", at: Date.now() });
}

/** A kernel whose Jupyter was killed must not stay behind. */
function watchParent(): void {
  const parent = Number(process.env["JPY_PARENT_PID"]);
  if (process.platform === "win32" || parent !== process.ppid) return;
  setInterval(() => {
    if (process.ppid !== parent) shutDown(false);
  }, PARENT_CHECK_MS);
}

const killIn = (ms: number) => setTimeout(() => process.kill(process.pid, "SIGKILL"), ms);

let killing: NodeJS.Timeout | undefined;
let heard = false;

function shutDown(restart: boolean): void {
  if (heard) return;
  tell({ type: "shutdown", restart });
  killing ??= killIn(PATIENCE_MS);
}

async function start(): Promise<void> {
  const heartbeat = new Reply();
  const control = new Router({ sendHighWaterMark: 0, linger: 1000 });
  await heartbeat.bind(address(data.connection, "hb_port"));
  await control.bind(address(data.connection, "control_port"));
  void echoHeartbeats(heartbeat);
  void serveControl(control);
  watchParent();
  // The main thread has two things to say: that it ends, and that this one is to.
  parentPort?.on("message", (word: "ending" | "end") => {
    heard = true;
    clearTimeout(killing);
    if (word === "ending") {
      killing = killIn(END_PATIENCE_MS);
      return;
    }
    heartbeat.close();
    control.close();
    process.exit();
  });
  tell({ type: "ready" });
}

void start();
