/**
 * What a service says when it has too much to do, for next to nothing: the more are refused, the less there would be left for the others. So
 * a refusal is written as it stands, and the log has a line a second for all of them.
 */
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";

import type { Dispatcher } from "../supervisor/dispatcher.js";
import { traceOf } from "./request-trace.js";

/** Milliseconds between two lines. */
const LINE_INTERVAL = 1000;

export class Refusals {
  private readonly dispatcher: Dispatcher;
  private readonly logger: FastifyBaseLogger;
  private count = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(dispatcher: Dispatcher, logger: FastifyBaseLogger) {
    this.dispatcher = dispatcher;
    this.logger = logger;
  }

  /** Answers 503 without anything of the body. */
  refuse(request: FastifyRequest, reply: FastifyReply): void {
    const { message, retryAfter } = this.dispatcher.overload;
    const protocol = request.url.startsWith("/v2");
    const error = protocol ? message : { code: "Overloaded", message, request_id: request.id };
    const body = JSON.stringify({ error });
    reply.hijack();
    reply.raw.writeHead(503, {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      "retry-after": String(retryAfter),
      "x-request-id": request.id,
    });
    reply.raw.end(body);
    traceOf(request).loggedWithOthers = true;
    this.count++;
    this.timer ??= setTimeout(() => this.write(), LINE_INTERVAL);
  }

  /** The last line. */
  close(): void {
    if (this.timer) this.write();
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.logger.warn({ status: 503, requests: this.count, waiting: this.dispatcher.waiting }, "requests refused");
    this.count = 0;
  }
}
