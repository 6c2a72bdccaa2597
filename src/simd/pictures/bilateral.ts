/** Pixels of three channels from those around them that are alike. Twin: blur-edges. */

/**
 * A row, four pixels at a time. `here` is the row's own first byte; `taps` has `count` pairs of a place in memory and a weight, and `alike` the
 * weights of 768 differences in colour. Sums are in single precision.
 */
export function bilateralRow(here: usize, taps: usize, count: i32, alike: usize, to: usize, pixels: i32): void {
  const end = taps + (count << 3);
  for (let x = 0; x < pixels; x += 4, to += 12) {
    const at = usize(x * 3);
    const own = v128.load(here + at);
    let total = f32x4.splat(0);
    let first = total;
    let second = total;
    let third = total;
    for (let t = taps; t < end; t += 8) {
      const other = v128.load(usize(load<u32>(t)) + at);
      const difference = v128.or(i8x16.sub_sat_u(own, other), i8x16.sub_sat_u(other, own));
      const sum = i32x4.add(i32x4.add(reds(difference), greens(difference)), blues(difference));
      const weight = f32x4.mul(gathered(alike, i32x4.shl(sum, 2)), v128.load32_splat(t, 4));
      total = f32x4.add(total, weight);
      first = f32x4.add(first, f32x4.mul(weight, f32x4.convert_i32x4_s(reds(other))));
      second = f32x4.add(second, f32x4.mul(weight, f32x4.convert_i32x4_s(greens(other))));
      third = f32x4.add(third, f32x4.mul(weight, f32x4.convert_i32x4_s(blues(other))));
    }
    const lower = v128.or(whole(first, total), i32x4.shl(whole(second, total), 8));
    const pixel = v128.or(lower, i32x4.shl(whole(third, total), 16));
    v128.store(to, i8x16.swizzle(pixel, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1)));
  }
}

/** Of four pixels. */
function reds(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1));
}

function greens(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1));
}

function blues(pixels: v128): v128 {
  return i8x16.swizzle(pixels, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
}

/** Four floats of a table, by their distances from its start. */
function gathered(table: usize, bytes: v128): v128 {
  let result = v128.load32_zero(table + i32x4.extract_lane(bytes, 0));
  result = v128.load32_lane(table + i32x4.extract_lane(bytes, 1), result, 1);
  result = v128.load32_lane(table + i32x4.extract_lane(bytes, 2), result, 2);
  return v128.load32_lane(table + i32x4.extract_lane(bytes, 3), result, 3);
}

/** Halves to even. */
function whole(sum: v128, total: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.div(sum, total)));
}
