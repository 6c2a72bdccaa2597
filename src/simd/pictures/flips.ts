/** Pictures the other way round, and turned by a quarter. Twins: picture-view, pad. */

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

/**
 * Three channels: pixel (x, y) goes to `to + x * stepX + y * stepY` bytes, where stepY is 3 or -3; in tiles, which stay in the cache, and there
 * by four times four pixels.
 */
export function turn(from: usize, to: usize, width: i32, height: i32, stepX: i32, stepY: i32): void {
  const high = height & ~3;
  const wide = width & ~3;
  for (let top = 0; top < high; top += 32) {
    const bottom = min<i32>(top + 32, high);
    for (let left = 0; left < wide; left += 32) {
      const right = min<i32>(left + 32, wide);
      for (let y = top; y < bottom; y += 4) {
        // Of four rows the one that comes first in the result.
        const first = stepY < 0 ? y + 3 : y;
        const row = stepY < 0 ? -width * 3 : width * 3;
        let at = from + (first * width + left) * 3;
        let out = to + left * stepX + first * stepY;
        for (let x = left; x < right; x += 4, at += 12, out += 4 * stepX) turnFour(at, row, out, stepX);
      }
    }
  }
  turnSingly(from, to, width, wide, width, 0, height, stepX, stepY);
  turnSingly(from, to, width, 0, wide, high, height, stepX, stepY);
}

/** Four pixels of four rows: four columns. */
function turnFour(at: usize, row: i32, to: usize, step: i32): void {
  const apart = i8x16(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1);
  const a = i8x16.swizzle(v128.load(at), apart);
  const b = i8x16.swizzle(v128.load(at + row), apart);
  const c = i8x16.swizzle(v128.load(at + 2 * row), apart);
  const d = i8x16.swizzle(v128.load(at + 3 * row), apart);
  const upper = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
  const lower = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const upperRight = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
  const lowerRight = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  storeFour(to, v128.shuffle<i64>(upper, lower, 0, 2));
  storeFour(to + step, v128.shuffle<i64>(upper, lower, 1, 3));
  storeFour(to + 2 * step, v128.shuffle<i64>(upperRight, lowerRight, 0, 2));
  storeFour(to + 3 * step, v128.shuffle<i64>(upperRight, lowerRight, 1, 3));
}

function storeFour(to: usize, pixels: v128): void {
  const joined = i8x16.swizzle(pixels, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
  v128.store64_lane(to, joined, 0);
  v128.store32_lane(to, joined, 2, 8);
}

function turnSingly(
  from: usize,
  to: usize,
  width: i32,
  left: i32,
  right: i32,
  top: i32,
  bottom: i32,
  stepX: i32,
  stepY: i32,
): void {
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = from + (y * width + x) * 3;
      const out = to + x * stepX + y * stepY;
      store<u16>(out, load<u16>(at));
      store<u8>(out, load<u8>(at, 2), 2);
    }
  }
}
