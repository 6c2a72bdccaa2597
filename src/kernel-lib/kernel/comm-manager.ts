/**
 * Comms: named two-way channels between a cell's objects and the front end.
 *
 * A message is handled at once, also while a cell awaits, and what its handler prints goes under the cell that opened the comm.
 */
import { randomUUID } from "node:crypto";

import type { CommChannel, CommListener, JsonObject, KernelPort, OpenCommOptions } from "../comm/port.js";
import type { Cells } from "./cells.js";
import { objectField, textField, type Message, type Outgoing, type OutputScope } from "./messages.js";

type OpenHandler = Parameters<KernelPort["registerTarget"]>[1];

interface Comm {
  readonly target: string;
  readonly scope: OutputScope | undefined;
  listener: CommListener;
}

export interface CommSink {
  publish(message: Outgoing): void;
  /** Something that a cell gave the comm threw. */
  fail(error: unknown): void;
}

export class CommManager {
  private readonly sink: CommSink;
  private readonly cells: Cells;
  private readonly comms = new Map<string, Comm>();
  private readonly targets = new Map<string, OpenHandler>();

  constructor(sink: CommSink, cells: Cells) {
    this.sink = sink;
    this.cells = cells;
  }

  /** A cell opens a comm; the front end must know the target. */
  open(target: string, data: JsonObject, options: OpenCommOptions): CommChannel {
    const id = options.id ?? randomUUID().replaceAll("-", "");
    this.comms.set(id, { target, scope: this.cells.scope, listener: options.listener });
    const content = { comm_id: id, target_name: target, data };
    this.publish({ type: "comm_open", content, metadata: options.metadata, buffers: options.buffers });
    return this.channel(id);
  }

  registerTarget(target: string, open: OpenHandler): void {
    this.targets.set(target, open);
  }

  /** The content of `comm_info_reply`: all comms, or those of one target. */
  info(target: string): { status: "ok"; comms: { [id: string]: { target_name: string } } } {
    const known = [...this.comms].filter(([, comm]) => target === "" || comm.target === target);
    return { status: "ok", comms: Object.fromEntries(known.map(([id, comm]) => [id, { target_name: comm.target }])) };
  }

  /** `comm_open`, `comm_msg` or `comm_close` from the front end. */
  receive(message: Message): void {
    const id = textField(message.content, "comm_id");
    const comm = this.comms.get(id);
    if (message.header.msg_type === "comm_open") this.accept(id, message);
    else if (message.header.msg_type === "comm_close") this.closed(id, comm, message);
    else if (comm) this.run(comm.scope, message, () => comm.listener.onMessage(dataOf(message), message.buffers));
  }

  private accept(id: string, message: Message): void {
    const target = textField(message.content, "target_name");
    const open = this.targets.get(target);
    if (!open) {
      this.publish({ type: "comm_close", content: { comm_id: id, data: {} }, parent: message.header });
      return;
    }
    const comm: Comm = { target, scope: undefined, listener: { onMessage: () => undefined } };
    this.comms.set(id, comm);
    this.run(undefined, message, () => {
      comm.listener = open(this.channel(id), dataOf(message));
    });
  }

  private closed(id: string, comm: Comm | undefined, message: Message): void {
    this.comms.delete(id);
    this.run(comm?.scope, message, () => comm?.listener.onClose?.(dataOf(message)));
  }

  private channel(id: string): CommChannel {
    return {
      id,
      send: (data, buffers, metadata) => {
        if (!this.comms.has(id)) return;
        this.publish({ type: "comm_msg", content: { comm_id: id, data }, metadata, buffers });
      },
      close: (data = {}) => {
        if (this.comms.delete(id)) this.publish({ type: "comm_close", content: { comm_id: id, data } });
      },
    };
  }

  private publish(message: Outgoing): void {
    this.sink.publish({ parent: this.cells.scope?.parent, ...message });
  }

  /** The cells' code may throw or reject; it must not end the kernel, and must not go unseen. */
  private run(scope: OutputScope | undefined, message: Message, handle: () => void | Promise<void>): void {
    this.cells.within(scope ?? { parent: message.header }, () => {
      const fail = (error: unknown) => this.sink.fail(error);
      try {
        const pending: unknown = handle();
        if (pending instanceof Promise) pending.catch(fail);
      } catch (error) {
        fail(error);
      }
    });
  }
}

const dataOf = (message: Message): JsonObject => objectField(message.content, "data");
