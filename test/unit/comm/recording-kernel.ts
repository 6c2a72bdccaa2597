/** A kernel that keeps every message as it goes over the wire, and plays the front end of several comms. */
import {
  installKernelPort,
  type CommListener,
  type DisplayOptions,
  type JsonObject,
  type KernelPort,
  type MimeBundle,
} from "../../../src/kernel-lib/comm/port.js";

export interface WireMessage {
  comm: string;
  data: JsonObject;
  buffers: readonly Uint8Array[];
  metadata: JsonObject | undefined;
}

export class RecordingKernel implements KernelPort {
  readonly cellSignal = undefined;
  readonly opened: WireMessage[] = [];
  readonly sent: WireMessage[] = [];
  readonly closed: string[] = [];
  readonly displays: { bundle: MimeBundle; options: DisplayOptions | undefined }[] = [];
  private readonly listeners = new Map<string, CommListener>();
  private readonly targets = new Map<string, Parameters<KernelPort["registerTarget"]>[1]>();

  constructor() {
    installKernelPort(this);
  }

  openComm: KernelPort["openComm"] = (target, data, { id = "", metadata, buffers = [], listener }) => {
    this.opened.push({ comm: id, data: wire({ ...data, target }), buffers, metadata });
    this.listeners.set(id, listener);
    return this.channel(id);
  };

  registerTarget: KernelPort["registerTarget"] = (target, open) => void this.targets.set(target, open);

  display: KernelPort["display"] = (bundle, options) => void this.displays.push({ bundle, options });

  /** A message from the front end. */
  async receive(comm: string, data: JsonObject, buffers: readonly Uint8Array[] = []): Promise<void> {
    await this.listeners.get(comm)?.onMessage(data, buffers);
  }

  /** The front end opens a comm itself. */
  async openFromFrontEnd(target: string, comm: string): Promise<void> {
    const open = this.targets.get(target);
    if (!open) throw new Error(`nobody serves ${target}`);
    this.listeners.set(comm, open(this.channel(comm), {}));
    await Promise.resolve();
  }

  private channel(id: string): ReturnType<KernelPort["openComm"]> {
    return {
      id,
      send: (data, buffers = [], metadata) => void this.sent.push({ comm: id, data: wire(data), buffers, metadata }),
      close: () => void this.closed.push(id),
    };
  }
}

/** What JSON makes of it. */
const wire = (data: JsonObject) => JSON.parse(JSON.stringify(data)) as JsonObject;
