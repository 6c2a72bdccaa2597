/** A kernel that remembers what widgets send, and plays the browser's part. */
import {
  installKernelPort,
  JUPYTER_DISPLAY,
  type JsonObject,
  type KernelPort,
  type MimeBundle,
} from "../../../src/kernel-lib/comm/port.js";

export interface SentMessage {
  data: JsonObject;
  buffers: readonly Uint8Array[];
}

export class MemoryKernel implements KernelPort {
  readonly cellSignal = undefined;
  readonly shown: MimeBundle[] = [];
  readonly sent: SentMessage[] = [];
  opened: JsonObject = {};
  private receive: (data: JsonObject) => void | Promise<void> = () => undefined;

  openComm: KernelPort["openComm"] = (_target, data, options) => {
    this.opened = data;
    this.receive = (message) => options.listener.onMessage(message, []);
    const send = (message: JsonObject, buffers: readonly Uint8Array[] = []) =>
      void this.sent.push({ data: message, buffers });
    return { id: options.id ?? "comm", send, close: () => undefined };
  };

  registerTarget: KernelPort["registerTarget"] = () => undefined;

  display: KernelPort["display"] = (bundle) => void this.shown.push(bundle);

  /** A command from the browser. */
  async command(content: object): Promise<void> {
    await this.receive({ method: "custom", content: content as JsonObject });
  }

  /** The state as the browser has it: as it was opened, with every update since. */
  // The caller knows which widget it opened.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  state<S>(): S {
    const updates = this.sent
      .filter(({ data }) => data["method"] === "update")
      .map(({ data }) => data["state"] as JsonObject);
    return Object.assign({}, this.opened["state"], ...updates) as S;
  }

  /** The events that the browser got. */
  events(type: string): { content: JsonObject; buffers: readonly Uint8Array[] }[] {
    const custom = this.sent.filter(({ data }) => data["method"] === "custom");
    return custom
      .map(({ data, buffers }) => ({ content: data["content"] as JsonObject, buffers }))
      .filter(({ content }) => content["type"] === type);
  }
}

/** Installs a kernel for one test. */
export function withMemoryKernel(): MemoryKernel {
  const kernel = new MemoryKernel();
  installKernelPort(kernel);
  return kernel;
}

/** How a value shows itself as a cell's last one. */
export async function displayed(value: object): Promise<MimeBundle> {
  const show = (value as { [method: symbol]: (() => Promise<MimeBundle>) | undefined })[JUPYTER_DISPLAY];
  if (!show) throw new Error("the value does not show itself");
  return show.call(value);
}
