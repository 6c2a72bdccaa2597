/**
 * AssemblyScript: the loops over pixels that augmenters spend nearly all of their time in. Their twins in plain TypeScript are
 * `src/kernel-lib/augmenters/{sample-picture,gaussian-filter,flip,rounded-normal,geometric-elastic}.ts`.
 *
 * Addresses are in bytes; pictures are 8-bit and interleaved. Loads may reach 16 bytes beyond a picture, and stores beyond a row.
 */

/** Two neighbouring pixels of three channels in 8 bytes, as pairs of 16 bits: (a0, b0), (a1, b1), (a2, b2). */
function pairs(address: usize): v128 {
  const bytes = v128.load64_zero(address);
  return i8x16.shuffle(bytes, i8x16.splat(0), 0, 16, 3, 16, 1, 16, 4, 16, 2, 16, 5, 16, 6, 16, 7, 16);
}

/**
 * One row of a picture of three channels by linear interpolation: each of `count` pixels from (xs[i], ys[i]), in 32nds of a pixel.
 * What does not lie between four pixels of the source is left alone. Returns how many were.
 */
export function sampleRow(source: usize, width: i32, height: i32, to: usize, xs: usize, ys: usize, count: i32): i32 {
  const stride = width * 3;
  let left = 0;
  for (let i = 0; i < count; i++, xs += 4, ys += 4, to += 3) {
    const px = load<i32>(xs);
    const py = load<i32>(ys);
    const x = px >> 5;
    const y = py >> 5;
    if (u32(x) >= u32(width - 1) || u32(y) >= u32(height - 1)) {
      left++;
      continue;
    }
    const fx = px & 31;
    const fy = py & 31;
    const both = fx * fy;
    const right = (fx << 5) - both;
    const below = (fy << 5) - both;
    const here = 1024 - right - below - both;
    const at = source + usize(y * stride + x * 3);
    const upper = i32x4.dot_i16x8_s(pairs(at), i32x4.splat(here | (right << 16)));
    const lower = i32x4.dot_i16x8_s(pairs(at + usize(stride)), i32x4.splat(below | (both << 16)));
    const sum = i32x4.shr_s(i32x4.add(i32x4.add(upper, lower), i32x4.splat(512)), 10);
    const words = i16x8.narrow_i32x4_s(sum, sum);
    store<u32>(to, u32(i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0)));
  }
  return left;
}

/** Each byte of a row under weights in 256ths: the first of the middle, the others of what is `step` bytes further to both sides. */
export function blurAcross(from: usize, to: usize, bytes: i32, step: i32, weights: usize, taps: i32): void {
  for (let i = 0; i < bytes; i += 16, from += 16, to += 16) {
    const middle = v128.load(from);
    const first = i16x8.splat(i16(load<i32>(weights)));
    let low = i16x8.add(i16x8.mul(i16x8.extend_low_i8x16_u(middle), first), i16x8.splat(128));
    let high = i16x8.add(i16x8.mul(i16x8.extend_high_i8x16_u(middle), first), i16x8.splat(128));
    for (let t = 1, by = step; t < taps; t++, by += step) {
      const weight = i16x8.splat(i16(load<i32>(weights + (t << 2))));
      const a = v128.load(from - usize(by));
      const b = v128.load(from + usize(by));
      low = i16x8.add(low, i16x8.mul(i16x8.add(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_u(b)), weight));
      high = i16x8.add(high, i16x8.mul(i16x8.add(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_u(b)), weight));
    }
    v128.store(to, i8x16.narrow_i16x8_u(i16x8.shr_u(low, 8), i16x8.shr_u(high, 8)));
  }
}

/** The same down: `rows` are the addresses of the middle row, then of pairs of rows above and below. */
export function blurDown(rows: usize, to: usize, bytes: i32, weights: usize, taps: i32): void {
  for (let i = 0; i < bytes; i += 16) {
    const middle = v128.load(usize(load<i32>(rows)) + i);
    const first = i16x8.splat(i16(load<i32>(weights)));
    let low = i16x8.add(i16x8.mul(i16x8.extend_low_i8x16_u(middle), first), i16x8.splat(128));
    let high = i16x8.add(i16x8.mul(i16x8.extend_high_i8x16_u(middle), first), i16x8.splat(128));
    for (let t = 1; t < taps; t++) {
      const weight = i16x8.splat(i16(load<i32>(weights + (t << 2))));
      const a = v128.load(usize(load<i32>(rows + (t << 3) - 4)) + i);
      const b = v128.load(usize(load<i32>(rows + (t << 3))) + i);
      low = i16x8.add(low, i16x8.mul(i16x8.add(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_u(b)), weight));
      high = i16x8.add(high, i16x8.mul(i16x8.add(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_u(b)), weight));
    }
    v128.store(to + i, i8x16.narrow_i16x8_u(i16x8.shr_u(low, 8), i16x8.shr_u(high, 8)));
  }
}

