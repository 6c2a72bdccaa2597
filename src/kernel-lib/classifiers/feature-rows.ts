/**
 * Rows of features beside a few vectors of as many doubles, and the two loops between them: what linear solvers spend nearly all
 * of their time in. With SIMD where the machine has it, which takes a copy of the features.
 *
 * n rows, d columns.
 */
import { linearAlgebraCode } from "../simd/linear-algebra-code.js";
import { SimdCode } from "../simd/simd-code.js";
import type { Matrix } from "../structures/matrix.js";
import { addScaled, dot } from "./dot.js";

export interface FeatureRows {
  readonly rows: number;
  readonly columns: number;
  /** Of d numbers each, all zero at first. */
  readonly vectors: readonly Float64Array[];
  /** vectors[vector] · row. */
  dot(vector: number, row: number): number;
  /** vectors[vector] += factor · row. */
  addScaled(vector: number, factor: number, row: number): void;
}

/** The rows of a matrix, and `count` vectors. */
export function featureRows(features: Matrix, count: number): FeatureRows {
  return simdRows(features, count) ?? plainRows(features, count);
}

/** The twin in plain TypeScript; it takes no copy. */
export function plainRows({ rows, columns, data }: Matrix, count: number): FeatureRows {
  const vectors = Array.from({ length: count }, () => new Float64Array(columns));
  return {
    rows,
    columns,
    vectors,
    dot: (vector, row) => dot(vectors[vector] ?? NONE, data, row * columns, columns),
    addScaled: (vector, factor, row) => addScaled(vectors[vector] ?? NONE, factor, data, row * columns, columns),
  };
}

/** Undefined where the machine has no SIMD, or the copy would be too large. */
export function simdRows({ rows, columns, data }: Matrix, count: number): FeatureRows | undefined {
  const vectorBytes = columns * 8;
  const featuresAt = count * vectorBytes;
  const bytes = featuresAt + rows * columns * 4;
  const instance = bytes > MAX_COPY_BYTES ? undefined : CODE.instantiate(bytes);
  if (!instance) return undefined;
  const { loops, memory } = instance;
  new Float32Array(memory.buffer, featuresAt, rows * columns).set(data);
  return {
    rows,
    columns,
    vectors: Array.from({ length: count }, (_, i) => new Float64Array(memory.buffer, i * vectorBytes, columns)),
    dot: (vector, row) => loops.dot(vector * vectorBytes, featuresAt + row * columns * 4, columns),
    addScaled: (vector, factor, row) =>
      loops.addScaled(vector * vectorBytes, factor, featuresAt + row * columns * 4, columns),
  };
}

/** Larger features are not held twice. */
const MAX_COPY_BYTES = 2 ** 30;
const NONE = new Float64Array();

/** What `src/simd/linear-algebra.ts` exports; addresses in bytes. */
interface LinearAlgebra {
  dot(w: number, x: number, length: number): number;
  addScaled(w: number, factor: number, x: number, length: number): void;
}

const CODE = new SimdCode<LinearAlgebra>(linearAlgebraCode);
