/* eslint-disable @typescript-eslint/no-non-null-assertion -- fields of values: every index lies within them */
/**
 * Random numbers as options: a number is that number, `[low, high]` is drawn evenly between the two, a longer list is a choice
 * of one of its members, and a `StochasticParameter` draws as it likes.
 *
 * imgaug tells a Python tuple (a range) from a list (a choice); JavaScript has arrays alone, so that a choice of two is
 * written `Choice([a, b])`.
 */
import { quote, VitrineError } from "../structures/errors.js";
import { booleanOption, knownOptions } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { fillEven } from "./even-numbers.js";

/** What a field of values is for: one value for each channel of each pixel, row by row. */
export interface FieldShape {
  height: number;
  width: number;
  channels: number;
}

/** A source of values. */
export interface StochasticParameter<T = number> {
  sample(random: SeededRandom): T;
  /**
   * For a whole field of values: what is drawn once for all of them (the mean of a `Normal` whose mean is a range, say) is
   * drawn here, and each call of the result gives the next value. Where it is missing, `sample` gives each.
   */
  source?(random: SeededRandom, shape: FieldShape): () => T;
  /** `source` for a whole field at once, where there is a quicker way; each value as likely as from there, but not the same. */
  fill?(random: SeededRandom, shape: FieldShape, values: Float64Array): void;
  /** A value out of these bounds is never drawn; where unknown, infinite; NaN where some values are no numbers. */
  readonly low?: number;
  readonly high?: number;
}

export type NumberParameter = number | readonly number[] | StochasticParameter;
/** A level of 0 to 255; "ALL" draws from all of them. */
export type LevelParameter = NumberParameter | "ALL";
/** A list is a choice, and "ALL" a choice of all that there are. */
export type TextParameter<T extends string> = T | "ALL" | readonly T[] | StochasticParameter<T>;
/** true, false, or the probability of true. */
export type BooleanParameter = boolean | number | StochasticParameter;

/** What a number option accepts. */
export interface NumberRange {
  min?: number;
  max?: number;
  /** Only whole numbers; a range then includes both its ends. */
  integer?: boolean;
}

/** One value alone. */
const SINGLE: FieldShape = { height: 1, width: 1, channels: 1 };

/** A parameter by its `source`; bounds that are not known are left out. */
export function stochastic<T>(
  source: (random: SeededRandom, shape: FieldShape) => () => T,
  bounds: { low?: number; high?: number } = {},
): StochasticParameter<T> {
  return { sample: (random) => source(random, SINGLE)(), source, ...bounds };
}

/** The next values of a parameter for a field. */
export function sourceOf<T>(parameter: StochasticParameter<T>, random: SeededRandom, shape: FieldShape): () => T {
  return parameter.source?.(random, shape) ?? (() => parameter.sample(random));
}

/** A field of values: `height * width * channels` of them. */
export function drawField(parameter: StochasticParameter, random: SeededRandom, shape: FieldShape): Float64Array {
  const values = new Float64Array(shape.height * shape.width * shape.channels);
  fillField(parameter, random, shape, values);
  return values;
}

/** The same, into a field that is there. */
export function fillField(
  parameter: StochasticParameter,
  random: SeededRandom,
  shape: FieldShape,
  values: Float64Array,
): void {
  if (parameter.fill) {
    parameter.fill(random, shape, values);
    return;
  }
  const next = sourceOf(parameter, random, shape);
  for (let i = 0; i < values.length; i++) values[i] = next();
}

/** Always the same value. */
export function Deterministic<T>(value: T): StochasticParameter<T> {
  const isNothing = value === undefined || (typeof value === "number" && !Number.isFinite(value));
  if (isNothing) throw expected("value", "a finite number, or what is none", value);
  if (typeof value !== "number") return { sample: () => value, low: NaN, high: NaN };
  return { sample: () => value, fill: (_, __, values) => void values.fill(value), low: value, high: value };
}

