/** The loops with SIMD against their twin in plain TypeScript. */
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";

import { featureRows, plainRows, simdRows } from "../../../src/kernel-lib/classifiers/feature-rows.js";
import { LinearSVC } from "../../../src/kernel-lib/classifiers/linear-svc.js";
import { LogisticRegression } from "../../../src/kernel-lib/classifiers/logistic-regression.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** n × d between -1 and 1. */
function matrix(rows: number, columns: number, seed: number) {
  const random = new SeededRandom(seed);
  return { rows, columns, data: Float32Array.from({ length: rows * columns }, () => random.next() * 2 - 1) };
}

test("with SIMD and without, dot products and sums agree to the last digits, whatever the width", () => {
  const seeds = fc.integer({ min: 1, max: 1_000_000 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 67 }), seeds, (rows, columns, seed) => {
      const features = matrix(rows, columns, seed);
      const start = Float64Array.from(matrix(1, columns, seed + 1).data);
      const [simd, plain] = [simdRows(features, 2), plainRows(features, 2)];
      if (!simd) throw new Error("no SIMD here");
      for (const each of [simd, plain]) {
        each.vectors[1]?.set(start);
        for (let row = 0; row < rows; row++) each.addScaled(1, 0.1 * (row + 1), row);
      }
      expect(simd.vectors[0]).toEqual(new Float64Array(columns));
      // One multiplication and one addition a number, both ways: nothing to differ in.
      expect(simd.vectors[1]).toEqual(plain.vectors[1]);
      for (let row = 0; row < rows; row++) expect(simd.dot(1, row)).toBeCloseTo(plain.dot(1, row), 12);
    }),
    { numRuns: 200 },
  );
});

test("a matrix too large for a copy is left where it is", () => {
  // Made of nothing: only its size is looked at.
  expect(simdRows({ rows: 2 ** 20, columns: 2 ** 10, data: new Float32Array() }, 1)).toBeUndefined();
});

test("without WebAssembly the classifiers learn the same", () => {
  const features = matrix(60, 19, 4);
  const classes = Array.from({ length: 60 }, (_, i) => i % 3);
  const fit = () => [new LinearSVC().fit(features, classes), new LogisticRegression().fit(features, classes)];
  const fast = fit();
  vi.stubGlobal("WebAssembly", undefined);
  expect(featureRows(features, 1).vectors[0]?.buffer.byteLength).toBe(19 * 8);
  for (const [index, slow] of fit().entries()) {
    slow.weights.forEach((row, plane) =>
      row.forEach((weight, column) => expect(weight).toBeCloseTo(fast[index]?.weights[plane]?.[column] ?? NaN, 6)),
    );
  }
});
