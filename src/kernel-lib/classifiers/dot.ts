/**
 * The loops that linear solvers spend nearly all of their time in; `src/simd/linear-algebra.ts` has the first two with SIMD.
 *
 * `?? 0` never applies, and costs nothing measurable: it is for the checker. Four at a time, so that additions need not wait for
 * each other.
 */

/** w · x, x at `offset`. */
export function dot(w: Float64Array, x: Float32Array, offset: number, length: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let j = 0;
  for (; j + 3 < length; j += 4) {
    a += (w[j] ?? 0) * (x[offset + j] ?? 0);
    b += (w[j + 1] ?? 0) * (x[offset + j + 1] ?? 0);
    c += (w[j + 2] ?? 0) * (x[offset + j + 2] ?? 0);
    d += (w[j + 3] ?? 0) * (x[offset + j + 3] ?? 0);
  }
  for (; j < length; j++) a += (w[j] ?? 0) * (x[offset + j] ?? 0);
  return a + b + (c + d);
}

/** w += factor · x, x at `offset`. */
export function addScaled(w: Float64Array, factor: number, x: Float32Array, offset: number, length: number): void {
  let j = 0;
  for (; j + 3 < length; j += 4) {
    w[j] = (w[j] ?? 0) + factor * (x[offset + j] ?? 0);
    w[j + 1] = (w[j + 1] ?? 0) + factor * (x[offset + j + 1] ?? 0);
    w[j + 2] = (w[j + 2] ?? 0) + factor * (x[offset + j + 2] ?? 0);
    w[j + 3] = (w[j + 3] ?? 0) + factor * (x[offset + j + 3] ?? 0);
  }
  for (; j < length; j++) w[j] = (w[j] ?? 0) + factor * (x[offset + j] ?? 0);
}

/** x · x, x at `offset`. */
export function squaredNorm(x: Float32Array, offset: number, length: number): number {
  let sum = 0;
  for (let j = 0; j < length; j++) sum += (x[offset + j] ?? 0) ** 2;
  return sum;
}

/** a · b of the same length. */
export function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] ?? 0) * (b[j] ?? 0);
  return sum;
}