/** For a field: the values one after another, and again from the first. */
export function DeterministicList(values: readonly number[]): StochasticParameter {
  const given: unknown = values;
  const isList = Array.isArray(given) && given.length > 0 && given.every(Number.isFinite);
  if (!isList) throw expected("values", "a list of numbers that is not empty", given);
  const source = () => {
    let i = 0;
    return () => values[i++ % values.length] ?? 0;
  };
  return stochastic(source, { low: Math.min(...values), high: Math.max(...values) });
}

/** Evenly between the two, the lower one included. */
export function Uniform(a: NumberParameter, b: NumberParameter): StochasticParameter {
  const [first, second] = [numberParameter("a", a), numberParameter("b", b)];
  const range = (random: SeededRandom) => inOrder(first.sample(random), second.sample(random));
  const parameter = stochastic(
    (random) => {
      const [low, high] = range(random);
      return () => random.uniform(low, high);
    },
    boundsOf(first, second),
  );
  const fill = (random: SeededRandom, _: FieldShape, values: Float64Array) => {
    const [low, high] = range(random);
    fillEven(random, values, low, high);
  };
  return { ...parameter, fill };
}

/** A whole number between the two, both included. */
export function DiscreteUniform(a: NumberParameter, b: NumberParameter): StochasticParameter {
  const [first, second] = [numberParameter("a", a, { integer: true }), numberParameter("b", b, { integer: true })];
  const range = (random: SeededRandom) => inOrder(first.sample(random), second.sample(random));
  const parameter = stochastic(
    (random) => {
      const [low, high] = range(random);
      return () => low + random.integer(high - low + 1);
    },
    boundsOf(first, second),
  );
  const fill = (random: SeededRandom, _: FieldShape, values: Float64Array) => {
    const [low, high] = range(random);
    fillEven(random, values);
    for (let i = 0; i < values.length; i++) values[i] = low + Math.floor((high - low + 1) * values[i]!);
  };
  return { ...parameter, fill };
}

const inOrder = (a: number, b: number): [number, number] => (a <= b ? [a, b] : [b, a]);

/** The bounds of what is drawn from one or the other. */
function boundsOf(...parameters: readonly StochasticParameter[]): { low: number; high: number } {
  return {
    low: Math.min(...parameters.map(({ low = -Infinity }) => low)),
    high: Math.max(...parameters.map(({ high = Infinity }) => high)),
  };
}

export interface ChoiceOptions {
  /** The probability of each value; together 1. By default all are as likely. */
  p?: readonly number[];
  /** Whether a field of values may have one twice; true by default. Where not, a field is at most as large as the list. */
  replace?: boolean;
}

/** One of the values, or one of the parameters and a value of that. */
export function Choice<T>(
  values: readonly (T | StochasticParameter<T>)[],
  options: ChoiceOptions = {},
): StochasticParameter<T> {
  const given: unknown = values;
  if (!Array.isArray(given) || given.length === 0) throw expected("values", "a list that is not empty", given);
  knownOptions("Choice", options, ["p", "replace"]);
  const pick = picker(values.length, options.p);
  const replaces = booleanOption("replace", options.replace ?? true);
  const members = values.map((value) => (isParameter<T>(value) ? value : Deterministic(value)));
  return stochastic(
    (random, shape) => {
      const sources = members.map((member) => sourceOf(member, random, shape));
      const [first] = sources as [() => T];
      const place = replaces ? pick : once(values.length, options.p);
      return () => (sources[place(random)] ?? first)();
    },
    boundsOf(...(members as readonly StochasticParameter[])),
  );
}

function picker(count: number, p: readonly number[] | undefined): (random: SeededRandom) => number {
  if (p === undefined) return (random) => random.integer(count);
  const isOne = (each: unknown) => typeof each === "number" && each >= 0;
  const given: unknown = p;
  const isList = Array.isArray(given) && given.length === count && given.every(isOne);
  if (!isList || Math.abs(p.reduce((total, each) => total + each, 0) - 1) > 1e-8) {
    throw expected("p", `${count} probabilities that add up to 1`, p);
  }
  return (random) => {
    let rest = random.next();
    const found = p.findIndex((each) => (rest -= each) < 0);
    return found < 0 ? count - 1 : found;
  };
}

