/** `POST /score`: the documents' JSON, a picture as the body itself, or a form with pictures. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import multipart, { type Multipart } from "@fastify/multipart";

import { invalid } from "../wire/score-parameters.js";
import { readScoreRequests, scoreRequest, type ScoreRequest } from "../wire/score-request.js";
import { serialize } from "../wire/score-response.js";
import { ServiceError } from "../supervisor/service-error.js";
import { scoreAll } from "./scoring.js";
import type { Service } from "./service.js";

export async function scoreRoutes(app: FastifyInstance, { service }: { service: Service }): Promise<void> {
  const { bodyLimit, queueSize } = service.settings;
  await app.register(multipart, { limits: { fileSize: bodyLimit, files: queueSize, fields: 16, fieldSize: 4096 } });
  const bytes = (_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void) => done(null, body);
  app.addContentTypeParser(/^(image\/|application\/octet-stream)/, { parseAs: "buffer" }, bytes);
  app.post("/score", async (request, reply) => answer(service, await read(request), request, reply));
}

async function read(request: FastifyRequest): Promise<ScoreRequest[]> {
  if (request.isMultipart()) return readForm(request);
  if (Buffer.isBuffer(request.body)) return [scoreRequest(request.body, request.query)];
  return readScoreRequests(request.body);
}

/** Every file is a picture; every other field a parameter for all of them. */
async function readForm(request: FastifyRequest): Promise<ScoreRequest[]> {
  const pictures: Buffer[] = [];
  const parameters: Record<string, unknown> = { ...(request.query as object) };
  try {
    for await (const part of request.parts() as AsyncIterable<Multipart>) {
      if (part.type === "file") pictures.push(await part.toBuffer());
      else parameters[part.fieldname] = part.value;
    }
  } catch (error) {
    throw "statusCode" in (error as Error) ? error : unreadable(error as Error);
  }
  if (pictures.length === 0) throw invalid("the form", "at least one picture", undefined);
  return pictures.map((picture) => scoreRequest(picture, parameters));
}

/** What the form's reader says in words alone: no boundary, an end too early. */
const unreadable = ({ message }: Error) =>
  new ServiceError(`Expected a form with its boundary and its end: ${message}`, {
    status: 400,
    code: "InvalidRequest",
  });

async function answer(
  service: Service,
  requests: readonly ScoreRequest[],
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string[]> {
  const items = requests.map(({ item }) => item);
  const scored = await scoreAll(service, items, request, reply);
  const version = Math.max(...scored.map((one) => one.version));
  void reply.header("x-model-version", String(version));
  return requests.flatMap(({ parameters }, index) => {
    const one = scored[index];
    return one ? [serialize(one.scores, one.labels, parameters, service.settings.threshold)] : [];
  });
}
