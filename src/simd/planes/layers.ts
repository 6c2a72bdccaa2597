/** Planes on pictures of three channels. Twins: picture-layers, corrupt-snow. */

/**
 * Colours as shares, 0 to 1, of which `keep` and `less` times the layer fewer are kept, with the tinted layer on them; clipped, and cut off to
 * whole levels.
 * @param tint of red, green and blue, three doubles, and room for one more
 */
export function layered(from: usize, to: usize, layer: usize, tint: usize, keep: f64, less: f64, pixels: i32): void {
  const keeps = f64x2.splat(keep);
  const fewer = f64x2.splat(less);
  const redGreen = v128.load(tint);
  const blue = v128.load(tint, 16);
  for (let i = 0; i < pixels; i++, from += 3, to += 3, layer += 8) {
    const own = v128.load64_splat(layer);
    const kept = f64x2.sub(keeps, f64x2.mul(own, fewer));
    const four = levels(from);
    const first = f64x2.add(f64x2.mul(shares(four), kept), f64x2.mul(own, redGreen));
    const last = f64x2.add(f64x2.mul(shares(behind(four)), kept), f64x2.mul(own, blue));
    store<u32>(to, bytes(first, last));
  }
}

/** Whitened, with snow and the same snow turned by half; `keep` of each colour stays what it is. */
export function snowedOn(from: usize, to: usize, snow: usize, keep: f64, pixels: i32): void {
  const keeps = f64x2.splat(keep);
  const rest = f64x2.splat(1 - keep);
  let turned = snow + (usize(pixels - 1) << 3);
  for (let i = 0; i < pixels; i++, from += 3, to += 3, snow += 8, turned -= 8) {
    const four = levels(from);
    const grey = 0.299 * f64(load<u8>(from)) + 0.587 * f64(load<u8>(from, 1)) + 0.114 * f64(load<u8>(from, 2));
    const white = f64x2.splat((grey / 255) * 1.5 + 0.5);
    const more = f64x2.splat(load<f64>(snow) + load<f64>(turned));
    const first = shares(four);
    const last = shares(behind(four));
    const a = f64x2.add(f64x2.mul(keeps, first), f64x2.mul(rest, f64x2.pmax(white, first)));
    const b = f64x2.add(f64x2.mul(keeps, last), f64x2.mul(rest, f64x2.pmax(white, last)));
    store<u32>(to, bytes(f64x2.add(a, more), f64x2.add(b, more)));
  }
}

/** Of four bytes, 32 bits each. */
function levels(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

/** The last two of four. */
function behind(four: v128): v128 {
  return i32x4.shuffle(four, four, 2, 3, 2, 3);
}

/** Of 255, the first two. */
function shares(four: v128): v128 {
  return f64x2.div(f64x2.convert_low_i32x4_u(four), f64x2.splat(255));
}

/** Two and two shares as four bytes, clipped and cut off. */
function bytes(first: v128, last: v128): u32 {
  const most = f64x2.splat(255);
  const one = f64x2.splat(1);
  const a = i32x4.trunc_sat_f64x2_u_zero(f64x2.mul(f64x2.pmin(first, one), most));
  const b = i32x4.trunc_sat_f64x2_u_zero(f64x2.mul(f64x2.pmin(last, one), most));
  const words = i16x8.narrow_i32x4_s(i32x4.shuffle(a, b, 0, 1, 4, 5), a);
  return u32(i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
}
