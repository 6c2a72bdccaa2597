/**
 * AssemblyScript: what JPEG makes of a picture. The twin in plain TypeScript, which tells what is done and why, is
 * `src/kernel-lib/augmenters/jpeg-round-trip.ts`; sums are of integers, so that both give the same.
 *
 * Addresses are in bytes. Planes are 16-bit, level 128 is their 0, and their rows and columns are whole blocks. Where 8 numbers are
 * multiplied at once they lie in pairs, each two neighbours to be added side by side.
 */

/** Three planes of a picture with three channels or four, the last pixels again and again beyond its edges. */
export function toPlanes(from: usize, to: usize, width: i32, height: i32, channels: i32, wide: i32, high: i32): void {
  const plane = (<usize>(wide * high)) << 1;
  for (let y = 0; y < high; y++) {
    const at = to + ((<usize>(y * wide)) << 1);
    if (y >= height) {
      const last = at - ((<usize>wide) << 1);
      for (let i: usize = 0; i < 3; i++) memory.copy(at + i * plane, last + i * plane, (<usize>wide) << 1);
      continue;
    }
    for (let x = 0; x < width; x++) {
      const r = <i32>load<u8>(from);
      const g = <i32>load<u8>(from, 1);
      const b = <i32>load<u8>(from, 2);
      const place = at + ((<usize>x) << 1);
      store<i16>(place, <i16>((19595 * r + 38470 * g + 7471 * b - 8355840) >> 16));
      store<i16>(place + plane, <i16>((32768 * b - 11058 * r - 21710 * g + 32767) >> 16));
      store<i16>(place + 2 * plane, <i16>((32768 * r - 27439 * g - 5329 * b + 32767) >> 16));
      from += channels;
    }
    for (let i: usize = 0; i < 3; i++) widen(at + i * plane, width, wide);
  }
}

/** One plane of a grey picture. */
export function toPlane(from: usize, to: usize, width: i32, height: i32, wide: i32, high: i32): void {
  for (let y = 0; y < high; y++) {
    const at = to + ((<usize>(y * wide)) << 1);
    for (let x = 0; x < width; x++) store<i16>(at + ((<usize>x) << 1), <i16>load<u8>(from + x) - 128);
    widen(at, width, wide);
    if (y < height - 1) from += width;
  }
}

function widen(row: usize, width: i32, wide: i32): void {
  const last = load<i16>(row + ((<usize>(width - 1)) << 1));
  for (let x = width; x < wide; x++) store<i16>(row + ((<usize>x) << 1), last);
}

/** Back to pixels; of four channels the last stays as it is. */
export function fromPlanes(
  planes: usize,
  to: usize,
  width: i32,
  height: i32,
  channels: i32,
  wide: i32,
  high: i32,
): void {
  const plane = (<usize>(wide * high)) << 1;
  for (let y = 0; y < height; y++) {
    let at = planes + ((<usize>(y * wide)) << 1);
    for (let x = 0; x < width; x++) {
      const luma = within(load<i16>(at)) + 128;
      const blue = within(load<i16>(at + plane));
      const red = within(load<i16>(at + 2 * plane));
      store<u8>(to, level(luma + ((91881 * red + 32768) >> 16)));
      store<u8>(to, level(luma + ((32768 - 22553 * blue - 46802 * red) >> 16)), 1);
      store<u8>(to, level(luma + ((116130 * blue + 32768) >> 16)), 2);
      to += channels;
      at += 2;
    }
  }
}

export function fromPlane(plane: usize, to: usize, width: i32, height: i32, wide: i32): void {
  for (let y = 0; y < height; y++) {
    const at = plane + ((<usize>(y * wide)) << 1);
    for (let x = 0; x < width; x++) store<u8>(to++, within(load<i16>(at + ((<usize>x) << 1))) + 128);
  }
}

function within(value: i16): i32 {
  return min(max(<i32>value, -128), 127);
}

function level(value: i32): i32 {
  return min(max(value, 0), 255);
}

/**
 * Each block of a plane to steps and back.
 * @param size 8 or 16
 * @param tables four of `size` · 16 bytes: weights of rows and of columns on the way there, of columns and of rows on the way back
 * @param steps 64 floats, eight times each step, and the steps in 16 bits; @param scratch 640 bytes
 */
