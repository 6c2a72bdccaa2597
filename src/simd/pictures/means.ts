/** Means of windows by sums that move along, whose size costs nothing. Twin: average-blur. */

/** Sums of columns, in 32 bits, one row further: bytes of one row more, and of another less. */
export function moveColumns(sums: usize, more: usize, less: usize, bytes: i32): void {
  for (let i = 0; i < bytes; i += 16, more += 16, less += 16, sums += 64) {
    const a = v128.load(more);
    const b = v128.load(less);
    const low = i16x8.sub(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_u(b));
    const high = i16x8.sub(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_u(b));
    v128.store(sums, i32x4.add(v128.load(sums), i32x4.extend_low_i16x8_s(low)));
    v128.store(sums, i32x4.add(v128.load(sums, 16), i32x4.extend_high_i16x8_s(low)), 16);
    v128.store(sums, i32x4.add(v128.load(sums, 32), i32x4.extend_low_i16x8_s(high)), 32);
    v128.store(sums, i32x4.add(v128.load(sums, 48), i32x4.extend_high_i16x8_s(high)), 48);
  }
}

/** Copies numbers of 32 bits within a row: `copies` has `count` pairs of places, to and from. */
export function copyWithin(row: usize, copies: usize, count: i32): void {
  for (let i = 0; i < count; i++, copies += 8) {
    store<i32>(row + (usize(load<u32>(copies)) << 2), load<i32>(row + (usize(load<u32>(copies, 4)) << 2)));
  }
}

/** Of each of `pixels` the sum of `size` neighbours, in up to four channels of 32 bits. Past the last pixel's channels more is written. */
export function slideAcross(from: usize, to: usize, pixels: i32, channels: i32, size: i32): void {
  const step = usize(channels) << 2;
  let sum = i32x4.splat(0);
  let ahead = from;
  for (let k = 1; k < size; k++, ahead += step) sum = i32x4.add(sum, v128.load(ahead));
  for (let i = 0; i < pixels; i++, from += step, ahead += step, to += step) {
    sum = i32x4.add(sum, v128.load(ahead));
    v128.store(to, sum);
    sum = i32x4.sub(sum, v128.load(from));
  }
}

/** Sums as means, in whole numbers: ((sum + more) * factor) >> 23. */
export function wholeMeans(sums: usize, to: usize, count: i32, more: i32, factor: i32): void {
  const add = i32x4.splat(more);
  const by = i32x4.splat(factor);
  for (let i = 0; i < count; i += 8, sums += 32, to += 8) {
    const low = i32x4.shr_u(i32x4.mul(i32x4.add(v128.load(sums), add), by), 23);
    const high = i32x4.shr_u(i32x4.mul(i32x4.add(v128.load(sums, 16), add), by), 23);
    const words = i16x8.narrow_i32x4_s(low, high);
    v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/** The same in double precision, halves to even: `share` is one over how many were added up. */
export function exactMeans(sums: usize, to: usize, count: i32, share: f64): void {
  const by = f64x2.splat(share);
  for (let i = 0; i < count; i += 8, sums += 32, to += 8) {
    const words = i16x8.narrow_i32x4_s(shares(v128.load(sums), by), shares(v128.load(sums, 16), by));
    v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

function shares(sums: v128, by: v128): v128 {
  const low = f64x2.mul(f64x2.convert_low_i32x4_s(sums), by);
  const high = f64x2.mul(f64x2.convert_low_i32x4_s(v128.shuffle<i32>(sums, sums, 2, 3, 2, 3)), by);
  return v128.shuffle<i32>(
    i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(low)),
    i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(high)),
    0,
    1,
    4,
    5,
  );
}
