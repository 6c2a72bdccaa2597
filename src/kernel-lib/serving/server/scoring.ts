/** From a request's pictures to their scores: all of them, or the first fault. */
import type { FastifyReply, FastifyRequest } from "fastify";

import type { ScoringItem } from "../models/served-model.js";
import type { Dispatcher, ScoredPicture } from "../supervisor/dispatcher.js";
import { ServiceError } from "../supervisor/service-error.js";
import { traceOf } from "./request-trace.js";
import type { Service } from "./service.js";

/** All by one version of the model: by two of them, a request's scores might be for other labels. @throws ServiceError */
export async function scoreAll(
  service: Service,
  items: readonly ScoringItem[],
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<ScoredPicture[]> {
  const gone = new AbortController();
  const leave = () => {
    if (!reply.raw.writableFinished) gone.abort();
  };
  reply.raw.once("close", leave);
  const timeout = deadline(service.settings.requestTimeout);
  try {
    const scored = await Promise.race([byOneVersion(service.dispatcher, items, gone.signal), timeout.promise]);
    traceOf(request).scored = scored;
    return scored;
  } catch (error) {
    // What still waits of a request that failed or took too long is not computed.
    gone.abort();
    throw error;
  } finally {
    timeout.cancel();
    reply.raw.off("close", leave);
  }
}

/** How often pictures are scored again that came to another version than the rest. */
const MAX_ROUNDS = 8;

/** While replicas change over, a request's pictures may come to both versions; those that did are scored again by the later one. */
async function byOneVersion(
  dispatcher: Dispatcher,
  items: readonly ScoringItem[],
  signal: AbortSignal,
): Promise<ScoredPicture[]> {
  const scored = await inOrder(dispatcher.submit(items, signal));
  let wanted = Math.max(...scored.map(({ version }) => version));
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const others = [...scored.keys()].filter((index) => scored[index]?.version !== wanted);
    if (others.length === 0) return scored;
    const again = others.flatMap((index) => items[index] ?? []);
    for (const [at, one] of (await inOrder(dispatcher.submit(again, signal, wanted))).entries()) {
      scored[others[at] ?? 0] = one;
      // Of the version that was wanted no replica is left.
      if (one.version !== wanted) wanted = one.version;
    }
  }
  const message = "The service is changing to another version of its model; try again in 1 s";
  throw new ServiceError(message, { status: 503, code: "NotReady", retryAfter: 1 });
}

async function inOrder(jobs: readonly Promise<ScoredPicture>[]): Promise<ScoredPicture[]> {
  const settled = await Promise.allSettled(jobs);
  return settled.map((one, index) => {
    if (one.status === "fulfilled") return one.value;
    throw one.reason instanceof ServiceError ? one.reason.at(index) : one.reason;
  });
}

function deadline(milliseconds: number): { promise: Promise<never>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `The request was not answered within ${milliseconds / 1000} s`;
      reject(new ServiceError(message, { status: 504, code: "Timeout", retryAfter: 1 }));
    }, milliseconds);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}
