/** Each byte from those around it. Twins: convolutional, median-blur, float-picture. Pictures come with margins, `stride` bytes a row. */

/** Bytes as floats. */
export function toFloats(from: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i += 8, from += 8, to += 32) {
    const words = v128.load8x8_u(from);
    v128.store(to, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(words)));
    v128.store(to, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(words)), 16);
  }
}

/** Floats as bytes, clipped, and cut off after `more` has been added. */
export function toBytes(from: usize, to: usize, count: i32, more: f32): void {
  const all = f32x4.splat(more);
  for (let i = 0; i < count; i += 8, from += 32, to += 8) {
    const a = i32x4.trunc_sat_f32x4_s(f32x4.add(v128.load(from), all));
    const b = i32x4.trunc_sat_f32x4_s(f32x4.add(v128.load(from, 16), all));
    const words = i16x8.narrow_i32x4_s(a, b);
    v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/**
 * A row of `bytes` sums in single precision, to which `more` is added before they are rounded: `taps` pairs of a place in memory (a row of
 * floats) and a weight.
 */
export function convolveRow(taps: usize, count: i32, to: usize, bytes: i32, more: f32): void {
  for (let i = 0; i < bytes; i += 16, to += 16) {
    const at = usize(i) << 2;
    let a = f32x4.splat(more);
    let b = a;
    let c = a;
    let d = a;
    for (let t = taps; t < taps + (count << 3); t += 8) {
      const from = usize(load<u32>(t)) + at;
      const weight = v128.load32_splat(t, 4);
      a = f32x4.add(a, f32x4.mul(weight, v128.load(from)));
      b = f32x4.add(b, f32x4.mul(weight, v128.load(from, 16)));
      c = f32x4.add(c, f32x4.mul(weight, v128.load(from, 32)));
      d = f32x4.add(d, f32x4.mul(weight, v128.load(from, 48)));
    }
    v128.store(
      to,
      i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(whole(a), whole(b)), i16x8.narrow_i32x4_s(whole(c), whole(d))),
    );
  }
}

/** The same in double precision, cut off: where all are alike, weights that add up to a little less than 1 make the next level below. */
export function convolveExactly(taps: usize, count: i32, to: usize, bytes: i32): void {
  for (let i = 0; i < bytes; i += 8, to += 8) {
    const at = usize(i) << 2;
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let t = taps; t < taps + (count << 3); t += 8) {
      const from = usize(load<u32>(t)) + at;
      const weight = f64x2.promote_low_f32x4(v128.load32_splat(t, 4));
      a = f64x2.add(a, f64x2.mul(weight, f64x2.promote_low_f32x4(v128.load64_zero(from))));
      b = f64x2.add(b, f64x2.mul(weight, f64x2.promote_low_f32x4(v128.load64_zero(from, 8))));
      c = f64x2.add(c, f64x2.mul(weight, f64x2.promote_low_f32x4(v128.load64_zero(from, 16))));
      d = f64x2.add(d, f64x2.mul(weight, f64x2.promote_low_f32x4(v128.load64_zero(from, 24))));
    }
    const words = i16x8.narrow_i32x4_s(cutOff(a, b), cutOff(c, d));
    v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

function cutOff(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(i32x4.trunc_sat_f64x2_s_zero(low), i32x4.trunc_sat_f64x2_s_zero(high), 0, 1, 4, 5);
}

/** Halves to even. */
function whole(sum: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(sum));
}

/**
 * Of `size` × `size` bytes around each of a row the one that at least `least` of them reach: its eight bits one after another, the highest first.
 * `rows` has the addresses of the rows.
 */
export function rankRow(rows: usize, to: usize, bytes: i32, step: i32, size: i32, least: i32): void {
  const few = i8x16.splat(i8(least));
  for (let i = 0; i < bytes; i += 16, to += 16) {
    let level = i8x16.splat(0);
    for (let bit = 128; bit > 0; bit >>= 1) {
      const tried = v128.or(level, i8x16.splat(i8(bit)));
      let count = i8x16.splat(0);
      for (let y = 0; y < size; y++) {
        let at = usize(load<u32>(rows + (y << 2))) + i;
        for (let x = 0; x < size; x++, at += step) count = i8x16.sub(count, i8x16.ge_u(v128.load(at), tried));
      }
      level = v128.bitselect(tried, level, i8x16.ge_u(count, few));
    }
    v128.store(to, level);
  }
}
