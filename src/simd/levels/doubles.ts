/** Numbers in double precision: drawn, weighted, and levels multiplied with them or replaced by them. Twins: even-numbers, separable-filter, lookup. */
import { draw } from "../random/sfc32";

/** Sums of rows of doubles, in their order: `count` pairs of a place in memory and, 8 bytes behind it, a weight. Stores reach 56 bytes beyond. */
export function weighted(taps: usize, count: i32, to: usize, values: i32): void {
  const end = taps + (count << 4);
  for (let i = 0; i < values; i += 8, to += 64) {
    const at = usize(i) << 3;
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let t = taps; t < end; t += 16) {
      const from = usize(load<u32>(t)) + at;
      const weight = v128.load64_splat(t, 8);
      a = f64x2.add(a, f64x2.mul(weight, v128.load(from)));
      b = f64x2.add(b, f64x2.mul(weight, v128.load(from, 16)));
      c = f64x2.add(c, f64x2.mul(weight, v128.load(from, 32)));
      d = f64x2.add(d, f64x2.mul(weight, v128.load(from, 48)));
    }
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
  }
}

class Even {
  put(to: usize, number: u32, i: i32, table: usize, low: f64, step: f64): void {
    store<f64>(to + (usize(i) << 3), low + step * f64(number));
  }
}

/** `low` plus `step` times each number of sfc32, of which `draws` are drawn and the first `count` taken. `state` has its four words. */
export function drawDoubles(state: usize, to: usize, count: i32, draws: i32, low: f64, step: f64): void {
  draw<Even>(state, to, count, draws, 0, low, step);
}

/** Bytes times a double each in single precision, clipped and cut off. */
export function multiplyEach(bytes: usize, values: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i += 4, bytes += 4, values += 32, to += 4) {
    const first = f32x4.demote_f64x2_zero(v128.load(values));
    const second = f32x4.demote_f64x2_zero(v128.load(values, 16));
    store<u32>(to, multiplied(bytes, v128.shuffle<i64>(first, second, 0, 2)));
  }
}

/** Pixels of three bytes times a double each. */
export function multiplyPixels(bytes: usize, values: usize, to: usize, pixels: i32): void {
  for (let i = 0; i < pixels; i++, bytes += 3, values += 8, to += 3) {
    store<u32>(to, multiplied(bytes, f32x4.splat(f32(load<f64>(values)))));
  }
}

/** Four bytes. */
function multiplied(bytes: usize, by: v128): u32 {
  const levels = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(bytes)));
  const whole = i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.convert_i32x4_s(levels), by));
  const words = i16x8.narrow_i32x4_s(whole, whole);
  return u32(i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
}

/** 1 where a number is less than `limit`, 0 elsewhere. */
export function below(values: usize, count: i32, limit: f64): void {
  const end = values + (usize(count) << 3);
  for (; values < end; values += 16) {
    v128.store(values, v128.and(f64x2.lt(v128.load(values), f64x2.splat(limit)), f64x2.splat(1)));
  }
}

/** Bytes replaced by a double each, clipped and cut off; by what is no number they are not. */
export function replaceEach(bytes: usize, values: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i += 4, bytes += 4, values += 32, to += 4) {
    const first = v128.load(values);
    const second = v128.load(values, 16);
    const a = i32x4.trunc_sat_f64x2_u_zero(first);
    const words = i16x8.narrow_i32x4_s(i32x4.shuffle(a, i32x4.trunc_sat_f64x2_u_zero(second), 0, 1, 4, 5), a);
    const isNumber = i32x4.shuffle(f64x2.eq(first, first), f64x2.eq(second, second), 0, 2, 4, 6);
    const mask = i16x8.narrow_i32x4_s(isNumber, isNumber);
    const levels = i8x16.narrow_i16x8_u(words, words);
    const chosen = v128.bitselect(levels, v128.load32_zero(bytes), i8x16.narrow_i16x8_s(mask, mask));
    store<u32>(to, u32(i32x4.extract_lane(chosen, 0)));
  }
}

/** Pixels of three bytes replaced by a double each. */
export function replacePixels(bytes: usize, values: usize, to: usize, pixels: i32): void {
  for (let i = 0; i < pixels; i++, bytes += 3, values += 8, to += 3) {
    const value = load<f64>(values);
    const level = value > 0 ? (value < 255 ? u32(value) : 255) : 0;
    const chosen = value === value ? level * 0x10101 : load<u32>(bytes);
    store<u32>(to, chosen);
  }
}
