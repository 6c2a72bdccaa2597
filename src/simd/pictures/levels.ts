/** Pictures by table, and turned. Twins: lookup, geometric-rot90. */

/** @param table 256 bytes */
export function lookUp(from: usize, to: usize, table: usize, count: i32): void {
  for (let i = 0; i < count; i += 8, from += 8, to += 8) {
    const levels = load<u64>(from);
    let result = u64(load<u8>(table + usize(levels & 255)));
    result |= u64(load<u8>(table + usize((levels >> 8) & 255))) << 8;
    result |= u64(load<u8>(table + usize((levels >> 16) & 255))) << 16;
    result |= u64(load<u8>(table + usize((levels >> 24) & 255))) << 24;
    result |= u64(load<u8>(table + usize((levels >> 32) & 255))) << 32;
    result |= u64(load<u8>(table + usize((levels >> 40) & 255))) << 40;
    result |= u64(load<u8>(table + usize((levels >> 48) & 255))) << 48;
    result |= u64(load<u8>(table + usize(levels >> 56))) << 56;
    store<u64>(to, result);
  }
}

/** @param tables three of 256 bytes, one a channel */
export function lookUpEach(from: usize, to: usize, tables: usize, pixels: i32): void {
  for (let i = 0; i < pixels; i++, from += 3, to += 3) {
    store<u8>(to, load<u8>(tables + load<u8>(from)));
    store<u8>(to, load<u8>(tables + load<u8>(from, 1), 256), 1);
    store<u8>(to, load<u8>(tables + load<u8>(from, 2), 512), 2);
  }
}

/** Three channels: pixel (x, y) goes to `to + x * stepX + y * stepY` bytes; in tiles, which stay in the cache. */
export function scatter(from: usize, to: usize, width: i32, height: i32, stepX: i32, stepY: i32): void {
  for (let top = 0; top < height; top += 32) {
    const bottom = min<i32>(top + 32, height);
    for (let left = 0; left < width; left += 32) {
      const right = min<i32>(left + 32, width);
      for (let y = top; y < bottom; y++) {
        let at = from + (y * width + left) * 3;
        let out = to + left * stepX + y * stepY;
        for (let x = left; x < right; x++, at += 3, out += stepX) {
          store<u16>(out, load<u16>(at));
          store<u8>(out, load<u8>(at, 2), 2);
        }
      }
    }
  }
}
