/** HSV and HLS, in single precision where OpenCV takes that. Twin: color-spaces-hue. */
import { huge, interleaved, joined, kept, taking, threes, whole, withoutFourths } from "./pixels";

export function toHsv(from: usize, to: usize, count: i32): void {
  const nothing = count >> 31;
  const first = taking(nothing);
  const second = taking(nothing + 1);
  const third = taking(nothing + 2);
  const mask = threes(nothing);
  const half = kept(f32x4.splat(2048), nothing);
  const large = huge(nothing);
  const one = kept(i32x4.splat(1), nothing);
  const turns = kept(f32x4.splat(122880), nothing);
  const shares = kept(f32x4.splat(1044480), nothing);
  for (let i = 0; i < count; i += 4, from += 12, to += 12) {
    const pixels = v128.load(from);
    const r = i8x16.swizzle(pixels, first);
    const g = i8x16.swizzle(pixels, second);
    const b = i8x16.swizzle(pixels, third);
    const value = i32x4.max_s(r, i32x4.max_s(g, b));
    const spread = i32x4.sub(value, i32x4.min_s(r, i32x4.min_s(g, b)));
    const twice = i32x4.add(spread, spread);
    const fromGreen = i32x4.add(i32x4.sub(b, r), twice);
    const fromBlue = i32x4.add(i32x4.sub(r, g), i32x4.add(twice, twice));
    const turn = v128.bitselect(
      i32x4.sub(g, b),
      v128.bitselect(fromGreen, fromBlue, i32x4.eq(value, g)),
      i32x4.eq(value, r),
    );
    // Quotients are rounded; those of 0 do not count. Products of less than 2^21 are exact in single precision.
    const ofValue = f32x4.div(shares, f32x4.convert_i32x4_s(i32x4.max_s(value, one)));
    const ofSpread = f32x4.div(turns, f32x4.convert_i32x4_s(i32x4.max_s(spread, one)));
    const saturation = f32x4.mul(f32x4.convert_i32x4_s(spread), f32x4.nearest(ofValue));
    const hue = f32x4.mul(f32x4.convert_i32x4_s(turn), f32x4.nearest(ofSpread));
    const h = i32x4.shr_s(whole(f32x4.add(hue, half), large), 12);
    const s = i32x4.shr_s(whole(f32x4.add(saturation, half), large), 12);
    const full = v128.and(i32x4.shr_s(h, 31), i32x4.splat(180));
    v128.store(to, interleaved(i32x4.add(h, full), s, value, mask));
  }
}

/**
 * @param parts of each hue how much of the saturation takes from each colour, four floats
 * @param shares of each level, 0 to 1
 * @param cut pixels of a row whose levels are cut off to whole numbers; those behind them are rounded
 */
export function fromHsv(from: usize, to: usize, parts: usize, shares: usize, width: i32, height: i32, cut: i32): void {
  const nothing = width >> 31;
  const mask = withoutFourths(nothing);
  const large = huge(nothing);
  const one = kept(f32x4.splat(1), nothing);
  const most = kept(f32x4.splat(255), nothing);
  for (let y = 0; y < height; y++, from += width * 3, to += width * 3) {
    for (let x = 0; x < width; x += 4) {
      const at = from + x * 3;
      let a = f32x4.mul(colored(at, parts, shares, one), most);
      let b = f32x4.mul(colored(at + 3, parts, shares, one), most);
      let c = f32x4.mul(colored(at + 6, parts, shares, one), most);
      let d = f32x4.mul(colored(at + 9, parts, shares, one), most);
      if (x < cut) {
        a = f32x4.trunc(a);
        b = f32x4.trunc(b);
        c = f32x4.trunc(c);
        d = f32x4.trunc(d);
      }
      v128.store(to + x * 3, joined(whole(a, large), whole(b, large), whole(c, large), whole(d, large), mask));
    }
  }
}

function colored(at: usize, parts: usize, shares: usize, one: v128): v128 {
  const saturation = v128.load32_splat(shares + (usize(load<u8>(at, 1)) << 2));
  const value = v128.load32_splat(shares + (usize(load<u8>(at, 2)) << 2));
  const part = v128.load(parts + (usize(load<u8>(at)) << 4));
  return f32x4.mul(value, f32x4.sub(one, f32x4.mul(saturation, part)));
}

