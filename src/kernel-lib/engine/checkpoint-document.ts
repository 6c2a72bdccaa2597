/** The JSON in which a checkpoint says where its training is: it lies in a tensor of bytes beside the others. */
import { quote, VitrineError } from "../structures/errors.js";

export const CHECKPOINT_STATE = "state.json";

/**
 * @param format that the JSON must name
 * @throws InvalidFile where it is another file's, of another version, or damaged
 */
export function checkpointDocument(path: string, state: unknown, format: string): Record<string, unknown> {
  const reject = (received: string) => {
    const details = { path, where: CHECKPOINT_STATE, expected: `${quote(format)} of version 1`, received };
    return new VitrineError("InvalidFile", details);
  };
  if (!(state instanceof Uint8Array)) throw reject("other tensors");
  const document = parsed(new TextDecoder().decode(state));
  if (document === undefined) throw reject("bytes that are no JSON");
  const isOurs = document["format"] === format;
  if (!isOurs || document["version"] !== 1) {
    throw reject(isOurs ? `version ${quote(document["version"])}` : quote(document["format"]));
  }
  return document;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
