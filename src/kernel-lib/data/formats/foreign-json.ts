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

/** Undefined where it is no such text either. */
function parsePythons(text: string): unknown {
  if (!/NaN|Infinity/.test(text)) return undefined;
  const isText = (token: string) => token.startsWith('"');
  const plain = text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) => (isText(token) ? token : "null"));
  try {
    return JSON.parse(plain) as unknown;
  } catch {
    return undefined;
  }
}
