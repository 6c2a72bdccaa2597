/** `POST /score` of an entry script: the body goes to its `run()` as it came, and what that returned comes back as JSON. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import type { ScriptInput } from "../models/served-model.js";
import { ServiceError } from "../supervisor/service-error.js";
import { serialize } from "../wire/score-response.js";
import { NO_PARAMETERS } from "../wire/score-parameters.js";
import { scoreAll } from "./scoring.js";
import type { Service } from "./service.js";

export function scriptRoutes(app: FastifyInstance, { service }: { service: Service }, done: () => void): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
  app.post("/score", async (request, reply) => answer(service, request, reply));
  done();
}

async function answer(service: Service, request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const contentType = request.headers["content-type"] ?? "";
  const input: ScriptInput = { body, contentType, requestId: request.id };
  const [scored] = await scoreAll(service, [input], request, reply).catch((error: unknown) => {
    // One request has no pictures to number.
    throw error instanceof ServiceError
      ? new ServiceError(error.message, { ...error.details, index: undefined })
      : error;
  });
  if (!scored) throw new Error("a request without an answer");
  void reply.header("x-model-version", String(scored.version)).type("application/json");
  return serialize(scored.scores, [], NO_PARAMETERS);
}
