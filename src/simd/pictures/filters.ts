/** Gaussian filters over bytes and over floats. Twins: gaussian-filter, geometric-elastic. */

/**
 * A picture under weights in 256ths: the first of the middle, the others of what is further to both sides. `columns` has the pixels left and
 * right of a row, and `rows` those above and below a picture: places of the pixels that stand for them.
 */
export function blur(
  from: usize,
  half: usize,
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
  let done = 0;
  for (let y = 0; y < height; y++) {
    for (; done < height && done <= y + margin; done++) {
      spread(from + done * bytes, scratch, bytes, channels, columns, margin);
      blurAcross(scratch + margin * channels, half + done * stride, bytes, channels, weights, taps);
    }
    blurDown(half, stride, rows + (y << 2), to + y * bytes, bytes, weights, taps);
  }
}

/** A row with what lies around it. */
function spread(from: usize, to: usize, bytes: i32, channels: i32, columns: usize, margin: i32): void {
  memory.copy(to + margin * channels, from, bytes);
  for (let i = 0; i < 2 * margin; i++) {
    const source = from + load<i32>(columns + (i << 2)) * channels;
    const target = to + (i < margin ? i * channels : i * channels + bytes);
    for (let c = 0; c < channels; c++) store<u8>(target + c, load<u8>(source + c));
  }
}

function blurAcross(from: usize, to: usize, bytes: i32, step: i32, weights: usize, taps: i32): void {
  for (let i = 0; i < bytes; i += 16, from += 16, to += 16) {
    const middle = v128.load(from);
    const first = v128.load16_splat(weights);
    let low = i16x8.add(i16x8.mul(i16x8.extend_low_i8x16_u(middle), first), i16x8.splat(128));
    let high = i16x8.add(i16x8.mul(i16x8.extend_high_i8x16_u(middle), first), i16x8.splat(128));
    for (let t = 1, by = step; t < taps; t++, by += step) {
      const weight = v128.load16_splat(weights + (t << 1));
      const a = v128.load(from - usize(by));
      const b = v128.load(from + usize(by));
      low = i16x8.add(low, i16x8.mul(i16x8.add(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_u(b)), weight));
      high = i16x8.add(high, i16x8.mul(i16x8.add(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_u(b)), weight));
    }
    v128.store(to, i8x16.narrow_i16x8_u(i16x8.shr_u(low, 8), i16x8.shr_u(high, 8)));
  }
}

/** @param rows where each row is found, from `taps - 1` above this one on */
function blurDown(half: usize, stride: i32, rows: usize, to: usize, bytes: i32, weights: usize, taps: i32): void {
  const here = rows + ((taps - 1) << 2);
  for (let i = 0; i < bytes; i += 16) {
    const at = half + i;
    const middle = v128.load(at + load<i32>(here) * stride);
    const first = v128.load16_splat(weights);
    let low = i16x8.add(i16x8.mul(i16x8.extend_low_i8x16_u(middle), first), i16x8.splat(128));
    let high = i16x8.add(i16x8.mul(i16x8.extend_high_i8x16_u(middle), first), i16x8.splat(128));
    for (let t = 1; t < taps; t++) {
      const weight = v128.load16_splat(weights + (t << 1));
      const a = v128.load(at + load<i32>(here - (t << 2)) * stride);
      const b = v128.load(at + load<i32>(here + (t << 2)) * stride);
      low = i16x8.add(low, i16x8.mul(i16x8.add(i16x8.extend_low_i8x16_u(a), i16x8.extend_low_i8x16_u(b)), weight));
      high = i16x8.add(high, i16x8.mul(i16x8.add(i16x8.extend_high_i8x16_u(a), i16x8.extend_high_i8x16_u(b)), weight));
    }
    v128.store(to + i, i8x16.narrow_i16x8_u(i16x8.shr_u(low, 8), i16x8.shr_u(high, 8)));
  }
}

/** Rows of floats under weights: each value of the result from `taps` neighbours, from its own place on. `taps` is odd, weights even. */
export function smoothAcross(
  from: usize,
  to: usize,
  wide: i32,
  width: i32,
  high: i32,
  weights: usize,
  taps: i32,
): void {
  const half = taps >> 1;
  for (let y = 0; y < high; y++, from += wide << 2, to += width << 2) {
    for (let x = 0; x < width; x += 8) {
      const at = from + (usize(x + half) << 2);
      const middle = v128.load32_splat(weights + (half << 2));
      let a = f32x4.mul(middle, v128.load(at));
      let b = f32x4.mul(middle, v128.load(at, 16));
      for (let k = 4; k <= half << 2; k += 4) {
        const weight = v128.load32_splat(weights + (half << 2) + k);
        a = f32x4.add(a, f32x4.mul(weight, f32x4.add(v128.load(at - k), v128.load(at + k))));
        b = f32x4.add(b, f32x4.mul(weight, f32x4.add(v128.load(at - k, 16), v128.load(at + k, 16))));
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
