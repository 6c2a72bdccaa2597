/**
 * Pictures of three channels seen through a map of positions, row by row. Twins: sample-picture, warp-affine, geometric-field.
 *
 * A new pixel between (x, y) and its neighbours can be made where `x + before` is under `wide` and `y + before` under `high`: the picture
 * may have a margin around it. What cannot be made becomes `fill` where that is not negative; else it is left alone, and counted.
 */

/** What is farther away than pictures reach is put there. */
const FAR = 1073741824;

/** Four places, halves to even. */
export function whole(places: v128): v128 {
  const near = f32x4.min(f32x4.max(places, f32x4.splat(f32(-FAR))), f32x4.splat(f32(FAR)));
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(near));
}

/** Two neighbouring pixels of three channels in 8 bytes, as pairs of 16 bits: (a0, b0), (a1, b1), (a2, b2). */
function pairs(address: usize): v128 {
  return i8x16.swizzle(v128.load64_zero(address), i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
}

/** Four pixels, one of three channels in each vector of 32 bits. */
function storeFour(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
  v128.store(to, i8x16.swizzle(bytes, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0)));
}

function storeOne(to: usize, pixel: v128): void {
  const words = i16x8.narrow_i32x4_s(pixel, pixel);
  storeBytes(to, u32(i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0)));
}

function storeBytes(to: usize, bytes: u32): void {
  store<u16>(to, u16(bytes));
  store<u8>(to, u8(bytes >> 16), 2);
}

/**
 * How a pixel is made of those around a position. No class has a state: the loop over pixels is compiled once for each, with its functions inside.
 */
class Nearest {
  /** Of a position, those behind the point. */
  bits(): i32 {
    return 0;
  }
  put(to: usize, at: usize, stride: usize, px: i32, py: i32, weights: usize): void {
    storeBytes(to, load<u32>(at));
  }
}

class Linear {
  bits(): i32 {
    return 5;
  }
  put(to: usize, at: usize, stride: usize, px: i32, py: i32, weights: usize): void {
    storeOne(to, linear(at, stride, weights + ((((py & 31) << 5) + (px & 31)) << 3)));
  }
}

class Cubic {
  bits(): i32 {
    return 5;
  }
  put(to: usize, at: usize, stride: usize, px: i32, py: i32, weights: usize): void {
    const part = ((py & 31) << 5) + (px & 31);
    // A pixel that is met as it is: its weight of 2^15 would not fit into 16 bits.
    if (part === 0) storeBytes(to, load<u32>(at));
    else storeOne(to, cubic(at - stride - 3, stride, weights + (part << 5)));
  }
}

function eachPixel<Kind>(
  source: usize,
  stride: i32,
  before: i32,
  wide: i32,
  high: i32,
  fill: i32,
  to: usize,
  xs: usize,
  ys: usize,
  count: i32,
  weights: usize,
): i32 {
  const kind = changetype<Kind>(0);
  let left = 0;
  for (let i = 0; i < count; i++, xs += 4, ys += 4, to += 3) {
    const px = load<i32>(xs);
    const py = load<i32>(ys);
    const x = px >> kind.bits();
    const y = py >> kind.bits();
    if (u32(x + before) < u32(wide) && u32(y + before) < u32(high)) {
      kind.put(to, source + (y * stride + x * 3), stride, px, py, weights);
    } else if (fill >= 0) storeBytes(to, fill);
    else left++;
  }
  return left;
}

/** @param weights four of 16 bits, which add up to 1024 */
function linear(at: usize, stride: usize, weights: usize): v128 {
  const upper = i32x4.dot_i16x8_s(pairs(at), v128.load32_splat(weights));
  const lower = i32x4.dot_i16x8_s(pairs(at + stride), v128.load32_splat(weights, 4));
  return i32x4.shr_s(i32x4.add(i32x4.add(upper, lower), i32x4.splat(512)), 10);
}

function cubicAcross(at: usize, weights: usize): v128 {
  const left = i32x4.dot_i16x8_s(pairs(at), v128.load32_splat(weights));
  return i32x4.add(left, i32x4.dot_i16x8_s(pairs(at + 6), v128.load32_splat(weights, 4)));
}

/** @param weights 16 of 16 bits, which add up to 2^15 */
function cubic(at: usize, stride: usize, weights: usize): v128 {
  const upper = i32x4.add(cubicAcross(at, weights), cubicAcross(at + stride, weights + 8));
  const lower = i32x4.add(cubicAcross(at + 2 * stride, weights + 16), cubicAcross(at + 3 * stride, weights + 24));
  return i32x4.shr_s(i32x4.add(i32x4.add(upper, lower), i32x4.splat(1 << 14)), 15);
}

