/** Pictures as text. */
import { invalid } from "./score-parameters.js";

/**
 * Base64 as RFC 4648 has it, with line breaks, as a `data:` address, or spelt as Python prints bytes (`b'…'`), as the documents'
 * own client sends it. @throws ServiceError 400
 */
export function decodeBase64(field: string, value: unknown): Uint8Array {
  if (typeof value !== "string") throw invalid(field, "a picture's bytes in base64", value);
  const text = plain(value);
  const fits = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  if (text === "" || !fits) throw invalid(field, "a picture's bytes in base64", value);
  return Buffer.from(text, "base64");
}

function plain(value: string): string {
  const python = /^b(['"])/.exec(value);
  const text = python && value.endsWith(python[1] ?? "") ? value.slice(2, -1) : value;
  const data = text.startsWith("data:") ? text.slice(text.indexOf(",") + 1) : text;
  return /\s/.test(data) ? data.replaceAll(/\s+/g, "") : data;
}
