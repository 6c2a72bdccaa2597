/** The labels that a model or a detector tells apart. */
import { quote, VitrineError } from "../structures/errors.js";
import { textOption } from "../structures/options.js";

/** @throws InvalidOption where they are fewer than `least`, or one is empty or there twice; `expected` says what a list has to be */
export function labelsOption(labels: unknown, least: number, expected: string): string[] {
  if (!Array.isArray(labels)) {
    throw new VitrineError("InvalidOption", { option: "labels", expected, received: quote(labels) });
  }
  const names = labels.map((label, index) => textOption(`labels[${index}]`, label));
  if (names.length >= least && new Set(names).size === names.length) return names;
  throw new VitrineError("InvalidOption", { option: "labels", expected, received: quote(names) });
}