export function codePlane(
  plane: usize,
  wide: i32,
  high: i32,
  size: i32,
  tables: usize,
  steps: usize,
  scratch: usize,
): void {
  const stride = (<usize>wide) << 1;
  const table = (<usize>size) << 4;
  const pairs = size >> 1;
  const shift = size == 8 ? 15 : 17;
  const coupled = scratch + 256;
  const numbers = scratch + 512;
  for (let top = 0; top < high; top += size) {
    for (let left = 0; left < wide; left += size) {
      const block = plane + <usize>top * stride + ((<usize>left) << 1);
      for (let y = 0; y < size; y++) across(block + <usize>y * stride, scratch + ((<usize>y) << 4), tables, pairs, 11);
      couple(scratch, coupled, pairs);
      down(coupled, numbers, tables + table, 8, pairs, shift);
      for (let row: usize = 0; row < 8; row++)
        quantize(numbers + (row << 4), steps + (row << 5), steps + 256 + (row << 4));
      couple(numbers, coupled, 4);
      down(coupled, scratch, tables + 2 * table, size, 4, 11);
      for (let y = 0; y < size; y++) {
        const to = block + <usize>y * stride;
        across(scratch + ((<usize>y) << 4), to, tables + 3 * table, 4, 18);
        if (size == 16) across(scratch + ((<usize>y) << 4), to + 16, tables + 3 * table + 128, 4, 18);
      }
    }
  }
}

/** Eight sums over a row. */
function across(from: usize, to: usize, weights: usize, pairs: i32, shift: i32): void {
  let low = i32x4.splat(1 << (shift - 1));
  let high = low;
  for (let i = 0; i < pairs; i++) {
    const pair = v128.load_splat<i32>(from);
    low = i32x4.add(low, v128.dot<i16>(pair, v128.load(weights)));
    high = i32x4.add(high, v128.dot<i16>(pair, v128.load(weights, 16)));
    from += 4;
    weights += 32;
  }
  v128.store(to, v128.narrow<i32>(i32x4.shr_s(low, shift), i32x4.shr_s(high, shift)));
}

/** Rows of eight, two and two. */
function couple(from: usize, to: usize, pairs: i32): void {
  for (let i = 0; i < pairs; i++) {
    const upper = v128.load(from);
    const lower = v128.load(from, 16);
    v128.store(to, v128.shuffle<i16>(upper, lower, 0, 8, 1, 9, 2, 10, 3, 11));
    v128.store(to, v128.shuffle<i16>(upper, lower, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    from += 32;
    to += 32;
  }
}

/** Sums over eight columns, one row of them after another. */
function down(coupled: usize, to: usize, weights: usize, rows: i32, pairs: i32, shift: i32): void {
  const start = i32x4.splat(1 << (shift - 1));
  for (let row = 0; row < rows; row++) {
    let low = start;
    let high = start;
    let from = coupled;
    for (let i = 0; i < pairs; i++) {
      const weight = v128.load_splat<i32>(weights);
      low = i32x4.add(low, v128.dot<i16>(weight, v128.load(from)));
      high = i32x4.add(high, v128.dot<i16>(weight, v128.load(from, 16)));
      from += 32;
      weights += 4;
    }
    v128.store(to, v128.narrow<i32>(i32x4.shr_s(low, shift), i32x4.shr_s(high, shift)));
    to += 16;
  }
}

/** Eight numbers, rounded to their steps: halves away from 0. Floats hold what is divided, and quotients to less than a step's share. */
function quantize(numbers: usize, widths: usize, steps: usize): void {
  const given = v128.load(numbers);
  const sign = i16x8.shr_s(given, 15);
  const size = i16x8.abs(given);
  const low = wholeSteps(v128.extend_low<u16>(size), v128.load(widths));
  const high = wholeSteps(v128.extend_high<u16>(size), v128.load(widths, 16));
  const rounded = i16x8.mul(v128.narrow<i32>(low, high), v128.load(steps));
  v128.store(numbers, i16x8.sub(v128.xor(rounded, sign), sign));
}

function wholeSteps(sizes: v128, widths: v128): v128 {
  const more = f32x4.mul(widths, f32x4.splat(0.5));
  return v128.trunc_sat<i32>(f32x4.div(f32x4.add(v128.convert<i32>(sizes), more), widths));
}
