/** An oracle's numbers as ours, and how far ours are from them. */
import { expect } from "vitest";

import type { Matrix } from "../../../src/kernel-lib/structures/matrix.js";

export const matrix = (columns: number, values: readonly number[]): Matrix => ({
  rows: values.length / columns,
  columns,
  data: Float32Array.from(values),
});

/** The largest difference; NaN where one of them is none. */
export const worst = (ours: Iterable<number>, theirs: readonly number[]): number => {
  const list = [...ours];
  expect(list.length).toBe(theirs.length);
  return list.reduce((most, value, i) => Math.max(most, Math.abs(value - (theirs[i] ?? NaN))), 0);
};