/** The pixels of rows of three channels in reverse order; five at a time, with one byte of nothing behind them. */
export function mirror(from: usize, to: usize, width: i32, height: i32): void {
  const stride = width * 3;
  for (let y = 0; y < height; y++, from += stride, to += stride) {
    let x = 0;
    for (; x + 5 < width; x += 5) {
      const bytes = v128.load(from + usize(stride - (x + 5) * 3));
      v128.store(to + usize(x * 3), i8x16.shuffle(bytes, bytes, 12, 13, 14, 9, 10, 11, 6, 7, 8, 3, 4, 5, 0, 1, 2, 0));
    }
    for (; x < width; x++) {
      const at = from + usize(stride - (x + 1) * 3);
      store<u8>(to + usize(x * 3), load<u8>(at));
      store<u8>(to + usize(x * 3), load<u8>(at, 1), 1);
      store<u8>(to + usize(x * 3), load<u8>(at, 2), 2);
    }
  }
}

/**
 * Values of a table of 65,536 whole numbers by the numbers of sfc32, two for each; `draws` numbers are drawn, of which the first
 * `count` values are taken. `state` has its four words.
 */
export function drawFromTable(state: usize, table: usize, to: usize, count: i32, draws: i32): void {
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let counter = load<u32>(state, 12);
  const taken = (count + 1) >> 1;
  for (let i = 0; i < draws; i++) {
    const sum = a + b + counter;
    counter++;
    a = b ^ (b >>> 9);
    b = c + (c << 3);
    c = rotl<u32>(c, 21) + sum;
    if (i >= taken) continue;
    store<u16>(to + (usize(i) << 2), load<u16>(table + (usize(sum & 0xffff) << 1)));
    store<u16>(to + (usize(i) << 2), load<u16>(table + (usize(sum >>> 16) << 1)), 2);
  }
  store<u32>(state, a);
  store<u32>(state, b, 4);
  store<u32>(state, c, 8);
  store<u32>(state, counter, 12);
}

/** Noise from -1 to 1 by the numbers of sfc32. */
export function drawEven(state: usize, to: usize, count: i32): void {
  let a = load<u32>(state);
  let b = load<u32>(state, 4);
  let c = load<u32>(state, 8);
  let counter = load<u32>(state, 12);
  for (let i = 0; i < count; i++, to += 4) {
    const sum = a + b + counter;
    counter++;
    a = b ^ (b >>> 9);
    b = c + (c << 3);
    c = rotl<u32>(c, 21) + sum;
    store<f32>(to, f32(i32(sum)) * f32(1.0 / 2147483648.0));
  }
  store<u32>(state, a);
  store<u32>(state, b, 4);
  store<u32>(state, c, 8);
  store<u32>(state, counter, 12);
}

/** Bytes plus 16-bit values, one each, clipped to 0 to 255. */
export function addEach(bytes: usize, values: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i += 16, bytes += 16, values += 32, to += 16) {
    const levels = v128.load(bytes);
    const low = i16x8.add(i16x8.extend_low_i8x16_u(levels), v128.load(values));
    const high = i16x8.add(i16x8.extend_high_i8x16_u(levels), v128.load(values, 16));
    v128.store(to, i8x16.narrow_i16x8_u(low, high));
  }
}

/** Pixels of three bytes plus one 16-bit value each, clipped to 0 to 255. */
export function addToPixels(bytes: usize, values: usize, to: usize, pixels: i32): void {
  for (let i = 0; i < pixels; i++, bytes += 3, values += 2, to += 3) {
    const level = i16x8.extend_low_i8x16_u(v128.load32_zero(bytes));
    const sum = i16x8.add(level, i16x8.splat(load<i16>(values)));
    store<u32>(to, u32(i32x4.extract_lane(i8x16.narrow_i16x8_u(sum, sum), 0)));
  }
}

/** Rows of floats under weights: each value of the result from `taps` neighbours, from its own place on. */
export function smoothAcross(
  from: usize,
  to: usize,
  wide: i32,
  width: i32,
  high: i32,
  weights: usize,
  taps: i32,
): void {
  for (let y = 0; y < high; y++, from += wide << 2, to += width << 2) {
    for (let x = 0; x < width; x += 8) {
      const at = from + (usize(x) << 2);
      let a = f32x4.splat(0);
      let b = f32x4.splat(0);
      for (let k = 0; k < taps; k++) {
        const weight = v128.load32_splat(weights + (k << 2));
        a = f32x4.add(a, f32x4.mul(weight, v128.load(at + (usize(k) << 2))));
        b = f32x4.add(b, f32x4.mul(weight, v128.load(at + (usize(k) << 2), 16)));
      }
      v128.store(to + (usize(x) << 2), a);
      v128.store(to + (usize(x) << 2), b, 16);
    }
  }
}

/** Columns of floats under weights. */
export function smoothDown(from: usize, to: usize, width: i32, height: i32, weights: usize, taps: i32): void {
  const stride = width << 2;
  for (let y = 0; y < height; y++, from += stride, to += stride) {
    for (let x = 0; x < width; x += 8) {
      let at = from + (usize(x) << 2);
      let a = f32x4.splat(0);
      let b = f32x4.splat(0);
      for (let k = 0; k < taps; k++, at += stride) {
        const weight = v128.load32_splat(weights + (k << 2));
        a = f32x4.add(a, f32x4.mul(weight, v128.load(at)));
        b = f32x4.add(b, f32x4.mul(weight, v128.load(at, 16)));
      }
      v128.store(to + (usize(x) << 2), a);
      v128.store(to + (usize(x) << 2), b, 16);
    }
  }
}
