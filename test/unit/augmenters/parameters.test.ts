import { describe, expect, test } from "vitest";
import { GaussianBlur, parameters } from "../../../src/kernel-lib/augmenters/index.js";
import { enlargeField } from "../../../src/kernel-lib/augmenters/enlarge-field.js";
import { numberParameter } from "../../../src/kernel-lib/augmenters/parameters.js";
import { logFactorial } from "../../../src/kernel-lib/augmenters/samplers.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";
import { picture } from "./picture.js";

const { Add, Beta, Binomial, ChiSquare, Choice, Clip, Discretize, FromLowerResolution, Normal, Uniform, Weibull } =
  parameters;

const field = (parameter: parameters.StochasticParameter, height = 20, width = 30, channels = 1) => [
  ...parameters.drawField(parameter, new SeededRandom(4), { height, width, channels }),
];

describe("single values", () => {
  const draws = (parameter: parameters.StochasticParameter, count = 2000) => {
    const random = new SeededRandom(1);
    return Array.from({ length: count }, () => parameter.sample(random));
  };

  test("a number, a range, a list", () => {
    expect(new Set(draws(numberParameter("x", 3)))).toEqual(new Set([3]));
    const even = draws(numberParameter("x", [2, 4]));
    expect(Math.min(...even)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...even)).toBeLessThan(4);
    // Mean 3, standard deviation of the mean 2 / √12 / √2000 = 0.013.
    expect(Math.abs(even.reduce((a, b) => a + b) / even.length - 3)).toBeLessThan(0.06);
    const whole = draws(numberParameter("x", [2, 4], { integer: true }));
    expect(new Set(whole)).toEqual(new Set([2, 3, 4]));
    expect(new Set(draws(numberParameter("x", [1, 5, 9])))).toEqual(new Set([1, 5, 9]));
    expect(new Set(draws(parameters.Choice([1, 5])))).toEqual(new Set([1, 5]));
    expect(new Set(draws(parameters.Deterministic(4)))).toEqual(new Set([4]));
  });
});

describe("a field of values", () => {
  test("draws a distribution's own parameters once, and an operand too unless it is elementwise", () => {
    const spread = (values: number[]) => Math.max(...values) - Math.min(...values);
    expect(spread(field(Normal(Uniform(-100, 100), 0.001)))).toBeLessThan(0.01);
    expect(spread(field(Add(0, Uniform(0, 1))))).toBe(0);
    expect(spread(field(Add(0, Uniform(0, 1), true)))).toBeGreaterThan(0.9);
  });

  test("at a lower resolution is made of blocks", () => {
    const values = field(FromLowerResolution(Uniform(0, 1), { sizePx: [2, 5] }));
    expect(new Set(values).size).toBeGreaterThanOrEqual(4);
    expect(new Set(values).size).toBeLessThanOrEqual(25);
    expect(new Set(field(FromLowerResolution(Uniform(0, 1), { sizePercent: 0.1 }))).size).toBe(6);
    expect(new Set(field(FromLowerResolution(Uniform(0, 1), { sizePercent: 0.01, minSize: 3 }))).size).toBe(9);
    expect(new Set(field(FromLowerResolution(Binomial(0.5), { sizePx: 4, method: "linear" }))).size).toBeGreaterThan(9);
  });

  test("is enlarged as OpenCV 4.2 enlarges [0, 1, 5] to 7, by the nearest and linearly", () => {
    const grow = (method: "nearest" | "linear") => [
      ...enlargeField(
        Float64Array.of(0, 1, 5),
        { height: 1, width: 3, channels: 1 },
        { height: 1, width: 7, channels: 1 },
        method,
      ).map((value) => Math.round(value * 1e5) / 1e5),
    ];
    expect(grow("nearest")).toEqual([0, 0, 0, 1, 1, 5, 5]);
    expect(grow("linear")).toEqual([0, 0.14286, 0.57143, 1, 2.71429, 4.42857, 5]);
  });

  test("chooses between values and parameters", () => {
    const values = field(Choice<number>([7, Uniform(0, 1)]));
    const sevens = values.filter((value) => value === 7).length;
    // 600 draws, standard deviation 12.
    expect(Math.abs(sevens - 300)).toBeLessThan(60);
    expect(values.every((value) => value === 7 || (value >= 0 && value < 1))).toBe(true);
  });

  test("chooses each value once where none may come again, and says when there are too few", () => {
    const values = Array.from({ length: 12 }, (_, i) => i);
    const found = field(Choice(values, { replace: false }), 3, 4);
    expect(found).not.toEqual(values);
    expect(found.sort((a, b) => a - b)).toEqual(values);
    const weighted = Choice([4, 5, 6], { replace: false, p: [0, 0.9, 0.1] });
    expect(field(weighted, 1, 2).sort()).toEqual([5, 6]);
    expect(() => field(weighted, 1, 3)).toThrow("Expected true for fields of more than 3 values for replace");
  });
});

test("log n! matches Python's math.lgamma(n + 1)", () => {
  expect(logFactorial(0)).toBe(0);
  expect(logFactorial(15)).toBeCloseTo(27.89927138384089, 10);
  expect(logFactorial(16)).toBeCloseTo(30.671860106080672, 9);
  expect(logFactorial(250)).toBeCloseTo(1134.0452317908532, 8);
});

test("beta variates of tiny shapes are 0 or 1, never NaN", () => {
  expect(new Set(field(Beta(0, 0)).map(Math.round))).toEqual(new Set([0, 1]));
});

describe("refuses in a sentence", () => {
  test.each<[string, () => unknown, string]>([
    ["a probability over 1", () => Binomial(1.2), "Expected a number between 0 and 1"],
    ["a negative deviation", () => Normal(0, -1), "Expected a number of at least 0"],
    ["half a degree of freedom", () => ChiSquare(0.5), "Expected a whole number of at least 1"],
    ["a shape of 0", () => Weibull(0), "Expected a number of at least 0.0001"],
    ["bounds upside down", () => Clip(1, 2, 1), "Expected minval of at most maxval for Clip but received [2,1]"],
    [
      "probabilities of 0.9",
      () => Choice([1, 2], { p: [0.5, 0.4] }),
      "Expected 2 probabilities that add up to 1 for p",
    ],
    ["no size", () => FromLowerResolution(1, {}), "Expected either sizePercent or sizePx for FromLowerResolution"],
    [
      "a drawn value out of range, when it is drawn",
      () => GaussianBlur(Normal(-50, 0.1)).augmentImage(picture(5, 5)),
      "Expected a number between 0 and 200, a range [low, high] or a list of such for sigma but received -",
    ],
    ["bounds that are known", () => GaussianBlur(Discretize(Uniform(-3, -2))), "for sigma"],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ code: "InvalidOption", message: expect.stringContaining(message) as string }) as Error,
    );
  });
});
