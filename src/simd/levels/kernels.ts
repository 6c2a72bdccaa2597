/** Small matrices as Pillow applies them. Twin: pillow-kernels. */

/**
 * A row of bytes in single precision: sums of each row of the matrix by itself, then of those, cut off and clipped.
 *
 * @param rows addresses of `size` rows of floats, that of the matrix's first row first, each from the first of the neighbours on
 * @param weights `size` times `size` floats
 * @param step floats from one neighbour to the next
 */
export function filteredRow(
  rows: usize,
  weights: usize,
  size: i32,
  offset: f32,
  to: usize,
  bytes: i32,
  step: i32,
): void {
  for (let i = 0; i < bytes; i += 16, to += 16) {
    let a = f32x4.splat(offset);
    let b = a;
    let c = a;
    let d = a;
    for (let y = 0; y < size; y++) {
      let at = usize(load<u32>(rows + (y << 2))) + (i << 2);
      let weight = weights + ((y * size) << 2);
      let by = v128.load32_splat(weight);
      let p = f32x4.mul(v128.load(at), by);
      let q = f32x4.mul(v128.load(at, 16), by);
      let r = f32x4.mul(v128.load(at, 32), by);
      let s = f32x4.mul(v128.load(at, 48), by);
      for (let x = 1; x < size; x++) {
        at += step << 2;
        weight += 4;
        by = v128.load32_splat(weight);
        p = f32x4.add(p, f32x4.mul(v128.load(at), by));
        q = f32x4.add(q, f32x4.mul(v128.load(at, 16), by));
        r = f32x4.add(r, f32x4.mul(v128.load(at, 32), by));
        s = f32x4.add(s, f32x4.mul(v128.load(at, 48), by));
      }
      a = f32x4.add(a, p);
      b = f32x4.add(b, q);
      c = f32x4.add(c, r);
      d = f32x4.add(d, s);
    }
    v128.store(
      to,
      i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(a), i32x4.trunc_sat_f32x4_s(b)),
        i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(c), i32x4.trunc_sat_f32x4_s(d)),
      ),
    );
  }
}
