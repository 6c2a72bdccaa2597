/** Three channels at another size by weights of 11 bits, across and then down. Twins: enlarge, resize. */

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
