/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over fields: every index lies within the field */
/**
 * imgaug's module `parameters`: what is computed from other parameters.
 *
 * Where there are two, the second is drawn once for a field of values, or with `elementwise` anew for each value.
 */
import { quote, VitrineError } from "../structures/errors.js";
import { booleanOption, choiceOption, integerOption, knownOptions, numberOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { roundHalfEven } from "./enlarge.js";
import {
  fillField,
  numberParameter,
  probabilityParameter,
  sourceOf,
  stochastic,
  type BooleanParameter,
  type FieldShape,
  type NumberParameter,
  type StochasticParameter,
} from "./parameters.js";

export function Add(other: NumberParameter, val: NumberParameter, elementwise = false): StochasticParameter {
  return combined(other, val, elementwise, (a, b) => a + b);
}

export function Subtract(other: NumberParameter, val: NumberParameter, elementwise = false): StochasticParameter {
  return combined(other, val, elementwise, (a, b) => a - b);
}

export function Multiply(other: NumberParameter, val: NumberParameter, elementwise = false): StochasticParameter {
  return combined(other, val, elementwise, (a, b) => a * b);
}

/** By 0 is by 1. */
export function Divide(other: NumberParameter, val: NumberParameter, elementwise = false): StochasticParameter {
  return combined(other, val, elementwise, (a, b) => a / (b === 0 ? 1 : b));
}

/** Of a negative number the real part of the power. */
export function Power(other: NumberParameter, val: NumberParameter, elementwise = false): StochasticParameter {
  return combined(other, val, elementwise, (a, b) =>
    a >= 0 || Number.isInteger(b) ? a ** b : (-a) ** b * Math.cos(Math.PI * b),
  );
}

function combined(
  other: NumberParameter,
  val: NumberParameter,
  elementwise: boolean,
  combine: (a: number, b: number) => number,
): StochasticParameter {
  const [first, second] = [numberParameter("other", other), numberParameter("val", val)];
  const isEach = booleanOption("elementwise", elementwise);
  return stochastic((random, shape) => {
    const next = sourceOf(first, random, shape);
    if (isEach) {
      const value = sourceOf(second, random, shape);
      return () => combine(next(), value());
    }
    const value = second.sample(random);
    return () => combine(next(), value);
  });
}

/** Values beyond a bound become the bound; without bounds the parameter as it is. */
export function Clip(other: NumberParameter, minval = -Infinity, maxval = Infinity): StochasticParameter {
  const isBound = (bound: unknown) => typeof bound === "number" && !Number.isNaN(bound);
  if (!isBound(minval) || !isBound(maxval) || minval > maxval) {
    const received = quote([minval, maxval]);
    throw new VitrineError("InvalidOption", { option: "Clip", expected: "minval of at most maxval", received });
  }
  const clip = (value: number) => Math.min(Math.max(value, minval), maxval);
  const parameter = numberParameter("other", other);
  const { low = -Infinity, high = Infinity } = parameter;
  return mapped(parameter, clip, { low: clip(low), high: clip(high) });
}

/** Whole numbers: rounded (halves to the even one), or with `round` false cut off towards 0. */
export function Discretize(other: NumberParameter, round = true): StochasticParameter {
  const discretize = booleanOption("round", round) ? roundHalfEven : Math.trunc;
  const parameter = numberParameter("other", other);
  const { low = -Infinity, high = Infinity } = parameter;
  const bound = (value: number) => (Number.isFinite(value) ? discretize(value) : value);
  return mapped(parameter, discretize, { low: bound(low), high: bound(high) });
}

export function Absolute(other: NumberParameter): StochasticParameter {
  const parameter = numberParameter("other", other);
  const { low = -Infinity, high = Infinity } = parameter;
  return mapped(parameter, Math.abs, { low: Math.max(low, 0, -high), high: Math.max(Math.abs(low), Math.abs(high)) });
}

function mapped(
  parameter: StochasticParameter,
  map: (value: number) => number,
  bounds: { low?: number; high?: number } = {},
): StochasticParameter {
  return stochastic((random, shape) => {
    const next = sourceOf(parameter, random, shape);
    return () => map(next());
  }, bounds);
}

/** The absolute value, positive with probability `pPositive` and else negative. */
export function RandomSign(other: NumberParameter, pPositive = 0.5): StochasticParameter {
  const share = numberOption("pPositive", pPositive, 0, 1);
  const parameter = numberParameter("other", other);
  return stochastic((random, shape) => {
    const next = sourceOf(parameter, random, shape);
    return () => Math.abs(next()) * (random.next() < share ? 1 : -1);
  });
}

export interface SignOptions {
  /** What becomes of a value of the wrong sign: its sign is changed, or it is drawn again, and changed if that does not help. */
  mode?: "invert" | "reroll";
  /** How often it is drawn again; 2 by default. */
  rerollCountMax?: number;
}

/** Only positive values (and 0), or only negative ones. */
export function ForceSign(other: NumberParameter, positive: boolean, options: SignOptions = {}): StochasticParameter {
  booleanOption("positive", positive);
  knownOptions("ForceSign", options, ["mode", "rerollCountMax"]);
  const mode = choiceOption("mode", options.mode ?? "invert", ["invert", "reroll"]);
  const most = integerOption("rerollCountMax", options.rerollCountMax ?? 2, 0, 1000);
  const rerolls = mode === "invert" ? 0 : most;
  const parameter = numberParameter("other", other);
  const isWrong = (value: number) => (positive ? value < 0 : value > 0);
  const rightly = (value: number) => (isWrong(value) ? -value : value);
  const source: NonNullable<StochasticParameter["source"]> = (random, shape) => {
    const next = sourceOf(parameter, random, shape);
    // Without lists: salt and pepper ask for every grain.
    if (rerolls === 0) return () => rightly(next());
    const again = Array.from({ length: rerolls }, () => sourceOf(parameter, random, shape));
    return () => {
      // Sources keep step with each other: the next value of each belongs to the same place.
      const values = [next(), ...again.map((other) => other())];
      return rightly(values.find((value) => !isWrong(value)) ?? values.at(-1) ?? 0);
    };
  };
  return stochastic(source, positive ? { low: 0 } : { high: 0 });
}

export function Positive(other: NumberParameter, options: SignOptions = {}): StochasticParameter {
  return ForceSign(other, true, options);
}

export function Negative(other: NumberParameter, options: SignOptions = {}): StochasticParameter {
  return ForceSign(other, false, options);
}

export interface SigmoidOptions {
  /** Drawn once for a field; [-10, 10] by default. */
  threshold?: NumberParameter;
  /** Otherwise the values stay as they are. */
  activated?: BooleanParameter;
  /** Above 0; 1 by default. */
  mul?: number;
  /** 0 by default. */
  add?: number;
}

/** 1 / (1 + exp(-(value * mul + add - threshold))). */
export function Sigmoid(other: NumberParameter, options: SigmoidOptions = {}): StochasticParameter {
  knownOptions("Sigmoid", options, ["threshold", "activated", "mul", "add"]);
  const parameter = numberParameter("other", other);
  const threshold = numberParameter("threshold", options.threshold ?? [-10, 10]);
  const activated = probabilityParameter("activated", options.activated ?? true);
  const mul = numberOption("mul", options.mul ?? 1, Number.MIN_VALUE);
  const add = numberOption("add", options.add ?? 0);
  const bend = (value: number, middle: number) => 1 / (1 + Math.exp(middle - value * mul - add));
  const bent = stochastic((random, shape) => {
    const next = sourceOf(parameter, random, shape);
    const middle = threshold.sample(random);
    return activated(random) ? () => bend(next(), middle) : next;
  });
  const fill = (random: SeededRandom, shape: FieldShape, values: Float64Array) => {
    fillField(parameter, random, shape, values);
    const middle = threshold.sample(random);
    if (activated(random)) for (let i = 0; i < values.length; i++) values[i] = bend(values[i]!, middle);
  };
  return { ...bent, fill };
}
