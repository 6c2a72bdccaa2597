/**
 * Four pixels of three bytes at a time: each channel in 32 bits, and all in one again.
 *
 * The compiler puts constants where they are used, and the processor then builds each anew for every four pixels; those that depend on `nothing`, an
 * argument's sign, stay in registers.
 */

/** @param nothing 0 */
export function kept(constant: v128, nothing: i32): v128 {
  return v128.or(constant, i32x4.splat(nothing));
}

/** Takes a channel of four pixels out of 16 bytes. */
export function taking(channel: i32): v128 {
  return i8x16.add_sat_u(i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1), i8x16.splat(i8(channel)));
}

/** Takes channels of four bytes each, one after another, apart into pixels. */
export function threes(nothing: i32): v128 {
  return kept(i8x16(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, -1, -1, -1, -1), nothing);
}

/** Takes three bytes out of four. */
export function withoutFourths(nothing: i32): v128 {
  return kept(i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1), nothing);
}

/** Whole numbers, clipped to 0 to 255, as pixels; `mask` is `threes()`. */
export function interleaved(a: v128, b: v128, c: v128, mask: v128): v128 {
  return i8x16.swizzle(i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, c)), mask);
}

/** The same of four pixels, each with its channels in the first three of four places; `mask` is `withoutFourths()`. */
export function joined(a: v128, b: v128, c: v128, d: v128, mask: v128): v128 {
  return i8x16.swizzle(i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)), mask);
}

/** So large a number that it has no room for fractions. */
export function huge(nothing: i32): v128 {
  return kept(f32x4.splat(12582912), nothing);
}

/** Halves to even; for numbers of less than 2^22. `large` is `huge()`. */
export function whole(value: v128, large: v128): v128 {
  return i32x4.sub(f32x4.add(value, large), large);
}
