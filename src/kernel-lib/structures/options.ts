/** Guards for callers' options: each returns the value, or throws the one sentence form that names the option. */
import { quote, VitrineError } from "./errors.js";

const reject = (option: string, expected: string, value: unknown): never => {
  throw new VitrineError("InvalidOption", { option, expected, received: quote(value) });
};

/** A whole number within `[min, max]`. */
export function integerOption(option: string, value: unknown, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const range =
    max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer between ${min} and ${max}`;
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max
    ? (value as number)
    : reject(option, range, value);
}

/** A finite number within `[min, max]`. */
export function numberOption(option: string, value: unknown, min = -Infinity, max = Infinity): number {
  return typeof value === "number" && Number.isFinite(value) && value >= min && value <= max
    ? value
    : reject(option, numberRange(min, max), value);
}

function numberRange(min: number, max: number): string {
  if (min === -Infinity && max === Infinity) return "a number";
  const low = min === Number.MIN_VALUE ? "above 0" : `of at least ${min}`;
  if (max === Infinity) return `a number ${low}`;
  return min === Number.MIN_VALUE ? `a number above 0 and up to ${max}` : `a number between ${min} and ${max}`;
}

/** One of the given words. */
export function choiceOption<T extends string>(option: string, value: unknown, choices: readonly T[]): T {
  return choices.find((choice) => choice === value) ?? reject(option, `one of ${choices.map(quote).join(", ")}`, value);
}

/** A text with something in it. */
export function textOption(option: string, value: unknown): string {
  return typeof value === "string" && value.trim() !== "" ? value : reject(option, "a text that is not empty", value);
}

/** Of the caller's. @param made what it is to give, "that makes a mask" say */
export function functionOption<T>(option: string, value: T, made = ""): T {
  return typeof value === "function" ? value : reject(option, `a function${made && ` ${made}`}`, value);
}

/** What random numbers begin with: fractions and NaN would begin as another whole number does. */
export function seedOption(option: string, value: unknown): number | string {
  if (typeof value === "string" || Number.isSafeInteger(value)) return value as number | string;
  return reject(option, "a whole number or a text", value);
}

export function booleanOption(option: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  return reject(option, "true or false", value);
}

/** A misspelt option must not pass in silence. */
export function knownOptions(call: string, options: object, names: readonly string[]): void {
  // Callers in plain JavaScript pass null, or what belongs before the options.
  const given: unknown = options;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    reject(`${call}'s options`, "an object", options);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const expected = `one of ${names.join(", ")}`;
  throw new VitrineError("InvalidOption", { option: `${call}'s options`, expected, received: quote(unknown) });
}

/** What has these members: a cell that failed has left its names undefined, and the ones below it are run all the same. */
export function givenOption<T>(option: string, value: T, members: readonly string[], expected: string): T {
  const given: unknown = value;
  const fits = typeof given === "object" && given !== null && members.every((name) => name in given);
  return fits ? value : reject(option, expected, value);
}

/** What `ClassificationEvaluation.run` and the like need of a data set. */
export const datasetOption = <T>(value: T): T => givenOption("dataset", value, ["images"], "a data set");

/** An object with string keys. */
export function recordOption(option: string, value: unknown, expected: string): Readonly<Record<string, unknown>> {
  const plain = typeof value === "object" && value !== null && !Array.isArray(value);
  return plain ? (value as Record<string, unknown>) : reject(option, expected, value);
}
