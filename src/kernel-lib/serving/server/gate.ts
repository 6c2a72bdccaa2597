/**
 * Turns requests away while a service has too much to do, for next to nothing: the more are refused, the less there would be left for the
 * others. So it stands before the router, writes its answer as it stands, and the log has a line a second for all of them.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";

import type { FastifyBaseLogger } from "fastify";

import { keyHolder } from "./authentication.js";
import type { ServiceMetrics } from "./metrics.js";
import { requestId } from "./request-id.js";
import type { Service } from "./service.js";

/** Milliseconds between two lines. */
const LINE_INTERVAL = 1000;

/** What brings work, and what the metrics call it. */
const WORK: readonly { path: RegExp; route: string }[] = [
  { path: /^\/score(?:\?|$)/, route: "/score" },
  { path: /^\/v2\/models\/[^/?]+\/infer(?:\?|$)/, route: "/v2/models/:model/infer" },
  {
    path: /^\/v2\/models\/[^/?]+\/versions\/[^/?]+\/infer(?:\?|$)/,
    route: "/v2/models/:model/versions/:version/infer",
  },
];

export class Gate {
  private readonly service: Service;
  private readonly metrics: ServiceMetrics;
  private readonly logger: FastifyBaseLogger;
  /** Bodies on their way. */
  private reading = 0;
  /** Since the last line. */
  private refused = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(service: Service, metrics: ServiceMetrics, logger: FastifyBaseLogger) {
    this.service = service;
    this.metrics = metrics;
    this.logger = logger;
  }

  /** A body on its way counts as a picture that waits, or a thousand slow ones would fill the memory. */
  reads(body: Readable): void {
    this.reading++;
    body.once("close", () => this.reading--);
  }

  /**
   * Answers 503 without anything of the body, and says so, where there is no room for the work that a request brings. What else may be wrong
   * with it, a key or a size, is for the routes to say.
   */
  turnsAway(request: IncomingMessage, response: ServerResponse): boolean {
    if (!this.shut || request.method !== "POST") return false;
    const route = WORK.find(({ path }) => path.test(request.url ?? ""))?.route;
    if (route === undefined || !this.wouldBeTaken(request)) return false;
    this.answer(request, response);
    this.metrics.turnedAway(route);
    this.refused++;
    this.timer ??= setTimeout(() => this.write(), LINE_INTERVAL);
    return true;
  }

  /** The last line. */
  close(): void {
    if (this.timer) this.write();
  }

  private get shut(): boolean {
    const { dispatcher, settings } = this.service;
    return dispatcher.full || dispatcher.waiting + this.reading > 2 * settings.queueSize;
  }

  private wouldBeTaken({ headers }: IncomingMessage): boolean {
    const length = Number(headers["content-length"] ?? 0);
    return length <= this.service.settings.bodyLimit && keyHolder(headers.authorization, this.service) !== undefined;
  }

  private answer({ url, headers }: IncomingMessage, response: ServerResponse): void {
    const { dispatcher, settings } = this.service;
    const { message, retryAfter } = dispatcher.overload;
    const id = requestId(headers["x-request-id"]);
    // KServe's protocol has a text there.
    const error = url?.startsWith("/v2") ? message : { code: "Overloaded", message, request_id: id };
    const body = JSON.stringify({ error });
    response.writeHead(503, {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      "retry-after": String(retryAfter),
      "x-request-id": id,
      ...sharedWith(headers.origin, settings.cors),
    });
    response.end(body);
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { waiting } = this.service.dispatcher;
    this.logger.warn({ status: 503, requests: this.refused, waiting }, "requests refused");
    this.refused = 0;
  }
}

/** Without this a page of an allowed origin could not read why it was refused. */
const sharedWith = (origin: string | undefined, allowed: readonly string[]): Record<string, string> =>
  origin !== undefined && allowed.includes(origin) ? { "access-control-allow-origin": origin, vary: "Origin" } : {};
