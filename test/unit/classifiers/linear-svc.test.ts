import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LinearSVC, type LinearSVCOptions } from "../../../src/kernel-lib/classifiers/linear-svc.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";
import { matrix, worst } from "./oracle-numbers.js";

interface Case {
  name: string;
  options: LinearSVCOptions;
  columns: number;
  features: number[];
  classes: number[];
  probe: number[];
  decision: number[];
  machines: number;
  weights: number[];
  intercepts: number[];
  predicted: number[];
}

const { oracle, cases } = JSON.parse(
  readFileSync(new URL("../../fixtures/classifiers/linear-svc.json", import.meta.url), "utf8"),
) as { oracle: string; cases: Case[] };

const TIGHT = { tolerance: 1e-8, maxIterations: 1_000_000 };

describe("LinearSVC matches scikit-learn 1.7.2", () => {
  it("on a fixture of its own making", () => {
    expect(oracle).toContain("scikit-learn 1.7.2");
    expect(cases.length).toBe(12);
  });

  it.each(cases.map((sample) => [sample.name, sample] as const))("%s", (_, sample) => {
    const svc = new LinearSVC({ ...sample.options, ...TIGHT });
    svc.fit(matrix(sample.columns, sample.features), sample.classes);
    const probe = matrix(sample.columns, sample.probe);
    expect(svc.converged).toBe(true);
    expect(svc.warning).toBeUndefined();
    const decision = svc.decisionFunction(probe);
    expect([decision.rows, decision.columns]).toEqual([probe.rows, sample.machines]);
    // 1e-5 is what 32-bit decisions leave; the promise is 1e-3.
    expect(worst(decision.data, sample.decision)).toBeLessThan(1e-5);
    expect(
      worst(
        svc.weights.flatMap((row) => [...row]),
        sample.weights,
      ),
    ).toBeLessThan(1e-6);
    expect(worst(svc.intercepts, sample.intercepts)).toBeLessThan(1e-6);
    expect(svc.predict(probe)).toEqual(sample.predicted);
  });

  it.each(cases.map((sample) => [sample.name, sample] as const))("%s, to 1e-3 at the tolerance 1e-4", (_, sample) => {
    const svc = new LinearSVC({ ...sample.options, maxIterations: 100_000 });
    svc.fit(matrix(sample.columns, sample.features), sample.classes);
    const decision = svc.decisionFunction(matrix(sample.columns, sample.probe));
    expect(worst(decision.data, sample.decision)).toBeLessThan(1e-3);
  });
});

const blobs = (rows: number, columns: number, classes: number, seed: number) => {
  const random = new SeededRandom(seed);
  const centres = Array.from({ length: classes }, () => Array.from({ length: columns }, () => random.normal()));
  const numbers = Array.from({ length: rows }, (_, i) => i % classes);
  const values = numbers.flatMap((c) => (centres[c] ?? []).map((mean) => random.normal(mean, 0.7)));
  return { features: matrix(columns, values), numbers };
};

