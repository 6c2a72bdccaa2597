/**
 * Random numbers as options: a number is that number, `[low, high]` is drawn evenly between the two, a longer list is a choice
 * of one of its members, and a `StochasticParameter` draws as it likes.
 *
 * imgaug tells a Python tuple (a range) from a list (a choice); JavaScript has arrays alone, so that a choice of two is
 * written `Choice([a, b])`.
 */
import { quote, VitrineError } from "../structures/errors.js";
import type { SeededRandom } from "../structures/random.js";

/** A source of values. */
export interface StochasticParameter<T = number> {
  sample(random: SeededRandom): T;
  /** A value out of these bounds is never drawn; where unknown, infinite. For numbers. */
  readonly low?: number;
  readonly high?: number;
}

export type NumberParameter = number | readonly number[] | StochasticParameter;
export type TextParameter<T extends string> = T | readonly T[] | StochasticParameter<T>;
/** true, false, or the probability of true. */
export type BooleanParameter = boolean | number | StochasticParameter;

/** What a number option accepts. */
export interface NumberRange {
  min?: number;
  max?: number;
  /** Only whole numbers; a range then includes both its ends. */
  integer?: boolean;
}

/** Always the same value. */
export function Deterministic<T>(value: T): StochasticParameter<T> {
  return typeof value === "number" ? { sample: () => value, low: value, high: value } : { sample: () => value };
}

/** Evenly in [low, high). */
export function Uniform(low: number, high: number): StochasticParameter {
  return { sample: (random) => random.uniform(low, high), low, high };
}

/** A whole number from low to high, both included. */
export function DiscreteUniform(low: number, high: number): StochasticParameter {
  return { sample: (random) => low + random.integer(high - low + 1), low, high };
}

/** One of the values, each as likely as the others. */
export function Choice<T>(values: readonly T[]): StochasticParameter<T> {
  const [first] = values;
  if (first === undefined) throw expected("values", "a list that is not empty", values);
  const sample = (random: SeededRandom) => values[random.integer(values.length)] ?? first;
  if (!values.every((value) => typeof value === "number")) return { sample };
  return { sample, low: Math.min(...values), high: Math.max(...values) };
}

/** @throws `InvalidOption` where it can draw what the range forbids, or a range is upside down. */
export function numberParameter(option: string, value: unknown, range: NumberRange = {}): StochasticParameter {
  const parameter = asNumberParameter(option, value, range);
  const { min = -Infinity, max = Infinity } = range;
  if ((parameter.low ?? min) < min || (parameter.high ?? max) > max) throw expected(option, sentence(range), value);
  return parameter;
}

/** @throws `InvalidOption` */
export function textParameter<T extends string>(
  option: string,
  value: unknown,
  choices: readonly T[],
): StochasticParameter<T> {
  if (isParameter<T>(value)) return value;
  const values = (Array.isArray(value) ? value : [value]) as unknown[];
  const known = values.map((each) => choices.find((choice) => choice === each));
  const found = known.filter((each) => each !== undefined);
  if (found.length === 0 || found.length < known.length) {
    throw expected(option, `one of ${choices.map(quote).join(", ")}, or a list of them`, value);
  }
  return Choice(found);
}

/** Draws true with the given probability. @throws `InvalidOption` */
export function probabilityParameter(option: string, value: unknown): (random: SeededRandom) => boolean {
  if (typeof value === "boolean") return () => value;
  const parameter = numberParameter(option, value, { min: 0, max: 1 });
  return (random) => random.next() < parameter.sample(random);
}

export function isParameter<T = number>(value: unknown): value is StochasticParameter<T> {
  return typeof value === "object" && value !== null && typeof (value as { sample?: unknown }).sample === "function";
}

function asNumberParameter(option: string, value: unknown, range: NumberRange): StochasticParameter {
  if (isParameter(value)) return value;
  const isOne = (each: unknown): each is number =>
    typeof each === "number" && Number.isFinite(each) && (range.integer !== true || Number.isInteger(each));
  if (isOne(value)) return Deterministic(value);
  if (!Array.isArray(value) || value.length === 0 || !value.every(isOne))
    throw expected(option, sentence(range), value);
  const [low, high] = value;
  if (value.length !== 2 || low === undefined || high === undefined) return Choice(value);
  if (low > high) throw expected(option, "a range [low, high] that begins with the lower end", value);
  return range.integer === true ? DiscreteUniform(low, high) : Uniform(low, high);
}

function sentence({ min = -Infinity, max = Infinity, integer }: NumberRange): string {
  const noun = integer === true ? "a whole number" : "a number";
  const upTo = max === Infinity ? ` of at least ${min}` : ` between ${min} and ${max}`;
  return `${noun}${min === -Infinity && max === Infinity ? "" : upTo}, a range [low, high] or a list of such`;
}

const expected = (option: string, what: string, received: unknown) =>
  new VitrineError("InvalidOption", { option, expected: what, received: quote(received) });