/** Each place once. */
function once(count: number, p: readonly number[] | undefined): (random: SeededRandom) => number {
  const left = Array.from({ length: count }, (_, i) => i);
  return (random) => {
    const weights = left.map((i) => p?.[i] ?? 1);
    const sum = weights.reduce((total, each) => total + each, 0);
    if (sum <= 0) throw expected("replace", `true for fields of more than ${count} values`, false);
    const shares = weights.map((each) => each / sum);
    const place = picker(left.length, shares)(random);
    return left.splice(place, 1)[0] ?? 0;
  };
}

/** @throws `InvalidOption` where it can draw what the range forbids, or a range is upside down. */
export function numberParameter(option: string, value: unknown, range: NumberRange = {}): StochasticParameter {
  const parameter = asNumberParameter(option, value, range);
  const { min = -Infinity, max = Infinity } = range;
  const { low = -Infinity, high = Infinity } = parameter;
  if (Number.isNaN(low)) throw expected(option, sentence(range), value);
  // What is known to lie outside is refused now, what may lie outside when it does.
  const isOutside = (Number.isFinite(low) && low < min) || (Number.isFinite(high) && high > max);
  if (isOutside) throw expected(option, sentence(range), value);
  // What callers made themselves may draw anything.
  const isKnown = parameter.source !== undefined || parameter.low !== undefined;
  const isSafe = isKnown && low >= min && high <= max && range.integer !== true;
  return isSafe || !isParameter(value) ? parameter : checked(option, parameter, range);
}

function checked(option: string, parameter: StochasticParameter, range: NumberRange): StochasticParameter {
  const { min = -Infinity, max = Infinity } = range;
  const { low = -Infinity, high = Infinity } = parameter;
  const check = (value: number): number => {
    const isOne = isNumber(value) && value >= min && value <= max;
    if (!isOne || (range.integer === true && !Number.isInteger(value))) throw expected(option, sentence(range), value);
    return value;
  };
  const source = (random: SeededRandom, shape: FieldShape) => {
    const next = sourceOf(parameter, random, shape);
    return () => check(next());
  };
  const fill = (random: SeededRandom, shape: FieldShape, values: Float64Array) => {
    parameter.fill?.(random, shape, values);
    values.forEach(check);
  };
  return { ...stochastic(source, { low, high }), ...(parameter.fill && { fill }) };
}

/** @throws `InvalidOption` */
export function textParameter<T extends string>(
  option: string,
  value: unknown,
  choices: readonly T[],
): StochasticParameter<T> {
  if (isParameter<T>(value)) return checkedText(option, value, choices);
  if (value === "ALL") return Choice(choices);
  const values = (Array.isArray(value) ? value : [value]) as unknown[];
  const known = values.map((each) => choices.find((choice) => choice === each));
  const found = known.filter((each) => each !== undefined);
  if (found.length === 0 || found.length < known.length) {
    throw expected(option, `one of ${choices.map(quote).join(", ")}, or a list of them`, value);
  }
  return Choice(found);
}

function checkedText<T extends string>(
  option: string,
  parameter: StochasticParameter<T>,
  choices: readonly T[],
): StochasticParameter<T> {
  return {
    sample: (random) => {
      const drawn = parameter.sample(random);
      if (choices.includes(drawn)) return drawn;
      throw expected(option, `one of ${choices.map(quote).join(", ")}`, drawn);
    },
  };
}

/** @throws `InvalidOption` */
export function levelParameter(option: string, value: unknown): StochasticParameter {
  return numberParameter(option, value === "ALL" ? [0, 255] : value, { min: 0, max: 255 });
}

/** Draws true with the given probability. @throws `InvalidOption` */
export function probabilityParameter(option: string, value: unknown): (random: SeededRandom) => boolean {
  if (typeof value === "boolean") return () => value;
  const parameter = numberParameter(option, value, { min: 0, max: 1 });
  return (random) => random.next() < parameter.sample(random);
}

const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);

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