/** @param vectors pixels of a row for which two sums are taken together, as OpenCV's vectors do it */
export function toHls(from: usize, to: usize, width: i32, height: i32, vectors: i32): void {
  const nothing = width >> 31;
  const first = taking(nothing);
  const second = taking(nothing + 1);
  const third = taking(nothing + 2);
  const mask = threes(nothing);
  const large = huge(nothing);
  const unit = kept(f32x4.splat(1.0 / 255.0), nothing);
  const most = kept(f32x4.splat(255), nothing);
  const half = kept(f32x4.splat(0.5), nothing);
  const two = kept(f32x4.splat(2), nothing);
  for (let y = 0; y < height; y++, from += width * 3, to += width * 3) {
    for (let x = 0; x < width; x += 4) {
      const pixels = v128.load(from + x * 3);
      const red = i8x16.swizzle(pixels, first);
      const green = i8x16.swizzle(pixels, second);
      const blue = i8x16.swizzle(pixels, third);
      const highest = i32x4.max_s(red, i32x4.max_s(green, blue));
      const lowest = i32x4.min_s(red, i32x4.min_s(green, blue));
      const isRed = i32x4.eq(highest, red);
      const isGreen = i32x4.eq(highest, green);
      const r = f32x4.mul(f32x4.convert_i32x4_s(red), unit);
      const g = f32x4.mul(f32x4.convert_i32x4_s(green), unit);
      const b = f32x4.mul(f32x4.convert_i32x4_s(blue), unit);
      const high = f32x4.mul(f32x4.convert_i32x4_s(highest), unit);
      const low = f32x4.mul(f32x4.convert_i32x4_s(lowest), unit);
      const spread = f32x4.sub(high, low);
      const sum = f32x4.add(high, low);
      const light = f32x4.mul(sum, half);
      const rest = x < vectors ? f32x4.sub(two, sum) : f32x4.sub(f32x4.sub(two, high), low);
      const saturation = f32x4.div(spread, v128.bitselect(sum, rest, f32x4.lt(light, half)));
      const turn = v128.bitselect(f32x4.sub(g, b), v128.bitselect(f32x4.sub(b, r), f32x4.sub(r, g), isGreen), isRed);
      const start = v128.bitselect(
        v128.and(i32x4.lt_s(green, blue), f32x4.splat(360)),
        v128.bitselect(f32x4.splat(120), f32x4.splat(240), isGreen),
        isRed,
      );
      const hue = f32x4.mul(f32x4.add(f32x4.mul(turn, f32x4.div(f32x4.splat(60), spread)), start), half);
      const isColored = i32x4.ne(highest, lowest);
      v128.store(
        to + x * 3,
        interleaved(
          whole(v128.and(hue, isColored), large),
          whole(f32x4.mul(light, most), large),
          whole(f32x4.mul(v128.and(saturation, isColored), most), large),
          mask,
        ),
      );
    }
  }
}

/**
 * @param signs of each hue whether a colour begins at the highest (1) or the lowest level (-1), four floats
 * @param slopes of each hue how far from there it is, four floats
 * @param shares of each level, 0 to 1
 */
export function fromHls(from: usize, to: usize, signs: usize, slopes: usize, shares: usize, count: i32): void {
  const nothing = count >> 31;
  const mask = withoutFourths(nothing);
  const large = huge(nothing);
  const most = kept(f32x4.splat(255), nothing);
  for (let i = 0; i < count; i += 4, from += 12, to += 12) {
    const a = whole(f32x4.mul(lit(from, signs, slopes, shares), most), large);
    const b = whole(f32x4.mul(lit(from + 3, signs, slopes, shares), most), large);
    const c = whole(f32x4.mul(lit(from + 6, signs, slopes, shares), most), large);
    const d = whole(f32x4.mul(lit(from + 9, signs, slopes, shares), most), large);
    v128.store(to, joined(a, b, c, d, mask));
  }
}

function lit(at: usize, signs: usize, slopes: usize, shares: usize): v128 {
  const hue = usize(load<u8>(at)) << 4;
  const light = load<f32>(shares + (usize(load<u8>(at, 1)) << 2));
  const saturation = load<f32>(shares + (usize(load<u8>(at, 2)) << 2));
  const product = light * saturation;
  const reach = f32x4.splat(light <= 0.5 ? product : saturation - product);
  const start = f32x4.add(f32x4.splat(light), f32x4.mul(reach, v128.load(signs + hue)));
  return f32x4.add(start, f32x4.mul(reach, v128.load(slopes + hue)));
}
