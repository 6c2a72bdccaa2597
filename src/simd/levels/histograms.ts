/** How often each level occurs. Twin: histograms. */

/** Of three channels: six lists of 256 numbers, three of every other pixel, for a level that follows itself would wait for its own count. */
export function countEach(from: usize, counts: usize, pixels: i32): void {
  let i = 0;
  for (; i + 2 <= pixels; i += 2, from += 6) {
    add(counts, load<u8>(from));
    add(counts + 1024, load<u8>(from, 1));
    add(counts + 2048, load<u8>(from, 2));
    add(counts + 3072, load<u8>(from, 3));
    add(counts + 4096, load<u8>(from, 4));
    add(counts + 5120, load<u8>(from, 5));
  }
  if (i === pixels) return;
  add(counts, load<u8>(from));
  add(counts + 1024, load<u8>(from, 1));
  add(counts + 2048, load<u8>(from, 2));
}

function add(counts: usize, level: u8): void {
  const at = counts + (usize(level) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Of one channel: four lists, to be added up. */
export function count(from: usize, counts: usize, pixels: i32): void {
  const end = from + pixels;
  for (; from + 4 <= end; from += 4) {
    const four = load<u32>(from);
    add(counts, u8(four));
    add(counts + 1024, u8(four >> 8));
    add(counts + 2048, u8(four >> 16));
    add(counts + 3072, u8(four >> 24));
  }
  for (; from < end; from++) add(counts, load<u8>(from));
}

/**
 * The table that spreads the levels of a part of a picture evenly, none counting more than `most` times.
 *
 * @param stride bytes from a row to the next
 * @param counts room for four lists
 * @param scale from a sum of counts to a level
 */
export function tileTable(
  from: usize,
  stride: i32,
  width: i32,
  height: i32,
  counts: usize,
  most: i32,
  scale: f32,
  table: usize,
): void {
  memory.fill(counts, 0, 4096);
  for (let y = 0; y < height; y++) count(from + y * stride, counts, width);
  let excess = 0;
  for (let at = counts; at < counts + 1024; at += 4) {
    const found = load<i32>(at) + load<i32>(at, 1024) + load<i32>(at, 2048) + load<i32>(at, 3072);
    store<i32>(at, min<i32>(found, most));
    excess += max<i32>(found - most, 0);
  }
  // What is over the limit is given to all levels alike, the rest to some of them.
  const each = excess >> 8;
  let rest = excess & 255;
  const step = rest > 0 ? max<i32>(256 / rest, 1) : 1;
  let sum = 0;
  for (let level = 0; level < 256; level++) {
    sum += load<i32>(counts + (level << 2)) + each;
    if (rest > 0 && level % step === 0) {
      sum++;
      rest--;
    }
    store<u8>(table + level, u8(min<f32>(nearest<f32>(f32(sum) * scale), 255)));
  }
}

/**
 * A row of levels by the tables of the parts around each: of the two to its left and right, and that above and below.
 *
 * @param lefts of each pixel where the table of the part to its left begins, from `above` on
 * @param shares of each pixel how much of the right part, a float
 *
 * Four pixels at a time: the three lists go on with zeros.
 */
export function interpolated(
  from: usize,
  to: usize,
  above: usize,
  below: usize,
  lefts: usize,
  rights: usize,
  shares: usize,
  lower: f32,
  width: i32,
): void {
  const ofLower = f32x4.splat(lower);
  const ofUpper = f32x4.sub(f32x4.splat(1), ofLower);
  for (let x = 0; x < width; x += 4) {
    const levels = load<u32>(from + x);
    const at = x << 2;
    const left = places(lefts + at, levels);
    const right = places(rights + at, levels);
    const share = v128.load(shares + at);
    const rest = f32x4.sub(f32x4.splat(1), share);
    const a = f32x4.add(f32x4.mul(looked(above, left), rest), f32x4.mul(looked(above, right), share));
    const b = f32x4.add(f32x4.mul(looked(below, left), rest), f32x4.mul(looked(below, right), share));
    // So large a number has no room for fractions: halves become even.
    const sum = f32x4.add(f32x4.add(f32x4.mul(a, ofUpper), f32x4.mul(b, ofLower)), f32x4.splat(8388608));
    const bytes = i8x16.swizzle(sum, i8x16(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
    v128.store32_lane(to + x, bytes, 0);
  }
}

/** Where the levels of four pixels are in their tables. */
function places(tables: usize, levels: u32): v128 {
  const own = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(i32x4.splat(levels)));
  return i32x4.add(v128.load(tables), own);
}

/** Four bytes as floats. */
function looked(tables: usize, at: v128): v128 {
  let bytes = v128.load8_lane(tables + usize(i32x4.extract_lane(at, 0)), i32x4.splat(0), 0);
  bytes = v128.load8_lane(tables + usize(i32x4.extract_lane(at, 1)), bytes, 4);
  bytes = v128.load8_lane(tables + usize(i32x4.extract_lane(at, 2)), bytes, 8);
  bytes = v128.load8_lane(tables + usize(i32x4.extract_lane(at, 3)), bytes, 12);
  return f32x4.convert_i32x4_s(bytes);
}
