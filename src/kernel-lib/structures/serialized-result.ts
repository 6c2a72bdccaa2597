/**
 * What a service answers for one picture, as text: the documents' services answer with a list of such texts. A classifier's is a
 * JSON list of numbers, one a label.
 */
import { quote, VitrineError } from "./errors.js";

/** @throws InvalidFile where it is not a classifier's answer */
export function parseScores(result: string): number[] {
  const value = parseResult(result);
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number")) return value;
  const expected = "a list of numbers, one a label";
  throw new VitrineError("InvalidFile", { path: "result", where: "the whole", expected, received: quote(value) });
}

/** @throws InvalidFile where it is not JSON */
export function parseResult(result: string): unknown {
  // A list of one text would be read as that text.
  if (typeof (result as unknown) !== "string") {
    const expected = "the text of one picture, one of the list that a list of pictures gets";
    throw new VitrineError("InvalidFile", { path: "result", where: "the whole", expected, received: quote(result) });
  }
  try {
    return JSON.parse(result);
  } catch (cause) {
    const details = { path: "result", where: "the whole", expected: "JSON", received: quote(result) };
    throw new VitrineError("InvalidFile", details, { cause });
  }
}
