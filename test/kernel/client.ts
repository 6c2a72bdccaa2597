/**
 * A Jupyter client of the tests' own: it signs and reads frames itself, so that the kernel's wire code is not tested by itself.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Dealer, Request, Subscriber } from "zeromq";

/**
 * The fields of every kind of message that tests read, as if all were there: what a message lacks is `undefined`, and fails the
 * assertion that reads it.
 */
export interface Content {
  status: string;
  execution_count: number;
  execution_state: string;
  ename: string;
  evalue: string;
  traceback: string[];
  /** A stream's. */
  name: string;
  text: string;
  data: { [key: string]: unknown };
  transient: { display_id?: string };
  wait: boolean;
  comm_id: string;
  target_name: string;
  comms: { [id: string]: { target_name: string } };
  prompt: string;
  password: boolean;
  payload: { source: string; data: { [mime: string]: string } }[];
  user_expressions: { [name: string]: object };
  matches: string[];
  cursor_start: number;
  cursor_end: number;
  metadata: { _jupyter_types_experimental: object[] };
  history: unknown[];
  restart: boolean;
}

export interface Received {
  channel: "shell" | "control" | "iopub" | "stdin";
  type: string;
  header: { msg_id: string; msg_type: string; version: string };
  parent: { msg_id?: string };
  metadata: object;
  content: Content;
  buffers: Uint8Array[];
}

export interface Execution {
  id: string;
  reply: Content;
  /** What iopub said about it, up to its idle. */
  outputs: Received[];
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const KERNEL_MAIN = join(ROOT, "src/kernel-lib/dist/kernel/main.js");
/** A test has 240 s; who waits in vain is told for what before those are over. */
const TIMEOUT_MS = 200_000;
/** Kernels that are started where another program takes a port before the kernel does. */
const STARTS = 5;

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

export class KernelClient {
  readonly child: ChildProcess;
  readonly key: string;
  readonly received: Received[] = [];
  /** What the kernel itself wrote to its terminal. */
  terminal = "";
  private readonly session = randomUUID();
  private readonly folder: string;
  private readonly sockets: { shell: Dealer; control: Dealer; stdin: Dealer; iopub: Subscriber };
  private readonly heartbeatAddress: string;
  private readonly waiting = new Set<() => void>();
  private ended = false;

