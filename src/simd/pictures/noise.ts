/** Noise, and what it is added to. Twins: rounded-noise, geometric-elastic and arithmetic. */
import { draw } from "../random/sfc32";

class Tabled {
  put(to: usize, number: u32, i: i32, table: usize, first: f64, second: f64): void {
    const at = to + (usize(i) << 2);
    store<u16>(at, load<u16>(table + (usize(number & 0xffff) << 1)));
    store<u16>(at, load<u16>(table + (usize(number >>> 16) << 1)), 2);
  }
}

/**
 * Values of a table of 65,536 whole numbers by the numbers of sfc32, two for each; `draws` numbers are drawn, of which the first
 * `count` values are taken. `state` has its four words.
 */
export function drawFromTable(state: usize, table: usize, to: usize, count: i32, draws: i32): void {
  draw<Tabled>(state, to, (count + 1) >> 1, draws, table, 0, 0);
}

class Signed {
  put(to: usize, number: u32, i: i32, table: usize, first: f64, second: f64): void {
    store<f32>(to + (usize(i) << 2), f32(i32(number)) * f32(1.0 / 2147483648.0));
  }
}

/** Noise from -1 to 1 by the numbers of sfc32. */
export function drawEven(state: usize, to: usize, count: i32): void {
  draw<Signed>(state, to, count, count, 0, 0, 0);
}

/** Bytes plus 16-bit values, one each, clipped to 0 to 255. */
export function addEach(bytes: usize, values: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i += 16, bytes += 16, values += 32, to += 16) {
    const levels = v128.load(bytes);
    const low = i16x8.add(i16x8.extend_low_i8x16_u(levels), v128.load(values));
    const high = i16x8.add(i16x8.extend_high_i8x16_u(levels), v128.load(values, 16));
    v128.store(to, i8x16.narrow_i16x8_u(low, high));
  }
}

/** Pixels of three bytes plus one 16-bit value each, clipped to 0 to 255. */
export function addToPixels(bytes: usize, values: usize, to: usize, pixels: i32): void {
  for (let i = 0; i < pixels; i++, bytes += 3, values += 2, to += 3) {
    const level = i16x8.extend_low_i8x16_u(v128.load32_zero(bytes));
    const sum = i16x8.add(level, i16x8.splat(load<i16>(values)));
    store<u32>(to, u32(i32x4.extract_lane(i8x16.narrow_i16x8_u(sum, sum), 0)));
  }
}
