/** Gaussian filters over bytes and over floats. Twins: gaussian-filter, geometric-elastic, float-picture. */

/**
 * A picture under weights in 256ths: the first of the middle, the others of what is further to both sides, each eight times, 16 bits each.
 * Between the passes lie as many rows as the second looks at, of 16 bits a value, in `ring`: `rows` says where there those are that stand above
 * and below each row, and `columns` which pixels stand left and right of a row.
 */
export function blur(
  from: usize,
  ring: usize,
  to: usize,
  scratch: usize,
  stride: i32,
  width: i32,
  height: i32,
  channels: i32,
  columns: usize,
  rows: usize,
  weights: usize,
  taps: i32,
): void {
  const bytes = width * channels;
  const margin = taps - 1;
  const held = 2 * margin + 1;
  let done = 0;
  for (let y = 0; y < height; y++) {
    for (; done < height && done <= y + margin; done++) {
      spread(from + done * bytes, scratch, bytes, channels, columns, margin);
      const row = scratch + ((margin * channels) << 1);
      if (taps === 4 && channels === 3) blurAcrossBy7(row, ring + (done % held) * stride, bytes, weights);
      else blurAcross(row, ring + (done % held) * stride, bytes, channels << 1, weights, taps);
    }
    const places = rows + ((y + margin) << 2);
    if (taps === 4) blurDownBy7(ring, places, to + y * bytes, bytes, weights);
    else blurDown(ring, places, to + y * bytes, bytes, weights, taps);
  }
}

/** A row in 16 bits a value, with what lies around it. */
function spread(from: usize, to: usize, bytes: i32, channels: i32, columns: usize, margin: i32): void {
  const row = to + ((margin * channels) << 1);
  for (let i = 0; i < bytes; i += 16) {
    const values = v128.load(from + i);
    v128.store(row + (i << 1), i16x8.extend_low_i8x16_u(values));
    v128.store(row + (i << 1), i16x8.extend_high_i8x16_u(values), 16);
  }
  for (let i = 0; i < 2 * margin; i++) {
    const source = from + load<i32>(columns + (i << 2)) * channels;
    const target = to + ((i < margin ? i * channels : i * channels + bytes) << 1);
    for (let c = 0; c < channels; c++) store<u16>(target + (c << 1), load<u8>(source + c));
  }
}

/** Half of a 256th, so that what is cut off is rounded. */
function first(at: usize, weight: v128): v128 {
  return i16x8.add(i16x8.mul(v128.load(at), weight), i16x8.splat(128));
}

/** What lies as far to both sides. */
function more(sum: v128, a: usize, b: usize, weight: v128): v128 {
  return i16x8.add(sum, i16x8.mul(i16x8.add(v128.load(a), v128.load(b)), weight));
}

function blurAcross(from: usize, to: usize, count: i32, step: i32, weights: usize, taps: i32): void {
  for (let i = 0; i < count; i += 16, from += 32, to += 32) {
    const middle = v128.load(weights);
    let low = first(from, middle);
    let high = first(from + 16, middle);
    for (let t = 1, by: usize = step; t < taps; t++, by += step) {
      const weight = v128.load(weights + (t << 4));
      low = more(low, from - by, from + by, weight);
      high = more(high, from + 16 - by, from + 16 + by, weight);
    }
    v128.store(to, i16x8.shr_u(low, 8));
    v128.store(to, i16x8.shr_u(high, 8), 16);
  }
}

/** Four weights and three channels, as is common: nothing is loaded twice, and no address computed. */
function blurAcrossBy7(from: usize, to: usize, count: i32, weights: usize): void {
  const half = i16x8.splat(128);
  const w0 = v128.load(weights);
  const w1 = v128.load(weights, 16);
  const w2 = v128.load(weights, 32);
  const w3 = v128.load(weights, 48);
  const end = to + (count << 1);
  for (let at = from - 18; to < end; at += 16, to += 16) {
    let sum = i16x8.add(i16x8.mul(v128.load(at, 18), w0), half);
    sum = i16x8.add(sum, i16x8.mul(i16x8.add(v128.load(at, 12), v128.load(at, 24)), w1));
    sum = i16x8.add(sum, i16x8.mul(i16x8.add(v128.load(at, 6), v128.load(at, 30)), w2));
    sum = i16x8.add(sum, i16x8.mul(i16x8.add(v128.load(at), v128.load(at, 36)), w3));
    v128.store(to, i16x8.shr_u(sum, 8));
  }
}

