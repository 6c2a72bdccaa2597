/** From a request's pictures to their scores: all of them, or the first fault. */
import type { FastifyReply, FastifyRequest } from "fastify";

import type { ScoringItem } from "../models/served-model.js";
import type { ScoredPicture } from "../supervisor/dispatcher.js";
import { ServiceError } from "../supervisor/service-error.js";
import { traceOf } from "./request-trace.js";
import type { Service } from "./service.js";

/** @throws ServiceError */
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
    const scored = await Promise.race([inOrder(service.dispatcher.submit(items, gone.signal)), timeout.promise]);
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
