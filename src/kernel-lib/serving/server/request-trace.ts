/** What is known of a request for the log and the metrics; never its key or its pictures. */
import type { FastifyRequest } from "fastify";

import type { ScoredPicture } from "../supervisor/dispatcher.js";

export interface RequestTrace {
  /** Whose key it came with: "primary", "secondary", "owner", or "none". */
  key: string;
  /** Its body is still on the way, or it waits for its scores. */
  scored: readonly ScoredPicture[];
  /** For want of room; it is logged and counted with others. */
  refused: boolean;
}

const traces = new WeakMap<FastifyRequest, RequestTrace>();

export function traceOf(request: FastifyRequest): RequestTrace {
  let trace = traces.get(request);
  if (!trace) traces.set(request, (trace = { key: "none", scored: [], refused: false }));
  return trace;
}
