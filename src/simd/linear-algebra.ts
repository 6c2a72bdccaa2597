/**
 * AssemblyScript: the two loops that linear solvers spend nearly all of their time in, over 32-bit features and 64-bit weights.
 * Its twin in plain TypeScript is `src/kernel-lib/classifiers/dot.ts`.
 *
 * Addresses are in bytes, lengths in numbers. Eight numbers at a time, in four sums that need not wait for each other.
 */

/** Σ w[j] · x[j]; `w` doubles, `x` floats. */
export function dot(w: usize, x: usize, length: i32): f64 {
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  let j = 0;
  for (; j + 7 < length; j += 8, w += 64, x += 32) {
    a = f64x2.add(a, f64x2.mul(v128.load(w), doubles(v128.load64_zero(x))));
    b = f64x2.add(b, f64x2.mul(v128.load(w, 16), doubles(v128.load64_zero(x, 8))));
    c = f64x2.add(c, f64x2.mul(v128.load(w, 32), doubles(v128.load64_zero(x, 16))));
    d = f64x2.add(d, f64x2.mul(v128.load(w, 48), doubles(v128.load64_zero(x, 24))));
  }
  const sums = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; j < length; j++, w += 8, x += 4) sum += load<f64>(w) * f64(load<f32>(x));
  return sum;
}

/** w[j] += factor · x[j]; `w` doubles, `x` floats. */
export function addScaled(w: usize, factor: f64, x: usize, length: i32): void {
  const factors = f64x2.splat(factor);
  let j = 0;
  for (; j + 7 < length; j += 8, w += 64, x += 32) {
    v128.store(w, f64x2.add(v128.load(w), f64x2.mul(factors, doubles(v128.load64_zero(x)))));
    v128.store(w, f64x2.add(v128.load(w, 16), f64x2.mul(factors, doubles(v128.load64_zero(x, 8)))), 16);
    v128.store(w, f64x2.add(v128.load(w, 32), f64x2.mul(factors, doubles(v128.load64_zero(x, 16)))), 32);
    v128.store(w, f64x2.add(v128.load(w, 48), f64x2.mul(factors, doubles(v128.load64_zero(x, 24)))), 48);
  }
  for (; j < length; j++, w += 8, x += 4) store<f64>(w, load<f64>(w) + factor * f64(load<f32>(x)));
}

/** The lower two of four floats, as doubles. */
function doubles(floats: v128): v128 {
  return f64x2.promote_low_f32x4(floats);
}
