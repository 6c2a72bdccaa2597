/** Which of some colours is nearest. Twin: k-means-colors. */

/** @param points and `centers`: three floats each; four points at a time, for each of which the first of the nearest centers becomes its label */
export function nearestCenters(points: usize, centers: usize, labels: usize, count: i32, kinds: i32): void {
  for (let i = 0; i < count; i += 4, points += 48, labels += 16) {
    const first = v128.load(points);
    const second = v128.load(points, 16);
    const third = v128.load(points, 32);
    const a = i32x4.shuffle(i32x4.shuffle(first, second, 0, 3, 6, 6), third, 0, 1, 2, 5);
    const b = i32x4.shuffle(i32x4.shuffle(first, second, 1, 4, 7, 7), third, 0, 1, 2, 6);
    const c = i32x4.shuffle(i32x4.shuffle(first, second, 2, 5, 5, 5), third, 0, 1, 4, 7);
    let best = f32x4.splat(Infinity);
    let label = i32x4.splat(0);
    for (let k = 0; k < kinds; k++) {
      const center = centers + usize(k) * 12;
      const x = f32x4.sub(a, v128.load32_splat(center));
      const y = f32x4.sub(b, v128.load32_splat(center, 4));
      const z = f32x4.sub(c, v128.load32_splat(center, 8));
      const distance = f32x4.add(f32x4.add(f32x4.mul(x, x), f32x4.mul(y, y)), f32x4.mul(z, z));
      const isNearer = f32x4.lt(distance, best);
      best = f32x4.pmin(best, distance);
      label = v128.bitselect(i32x4.splat(k), label, isNearer);
    }
    v128.store(labels, label);
  }
}