/** Linear: positions are in 32nds of a pixel, and `weights` has those of each 32nd down and across. */
export function linearRow(
  source: usize,
  stride: i32,
  before: i32,
  wide: i32,
  high: i32,
  fill: i32,
  to: usize,
  xs: usize,
  ys: usize,
  count: i32,
  weights: usize,
): i32 {
  const margin = i32x4.splat(before);
  const columns = i32x4.splat(wide);
  const rows = i32x4.splat(high);
  let left = 0;
  let i = 0;
  for (; i + 4 <= count; i += 4, xs += 16, ys += 16, to += 12) {
    const px = v128.load(xs);
    const py = v128.load(ys);
    const x = i32x4.shr_s(px, 5);
    const y = i32x4.shr_s(py, 5);
    const inside = v128.and(i32x4.lt_u(i32x4.add(x, margin), columns), i32x4.lt_u(i32x4.add(y, margin), rows));
    if (i32x4.all_true(inside)) {
      const at = i32x4.add(i32x4.mul(y, i32x4.splat(stride)), i32x4.add(x, i32x4.shl(x, 1)));
      const parts = i32x4.add(i32x4.shl(v128.and(py, i32x4.splat(31)), 5), v128.and(px, i32x4.splat(31)));
      const by = i32x4.shl(parts, 3);
      storeFour(
        to,
        linear(source + i32x4.extract_lane(at, 0), stride, weights + i32x4.extract_lane(by, 0)),
        linear(source + i32x4.extract_lane(at, 1), stride, weights + i32x4.extract_lane(by, 1)),
        linear(source + i32x4.extract_lane(at, 2), stride, weights + i32x4.extract_lane(by, 2)),
        linear(source + i32x4.extract_lane(at, 3), stride, weights + i32x4.extract_lane(by, 3)),
      );
    } else left += eachPixel<Linear>(source, stride, before, wide, high, fill, to, xs, ys, 4, weights);
  }
  return left + eachPixel<Linear>(source, stride, before, wide, high, fill, to, xs, ys, count - i, weights);
}

/** Cubic, from a pixel before to two behind. */
export function cubicRow(
  source: usize,
  stride: i32,
  before: i32,
  wide: i32,
  high: i32,
  fill: i32,
  to: usize,
  xs: usize,
  ys: usize,
  count: i32,
  weights: usize,
): i32 {
  return eachPixel<Cubic>(source, stride, before, wide, high, fill, to, xs, ys, count, weights);
}

/** The nearest: positions are whole pixels. */
export function nearestRow(
  source: usize,
  stride: i32,
  before: i32,
  wide: i32,
  high: i32,
  fill: i32,
  to: usize,
  xs: usize,
  ys: usize,
  count: i32,
): i32 {
  const margin = i32x4.splat(before);
  const columns = i32x4.splat(wide);
  const rows = i32x4.splat(high);
  let left = 0;
  let i = 0;
  for (; i + 4 <= count; i += 4, xs += 16, ys += 16, to += 12) {
    const x = v128.load(xs);
    const y = v128.load(ys);
    const inside = v128.and(i32x4.lt_u(i32x4.add(x, margin), columns), i32x4.lt_u(i32x4.add(y, margin), rows));
    if (i32x4.all_true(inside)) {
      const at = i32x4.add(i32x4.mul(y, i32x4.splat(stride)), i32x4.add(x, i32x4.shl(x, 1)));
      let four = v128.load32_zero(source + i32x4.extract_lane(at, 0));
      four = v128.load32_lane(source + i32x4.extract_lane(at, 1), four, 1);
      four = v128.load32_lane(source + i32x4.extract_lane(at, 2), four, 2);
      four = v128.load32_lane(source + i32x4.extract_lane(at, 3), four, 3);
      v128.store(to, i8x16.swizzle(four, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0)));
    } else left += eachPixel<Nearest>(source, stride, before, wide, high, fill, to, xs, ys, 4, 0);
  }
  return left + eachPixel<Nearest>(source, stride, before, wide, high, fill, to, xs, ys, count - i, 0);
}

/** The positions of a row by an affine map: (x0 + dx[i]) >> shift, and the same down. */
export function affineRow(xs: usize, ys: usize, dx: usize, dy: usize, count: i32, x0: i32, y0: i32, shift: i32): void {
  const x = i32x4.splat(x0);
  const y = i32x4.splat(y0);
  for (let at = 0; at < count << 2; at += 16) {
    v128.store(xs + at, i32x4.shr_s(i32x4.add(x, v128.load(dx + at)), shift));
    v128.store(ys + at, i32x4.shr_s(i32x4.add(y, v128.load(dy + at)), shift));
  }
}

/** The positions of row `y` by a field of shifts in pixels, rounded to 1 / `unit`, halves to even. */
export function fieldRow(xs: usize, ys: usize, shiftX: usize, shiftY: usize, count: i32, y: i32, unit: f32): void {
  const row = f32x4.splat(f32(y));
  const units = f32x4.splat(unit);
  let column = f32x4(0, 1, 2, 3);
  for (let at = 0; at < count << 2; at += 16) {
    const x = f32x4.mul(f32x4.sub(column, v128.load(shiftX + at)), units);
    const down = f32x4.mul(f32x4.sub(row, v128.load(shiftY + at)), units);
    v128.store(xs + at, whole(x));
    v128.store(ys + at, whole(down));
    column = f32x4.add(column, f32x4.splat(4));
  }
}

/** The positions of row `y` by a perspective of nine numbers of 64 bits. */
export function perspectiveRow(xs: usize, ys: usize, map: usize, count: i32, y: i32, unit: f64): void {
  const row = f64(y);
  for (let i = 0; i < count; i++, xs += 4, ys += 4) {
    const x = f64(i);
    const w = load<f64>(map, 48) * x + load<f64>(map, 56) * row + load<f64>(map, 64);
    const px = (load<f64>(map) * x + load<f64>(map, 8) * row + load<f64>(map, 16)) / w;
    const py = (load<f64>(map, 24) * x + load<f64>(map, 32) * row + load<f64>(map, 40)) / w;
    store<i32>(xs, w === 0 ? 0 : rounded(px * unit));
    store<i32>(ys, w === 0 ? 0 : rounded(py * unit));
  }
}

function rounded(value: f64): i32 {
  return i32(min<f64>(max<f64>(nearest<f64>(value), f64(-FAR)), f64(FAR)));
}
