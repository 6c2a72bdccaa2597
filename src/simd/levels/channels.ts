/** Channels of pictures of three. Twin: picture-channels. */

/** One channel alone; 16 pixels at a time. */
export function channelOf(from: usize, to: usize, channel: i32, pixels: i32): void {
  const nothing = i8x16.splat(i8(pixels >> 31));
  const own = i8x16.splat(i8(channel));
  // What is of another 16 bytes gives 0: places beyond 15.
  const first = v128.or(
    i8x16.add_sat_u(i8x16(0, 3, 6, 9, 12, 15, -9, -9, -9, -9, -9, -9, -9, -9, -9, -9), own),
    nothing,
  );
  const places = i8x16(0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45);
  const all = i8x16.add(places, own);
  const second = i8x16.sub(all, i8x16.splat(16));
  const third = i8x16.sub(all, i8x16.splat(32));
  for (let i = 0; i < pixels; i += 16, from += 48, to += 16) {
    const a = i8x16.swizzle(v128.load(from), first);
    const b = i8x16.swizzle(v128.load(from, 16), second);
    const c = i8x16.swizzle(v128.load(from, 32), third);
    v128.store(to, v128.or(v128.or(a, b), c));
  }
}

/** Writes levels over one channel; 16 pixels at a time. */
export function withChannel(levels: usize, to: usize, channel: i32, pixels: i32): void {
  const own = i8x16.splat(i8(channel));
  // Thirds of places in 48 bytes: which level, and whether any.
  const first = i8x16.sub(i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), own);
  const second = i8x16.add(first, i8x16.splat(16));
  const third = i8x16.add(first, i8x16.splat(32));
  const a = ofThirds(first);
  const b = ofThirds(second);
  const c = ofThirds(third);
  const isA = i8x16.ge_s(a, i8x16.splat(0));
  const isB = i8x16.ge_s(b, i8x16.splat(0));
  const isC = i8x16.ge_s(c, i8x16.splat(0));
  let i = 0;
  for (; i + 16 <= pixels; i += 16, levels += 16, to += 48) {
    const own = v128.load(levels);
    v128.store(to, v128.bitselect(i8x16.swizzle(own, a), v128.load(to), isA));
    v128.store(to, v128.bitselect(i8x16.swizzle(own, b), v128.load(to, 16), isB), 16);
    v128.store(to, v128.bitselect(i8x16.swizzle(own, c), v128.load(to, 32), isC), 32);
  }
  for (; i < pixels; i++, levels++, to += 3) store<u8>(to + channel, load<u8>(levels));
}

/** A third where it is whole, and -1 else. */
function ofThirds(places: v128): v128 {
  let result = i8x16.splat(-1);
  for (let third = 0; third < 16; third++) {
    result = v128.bitselect(i8x16.splat(i8(third)), result, i8x16.eq(places, i8x16.splat(i8(third * 3))));
  }
  return result;
}

/** Pixels with their channels in another order; five at a time. `mask` has 16 bytes: where each of the first 15 comes from. */
export function reordered(from: usize, to: usize, mask: usize, pixels: i32): void {
  const order = v128.load(mask);
  for (let i = 0; i < pixels; i += 5, from += 15, to += 15) v128.store(to, i8x16.swizzle(v128.load(from), order));
}
