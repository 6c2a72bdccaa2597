import fc from "fast-check";
import { describe, expect, it, test } from "vitest";

import { coreSet } from "../../../src/kernel-lib/metrics/core-set.js";
import { uncertainty } from "../../../src/kernel-lib/metrics/uncertainty.js";

describe("uncertainty, by the formulas of Settles (2009)", () => {
  it("is zero where the model is sure, and highest where all classes are alike", () => {
    expect(uncertainty([0, 1, 0], "least confidence")).toBe(0);
    expect(uncertainty([0, 1, 0], "margin")).toBe(0);
    expect(uncertainty([0, 1, 0], "entropy")).toBe(0);
    expect(uncertainty([0.25, 0.25, 0.25, 0.25], "entropy")).toBeCloseTo(Math.log(4), 12);
    expect(uncertainty([0.5, 0.5], "margin")).toBe(1);
  });

  it("by hand: three classes at 0.5, 0.3, 0.2", () => {
    expect(uncertainty([0.3, 0.5, 0.2], "least confidence")).toBeCloseTo(0.5, 12);
    expect(uncertainty([0.3, 0.5, 0.2], "margin")).toBeCloseTo(0.8, 12);
    expect(uncertainty([0.3, 0.5, 0.2], "entropy")).toBeCloseTo(1.0296530140645737, 12);
  });
});

/** The same choice by the definition: every square of a distance to every centre, each time. */
function bruteForce(points: readonly number[][], known: readonly number[], count: number): number[] {
  const centres = [...known];
  const order: number[] = [];
  // Squares of whole numbers are exact, so that ties are ties.
  const away = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0);
  const nearest = (row: number) =>
    Math.min(Infinity, ...centres.map((centre) => away(points[row] ?? [], points[centre] ?? [])));
  while (order.length < Math.min(count, points.length)) {
    const distances = points.map((_, row) => nearest(row));
    const next = distances.indexOf(Math.max(...distances));
    if (distances[next] === 0) break;
    order.push(next);
    centres.push(next);
  }
  return order;
}

test("the core set takes what is furthest from all that is known, as the definition has it", () => {
  const point = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 }));
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), fc.nat(10), (points, count) => {
      const features = { rows: points.length, columns: 2, data: Float32Array.from(points.flat()) };
      const known = points.length > 3 ? [2] : [];
      const { order, distances } = coreSet(features, known, count);
      expect(order).toEqual(bruteForce(points, known, count));
      for (const row of [...order, ...known]) expect(distances[row]).toBe(0);
    }),
  );
});
