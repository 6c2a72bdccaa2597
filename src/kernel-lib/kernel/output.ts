/**
 * What cells write to stdout and stderr, as `stream` messages.
 *
 * Writes are gathered for about 50 ms, so that 100,000 lines become some hundred messages. Whatever is gathered goes out before
 * any other message of the kernel, so the order stays; and synchronous code, which lets no timer run, is flushed by the clock.
 * The first that a cell writes goes out at once: it may be the last for long, and the cell before may have written just now.
 */
import type { Outgoing, OutputScope } from "./messages.js";

const INTERVAL_MS = 50;
const CHUNK = 1 << 16;

type StreamName = "stdout" | "stderr";
type Write = typeof process.stdout.write;

export interface OutputSink {
  publish(message: Outgoing): void;
  /** The cell that the running code belongs to. */
  scope(): OutputScope | undefined;
  /** Last change of a text before it is shown. */
  rewrite(text: string): string;
}

export class Output {
  private readonly sink: OutputSink;
  private pending: string[] = [];
  private size = 0;
  private name: StreamName = "stdout";
  private owner: OutputScope | undefined;
  private timer: NodeJS.Timeout | undefined;
  private flushed = 0;
  private heard: OutputScope | undefined;

  constructor(sink: OutputSink) {
    this.sink = sink;
  }

  /** Takes over the process's streams. What the kernel itself has to say goes to the `stderr` that is returned. */
  capture(): (text: string) => void {
    const terminal = process.stderr.write.bind(process.stderr);
    process.stdout.write = this.writer("stdout");
    process.stderr.write = this.writer("stderr");
    return (text) => void terminal(text);
  }

  write(name: StreamName, text: string): void {
    if (text === "") return;
    const owner = this.sink.scope();
    if (this.size > 0 && (name !== this.name || owner !== this.owner)) this.flush();
    this.name = name;
    this.owner = owner;
    this.pending.push(text);
    this.size += text.length;
    const isDue = owner !== this.heard || performance.now() - this.flushed >= INTERVAL_MS;
    if (isDue || this.size >= CHUNK) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), INTERVAL_MS);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.size === 0) return;
    this.flushed = performance.now();
    this.heard = this.owner;
    const content = { name: this.name, text: this.sink.rewrite(this.pending.join("")) };
    this.pending = [];
    this.size = 0;
    this.sink.publish({ type: "stream", content, parent: this.owner?.parent });
  }

  private writer(name: StreamName): Write {
    // One decoder a stream: a character's bytes may come in two writes.
    const decoder = new TextDecoder();
    return (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
      this.write(name, text);
      const done = typeof encoding === "function" ? encoding : callback;
      if (typeof done === "function") process.nextTick(done);
      return true;
    };
  }
}
