/** Every refusal in one form, whoever raised it. */
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";

import { traceOf } from "./request-trace.js";
import { ServiceError, type ServiceErrorDetails } from "../supervisor/service-error.js";

export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refused = asServiceError(error);
  const { status, code, index, retryAfter, publicMessage } = refused.details;
  if (status >= 500 && status !== 503) request.log.error({ reqId: request.id, err: error, code }, refused.message);
  if (status === 401) void reply.header("www-authenticate", "Bearer");
  if (retryAfter !== undefined) void reply.header("retry-after", String(retryAfter));
  const message = traceOf(request).key === "owner" ? refused.message : (publicMessage ?? refused.message);
  // KServe's protocol has a text there.
  const body = request.url.startsWith("/v2")
    ? message
    : { code, message, ...(index !== undefined && { index }), request_id: request.id };
  return reply.code(status).send({ error: body });
}

/** What is no HTTP, or not in time: there is no request yet that an answer could belong to, so the connection ends with it. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const [status, message] = UNREADABLE[error.code ?? ""] ?? [400, "Expected a request of HTTP 1.1"];
  const body = JSON.stringify({ error: { code: "InvalidRequest", message } });
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nContent-Type: application/json; charset=utf-8`;
  if (socket.writable) {
    socket.write(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
  }
  socket.destroy(error);
}

const UNREADABLE: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request did not come in time"],
  HPE_HEADER_OVERFLOW: [431, "Expected at most 16 KiB of headers"],
};

function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const { code = "", statusCode = 500, message } = error as Partial<FastifyError>;
  const details = KNOWN[code];
  if (details) return new ServiceError(details.message, details);
  if (statusCode >= 400 && statusCode < 500) {
    const text = statusCode === 400 ? `Expected JSON for the body: ${message ?? ""}` : (message ?? "");
    return new ServiceError(text, {
      status: statusCode,
      code: statusCode === 429 ? "TooManyRequests" : "InvalidRequest",
    });
  }
  return new ServiceError("The service has failed; its log says how", { status: 500, code: "Internal" });
}

/** Fastify's own, in our words. */
const KNOWN: Readonly<Record<string, ServiceErrorDetails & { message: string }>> = {
  FST_ERR_BAD_URL: { status: 400, code: "InvalidRequest", message: "The address is no valid URL" },
  FST_ERR_MAX_PARAM_LENGTH: {
    status: 404,
    code: "NotFound",
    message: "There is nothing here; GET /openapi.json says what there is",
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: "UnsupportedMediaType",
    message: "Expected a Content-Type of application/json, image/…, application/octet-stream or multipart/form-data",
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, code: "TooLarge", message: "The body is larger than the service takes" },
  FST_REQ_FILE_TOO_LARGE: { status: 413, code: "TooLarge", message: "A picture is larger than the service takes" },
  FST_FILES_LIMIT: {
    status: 413,
    code: "TooManyPictures",
    message: "The form has more pictures than the service takes",
  },
  FST_FIELDS_LIMIT: { status: 413, code: "TooLarge", message: "The form has more fields than the service takes" },
  FST_PROTO_VIOLATION: { status: 400, code: "InvalidRequest", message: "The form has a field whose name is not taken" },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    code: "InvalidRequest",
    message: "Expected a JSON list of pictures for the body but received nothing",
  },
};
