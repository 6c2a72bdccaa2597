/**
 * The sockets of the main thread: shell (requests), iopub (what everybody sees) and stdin (questions to the user).
 *
 * Nothing may be lost: the high-water marks are 0, that is no limit. A send is tried at once and needs no turn of the event loop,
 * so that output of synchronous code is seen while it runs. The timeout of 0 says so to zeromq: without it every 513th message is put off
 * to a later turn, and whatever is sent before that turn throws.
 */
import { Router, XPublisher } from "zeromq";

import { address, type Connection } from "./connection.js";
import type { Header, Message, Outgoing } from "./messages.js";
import type { Wire } from "./wire.js";
import { WireError } from "./wire.js";

const UNLIMITED = { sendHighWaterMark: 0, receiveHighWaterMark: 0, sendTimeout: 0, linger: 1000 };

export type MessageHandler = (message: Message) => void;

export class Channels {
  private readonly wire: Wire;
  private readonly log: (line: string) => void;
  private readonly shell = new Router(UNLIMITED);
  private readonly stdin = new Router(UNLIMITED);
  private readonly iopub = new XPublisher({ ...UNLIMITED, verbosity: "allSubs" });

  constructor(wire: Wire, log: (line: string) => void) {
    this.wire = wire;
    this.log = log;
  }

  async bind(connection: Connection): Promise<void> {
    // No status says "starting": before the socket is bound nobody could hear it, and after that it would come before the welcome.
    await this.iopub.bind(address(connection, "iopub_port"));
    void this.welcome();
    await Promise.all([
      this.shell.bind(address(connection, "shell_port")),
      this.stdin.bind(address(connection, "stdin_port")),
    ]);
  }

  /** Hands each message on as it comes, until the sockets close. */
  listen(onShell: MessageHandler, onStdin: MessageHandler): void {
    void this.receive(this.shell, onShell);
    void this.receive(this.stdin, onStdin);
  }

  publish(message: Outgoing): void {
    this.send(this.iopub, [Buffer.from(message.type)], message);
  }

  status(state: "busy" | "idle", parent?: Header): void {
    this.publish({ type: "status", content: { execution_state: state }, parent });
  }

  reply(request: Message, content: object): void {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    this.send(this.shell, request.identities, { type, content, parent: request.header });
  }

  /** Asks the front end that sent `request`. */
  ask(request: Pick<Message, "identities" | "header">, content: object): void {
    this.send(this.stdin, request.identities, { type: "input_request", content, parent: request.header });
  }

  close(): void {
    for (const socket of [this.shell, this.stdin, this.iopub]) socket.close();
  }

  private send(socket: Router | XPublisher, identities: readonly Uint8Array[], message: Outgoing): void {
    if (socket.closed) return;
    // zeromq reads the frames only; its types ask for mutable arrays.
    socket.send(this.wire.encode(identities, message) as Buffer[]).catch((error: unknown) => {
      this.log(`${message.type} could not be sent: ${String(error)}`);
    });
  }

  private async receive(socket: Router, handle: MessageHandler): Promise<void> {
    for await (const frames of socket) {
      try {
        handle(this.wire.decode(frames));
      } catch (error) {
        this.log(
          error instanceof WireError ? `dropped frames: ${error.message}` : `a handler failed: ${String(error)}`,
        );
      }
    }
  }

  /** Each new subscriber is told that it is one (protocol 5.4): a client then knows that it misses nothing. */
  private async welcome(): Promise<void> {
    for await (const [frame] of this.iopub) {
      if (frame?.[0] !== 1) continue;
      const topic = frame.subarray(1);
      this.send(this.iopub, [topic], { type: "iopub_welcome", content: { subscription: topic.toString("utf8") } });
    }
  }
}
