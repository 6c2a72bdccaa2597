/** All pairs of pictures whose features point in nearly the same direction. */
import { VitrineError } from "../../structures/errors.js";
import { matrixRow, type Matrix } from "../../structures/matrix.js";
import type { IndexPair } from "./hash-pairs.js";

/**
 * Pairs `a < b` whose distance, 1 − the cosine of the angle between their rows, is at most `maxDistance`; by distance, then by place.
 * A row of zeros is near to none.
 */
export async function featurePairs(
  features: Matrix,
  maxDistance: number,
  crosses: (a: number, b: number) => boolean = () => true,
  signal?: AbortSignal,
): Promise<IndexPair[]> {
  const rows = unitRows(features);
  const pairs: IndexPair[] = [];
  for (const [b, row] of rows.entries()) {
    if (b % 256 === 255) await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted)
      throw new VitrineError("Stopped", { operation: "Comparing pictures", kept: "nothing is kept" });
    for (let a = 0; a < b; a++) {
      const other = rows[a];
      if (!other || !crosses(a, b)) continue;
      const distance = Math.max(0, 1 - dot(other, row));
      if (distance <= maxDistance) pairs.push({ a, b, distance });
    }
  }
  return pairs.sort((p, q) => p.distance - q.distance || p.a - q.a || p.b - q.b);
}

function unitRows(features: Matrix): Float32Array[] {
  return Array.from({ length: features.rows }, (_, index) => {
    const row = matrixRow(features, index);
    const length = Math.sqrt(dot(row, row));
    return length > 0 ? row.map((value) => value / length) : new Float32Array(row.length).fill(NaN);
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
