/** JSON that others wrote: what is wrong with it, in words that name the place. */
import type { z } from "zod";
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

/** The first of what zod found: "images[3].file_name", "string". */
export function firstIssue(error: z.ZodError): { where: string; expected: string } {
  const issue = error.issues[0];
  const where = (issue?.path ?? []).map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return { where: where.replace(/^\./, "") || "the whole file", expected: issue?.message ?? "another value" };
}
