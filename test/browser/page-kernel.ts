/** A kernel's port whose front end is a page: widgets of this process are live in a real browser, without a Jupyter server. */
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";

import {
  installKernelPort,
  type CommChannel,
  type CommListener,
  type JsonObject,
  type KernelPort,
  type MimeBundle,
} from "../../src/kernel-lib/comm/port.js";

export interface PageMessage {
  kind: "open" | "message" | "close";
  comm: string;
  data: JsonObject;
  /** Base64. */
  buffers: string[];
}

export class PageKernel implements KernelPort {
  readonly cellSignal = undefined;
  /**
   * How many milliseconds a message takes, each way. All tests must hold with `VITRINE_TEST_LATENCY=300`: one that does not leans on an
   * answer that comes fast by luck.
   */
  readonly latency = Number(process.env["VITRINE_TEST_LATENCY"] ?? 0);
  readonly shown: MimeBundle[] = [];
  /** What callbacks threw. */
  readonly errors: unknown[] = [];
  private readonly listeners = new Map<string, CommListener>();
  private readonly toPage: (message: PageMessage) => Promise<void>;
  private sending: Promise<void> = Promise.resolve();
  private ended = false;
  private gate: Promise<void> = Promise.resolve();

  constructor(toPage: (message: PageMessage) => Promise<void>) {
    this.toPage = toPage;
    installKernelPort(this);
  }

  openComm: KernelPort["openComm"] = (_target, data, { id = "", buffers, listener }): CommChannel => {
    this.listeners.set(id, listener);
    this.pass("open", id, data, buffers);
    return {
      id,
      send: (message, bytes) => this.pass("message", id, message, bytes),
      close: (message = {}) => this.pass("close", id, message),
    };
  };

  registerTarget: KernelPort["registerTarget"] = () => undefined;

  display: KernelPort["display"] = (bundle) => void this.shown.push(bundle);

  /** Hears nothing of the page until what this returns is called: a line that is as slow as the test wants it. */
  hold(): () => void {
    const opened = new AbortController();
    this.gate = once(opened.signal, "abort").then(() => undefined);
    return () => opened.abort();
  }

  /** A message from the page; what a callback throws is kept, as a kernel shows it. */
  async receive(message: { comm: string; data: unknown; buffers: string[] }): Promise<void> {
    const bytes = message.buffers.map((text) => new Uint8Array(Buffer.from(text, "base64")));
    if (this.latency > 0) await wait(this.latency);
    await this.gate;
    try {
      await this.listeners.get(message.comm)?.onMessage(message.data as JsonObject, bytes);
    } catch (error) {
      this.errors.push(error);
    }
  }

  /** Everything that was sent has arrived. */
  async settled(): Promise<void> {
    await this.sending;
  }

  /** The page goes: what is still on its way to it is nobody's loss. */
  end(): void {
    this.ended = true;
    installKernelPort(undefined);
  }

  private pass(kind: PageMessage["kind"], comm: string, data: JsonObject, buffers: readonly Uint8Array[] = []): void {
    // Copied now, as a socket does: the widget may change its state before the page has it.
    const message = JSON.stringify({
      kind,
      comm,
      data,
      buffers: buffers.map((one) => Buffer.from(one).toString("base64")),
    });
    const due = Date.now() + this.latency;
    this.sending = this.sending.then(async () => {
      if (this.latency > 0) await wait(Math.max(0, due - Date.now()));
      if (this.ended) return;
      await this.toPage(JSON.parse(message) as PageMessage).catch((error: unknown) => {
        if (!this.ended) throw error;
      });
    });
  }
}
