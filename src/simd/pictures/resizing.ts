/** Pictures at another size by weights of 11 bits, across and then down. Twins: enlarge, resize. */

/** A row between pixels: `places` has the first byte of each two, and `weights` those of both, 16 bits each. Sums lose their last 4 bits. */
export function resizeAcross(from: usize, to: usize, places: usize, weights: usize, count: i32): void {
  const mask = i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
  for (let i = 0; i < count; i++, to += 6) {
    const at = from + load<i32>(places + (i << 2));
    const both = i8x16.swizzle(v128.load64_zero(at), mask);
    const sums = i32x4.shr_s(i32x4.dot_i16x8_s(both, v128.load32_splat(weights + (i << 2))), 4);
    v128.store64_lane(to, i16x8.narrow_i32x4_s(sums, sums), 0);
  }
}

/** Two such rows to bytes. */
export function resizeDown(upper: usize, lower: usize, a: i32, b: i32, to: usize, count: i32): void {
  const first = i16x8.splat(i16(a));
  const second = i16x8.splat(i16(b));
  for (let i = 0; i < count; i += 8, upper += 16, lower += 16, to += 8) {
    const x = v128.load(upper);
    const y = v128.load(lower);
    const low = i32x4.add(
      i32x4.shr_s(i32x4.extmul_low_i16x8_s(x, first), 16),
      i32x4.shr_s(i32x4.extmul_low_i16x8_s(y, second), 16),
    );
    const high = i32x4.add(
      i32x4.shr_s(i32x4.extmul_high_i16x8_s(x, first), 16),
      i32x4.shr_s(i32x4.extmul_high_i16x8_s(y, second), 16),
    );
    const words = i16x8.shr_s(i16x8.add(i16x8.narrow_i32x4_s(low, high), i16x8.splat(2)), 2);
    v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/**
 * A row of three channels under four weights a pixel, in 32 bits: `places` has the first byte of each four pixels, and `weights` theirs, 16 bits
 * each.
 */
export function cubicAcross(from: usize, to: usize, places: usize, weights: usize, count: i32): void {
  const firstTwo = i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
  const lastTwo = i8x16(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  for (let i = 0; i < count; i++, places += 4, weights += 8, to += 12) {
    const four = v128.load(from + load<i32>(places));
    const near = i32x4.dot_i16x8_s(i8x16.swizzle(four, firstTwo), v128.load32_splat(weights));
    const far = i32x4.dot_i16x8_s(i8x16.swizzle(four, lastTwo), v128.load32_splat(weights, 4));
    v128.store(to, i32x4.add(near, far));
  }
}

/** The same of one channel. */
export function cubicAcrossGrey(from: usize, to: usize, places: usize, weights: usize, count: i32): void {
  for (let i = 0; i < count; i++, places += 4, weights += 8, to += 4) {
    const four = i16x8.extend_low_i8x16_u(v128.load32_zero(from + load<i32>(places)));
    const sums = i32x4.dot_i16x8_s(four, v128.load64_zero(weights));
    store<i32>(to, i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1));
  }
}

/** Four such rows, whose addresses `lines` has, under four weights of 32 bits to bytes. Sums of 22 bits after the point become the even one of halves. */
export function cubicDown(lines: usize, weights: usize, to: usize, count: i32): void {
  const a = load<u32>(lines);
  const b = load<u32>(lines, 4);
  const c = load<u32>(lines, 8);
  const d = load<u32>(lines, 12);
  for (let i = 0; i < count; i += 8, to += 8) {
    const at = usize(i << 2);
    const low = cubicSum(a + at, b + at, c + at, d + at, weights);
    const high = cubicSum(a + at + 16, b + at + 16, c + at + 16, d + at + 16, weights);
    const words = i16x8.narrow_i32x4_s(low, high);
    v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/** No sum leaves 32 bits: weights of both ways together are at most 1.375 squared. */
function cubicSum(a: usize, b: usize, c: usize, d: usize, weights: usize): v128 {
  let sum = i32x4.mul(v128.load(a), v128.load32_splat(weights));
  sum = i32x4.add(sum, i32x4.mul(v128.load(b), v128.load32_splat(weights, 4)));
  sum = i32x4.add(sum, i32x4.mul(v128.load(c), v128.load32_splat(weights, 8)));
  sum = i32x4.add(sum, i32x4.mul(v128.load(d), v128.load32_splat(weights, 12)));
  const isOdd = v128.and(i32x4.shr_u(sum, 22), i32x4.splat(1));
  return i32x4.shr_s(i32x4.add(i32x4.add(sum, isOdd), i32x4.splat((1 << 21) - 1)), 22);
}
