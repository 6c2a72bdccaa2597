/** Pictures by table. Twin: lookup. */

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