describe("LinearSVC", () => {
  const { features, numbers } = blobs(60, 6, 3, 1);

  it("is the same from one seed, and ends at the same optimum from another", () => {
    const fit = (seed: number) => new LinearSVC({ seed, ...TIGHT }).fit(features, numbers);
    expect(fit(1).toJSON()).toEqual(fit(1).toJSON());
    const [one, two] = [fit(1), fit(2)];
    expect(worst(one.decisionFunction(features).data, [...two.decisionFunction(features).data])).toBeLessThan(1e-5);
  });

  it("is the same bit for bit after JSON", () => {
    const svc = new LinearSVC({ C: 0.1, classWeight: "balanced" }).fit(features, numbers);
    const again = LinearSVC.fromJSON(JSON.parse(JSON.stringify(svc)));
    expect(again.toJSON()).toEqual(svc.toJSON());
    expect(again.decisionFunction(features)).toEqual(svc.decisionFunction(features));
    expect(again.options).toEqual(svc.options);
  });

  it("says so where it runs out of passes", () => {
    const svc = new LinearSVC({ maxIterations: 1, tolerance: 1e-12 }).fit(features, numbers);
    expect(svc.converged).toBe(false);
    expect(svc.iterations).toBe(1);
    expect(svc.warning).toContain("did not converge in 1 passes");
  });

  it("separates what can be separated", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 4 }), (seed, classes) => {
        const random = new SeededRandom(seed);
        const classOf = Array.from({ length: 24 }, (_, i) => i % classes);
        // One corner of a simplex a class: apart by more than the noise.
        const values = classOf.flatMap((c) =>
          Array.from({ length: classes }, (_, j) => 10 * Number(c === j) + random.uniform(-1, 1)),
        );
        const separable = matrix(classes, values);
        expect(new LinearSVC({ maxIterations: 10_000 }).fit(separable, classOf).predict(separable)).toEqual(classOf);
      }),
      { numRuns: 30 },
    );
  });

  it("satisfies the optimality conditions of its primal: the gradient vanishes (squared hinge)", () => {
    const svc = new LinearSVC({ ...TIGHT, fitIntercept: false, C: 0.5 }).fit(features, numbers);
    svc.weights.forEach((w, machine) => {
      const gradient = [...w];
      for (let i = 0; i < features.rows; i++) {
        const x = features.data.subarray(i * features.columns, (i + 1) * features.columns);
        const y = numbers[i] === machine ? 1 : -1;
        const margin = 1 - y * x.reduce((sum, value, j) => sum + value * (w[j] ?? 0), 0);
        if (margin > 0) x.forEach((value, j) => (gradient[j] = (gradient[j] ?? 0) - 2 * 0.5 * margin * y * value));
      }
      expect(
        worst(
          gradient,
          gradient.map(() => 0),
        ),
      ).toBeLessThan(1e-4);
    });
  });

  it("lets the event loop turn while it learns, and gives the same result", async () => {
    const big = blobs(400, 256, 4, 3);
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const slow = await new LinearSVC().fitAsync(big.features, big.numbers);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(1);
    expect(slow.toJSON()).toEqual(new LinearSVC().fit(big.features, big.numbers).toJSON());
  });

  it("stops by a signal, and is then as it was before", async () => {
    const svc = new LinearSVC().fit(features, numbers);
    const before = svc.toJSON();
    const big = blobs(400, 256, 4, 3);
    const stopped = svc.fitAsync(big.features, big.numbers, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow("LinearSVC.fit was stopped");
    expect(svc.toJSON()).toEqual(before);
  });
});

describe("LinearSVC refuses", () => {
  const features = matrix(2, [1, 2, 3, 4]);
  it.each([
    [
      "use before fit",
      () => new LinearSVC().predict(features),
      "LinearSVC.predict is not possible yet: call fit first",
    ],
    ["one class", () => new LinearSVC().fit(features, [1, 1]), "Expected at least two different classes for classes"],
    ["lists of two lengths", () => new LinearSVC().fit(features, [1]), "Expected 2 entries, one a row, for classes"],
    ["a class that is no number", () => new LinearSVC().fit(features, [0, NaN]), "for classes[1] but received NaN"],
    [
      "NaN",
      () => new LinearSVC().fit(matrix(2, [1, 2, 3, NaN]), [0, 1]),
      "Expected a finite number for features, row 1, column 1, but received NaN",
    ],
    [
      "another width",
      () => new LinearSVC().fit(features, [0, 1]).predict(matrix(1, [1])),
      "Expected 2 columns, as many as were learnt from, for features but received 1",
    ],
    ["C = 0", () => new LinearSVC({ C: 0 }), "for C but received 0"],
    ["an unknown loss", () => new LinearSVC({ loss: "l1" as "hinge" }), 'for loss but received "l1"'],
    [
      "a weight of what is no class",
      () => new LinearSVC({ classWeight: { cup: 2 } }).fit(features, [0, 1]),
      'Expected the number of a class for a name in classWeight but received "cup"',
    ],
    ["an option of scikit-learn's name", () => new LinearSVC({ c: 1 } as object), 'but received "c"'],
    ["an intercept that is no yes or no", () => new LinearSVC({ fitIntercept: 1 as never }), "for fitIntercept"],
    ["a weight of 0", () => new LinearSVC({ classWeight: { a: 0 } }), 'for classWeight["a"] but received 0'],
  ])("%s", (_, action, message) => {
    expect(action).toThrow(message);
  });

  it("JSON that is not its own, whatever it is", () => {
    const json = JSON.parse(JSON.stringify(new LinearSVC().fit(features, [0, 1]))) as Record<string, object>;
    const fit = json["fit"];
    const broken: [unknown, string][] = [
      [null, "the whole: expected an object but found null"],
      [{ ...json, version: 2 }, "version: expected 1 but found 2"],
      [{ ...json, fit: { ...fit, weights: [] } }, "fit.weights: expected 1 rows but found 0"],
      [{ ...json, fit: { ...fit, weights: [[1, "2"]] } }, 'fit.weights[0][1]: expected a finite number but found "2"'],
      [{ ...json, fit: { ...fit, intercepts: [1, 2] } }, "fit.intercepts: expected 1 numbers but found 2"],
    ];
    for (const [value, message] of broken) expect(() => LinearSVC.fromJSON(value)).toThrow(message);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => LinearSVC.fromJSON(value)).toThrow("LinearSVC, ");
      }),
    );
  });
});
