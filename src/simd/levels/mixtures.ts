/** Pictures mixed with others, in single precision. Twins: blend-pictures, pillow-mixtures. */

/** How mixed levels become whole ones. Neither class has a state: each loop is compiled once for each, with its function inside. */
class Rounded {
  /** Halves to even; for numbers of less than 2^22. */
  levels(value: v128): v128 {
    const large = f32x4.splat(12582912);
    return i32x4.sub(f32x4.add(value, large), large);
  }
}

class CutOff {
  levels(value: v128): v128 {
    return i32x4.trunc_sat_f32x4_s(value);
  }
}

/** Four of `back` and a share of what `front` is away from it. */
function four<Rule>(back: v128, away: v128, share: v128): v128 {
  const mixed = f32x4.add(f32x4.convert_i32x4_s(back), f32x4.mul(share, f32x4.convert_i32x4_s(away)));
  return changetype<Rule>(0).levels(mixed);
}

/** Eight 16-bit levels; a share for the first four and one for the others. */
function eight<Rule>(front: v128, back: v128, first: v128, second: v128): v128 {
  const away = i16x8.sub(front, back);
  return i16x8.narrow_i32x4_s(
    four<Rule>(i32x4.extend_low_i16x8_u(back), i32x4.extend_low_i16x8_s(away), first),
    four<Rule>(i32x4.extend_high_i16x8_u(back), i32x4.extend_high_i16x8_s(away), second),
  );
}

/** Pixels of three channels, by shares of the first four bytes, of the next four, and of the last. */
function fourPixels<Rule>(front: v128, back: v128, first: v128, second: v128, third: v128): v128 {
  const most = eight<Rule>(i16x8.extend_low_i8x16_u(front), i16x8.extend_low_i8x16_u(back), first, second);
  const behind = i16x8.extend_high_i8x16_u(back);
  const away = i16x8.sub(i16x8.extend_high_i8x16_u(front), behind);
  const last = four<Rule>(i32x4.extend_low_i16x8_u(behind), i32x4.extend_low_i16x8_s(away), third);
  return i8x16.narrow_i16x8_u(most, i16x8.narrow_i32x4_s(last, last));
}

function mixBytes<Rule>(front: usize, back: usize, to: usize, share: f32, count: i32): void {
  const shares = f32x4.splat(share);
  for (let i = 0; i < count; i += 8, front += 8, back += 8, to += 8) {
    const words = eight<Rule>(v128.load8x8_u(front), v128.load8x8_u(back), shares, shares);
    v128.store64_lane(to, i8x16.narrow_i16x8_u(words, words), 0);
  }
}

/** By one share; rounded. */
export function mixed(front: usize, back: usize, to: usize, share: f32, count: i32): void {
  mixBytes<Rounded>(front, back, to, share, count);
}

/** By a share of any size; cut off, and clipped. */
export function mixedCut(front: usize, back: usize, to: usize, share: f32, count: i32): void {
  mixBytes<CutOff>(front, back, to, share, count);
}

/** By a share for each pixel of three channels, rounded; four at a time. */
export function mixedByMask(front: usize, back: usize, to: usize, mask: usize, pixels: i32): void {
  for (let i = 0; i < pixels; i += 4, front += 12, back += 12, to += 12, mask += 16) {
    const shares = v128.load(mask);
    const first = i32x4.shuffle(shares, shares, 0, 0, 0, 1);
    const second = i32x4.shuffle(shares, shares, 1, 1, 2, 2);
    const third = i32x4.shuffle(shares, shares, 2, 3, 3, 3);
    v128.store(to, fourPixels<Rounded>(v128.load(front), v128.load(back), first, second, third));
  }
}

/** Pillow's grey of four pixels. */
function greys(pixels: v128): v128 {
  const red = i8x16.swizzle(pixels, i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1));
  const green = i8x16.swizzle(pixels, i8x16(1, -1, -1, -1, 4, -1, -1, -1, 7, -1, -1, -1, 10, -1, -1, -1));
  const blue = i8x16.swizzle(pixels, i8x16(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
  const both = i32x4.add(i32x4.mul(red, i32x4.splat(19595)), i32x4.mul(green, i32x4.splat(38470)));
  const all = i32x4.add(both, i32x4.mul(blue, i32x4.splat(7471)));
  return i32x4.shr_u(i32x4.add(all, i32x4.splat(0x8000)), 16);
}

/** What lies between a picture and its grey one, or beyond it; cut off, and clipped. */
export function fadedToGrey(from: usize, to: usize, share: f32, pixels: i32): void {
  const shares = f32x4.splat(share);
  for (let i = 0; i < pixels; i += 4, from += 12, to += 12) {
    const colors = v128.load(from);
    const grey = greys(colors);
    const levels = i8x16.swizzle(grey, i8x16(0, 0, 0, 4, 4, 4, 8, 8, 8, 12, 12, 12, -1, -1, -1, -1));
    v128.store(to, fourPixels<CutOff>(colors, levels, shares, shares, shares));
  }
}

/** Of all pixels' greys. */
export function sumOfGreys(from: usize, pixels: i32): f64 {
  let sum: i64 = 0;
  let i = 0;
  for (; i + 4 <= pixels; i += 4, from += 12) {
    const four = greys(v128.load(from));
    const two = i32x4.add(four, i32x4.shuffle(four, four, 2, 3, 0, 1));
    sum += i64(i32x4.extract_lane(two, 0)) + i64(i32x4.extract_lane(two, 1));
  }
  for (; i < pixels; i++, from += 3) sum += i64(i32x4.extract_lane(greys(v128.load(from)), 0));
  return f64(sum);
}
