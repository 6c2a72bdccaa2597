/**
 * What a service says when it has too much to do, for next to nothing: the more are refused, the less there would be left for the others. So
 * a refusal is written as it stands, and the log has a line a second for all of them.
 */
import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from "fastify";

import type { ServiceMetrics } from "./metrics.js";
import { traceOf } from "./request-trace.js";
import type { Service } from "./service.js";

/** Milliseconds between two lines. */
const LINE_INTERVAL = 1000;

export class Refusals {
  private readonly service: Service;
  private readonly logger: FastifyBaseLogger;
  private readonly metrics: ServiceMetrics;
  private count = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(service: Service, logger: FastifyBaseLogger, metrics: ServiceMetrics) {
    this.service = service;
    this.logger = logger;
    this.metrics = metrics;
  }

  /** Answers 503 without anything of the body. */
  refuse(request: FastifyRequest, reply: FastifyReply): void {
    const { dispatcher, settings } = this.service;
    const { message, retryAfter } = dispatcher.overload;
    const protocol = request.url.startsWith("/v2");
    const error = protocol ? message : { code: "Overloaded", message, request_id: request.id };
    const body = JSON.stringify({ error });
    reply.hijack();
    reply.raw.writeHead(503, {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      "retry-after": String(retryAfter),
      "x-request-id": request.id,
      ...sharedWith(request.headers.origin, settings.cors),
    });
    reply.raw.end(body);
    traceOf(request).refused = true;
    this.metrics.refused(request.routeOptions.url ?? "unknown");
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
    const { waiting } = this.service.dispatcher;
    this.logger.warn({ status: 503, requests: this.count, waiting }, "requests refused");
    this.count = 0;
  }
}

/** Without this a page of an allowed origin could not read why it was refused. */
const sharedWith = (origin: string | undefined, allowed: readonly string[]): Record<string, string> =>
  origin !== undefined && allowed.includes(origin) ? { "access-control-allow-origin": origin, vary: "Origin" } : {};
