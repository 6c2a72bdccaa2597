/** Who may ask: whoever has one of the service's keys. */
import type { FastifyRequest } from "fastify";

import { ServiceError } from "../supervisor/service-error.js";
import { traceOf } from "./request-trace.js";
import type { Service } from "./service.js";

/** Whose key the header `Authorization` has: "primary", "secondary", "owner", "none" where none is needed; undefined where it has none of the service. */
export function keyHolder(authorization: string | undefined, { settings, keys }: Service): string | undefined {
  if (settings.keys === "none") return "none";
  const given = givenKey(authorization);
  return given === undefined ? undefined : keys.find(given);
}

/** @throws ServiceError 401 */
export function authenticate(request: FastifyRequest, service: Service): void {
  const { authorization } = request.headers;
  const holder = keyHolder(authorization, service);
  if (holder !== undefined) {
    traceOf(request).key = holder;
    return;
  }
  const message =
    givenKey(authorization) === undefined
      ? "Expected a key: send the header Authorization: Bearer KEY"
      : "The key is none of this service";
  throw new ServiceError(message, { status: 401, code: "Unauthorized" });
}

const givenKey = (authorization = ""): string | undefined => /^Bearer +(\S+)\s*$/i.exec(authorization)?.[1];
