/** Who may ask: whoever has one of the service's keys. */
import type { FastifyRequest } from "fastify";

import { ServiceError } from "../supervisor/service-error.js";
import { traceOf } from "./request-trace.js";
import type { Service } from "./service.js";

/** @throws ServiceError 401 */
export function authenticate(request: FastifyRequest, service: Service): void {
  if (service.settings.keys === "none") return;
  const given = /^Bearer +(\S+)\s*$/i.exec(request.headers.authorization ?? "")?.[1];
  const name = given === undefined ? undefined : service.keys.find(given);
  if (name !== undefined) {
    traceOf(request).key = name;
    return;
  }
  const message =
    given === undefined
      ? "Expected a key: send the header Authorization: Bearer KEY"
      : "The key is none of this service";
  throw new ServiceError(message, { status: 401, code: "Unauthorized" });
}
