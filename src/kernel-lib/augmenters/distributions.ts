/**
 * imgaug's module `parameters`: the distributions. Their own parameters may be random too; for a field of values they are
 * drawn once.
 */
import type { SeededRandom } from "../structures/random.js";
import { fillBelow } from "./even-numbers.js";
import {
  numberParameter,
  stochastic,
  type FieldShape,
  type NumberParameter,
  type StochasticParameter,
} from "./parameters.js";
import {
  betaVariate,
  exponentialVariate,
  laplaceVariate,
  logGammaVariate,
  poissonVariate,
  truncatedNormalVariate,
} from "./samplers.js";

/** 1 with probability `p`, else 0. */
export function Binomial(p: NumberParameter): StochasticParameter {
  const shares = numberParameter("p", p, { min: 0, max: 1 });
  const parameter = drawn([shares], (random, [share = 0]) => Number(random.next() < share), { low: 0, high: 1 });
  const fill = (random: SeededRandom, _: FieldShape, values: Float64Array) => {
    fillBelow(random, values, shares.sample(random));
  };
  return { ...parameter, fill };
}

/** Whole numbers of mean `lam`; a negative mean counts as 0. */
export function Poisson(lam: NumberParameter): StochasticParameter {
  const draw = (random: SeededRandom, [mean = 0]: readonly number[]) => (mean > 0 ? poissonVariate(random, mean) : 0);
  return drawn([numberParameter("lam", lam)], draw, { low: 0 });
}

/** `scale` is the standard deviation. */
export function Normal(loc: NumberParameter, scale: NumberParameter): StochasticParameter {
  return drawn(locationAndScale(loc, scale), (random, [mean, deviation]) => random.normal(mean, deviation));
}

/** A normal distribution without what lies outside `low` and `high`; with `scale` 0 always `loc`, as in imgaug. */
export function TruncatedNormal(
  loc: NumberParameter,
  scale: NumberParameter,
  low: NumberParameter = -Infinity,
  high: NumberParameter = Infinity,
): StochasticParameter {
  const bounds = [boundParameter("low", low), boundParameter("high", high)];
  return drawn([...locationAndScale(loc, scale), ...bounds], (random, [mean = 0, deviation = 1, a = 0, b = 0]) => {
    if (deviation === 0) return mean;
    const [from, to] = [(Math.min(a, b) - mean) / deviation, (Math.max(a, b) - mean) / deviation];
    return mean + deviation * truncatedNormalVariate(random, from, to);
  });
}

function boundParameter(option: string, value: NumberParameter): StochasticParameter {
  return value === Infinity || value === -Infinity ? { sample: () => value } : numberParameter(option, value);
}

/** A peak at `loc` that falls off by e each `scale`. */
export function Laplace(loc: NumberParameter, scale: NumberParameter): StochasticParameter {
  const parameters = locationAndScale(loc, scale);
  return drawn(parameters, (random, [peak = 0, width = 1]) => peak + width * laplaceVariate(random));
}

const locationAndScale = (loc: NumberParameter, scale: NumberParameter): StochasticParameter[] => [
  numberParameter("loc", loc),
  numberParameter("scale", scale, { min: 0 }),
];

/** `df` degrees of freedom, at least 1. */
export function ChiSquare(df: NumberParameter): StochasticParameter {
  const parameter = numberParameter("df", df, { min: 1, integer: true });
  return drawn([parameter], (random, [freedom = 1]) => 2 * Math.exp(logGammaVariate(random, freedom / 2)), { low: 0 });
}

/** Of shape `a`, at least 0.0001, and scale 1. */
export function Weibull(a: NumberParameter): StochasticParameter {
  const parameter = numberParameter("a", a, { min: 0.0001 });
  return drawn([parameter], (random, [shape = 1]) => exponentialVariate(random) ** (1 / shape), { low: 0 });
}

/** In [0, 1]. `alpha` and `beta` below `epsilon` count as `epsilon`. */
export function Beta(alpha: NumberParameter, beta: NumberParameter, epsilon = 0.0001): StochasticParameter {
  const least = numberParameter("epsilon", epsilon, { min: Number.MIN_VALUE });
  const parameters = [numberParameter("alpha", alpha), numberParameter("beta", beta), least];
  const source = (random: SeededRandom) => {
    const [a = 1, b = 1, e = 0] = parameters.map((parameter) => parameter.sample(random));
    const [first, second] = [Math.max(a, e), Math.max(b, e)];
    return () => betaVariate(random, first, second);
  };
  return stochastic(source, { low: 0, high: 1 });
}

/** Draws each parameter once for a field, and then each value. */
function drawn(
  parameters: readonly StochasticParameter[],
  draw: (random: SeededRandom, values: readonly number[]) => number,
  bounds: { low?: number; high?: number } = {},
): StochasticParameter {
  return stochastic((random) => {
    const values = parameters.map((parameter) => parameter.sample(random));
    return () => draw(random, values);
  }, bounds);
}
