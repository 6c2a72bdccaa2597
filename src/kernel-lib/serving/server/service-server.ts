/** A service's HTTP side: who may ask, how much, and where to. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

import cors from "@fastify/cors";
import rateLimit from "@fastify/rate-limit";
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from "fastify";

import { ServiceError } from "../supervisor/service-error.js";
import { authenticate } from "./authentication.js";
import { refuseUnreadable, sendError } from "./errors.js";
import { inferenceRoutes } from "./inference-routes.js";
import { ServiceMetrics } from "./metrics.js";
import { OPEN } from "./open-route.js";
import { openApi } from "./openapi.js";
import { Refusals } from "./refusals.js";
import { traceOf } from "./request-trace.js";
import { scoreRoutes } from "./score-routes.js";
import { scriptPage } from "./script-page.js";
import { scriptRoutes } from "./script-routes.js";
import type { Service } from "./service.js";
import { tryPage } from "./try-page.js";

export async function serviceServer(
  service: Service,
  logger: FastifyBaseLogger,
  version: string,
): Promise<FastifyInstance> {
  const { settings } = service;
  const app = create(service, logger);
  const metrics = new ServiceMetrics(service);
  const refusals = new Refusals(service, logger, metrics);
  let reading = 0;
  // First: a browser asks without a key whether it may ask, and reads no refusal that does not name its page.
  if (settings.cors.length > 0) await app.register(cors, pages(settings.cors));
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(() => {
    throw new ServiceError("There is nothing here; GET /openapi.json says what there is", {
      status: 404,
      code: "NotFound",
    });
  });
  app.addHook("onRequest", (request, reply, next) => {
    void reply.header("x-request-id", request.id);
    const takesWork = admit(service, request);
    if (takesWork && overfull(service, reading)) refusals.refuse(request, reply);
    else next();
  });
  app.addHook("onClose", (_app, done) => {
    refusals.close();
    done();
  });
  // Bodies on their way count as pictures that wait, or a thousand slow ones would fill the memory.
  app.addHook("preParsing", (request, _reply, payload, next) => {
    reading++;
    payload.once("close", () => reading--);
    next(null, payload);
  });
  app.addHook("onSend", (_request, reply, _payload, next) => {
    // Closed while its body is still on the way, a connection is reset, and the client never sees the answer; so the rest is read and dropped.
    if (reply.statusCode === 413) reply.removeHeader("connection");
    next();
  });
  app.addHook("onResponse", (request, reply, next) => {
    if (!traceOf(request).refused) record(request, reply, metrics);
    next();
  });
  if (settings.rateLimit !== null) await app.register(rateLimit, limits(settings.rateLimit));
  await app.register(settings.script ? scriptRoutes : scoreRoutes, { service });
  await app.register(inferenceRoutes, { service, version });
  informationRoutes(app, service, metrics, version);
  return app;
}

/** For pages of these origins, and what they may read beside the body. */
const pages = (origins: readonly string[]) => ({
  origin: [...origins],
  strictPreflight: false,
  exposedHeaders: ["retry-after", "x-model-version", "x-request-id", "inference-header-content-length"],
});

function create(service: Service, logger: FastifyBaseLogger): FastifyInstance {
  const { settings } = service;
  const options = {
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // A logger a request costs as much as its line, and most lines would not be written.
    childLoggerFactory: () => logger,
    bodyLimit: settings.bodyLimit,
    requestTimeout: settings.requestTimeout,
    keepAliveTimeout: 72_000,
    forceCloseConnections: "idle" as const,
    frameworkErrors: sendError,
    clientErrorHandler: refuseUnreadable,
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) =>
      requestId(request.headers["x-request-id"]),
  };
  const { tls } = settings;
  if (tls === null) return fastify(options);
  const https = { cert: readFileSync(tls.cert), key: readFileSync(tls.key) };
  // Either kind of server has the routes.
  return fastify({ ...options, https });
}

/** A client's own where it is harmless in a log, else a new one. */
function requestId(given: string | string[] | undefined): string {
  return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}

/**
 * Before anything of the body is read. Says whether the request brings work.
 * @throws ServiceError 401, 413, 415
 */
