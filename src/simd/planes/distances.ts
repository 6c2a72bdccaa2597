/** How far each pixel is from the nearest edge. Twin: edge-distance. */

/** Floats around a row, which are far from everything. */
const MARGIN = 4;

/**
 * @param edges bytes, 1 where an edge is
 * @param field room for floats: `width` and 8 a row, and four rows more; its rows begin with the third, and with the fifth float of each
 * @param far what stands for no edge
 */
export function edgeDistances(edges: usize, field: usize, width: i32, height: i32, far: f32): void {
  const stride = (width + 2 * MARGIN) << 2;
  const first = field + 2 * stride + (MARGIN << 2);
  const all = field + (height + 4) * stride;
  for (let at = field; at < all; at += 16) v128.store(at, f32x4.splat(far));
  for (let y = 0, row = first; y < height; y++, row += stride) {
    for (let x = 0; x < width; x++, edges++) if (load<u8>(edges) === 1) store<f32>(row + (x << 2), 0);
  }
  for (let y = 0, row = first; y < height; y++, row += stride) {
    lower(row, row - stride, row - 2 * stride, width, far);
    along(row, width, 4, far);
  }
  for (let y = height - 1, row = first + y * stride; y >= 0; y--, row -= stride) {
    lower(row, row + stride, row + 2 * stride, width, far);
    along(row + ((width - 1) << 2), width, -4, far);
  }
}

/** By way of the two rows beside it; four at a time. */
function lower(row: usize, near: usize, next: usize, width: i32, far: f32): void {
  const straight = f32x4.splat(1);
  const diagonal = f32x4.splat(1.4);
  const knight = f32x4.splat(2.1969);
  const end = row + (width << 2);
  for (; row < end; row += 16, near += 16, next += 16) {
    const beside = f32x4.pmin(v128.load(near - 4), v128.load(near + 4));
    const wide = f32x4.pmin(v128.load(near - 8), v128.load(near + 8));
    const high = f32x4.pmin(v128.load(next - 4), v128.load(next + 4));
    const above = f32x4.add(v128.load(near), straight);
    const leap = f32x4.add(f32x4.pmin(wide, high), knight);
    const best = f32x4.pmin(f32x4.pmin(above, f32x4.add(beside, diagonal)), leap);
    v128.store(row, f32x4.pmin(v128.load(row), best));
  }
  v128.store(end, f32x4.splat(far));
}

/** By way of those before it in its own row. */
function along(at: usize, count: i32, step: i32, far: f32): void {
  let before = far;
  for (let i = 0; i < count; i++, at += step) {
    before = min<f32>(load<f32>(at), before + 1);
    store<f32>(at, before);
  }
}
