/** Who answers which message of the shell channel. */
import type { CellRunner } from "./cell-runner.js";
import type { Cells } from "./cells.js";
import type { Channels } from "./channels.js";
import type { CodeAssistant } from "./code-assistant.js";
import type { CommManager } from "./comm-manager.js";
import { completeness } from "./compiler/syntax.js";
import { reportException } from "./error-report.js";
import { ExecutionQueue, type CellRun } from "./execution-queue.js";
import type { History } from "./history.js";
import { textField, type Message, type Outgoing } from "./messages.js";

export interface DispatcherParts {
  readonly runner: CellRunner;
  readonly assistant: CodeAssistant;
  readonly history: History;
  readonly comms: CommManager;
  readonly cells: Cells;
  readonly channels: Channels;
  readonly info: object;
  /** Sends gathered output first. */
  publish(message: Outgoing): void;
}

export class Dispatcher {
  private readonly parts: DispatcherParts;
  private readonly queue: ExecutionQueue;

  constructor(parts: DispatcherParts) {
    this.parts = parts;
    this.queue = new ExecutionQueue(
      (request) => this.execute(request),
      (request) => this.abort(request),
    );
  }

  handle(message: Message): void {
    if (message.header.msg_type === "execute_request") this.queue.add(message);
    else this.answer(message);
  }

  private answer(message: Message): void {
    const { channels, cells } = this.parts;
    this.status("busy", message);
    try {
      const reply = this.replyTo(message);
      if (reply) channels.reply(message, reply);
    } catch (error) {
      channels.reply(message, { status: "error", ...reportException(error) });
    }
    this.status("idle", message);
    // A front end shows the last state that it heard of; the cell is still at work.
    if (cells.running) this.status("busy", cells.running.request);
  }

  private replyTo(message: Message): object | undefined {
    const { assistant, comms, history, info } = this.parts;
    const { content } = message;
    switch (message.header.msg_type) {
      case "kernel_info_request":
        return info;
      case "complete_request":
        return assistant.complete(content);
      case "inspect_request":
        return assistant.inspect(content);
      case "is_complete_request":
        return completeness(textField(content, "code"));
      case "history_request":
        return history.answer(content);
      case "comm_info_request":
        return comms.info(textField(content, "target_name"));
      case "comm_open":
      case "comm_msg":
      case "comm_close":
        comms.receive(message);
        return undefined;
      default:
        return unknownRequest(message);
    }
  }

  private async execute(request: Message): Promise<CellRun> {
    this.status("busy", request);
    const reply = await this.parts.runner.run(request).catch((error: unknown) => {
      return { status: "error" as const, execution_count: this.parts.runner.count, ...reportException(error) };
    });
    const stop = reply.status === "error" && request.content["stop_on_error"] !== false;
    return { stop, finish: () => this.finish(request, reply) };
  }

  private abort(request: Message): void {
    this.status("busy", request);
    this.finish(request, { status: "aborted", execution_count: this.parts.runner.count });
  }

  private finish(request: Message, reply: object): void {
    try {
      this.parts.channels.reply(request, reply);
    } catch (error) {
      // What a cell's own values make of the reply may be no JSON.
      this.parts.channels.reply(request, { status: "error", ...reportException(error) });
    }
    this.status("idle", request);
  }

  private status(state: "busy" | "idle", { header }: Pick<Message, "header">): void {
    this.parts.publish({ type: "status", content: { execution_state: state }, parent: header });
  }
}

function unknownRequest({ header }: Message): object | undefined {
  if (!header.msg_type.endsWith("_request")) return undefined;
  return {
    status: "error",
    ename: "NotImplemented",
    evalue: `This kernel does not know ${header.msg_type}`,
    traceback: [],
  };
}
