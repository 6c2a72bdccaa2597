/** Gradients of one channel, and which pixels lie on ridges of them. Twin: canny. Weights are 16-bit; rows have room for 8 pixels more. */

/** A row of bytes, with half the taps beyond each end, under two rows of weights; 16-bit sums. */
export function weighAcross(
  row: usize,
  smoothed: usize,
  derived: usize,
  width: i32,
  smoothing: usize,
  derivative: usize,
  taps: i32,
): void {
  for (let i = 0; i < width; i += 8, row += 8, smoothed += 16, derived += 16) {
    let a = i16x8.splat(0);
    let b = a;
    for (let k = 0; k < taps; k++) {
      const levels = v128.load8x8_u(row + k);
      a = i16x8.add(a, i16x8.mul(levels, v128.load16_splat(smoothing + (k << 1))));
      b = i16x8.add(b, i16x8.mul(levels, v128.load16_splat(derivative + (k << 1))));
    }
    v128.store(smoothed, a);
    v128.store(derived, b);
  }
}

/**
 * Gradients of a row, where they are longer than those that are there. `rows` has the addresses of `taps` smoothed rows, then of as many derived
 * ones; 32-bit results.
 * @param shift the bits that gradients lose, rounded
 */
export function steepest(
  rows: usize,
  smoothing: usize,
  derivative: usize,
  taps: i32,
  shift: i32,
  isL2: i32,
  dx: usize,
  dy: usize,
  length: usize,
  width: i32,
): void {
  const more = i32x4.splat((1 << shift) >> 1);
  for (let i = 0; i < width; i += 8, dx += 32, dy += 32, length += 32) {
    let x = more;
    let y = more;
    let nextX = more;
    let nextY = more;
    for (let k = 0; k < taps; k++) {
      const smoothed = v128.load(usize(load<u32>(rows + (k << 2))) + (i << 1));
      const derived = v128.load(usize(load<u32>(rows + ((taps + k) << 2))) + (i << 1));
      const down = v128.load16_splat(smoothing + (k << 1));
      const across = v128.load16_splat(derivative + (k << 1));
      x = i32x4.add(x, i32x4.extmul_low_i16x8_s(derived, down));
      y = i32x4.add(y, i32x4.extmul_low_i16x8_s(smoothed, across));
      nextX = i32x4.add(nextX, i32x4.extmul_high_i16x8_s(derived, down));
      nextY = i32x4.add(nextY, i32x4.extmul_high_i16x8_s(smoothed, across));
    }
    keepLonger(i32x4.shr_s(x, shift), i32x4.shr_s(y, shift), isL2, dx, dy, length);
    keepLonger(i32x4.shr_s(nextX, shift), i32x4.shr_s(nextY, shift), isL2, dx + 16, dy + 16, length + 16);
  }
}

function keepLonger(x: v128, y: v128, isL2: i32, dx: usize, dy: usize, length: usize): void {
  const own = isL2 != 0 ? i32x4.add(i32x4.mul(x, x), i32x4.mul(y, y)) : i32x4.add(i32x4.abs(x), i32x4.abs(y));
  const before = v128.load(length);
  const isLonger = i32x4.gt_s(own, before);
  v128.store(length, v128.bitselect(own, before, isLonger));
  v128.store(dx, v128.bitselect(x, v128.load(dx), isLonger));
  v128.store(dy, v128.bitselect(y, v128.load(dy), isLonger));
}

/**
 * Of a row's pixels: 0 where none across the edge is shorter, or where it is at most `least`; 2 where it is above `sure`, 1 else. Around the
 * lengths lie zeros; their rows are `stride` bytes apart.
 */
export function edgeKinds(
  length: usize,
  stride: i32,
  dx: usize,
  dy: usize,
  to: usize,
  width: i32,
  least: i32,
  sure: i32,
): void {
  const low = i32x4.splat(least);
  const high = i32x4.splat(sure);
  const nothing = i32x4.splat(0);
  for (let i = 0; i < width; i += 4, length += 16, dx += 16, dy += 16, to += 4) {
    const own = v128.load(length);
    const isLong = i32x4.gt_s(own, low);
    if (!v128.any_true(isLong)) {
      store<u32>(to, 0);
      continue;
    }
    const x = v128.load(dx);
    const y = v128.load(dy);
    const wide = i32x4.abs(x);
    const steepness = i32x4.shl(i32x4.abs(y), 15);
    const flat = i32x4.mul(wide, i32x4.splat(13573));
    const isFlat = i32x4.lt_s(steepness, flat);
    const isSteep = i32x4.gt_s(steepness, i32x4.add(flat, i32x4.shl(wide, 16)));
    const above = length - stride;
    const below = length + stride;
    const across = v128.and(i32x4.gt_s(own, v128.load(length - 4)), i32x4.ge_s(own, v128.load(length + 4)));
    const down = v128.and(i32x4.gt_s(own, v128.load(above)), i32x4.ge_s(own, v128.load(below)));
    const falling = v128.and(i32x4.gt_s(own, v128.load(above - 4)), i32x4.gt_s(own, v128.load(below + 4)));
    const rising = v128.and(i32x4.gt_s(own, v128.load(above + 4)), i32x4.gt_s(own, v128.load(below - 4)));
    const isRising = v128.xor(i32x4.lt_s(x, nothing), i32x4.lt_s(y, nothing));
    const aslant = v128.bitselect(rising, falling, isRising);
    const isTop = v128.bitselect(across, v128.bitselect(down, aslant, isSteep), isFlat);
    const isRidge = v128.and(isTop, isLong);
    const kinds = i32x4.neg(i32x4.add(isRidge, v128.and(isRidge, i32x4.gt_s(own, high))));
    const words = i16x8.narrow_i32x4_s(kinds, kinds);
    v128.store32_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

const SURE: u8 = 2;
const FOUND: u8 = 3;

/**
 * 1 for what surely is an edge (2), and for what may be one (1) and goes on from there; 0 for the rest. Around the kinds lie zeros; their rows are
 * `stride` bytes apart.
 * @param open room for an address for each of them
 */
export function linked(kinds: usize, count: i32, stride: i32, open: usize): void {
  const end = kinds + count;
  for (let at = kinds; at < end; at++) if (load<u8>(at) === SURE) follow(at, stride, open);
  for (let at = kinds; at < end; at += 16) {
    v128.store(at, v128.and(i8x16.eq(v128.load(at), i8x16.splat(FOUND)), i8x16.splat(1)));
  }
}

function follow(at: usize, stride: i32, open: usize): void {
  store<u8>(at, FOUND);
  for (let top = open; ; top -= 4, at = load<u32>(top)) {
    top = opened(at - stride - 1, opened(at - stride, opened(at - stride + 1, top)));
    top = opened(at - 1, opened(at + 1, top));
    top = opened(at + stride - 1, opened(at + stride, opened(at + stride + 1, top)));
    if (top === open) return;
  }
}

function opened(at: usize, top: usize): usize {
  const kind = load<u8>(at);
  if (kind === 0 || kind === FOUND) return top;
  store<u8>(at, FOUND);
  store<u32>(top, u32(at));
  return top + 4;
}
