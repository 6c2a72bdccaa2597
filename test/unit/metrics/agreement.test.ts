import { describe, expect, it } from "vitest";
import {
  bootstrapInterval,
  cohenKappa,
  matthewsCorrelation,
  mcnemar,
  precisionRecallFBeta,
  wilsonInterval,
} from "../../../src/kernel-lib/metrics/index.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";
import { difference, probabilities as fixture } from "./fixture.js";

const EPSILON = 1e-9;

describe("agreement and averages match scikit-learn 1.7.2", () => {
  it.each(fixture.agreement.map((sample) => [sample.name, sample] as const))("%s", (_, sample) => {
    const { truth, predicted } = sample;
    const kappas = ([undefined, "linear", "quadratic"] as const).map((weights) =>
      cohenKappa(truth, predicted, weights ? { weights } : {}),
    );
    expect(difference(kappas, sample.kappa)).toBeLessThan(EPSILON);
    expect(matthewsCorrelation(truth, predicted)).toBeCloseTo(sample.matthews, 10);
    expect(sample.rates.length).toBe(12);
    for (const { average, beta, precision, recall, fBeta } of sample.rates) {
      const ours = precisionRecallFBeta(truth, predicted, { average, beta });
      const apart = difference([ours.precision, ours.recall, ours.fBeta], [precision, recall, fBeta]);
      expect(apart).toBeLessThan(EPSILON);
    }
  });

  it("weighs classes in the order of the labels", () => {
    const order = { weights: "linear", labels: ["low", "middle", "high"] } as const;
    const near = cohenKappa(["low", "middle", "high"], ["middle", "middle", "high"], order);
    const far = cohenKappa(["low", "middle", "high"], ["high", "middle", "high"], order);
    expect(near).toBeGreaterThan(far);
  });
});

describe("the bootstrap", () => {
  it("gives the percentiles that scipy 1.17.1 gives of the same figures", () => {
    const { figures, intervals } = fixture.bootstrap;
    for (const { confidence, interval } of intervals) {
      let next = 0;
      const options = { confidence, resamples: figures.length };
      const { low, high } = bootstrapInterval(3, () => figures[next++] ?? NaN, options);
      expect(difference([low, high], interval)).toBeLessThan(EPSILON);
    }
  });

  it("holds the true mean of a known distribution in about nine of ten repetitions", () => {
    const random = new SeededRandom(5);
    let held = 0;
    for (let repetition = 0; repetition < 200; repetition++) {
      const values = Array.from({ length: 60 }, () => random.normal(2, 1));
      const mean = (indices: Uint32Array) => indices.reduce((sum, i) => sum + (values[i] ?? 0), 0) / indices.length;
      const { low, high } = bootstrapInterval(60, mean, { confidence: 0.9, resamples: 300, seed: repetition });
      if (low <= 2 && 2 <= high) held++;
    }
    // Of 200 at 0.9, four deviations of the binomial distribution to either side.
    expect(Math.abs(held - 180)).toBeLessThan(17);
  });

  it("is the same from one seed, another from another, and passes over figures that are NaN", () => {
    const values = Array.from({ length: 40 }, (_, i) => i ** 2);
    const mean = (indices: Uint32Array) => indices.reduce((sum, i) => sum + (values[i] ?? 0), 0) / indices.length;
    expect(bootstrapInterval(40, mean, { seed: 1 })).toEqual(bootstrapInterval(40, mean, { seed: 1 }));
    expect(bootstrapInterval(40, mean, { seed: 2 })).not.toEqual(bootstrapInterval(40, mean, { seed: 1 }));
    let call = 0;
    expect(bootstrapInterval(2, () => (call++ % 2 === 0 ? NaN : 3))).toEqual({ low: 3, high: 3 });
  });
});

describe("Wilson's interval matches statsmodels 0.14.5", () => {
  it.each(fixture.wilson)("$successes of $total at $confidence", ({ successes, total, confidence, interval }) => {
    const { low, high } = wilsonInterval(successes, total, { confidence });
    expect(difference([low, high], interval)).toBeLessThan(EPSILON);
  });
});

describe("McNemar's test matches statsmodels 0.14.5", () => {
  it.each(fixture.mcnemar)("$table", ({ table, exact, chiSquared }) => {
    const [both, first, second, neither] = table;
    const samples = [
      ...Array<[number, number]>(both).fill([1, 1]),
      ...Array<[number, number]>(first).fill([1, 0]),
      ...Array<[number, number]>(second).fill([0, 1]),
      ...Array<[number, number]>(neither).fill([0, 0]),
    ];
    const truth = samples.map(() => 1);
    const [a, b] = [samples.map((pair) => pair[0]), samples.map((pair) => pair[1])];
    const result = mcnemar(truth, a, b);
    expect([result.onlyFirst, result.onlySecond]).toEqual([first, second]);
    expect(difference([result.pValue], [exact])).toBeLessThan(EPSILON);
    expect(difference([mcnemar(truth, a, b, { exact: false }).pValue], [chiSquared])).toBeLessThan(EPSILON);
  });

  it("finds no difference where there is none", () => {
    expect(mcnemar(["a", "b"], ["a", "a"], ["a", "a"])).toEqual({ onlyFirst: 0, onlySecond: 0, pValue: 1 });
  });
});

describe("they refuse", () => {
  it.each([
    ["NaN", () => cohenKappa([NaN], [1]), "a text or a number"],
    ["NaN as a class", () => matthewsCorrelation([1], [NaN]), "a text or a number"],
    [
      "lists of two lengths",
      () => mcnemar([1, 2], [1, 2], [1]),
      "Expected 2 entries, as many as truth has, for second",
    ],
    ["nothing", () => precisionRecallFBeta([], []), "at least one sample"],
    ["a negative beta", () => precisionRecallFBeta([1], [1], { beta: -1 }), "for beta but received -1"],
    ["a certain interval", () => wilsonInterval(1, 2, { confidence: 1 }), "for confidence but received 1"],
    ["more successes than tries", () => wilsonInterval(3, 2), "between 0 and 2 for successes but received 3"],
  ])("%s", (_, action, message) => {
    expect(action).toThrow(message);
  });
});
