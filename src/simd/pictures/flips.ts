/** Pictures the other way round. Twin: flip. */

/**
 * The pixels of rows of three channels in reverse order. A row begins `fromStride` bytes after the one above it, and `to` has them without
 * a gap; five pixels at a time, with one byte of nothing behind them.
 */
export function mirror(from: usize, fromStride: i32, to: usize, width: i32, height: i32): void {
  const stride = width * 3;
  // A swizzle by a mask that is kept is one instruction; a shuffle builds its mask every time.
  const mask = i8x16(12, 13, 14, 9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2, 0);
  for (let y = 0; y < height; y++, from += fromStride, to += stride) {
    let at = from + stride - 15;
    let out = to;
    const end = to + stride;
    for (; out + 61 <= end; out += 60, at -= 60) {
      v128.store(out, i8x16.swizzle(v128.load(at), mask));
      v128.store(out, i8x16.swizzle(v128.load(at - 15), mask), 15);
      v128.store(out, i8x16.swizzle(v128.load(at - 30), mask), 30);
      v128.store(out, i8x16.swizzle(v128.load(at - 45), mask), 45);
    }
    for (; out + 16 <= end; out += 15, at -= 15) v128.store(out, i8x16.swizzle(v128.load(at), mask));
    at += 12;
    for (; out < end; out += 3, at -= 3) {
      store<u8>(out, load<u8>(at));
      store<u8>(out, load<u8>(at, 1), 1);
      store<u8>(out, load<u8>(at, 2), 2);
    }
  }
}