  private constructor(child: ChildProcess, folder: string, key: string, ports: number[]) {
    this.child = child;
    this.folder = folder;
    this.key = key;
    const routingId = this.session;
    const dealer = () => new Dealer({ routingId, linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0 });
    const iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
    this.sockets = { shell: dealer(), control: dealer(), stdin: dealer(), iopub };
    const address = (index: number) => `tcp://127.0.0.1:${ports[index] ?? 0}`;
    this.heartbeatAddress = address(4);
    for (const [index, name] of (["shell", "iopub", "stdin", "control"] as const).entries()) {
      this.sockets[name].connect(address(index));
    }
    iopub.subscribe();
    for (const name of ["shell", "control", "stdin", "iopub"] as const) void this.listen(name);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.terminal += text;
      this.wake();
    });
    child.once("close", () => {
      this.ended = true;
      this.wake();
    });
  }

  /** A kernel whose cells run in `folder`; it answers when this returns. */
  static async start(folder = ROOT): Promise<KernelClient> {
    if (!existsSync(KERNEL_MAIN))
      throw new Error(`${KERNEL_MAIN} is missing: run npm run build before the kernel's tests`);
    const client = await KernelClient.spawn(
      folder,
      (file) => [KERNEL_MAIN, file],
      ({ type }) => type === "iopub_welcome",
    );
    await client.request("kernel_info_request", {});
    return client;
  }

  /** Another kernel than ours, which may know no welcome: its output is heard when this returns. */
  static async startOther(argv: (connectionFile: string) => string[], folder = ROOT): Promise<KernelClient> {
    const client = await KernelClient.spawn(folder, argv, ({ type }) => type === "kernel_info_reply");
    while (!client.received.some(({ channel }) => channel === "iopub")) await client.request("kernel_info_request", {});
    return client;
  }

  /** Starts a kernel and waits for its sign of life; again where a port was taken between our choice and the kernel's bind. */
  private static async spawn(
    folder: string,
    argv: (connectionFile: string) => string[],
    isAlive: (message: Received) => boolean,
  ): Promise<KernelClient> {
    for (let starts = 1; ; starts += 1) {
      const client = await KernelClient.spawnOnce(folder, argv);
      client.send("kernel_info_request", {});
      const sign = () => client.received.find(isAlive) ?? (client.ended ? "none" : undefined);
      if ((await client.until(sign, "the kernel's first message")) !== "none") return client;
      await client.stop();
      if (starts >= STARTS || !/address already in use|EADDRINUSE/i.test(client.terminal))
        throw new Error(`The kernel ended before it said anything: ${client.terminal}`);
    }
  }

  private static async spawnOnce(folder: string, argv: (connectionFile: string) => string[]): Promise<KernelClient> {
    const temporary = mkdtempSync(join(tmpdir(), "vitrine-kernel-"));
    const ports = await freePorts(5);
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
    const key = randomUUID();
    const file = join(temporary, "connection.json");
    const connection = { shell_port, iopub_port, stdin_port, control_port, hb_port, key, ip: "127.0.0.1" };
    writeFileSync(file, JSON.stringify({ ...connection, transport: "tcp", signature_scheme: "hmac-sha256" }));
    const child = spawn(process.execPath, argv(file), { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    return new KernelClient(child, temporary, key, ports);
  }

  async stop(): Promise<void> {
    for (const socket of Object.values(this.sockets)) socket.close();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, "exit");
      this.child.kill("SIGKILL");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Sends a message and returns its id. */
  send(
    type: string,
    content: object,
    options: { channel?: "shell" | "control" | "stdin"; buffers?: Uint8Array[]; key?: string; metadata?: object } = {},
  ): string {
    const id = randomUUID();
    const header = {
      msg_id: id,
      msg_type: type,
      session: this.session,
      username: "test",
      date: new Date().toISOString(),
    };
    const parts = [{ ...header, version: "5.4" }, {}, options.metadata ?? {}, content].map((part) =>
      Buffer.from(JSON.stringify(part)),
    );
    const hmac = createHmac("sha256", options.key ?? this.key);
    for (const part of parts) hmac.update(part);
    const buffers = (options.buffers ?? []).map((buffer) => Buffer.from(buffer));
    this.sendFrames([Buffer.from("<IDS|MSG>"), Buffer.from(hmac.digest("hex")), ...parts, ...buffers], options.channel);
    return id;
  }

  sendFrames(frames: Buffer[], channel: "shell" | "control" | "stdin" = "shell"): void {
    void this.sockets[channel].send(frames);
  }

  async request(type: string, content: object, channel: "shell" | "control" = "shell"): Promise<Content> {
    const id = this.send(type, content, { channel });
    const reply = await this.waitFor((m) => m.channel === channel && m.parent.msg_id === id, `the reply to ${type}`);
    return reply.content;
  }

  submit(code: string, options: object = {}): string {
    return this.send("execute_request", { code, silent: false, store_history: true, allow_stdin: true, ...options });
  }

  /** Runs a cell to its end. */
  async execute(code: string, options: object = {}): Promise<Execution> {
    return this.finished(this.submit(code, options));
  }

  async finished(id: string): Promise<Execution> {
    const isReply = (m: Received) => m.channel === "shell" && m.parent.msg_id === id;
    const reply = await this.waitFor(isReply, `the reply to a cell`);
    const isIdle = (m: Received) =>
      m.parent.msg_id === id && m.type === "status" && m.content.execution_state === "idle";
    await this.waitFor(isIdle, "idle");
    return { id, reply: reply.content, outputs: this.outputsOf(id) };
  }

  outputsOf(id: string): Received[] {
    return this.received.filter((m) => m.channel === "iopub" && m.parent.msg_id === id);
  }

  /** All text that a cell has written so far. */
  text(id: string, name = "stdout"): string {
    const streams = this.outputsOf(id).filter((m) => m.type === "stream" && m.content.name === name);
    return streams.map((m) => m.content.text).join("");
  }

  /** The first message that fits, among those that came and those that will. */
  async waitFor(fits: (message: Received) => boolean, what: string): Promise<Received> {
    let seen = 0;
    return this.until(() => {
      for (; seen < this.received.length; seen += 1) {
        const message = this.received[seen];
        if (message && fits(message)) return message;
      }
      return undefined;
    }, what);
  }

  /** What `look` finds: it looks again whenever something arrives. */
  async until<T>(look: () => T | undefined, what: string): Promise<T> {
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`Waited ${TIMEOUT_MS} ms for ${what}. The kernel said: ${this.terminal}`);
      await this.next(Math.min(left, 1000));
    }
  }

  async heartbeat(payload: string): Promise<string> {
    const socket = new Request({ linger: 0 });
    socket.connect(this.heartbeatAddress);
    await socket.send(payload);
    const [answer] = await socket.receive();
    socket.close();
    return String(answer);
  }

  interruptBySignal(): void {
    this.child.kill("SIGINT");
  }

  /** When something arrives, or after a while. */
  private next(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.waiting.add(done);
    });
  }

  private wake(): void {
    for (const done of [...this.waiting]) done();
  }

  private async listen(channel: Received["channel"]): Promise<void> {
    for await (const frames of this.sockets[channel]) {
      this.received.push(this.decode(channel, frames));
      this.wake();
    }
  }

  private decode(channel: Received["channel"], frames: Buffer[]): Received {
    const start = frames.findIndex((frame) => frame.toString() === "<IDS|MSG>");
    const parts = frames.slice(start + 2, start + 6);
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    if (frames[start + 1]?.toString() !== hmac.digest("hex")) throw new Error("The kernel signed a message wrongly");
    const json = parts.map((part) => JSON.parse(part.toString()) as unknown);
    const [header, parent, metadata, content] = json as [Received["header"], Received["parent"], object, Content];
    return { channel, type: header.msg_type, header, parent, metadata, content, buffers: frames.slice(start + 6) };
  }
}

/** The traceback without its colours. */
export function plainTraceback(content: { traceback: string[] }): string {
  return content.traceback.join("\n").replace(/\u001b\[\d+m/g, "");
}
