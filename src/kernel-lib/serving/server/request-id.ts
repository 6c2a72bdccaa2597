/** What a request is called in its answer and in the log. */
import { randomUUID } from "node:crypto";

/** A client's own where it is harmless in a log, else a new one. */
export function requestId(given: string | readonly string[] | undefined): string {
  return typeof given === "string" && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID();
}
