/** The fixtures of make_parameters.py and make_fields.py, and the library's parameters of the same names. */
import { readFileSync } from "node:fs";
import { parameters } from "../../src/kernel-lib/augmenters/index.js";
import { SeededRandom } from "../../src/kernel-lib/structures/random.js";
import { compared, shareDistance, type Compared, type Distribution } from "./augmenter-statistics.js";

interface Fixture {
  versions: Record<string, string>;
  count: number;
  cases: Record<string, { points: number[]; below: number[] }>;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/augmenters/${name}.json`, import.meta.url), "utf8"));
export const drawn = read("parameters") as Fixture;
export const fields = read("fields") as {
  given: { imgaug: string; runs: number; width: number; height: number };
  cases: Record<string, Distribution>;
};

const {
  Absolute,
  Add,
  Beta,
  Binomial,
  ChiSquare,
  Choice,
  Clip,
  Deterministic,
  DeterministicList,
  DiscreteUniform,
  Discretize,
  Divide,
  ForceSign,
  FrequencyNoise,
  FromLowerResolution,
  IterativeNoiseAggregator,
  Laplace,
  Multiply,
  Negative,
  Normal,
  Poisson,
  Positive,
  Power,
  RandomSign,
  Sigmoid,
  SimplexNoise,
  Subtract,
  TruncatedNormal,
  Uniform,
  Weibull,
} = parameters;

/** The fixture's names, in TypeScript. */
export const made: Record<string, parameters.StochasticParameter> = {
  "Choice([1, 5, 9])": Choice([1, 5, 9]),
  "Choice([1, 5, 9], { p: [0.2, 0.5, 0.3] })": Choice([1, 5, 9], { p: [0.2, 0.5, 0.3] }),
  "Binomial(0.3)": Binomial(0.3),
  "DiscreteUniform(-2, 6)": DiscreteUniform(-2, 6),
  "Uniform(3, -2)": Uniform(3, -2),
  "Normal(2, 3)": Normal(2, 3),
  "TruncatedNormal(1, 2, -1, 2)": TruncatedNormal(1, 2, -1, 2),
  "TruncatedNormal(0, 1, 2, 9)": TruncatedNormal(0, 1, 2, 9),
  "TruncatedNormal(0, 1, -9, 0.5)": TruncatedNormal(0, 1, -9, 0.5),
  "TruncatedNormal(0, 1, -4.2, -4)": TruncatedNormal(0, 1, -4.2, -4),
  "Laplace(1, 2)": Laplace(1, 2),
  "Poisson(0.7)": Poisson(0.7),
  "Poisson(42)": Poisson(42),
  "ChiSquare(1)": ChiSquare(1),
  "ChiSquare(5)": ChiSquare(5),
  "Weibull(0.8)": Weibull(0.8),
  "Beta(0.5, 2)": Beta(0.5, 2),
  "Beta(3, 1.5)": Beta(3, 1.5),
  "Clip(Normal(0, 1), -0.5, 1.2)": Clip(Normal(0, 1), -0.5, 1.2),
  "Discretize(Normal(0, 2))": Discretize(Normal(0, 2)),
  "Discretize(Normal(0, 2), false)": Discretize(Normal(0, 2), false),
  "Add(Uniform(0, 1), Normal(0, 1), true)": Add(Uniform(0, 1), Normal(0, 1), true),
  "Subtract(Uniform(0, 1), 3)": Subtract(Uniform(0, 1), 3),
  "Multiply(Uniform(0, 1), Uniform(-1, 2), true)": Multiply(Uniform(0, 1), Uniform(-1, 2), true),
  "Divide(Uniform(1, 2), DiscreteUniform(0, 3), true)": Divide(Uniform(1, 2), DiscreteUniform(0, 3), true),
  "Power(Uniform(-2, 2), 1.7)": Power(Uniform(-2, 2), 1.7),
  "Power(Uniform(-2, 2), 2)": Power(Uniform(-2, 2), 2),
  "Absolute(Normal(0.5, 1))": Absolute(Normal(0.5, 1)),
  "RandomSign(Poisson(2), 0.7)": RandomSign(Poisson(2), 0.7),
  "ForceSign(Normal(1, 1), false)": ForceSign(Normal(1, 1), false),
  'Positive(Normal(-1, 1), { mode: "reroll" })': Positive(Normal(-1, 1), { mode: "reroll" }),
  "Negative(Normal(0, 1))": Negative(Normal(0, 1)),
  "Sigmoid(Normal(0, 3), { threshold: 1, mul: 2, add: 0.5 })": Sigmoid(Normal(0, 3), {
    threshold: 1,
    mul: 2,
    add: 0.5,
  }),
  "SimplexNoise()": SimplexNoise(),
  'SimplexNoise({ sizePxMax: 7, upscaleMethod: "cubic" })': SimplexNoise({ sizePxMax: 7, upscaleMethod: "cubic" }),
  "FrequencyNoise()": FrequencyNoise(),
  'FrequencyNoise({ exponent: -2, sizePxMax: 16, upscaleMethod: "linear" })': FrequencyNoise({
    exponent: -2,
    sizePxMax: 16,
    upscaleMethod: "linear",
  }),
  'FrequencyNoise({ exponent: 2, upscaleMethod: "nearest" })': FrequencyNoise({
    exponent: 2,
    upscaleMethod: "nearest",
  }),
  "FromLowerResolution(Uniform(0, 1), { sizePx: 5 })": FromLowerResolution(Uniform(0, 1), { sizePx: 5 }),
  "FromLowerResolution(Uniform(0, 1), { sizePx: [3, 9] })": FromLowerResolution(Uniform(0, 1), { sizePx: [3, 9] }),
  'FromLowerResolution(Binomial(0.3), { sizePercent: 0.25, method: "nearest" })': FromLowerResolution(Binomial(0.3), {
    sizePercent: 0.25,
    method: "nearest",
  }),
  'FromLowerResolution(Uniform(0, 1), { sizePercent: 0.2, method: "linear" })': FromLowerResolution(Uniform(0, 1), {
    sizePercent: 0.2,
    method: "linear",
  }),
  "IterativeNoiseAggregator(Uniform(0, 1))": IterativeNoiseAggregator(Uniform(0, 1)),
  'IterativeNoiseAggregator(SimplexNoise(), { iterations: 3, aggregationMethod: "max" })': IterativeNoiseAggregator(
    SimplexNoise(),
    { iterations: 3, aggregationMethod: "max" },
  ),
  'IterativeNoiseAggregator(Uniform(0, 1), { iterations: [2, 4], aggregationMethod: "min" })': IterativeNoiseAggregator(
    Uniform(0, 1),
    { iterations: [2, 4], aggregationMethod: "min" },
  ),
  "Deterministic(3)": Deterministic(3),
  "DeterministicList([1, 4, 2])": DeterministicList([1, 4, 2]),
};

/** A parameter's name stands before its bracket, and those of others within it. */
export const namesIn = (text: string): string[] => Array.from(text.matchAll(/(\w+)\(/g), ([, name = ""]) => name);

function parameterOf(name: string): parameters.StochasticParameter {
  const found = made[name];
  if (!found) throw new Error(`no ${name}`);
  return found;
}

export const DRAWS = 100_000;

/** The largest difference of shares from imgaug's. */
export function drawnDistance(name: string): number {
  const { points = [], below = [] } = drawn.cases[name] ?? {};
  const shape = { height: DRAWS, width: 1, channels: 1 };
  return shareDistance(points, below, parameters.drawField(parameterOf(name), new SeededRandom(name), shape));
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean, the deviation, the least and the most, and how steep it is down and across. */
function described(field: Float64Array, width: number): number[] {
  const middle = mean(field);
  const at = (i: number) => field[i] ?? NaN;
  const across = Array.from(field.keys()).filter((i) => (i + 1) % width !== 0);
  return [
    middle,
    Math.sqrt(mean(field.map((value) => (value - middle) ** 2))),
    Math.min(...field),
    Math.max(...field),
    mean(field.subarray(width).map((value, i) => Math.abs(value - at(i)))),
    mean(Float64Array.from(across, (i) => Math.abs(at(i + 1) - at(i)))),
  ];
}

/** How the library fills fields, beside how imgaug does. */
export function comparedFields(name: string): Compared[] {
  const { runs, width, height } = fields.given;
  const rows = Array.from({ length: runs }, (_, run) =>
    described(
      parameters.drawField(parameterOf(name), new SeededRandom(`${name} ${run}`), { height, width, channels: 1 }),
      width,
    ),
  );
  const expected = fields.cases[name];
  if (!expected) throw new Error(`no ${name}`);
  return compared(rows, expected, 1e-5);
}
