/** `imageSize` where it is no single number. */
import { quote, VitrineError } from "../structures/errors.js";

/** @throws InvalidOption where it is no list of one or two; the numbers in it are the caller's to check */
export function sizePair<T extends readonly number[]>(size: T): T {
  // Callers in plain JavaScript pass texts, objects, and a third number for the colours.
  if (Array.isArray(size) && (size.length === 1 || size.length === 2)) return size;
  const details = { option: "imageSize", expected: "a number of pixels, or a list of two", received: quote(size) };
  throw new VitrineError("InvalidOption", details);
}
