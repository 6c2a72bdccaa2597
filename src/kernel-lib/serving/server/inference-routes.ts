/** KServe's Open Inference Protocol, version 2, over HTTP. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { ServiceError } from "../supervisor/service-error.js";
import { outputNames, readInferRequest, writeInferResponse } from "../wire/inference-protocol.js";
import { invalid } from "../wire/score-parameters.js";
import { scoreAll } from "./scoring.js";
import { OPEN } from "./open-route.js";
import type { Service } from "./service.js";

const LENGTH_HEADER = "inference-header-content-length";

interface ModelParams {
  model: string;
  version?: string;
}

export function inferenceRoutes(
  app: FastifyInstance,
  { service, version }: { service: Service; version: string },
  done: () => void,
): void {
  // The JSON may have raw bytes after it, whatever the type says.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
  app.get("/v2", () => ({ name: "vitrine", version, extensions: ["binary_tensor_data"] }));
  app.get("/v2/health/live", OPEN, () => ({ live: true }));
  app.get("/v2/health/ready", OPEN, (_request, reply) => readiness(service, reply));
  for (const base of ["/v2/models/:model", "/v2/models/:model/versions/:version"]) {
    app.get(base, (request) => metadata(service, request));
    app.get(`${base}/ready`, OPEN, (request, reply) => {
      checkModel(service, request);
      return readiness(service, reply);
    });
    app.post(`${base}/infer`, (request, reply) => infer(service, request, reply));
  }
  done();
}

function readiness(service: Service, reply: FastifyReply): { ready: boolean } {
  const ready = service.replicas().ready > 0;
  void reply.code(ready ? 200 : 503);
  return { ready };
}

function checkModel(service: Service, request: FastifyRequest): void {
  const { model, version } = request.params as ModelParams;
  const found = model === service.name && (version === undefined || version === String(service.version));
  if (found) return;
  const asked = version === undefined ? model : `${model}, version ${version}`;
  const message = `Expected the model ${service.name}, version ${service.version}, but received ${asked}`;
  throw new ServiceError(message, { status: 404, code: "UnknownModel" });
}

function metadata(service: Service, request: FastifyRequest): Record<string, unknown> {
  checkModel(service, request);
  const model = loaded(service);
  return {
    name: service.name,
    versions: [String(service.version)],
    platform: "vitrine",
    inputs: model.kind === "script" ? [] : [{ name: "image", datatype: "BYTES", shape: [-1] }],
    outputs: outputNames(model),
    parameters: { labels: model.labels, description: model.description },
  };
}

function loaded(service: Service): NonNullable<Service["metadata"]> {
  if (service.metadata) return service.metadata;
  throw new ServiceError("No replica is ready yet", { status: 503, code: "NotReady", retryAfter: 1 });
}

async function infer(service: Service, request: FastifyRequest, reply: FastifyReply): Promise<Buffer> {
  checkModel(service, request);
  if (service.settings.script) {
    throw new ServiceError("An entry script answers POST /score alone", { status: 400, code: "NotSupported" });
  }
  const asked = readInferRequest(bodyOf(request), headerLength(request));
  const items = asked.pictures.map((picture) => ({ picture, resize: asked.parameters.resize }));
  const scored = await scoreAll(service, items, request, reply);
  const version = String(Math.max(...scored.map((one) => one.version)));
  const model = { name: service.name, version };
  const { body, jsonLength } = writeInferResponse(
    asked,
    model,
    scored.map(({ scores }) => scores),
  );
  if (jsonLength === undefined) void reply.type("application/json");
  else void reply.type("application/octet-stream").header(LENGTH_HEADER, String(jsonLength));
  return body;
}

function bodyOf(request: FastifyRequest): Buffer {
  if (Buffer.isBuffer(request.body)) return request.body;
  throw invalid("the body", "a JSON object", undefined);
}

function headerLength(request: FastifyRequest): number | undefined {
  const value = request.headers[LENGTH_HEADER];
  if (value === undefined) return undefined;
  if (typeof value === "string" && /^\d+$/.test(value)) return Number(value);
  throw invalid("Inference-Header-Content-Length", "a whole number", value);
}
