/** JSON that others wrote: read, or refused. */
import { VitrineError } from "../../structures/errors.js";

/** @throws `InvalidFile` */
export function parseJson(text: string, path: string, where = "the whole file"): unknown {
  try {
    return JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text) as unknown;
  } catch (cause) {
    const received = cause instanceof Error ? cause.message : String(cause);
    throw new VitrineError("InvalidFile", { path, where, expected: "JSON", received }, { cause });
  }
}
