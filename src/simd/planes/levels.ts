/** Planes of levels and of distances, and levels of planes. Twins: corrupt-snow, corrupt-spatter. */

/** Nothing of what is under `least`, and of the rest at most `most`. */
export function cut(values: usize, count: i32, least: f64, most: f64): void {
  const low = f64x2.splat(least);
  const high = f64x2.splat(most);
  const end = values + (usize(count) << 3);
  for (; values < end; values += 16) {
    const own = v128.load(values);
    v128.store(values, v128.and(f64x2.pmin(own, high), f64x2.ge(own, low)));
  }
}

/** 1 where a value is above `limit`, 0 elsewhere. */
export function marked(values: usize, count: i32, limit: f64): void {
  const most = f64x2.splat(limit);
  const one = f64x2.splat(1);
  const end = values + (usize(count) << 3);
  for (; values < end; values += 16) {
    v128.store(values, v128.and(f64x2.gt(v128.load(values), most), one));
  }
}

/** Whole 255ths, halves up. */
export function rounded(values: usize, count: i32): void {
  const most = f64x2.splat(255);
  const half = f64x2.splat(0.5);
  const end = values + (usize(count) << 3);
  for (; values < end; values += 16) {
    const level = f64x2.floor(f64x2.add(f64x2.mul(v128.load(values), most), half));
    v128.store(values, f64x2.div(level, most));
  }
}

/** Bytes as doubles, four at a time. */
export function fromLevels(levels: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i += 4, levels += 4, to += 32) {
    const four = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(levels)));
    v128.store(to, f64x2.convert_low_i32x4_u(four));
    v128.store(to, f64x2.convert_low_i32x4_u(i32x4.shuffle(four, four, 2, 3, 2, 3)), 16);
  }
}

/** Floats as doubles, at most `most`. */
export function fromSingle(floats: usize, to: usize, count: i32, most: f64): void {
  const high = f64x2.splat(most);
  for (let i = 0; i < count; i += 2, floats += 8, to += 16) {
    v128.store(to, f64x2.pmin(f64x2.promote_low_f32x4(v128.load64_zero(floats)), high));
  }
}

/** `factor` times each value, cut off to whole levels of 0 to 255, four at a time. */
export function toLevels(values: usize, to: usize, count: i32, factor: f64): void {
  const factors = f64x2.splat(factor);
  for (let i = 0; i < count; i += 4, values += 32, to += 4) {
    const first = i32x4.trunc_sat_f64x2_u_zero(f64x2.mul(v128.load(values), factors));
    const second = i32x4.trunc_sat_f64x2_u_zero(f64x2.mul(v128.load(values, 16), factors));
    const words = i16x8.narrow_i32x4_s(i32x4.shuffle(first, second, 0, 1, 4, 5), first);
    v128.store32_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/** Each value, rounded with halves up, times a byte. @returns the greatest product, and `least` at least */
export function times(values: usize, levels: usize, count: i32, least: f64): f64 {
  let most = least;
  const end = values + (usize(count) << 3);
  for (; values < end; values += 8, levels++) {
    const product = floor<f64>(load<f64>(values) + 0.5) * f64(load<u8>(levels));
    store<f64>(values, product);
    if (product > most) most = product;
  }
  return most;
}