function admit(service: Service, request: FastifyRequest): boolean {
  if (request.routeOptions.config.open === true || request.is404) return false;
  authenticate(request, service);
  if (request.method !== "POST") return false;
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    const message = `Expected a body without Content-Encoding but received ${encoding.slice(0, 60)}`;
    throw new ServiceError(message, { status: 415, code: "UnsupportedEncoding" });
  }
  const { bodyLimit } = service.settings;
  const length = Number(request.headers["content-length"] ?? 0);
  if (length > bodyLimit) {
    const message = `Expected a body of at most ${bodyLimit} bytes but received ${length}`;
    throw new ServiceError(message, { status: 413, code: "TooLarge" });
  }
  return true;
}

/** @param reading requests whose bodies are on their way */
const overfull = ({ dispatcher, settings }: Service, reading: number): boolean =>
  dispatcher.full || dispatcher.waiting + reading > 2 * settings.queueSize;

function limits(perSecond: number) {
  const window = perSecond >= 1 ? 1000 : Math.ceil(1000 / perSecond);
  return {
    max: Math.max(1, Math.floor((perSecond * window) / 1000)),
    timeWindow: window,
    keyGenerator: (request: FastifyRequest) => traceOf(request).key,
    // Whoever owns the service measures it, too; and its health is nobody's expense.
    allowList: (request: FastifyRequest) =>
      traceOf(request).key === "owner" || request.routeOptions.config.open === true,
    errorResponseBuilder: (_request: unknown, { ttl }: { ttl: number }) => {
      const seconds = Math.max(1, Math.ceil(ttl / 1000));
      const message = `Expected at most ${perSecond} requests a second with this key; try again in ${seconds} s`;
      return new ServiceError(message, { status: 429, code: "TooManyRequests", retryAfter: seconds });
    },
  };
}

function informationRoutes(app: FastifyInstance, service: Service, metrics: ServiceMetrics, version: string): void {
  app.get("/health", OPEN, (_request, reply) => {
    const { ready, wanted } = service.replicas();
    const status = ready === 0 ? "starting" : ready < wanted ? "degraded" : "ok";
    void reply.code(ready === 0 ? 503 : 200);
    const { waiting, capacity } = service.dispatcher;
    const seconds = (Date.now() - service.startedAt) / 1000;
    return {
      status,
      replicas: { ready, wanted },
      queue: { waiting, capacity },
      model_version: service.version,
      seconds,
    };
  });
  app.get("/metrics", async (_request, reply) => {
    void reply.type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
  app.get("/openapi.json", OPEN, () => openApi(service, version));
  app.get("/", OPEN, (_request, reply) => {
    const { script, keys } = service.settings;
    const page = script ? scriptPage : tryPage;
    void reply.type("text/html; charset=utf-8");
    void reply.header("content-security-policy", page.contentSecurityPolicy);
    return page.html(service.name, keys === "required");
  });
}

function record(request: FastifyRequest, reply: FastifyReply, metrics: ServiceMetrics): void {
  const route = request.routeOptions.url ?? "unknown";
  metrics.answered(route, reply.statusCode, reply.elapsedTime);
  const { key, scored } = traceOf(request);
  for (const picture of scored) metrics.scored(picture);
  // Who asks every second whether it is well need not be in the log.
  if (request.routeOptions.config.open === true) return;
  const ms = (value: number) => Math.round(value * 10) / 10;
  const worst = (pick: (one: (typeof scored)[number]) => number) => ms(Math.max(0, ...scored.map(pick)));
  const times =
    scored.length === 0
      ? {}
      : {
          queue: worst((one) => one.queued),
          decode: worst((one) => one.times.decode),
          model: worst((one) => one.times.model),
          batch: worst((one) => one.times.batch),
        };
  const facts = { method: request.method, route, status: reply.statusCode, milliseconds: ms(reply.elapsedTime), key };
  const bytes = Number(request.headers["content-length"] ?? 0);
  request.log.info({ reqId: request.id, ...facts, bytes, pictures: scored.length, ...times }, "request");
}
