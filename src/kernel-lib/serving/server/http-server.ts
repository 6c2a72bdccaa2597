/** The server beneath the routes, with or without TLS; whoever finds the gate shut does not come as far as them. */
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";

import type { ServiceSettings } from "../service-settings.js";
import type { Gate } from "./gate.js";

/** Milliseconds that a connection without requests stays open: longer than the minute of usual load balancers, which else send into a closed one. */
const KEEP_ALIVE = 72_000;

export function httpServer({ requestTimeout, tls }: ServiceSettings, gate: Gate, routes: RequestListener): Server {
  const options = { requestTimeout, keepAliveTimeout: KEEP_ALIVE };
  const listener: RequestListener = (request, response) => {
    if (!gate.turnsAway(request, response)) routes(request, response);
  };
  if (tls === null) return createServer(options, listener);
  return createSecureServer({ ...options, cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, listener);
}
