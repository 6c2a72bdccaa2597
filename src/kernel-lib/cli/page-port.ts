/** A kernel's port whose front end is a page of a browser: one widget, shown wherever the page is open. */
import type { ServerResponse } from "node:http";

import type { CommListener, JsonObject, KernelPort } from "../comm/port.js";
import type { PageData, PageFrame, WidgetName } from "../protocol/index.js";

/** A page that reads no more is given up when so much waits for it, in bytes. */
const MOST_WAITING = 256 * 1024 * 1024;

export class PagePort implements KernelPort {
  readonly cellSignal = undefined;
  private readonly readers = new Set<ServerResponse>();
  private widget: WidgetName | undefined;
  private listener: CommListener | undefined;

  openComm: KernelPort["openComm"] = (_target, { state }, { id = "", listener }) => {
    this.listener = listener;
    this.widget = widgetOf(state as JsonObject);
    return {
      id,
      // What the widget sends is the widget protocol's.
      send: (data, buffers = []) => this.broadcast(data as unknown as PageData, buffers),
      close: () => this.end(),
    };
  };

  registerTarget: KernelPort["registerTarget"] = () => undefined;

  display: KernelPort["display"] = () => undefined;

  /** A page that was opened: it gets the whole state, and everything from then on. */
  async connect(response: ServerResponse): Promise<void> {
    this.readers.add(response);
    response.on("close", () => this.readers.delete(response));
    if (this.widget) response.write(frame({ method: "open", widget: this.widget }, []));
    await this.receive({ method: "request_state" });
  }

  /** A comm's data from a page. */
  async receive(data: JsonObject): Promise<void> {
    await this.listener?.onMessage(data, []);
  }

  /** Ends every page's line. */
  end(): void {
    for (const response of this.readers) response.end();
  }

  private broadcast(data: PageData, buffers: readonly Uint8Array[]): void {
    if (this.readers.size === 0) return;
    const bytes = frame(data, buffers);
    for (const response of this.readers) {
      if (response.writableLength > MOST_WAITING) response.destroy();
      else response.write(bytes);
    }
  }
}

function frame(data: PageData, buffers: readonly Uint8Array[]): Buffer {
  const lengths = buffers.map(({ byteLength }) => byteLength);
  const header = Buffer.from(JSON.stringify({ data, buffers: lengths } satisfies PageFrame));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.byteLength);
  return Buffer.concat([size, header, ...buffers]);
}

const widgetOf = (state: JsonObject): WidgetName =>
  (state["_model_name"] as string).replace(/Model$/, "") as WidgetName;