/** @param places where this row is found, with those above before it and those below behind it */
function blurDown(ring: usize, places: usize, to: usize, bytes: i32, weights: usize, taps: i32): void {
  const here = ring + load<i32>(places);
  for (let i = 0; i < bytes; i += 16) {
    const at = usize(i << 1);
    const middle = v128.load(weights);
    let low = first(here + at, middle);
    let high = first(here + at + 16, middle);
    for (let t = 1; t < taps; t++) {
      const weight = v128.load(weights + (t << 4));
      const a = ring + load<i32>(places - (t << 2)) + at;
      const b = ring + load<i32>(places + (t << 2)) + at;
      low = more(low, a, b, weight);
      high = more(high, a + 16, b + 16, weight);
    }
    v128.store(to + i, i8x16.narrow_i16x8_u(i16x8.shr_u(low, 8), i16x8.shr_u(high, 8)));
  }
}

function blurDownBy7(ring: usize, places: usize, to: usize, bytes: i32, weights: usize): void {
  const half = i16x8.splat(128);
  const w0 = v128.load(weights);
  const w1 = v128.load(weights, 16);
  const w2 = v128.load(weights, 32);
  const w3 = v128.load(weights, 48);
  let here = ring + load<i32>(places);
  let a1 = ring + load<i32>(places - 4);
  let b1 = ring + load<i32>(places + 4);
  let a2 = ring + load<i32>(places - 8);
  let b2 = ring + load<i32>(places + 8);
  let a3 = ring + load<i32>(places - 12);
  let b3 = ring + load<i32>(places + 12);
  const end = to + bytes;
  for (; to < end; to += 16) {
    let low = i16x8.add(i16x8.mul(v128.load(here), w0), half);
    low = i16x8.add(low, i16x8.mul(i16x8.add(v128.load(a1), v128.load(b1)), w1));
    low = i16x8.add(low, i16x8.mul(i16x8.add(v128.load(a2), v128.load(b2)), w2));
    low = i16x8.add(low, i16x8.mul(i16x8.add(v128.load(a3), v128.load(b3)), w3));
    let high = i16x8.add(i16x8.mul(v128.load(here, 16), w0), half);
    high = i16x8.add(high, i16x8.mul(i16x8.add(v128.load(a1, 16), v128.load(b1, 16)), w1));
    high = i16x8.add(high, i16x8.mul(i16x8.add(v128.load(a2, 16), v128.load(b2, 16)), w2));
    high = i16x8.add(high, i16x8.mul(i16x8.add(v128.load(a3, 16), v128.load(b3, 16)), w3));
    v128.store(to, i8x16.narrow_i16x8_u(i16x8.shr_u(low, 8), i16x8.shr_u(high, 8)));
    here += 32;
    a1 += 32;
    b1 += 32;
    a2 += 32;
    b2 += 32;
    a3 += 32;
    b3 += 32;
  }
}

/**
 * Rows of floats under weights: each value of the result from `taps` neighbours that are `step` bytes apart, from its own place on. `taps` is
 * odd, weights even; rows of `from` have `wide` values, those of `to` `width`.
 */
export function smoothAcross(
  from: usize,
  to: usize,
  wide: i32,
  width: i32,
  high: i32,
  weights: usize,
  taps: i32,
  step: i32,
): void {
  const half = taps >> 1;
  for (let y = 0; y < high; y++, from += wide << 2, to += width << 2) {
    for (let x = 0; x < width; x += 8) {
      const at = from + (usize(x) << 2) + half * step;
      const middle = v128.load32_splat(weights + (half << 2));
      let a = f32x4.mul(middle, v128.load(at));
      let b = f32x4.mul(middle, v128.load(at, 16));
      for (let k = 1, by = step; k <= half; k++, by += step) {
        const weight = v128.load32_splat(weights + ((half + k) << 2));
        a = f32x4.add(a, f32x4.mul(weight, f32x4.add(v128.load(at - by), v128.load(at + by))));
        b = f32x4.add(b, f32x4.mul(weight, f32x4.add(v128.load(at - by, 16), v128.load(at + by, 16))));
      }
      v128.store(to + (usize(x) << 2), a);
      v128.store(to + (usize(x) << 2), b, 16);
    }
  }
}

/** Columns of floats under weights. */
export function smoothDown(from: usize, to: usize, width: i32, height: i32, weights: usize, taps: i32): void {
  const stride = width << 2;
  const half = taps >> 1;
  for (let y = 0; y < height; y++, from += stride, to += stride) {
    for (let x = 0; x < width; x += 8) {
      const at = from + half * stride + (usize(x) << 2);
      const middle = v128.load32_splat(weights + (half << 2));
      let a = f32x4.mul(middle, v128.load(at));
      let b = f32x4.mul(middle, v128.load(at, 16));
      for (let k = 1, by = stride; k <= half; k++, by += stride) {
        const weight = v128.load32_splat(weights + ((half + k) << 2));
        a = f32x4.add(a, f32x4.mul(weight, f32x4.add(v128.load(at - by), v128.load(at + by))));
        b = f32x4.add(b, f32x4.mul(weight, f32x4.add(v128.load(at - by, 16), v128.load(at + by, 16))));
      }
      v128.store(to + (usize(x) << 2), a);
      v128.store(to + (usize(x) << 2), b, 16);
    }
  }
}
