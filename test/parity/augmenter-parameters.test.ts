import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parameters } from "../../src/kernel-lib/augmenters/index.js";
import { SeededRandom } from "../../src/kernel-lib/structures/random.js";

interface Fixture {
  versions: Record<string, string>;
  count: number;
  cases: Record<string, { points: number[]; below: number[] }>;
}

const path = new URL("../fixtures/augmenters/parameters.json", import.meta.url);
const { versions, count, cases } = JSON.parse(readFileSync(path, "utf8")) as Fixture;

const {
  Absolute,
  Add,
  Beta,
  Binomial,
  ChiSquare,
  Choice,
  Clip,
  DiscreteUniform,
  Discretize,
  Divide,
  ForceSign,
  Laplace,
  Multiply,
  Negative,
  Normal,
  Poisson,
  Positive,
  Power,
  RandomSign,
  Sigmoid,
  Subtract,
  TruncatedNormal,
  Uniform,
  Weibull,
} = parameters;

/** The fixture's names, in TypeScript. */
const made: Record<string, parameters.StochasticParameter> = {
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
};

const DRAWS = 100_000;
/** Four standard deviations of the difference of two shares about a half, which are the most uncertain. */
const TOLERANCE = 4 * Math.sqrt(0.25 * (1 / DRAWS + 1 / count));

test("the fixtures are of the versions that the titles name, and each has its test", () => {
  expect(versions).toEqual({ imgaug: "0.4.0", numpy: "1.18.5", scipy: "1.4.1" });
  expect(Object.keys(made)).toEqual(Object.keys(cases));
});

test.each(Object.entries(cases))("%s is distributed as imgaug 0.4.0's", (name, { points, below }) => {
  const shape = { height: DRAWS, width: 1, channels: 1 };
  const values = parameters
    .drawField(made[name] ?? parameters.Deterministic(NaN), new SeededRandom(name), shape)
    .sort();
  const shares = points.map((point) => {
    const first = values.findIndex((value) => value > point);
    return (first < 0 ? DRAWS : first) / DRAWS;
  });
  expect(Math.max(...shares.map((share, i) => Math.abs(share - (below[i] ?? NaN))))).toBeLessThan(TOLERANCE);
});
