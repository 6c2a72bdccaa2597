/** JSON that others wrote: read, or refused. */
import { VitrineError } from "../../structures/errors.js";

/** What Python's `json` writes for numbers that are none is read as null. @throws `InvalidFile` */
export function parseJson(text: string, path: string, where = "the whole file"): unknown {
  const plain = text.startsWith("\ufeff") ? text.slice(1) : text;
  try {
    return JSON.parse(plain) as unknown;
  } catch (cause) {
    const value = parsePythons(plain);
    if (value !== undefined) return value;
    const received = cause instanceof Error ? cause.message : String(cause);
    throw new VitrineError("InvalidFile", { path, where, expected: "JSON", received }, { cause });
  }
}

/** A text in quotation marks, which is left as it is, or a number that is none. A loop for each escape alone: one for each letter overflows. */
const TEXT_OR_NONE = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g;

/** Undefined where it is no such text either. */
function parsePythons(text: string): unknown {
  if (!/NaN|Infinity/.test(text)) return undefined;
  try {
    const plain = text.replace(TEXT_OR_NONE, (token) => (token.startsWith('"') ? token : "null"));
    return JSON.parse(plain) as unknown;
  } catch {
    return undefined;
  }
}
