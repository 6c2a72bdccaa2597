/** Each pixel's colour moved to where others near in place and colour pile up. Twin: mean-shift. */

const ROUNDS = 5;

/**
 * Pictures come as three planes, `plane` bytes apart; `from` and `to` may be the same, and what is done already then counts for what comes.
 * @param chosen of each pixel a byte, 0 where it stays
 * @param radius in pixels; windows have at most 255 columns
 * @param limit of the squared distance of colours, below 65535
 */
export function meanShift(
  from: usize,
  to: usize,
  plane: usize,
  chosen: usize,
  width: i32,
  height: i32,
  radius: f32,
  limit: i32,
): void {
  const most = i16x8.splat(i16(limit));
  for (let y = 0, at: usize = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (load<u8>(chosen + at) == 0) continue;
      let x0 = x;
      let y0 = y;
      let r = i32(load<u8>(from + at));
      let g = i32(load<u8>(from + at + plane));
      let b = i32(load<u8>(from + at + 2 * plane));
      for (let round = 0; round < ROUNDS; round++) {
        const left = max(edge(x0, -radius), 0);
        const columns = min(edge(x0, radius), width - 1) - left + 1;
        const bottom = min(edge(y0, radius), height - 1);
        const own = i8x16.splat(i8(columns));
        const red = i8x16.splat(i8(r));
        const green = i8x16.splat(i8(g));
        const blue = i8x16.splat(i8(b));
        let count = 0;
        let sumY: f64 = 0;
        // In 16 bits for eight rows, in 32 bits for all.
        let xs = i16x8.splat(0);
        let reds = xs;
        let greens = xs;
        let blues = xs;
        let allXs = xs;
        let allReds = xs;
        let allGreens = xs;
        let allBlues = xs;
        for (let row = max(edge(y0, -radius), 0); row <= bottom; row++) {
          let here = from + usize(row * width + left);
          let column = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
          let inRow = 0;
          for (let i = 0; i < columns; i += 16, here += 16) {
            const r = v128.load(here);
            const g = v128.load(here + plane);
            const b = v128.load(here + 2 * plane);
            const dr = distance(r, red);
            const dg = distance(g, green);
            const db = distance(b, blue);
            const low = i16x8.add_sat_u(
              i16x8.add_sat_u(i16x8.extmul_low_i8x16_u(dr, dr), i16x8.extmul_low_i8x16_u(dg, dg)),
              i16x8.extmul_low_i8x16_u(db, db),
            );
            const high = i16x8.add_sat_u(
              i16x8.add_sat_u(i16x8.extmul_high_i8x16_u(dr, dr), i16x8.extmul_high_i8x16_u(dg, dg)),
              i16x8.extmul_high_i8x16_u(db, db),
            );
            const isNear = i8x16.narrow_i16x8_s(i16x8.le_u(low, most), i16x8.le_u(high, most));
            const counts = v128.and(isNear, i8x16.lt_u(column, own));
            inRow += i32.popcnt(i8x16.bitmask(counts));
            xs = i16x8.add(xs, i16x8.extadd_pairwise_i8x16_u(v128.and(column, counts)));
            reds = i16x8.add(reds, i16x8.extadd_pairwise_i8x16_u(v128.and(r, counts)));
            greens = i16x8.add(greens, i16x8.extadd_pairwise_i8x16_u(v128.and(g, counts)));
            blues = i16x8.add(blues, i16x8.extadd_pairwise_i8x16_u(v128.and(b, counts)));
            column = i8x16.add(column, i8x16.splat(16));
          }
          count += inRow;
          sumY += f64(inRow) * f64(row);
          if ((row & 7) != 7 && row != bottom) continue;
          allXs = i32x4.add(allXs, i32x4.extadd_pairwise_i16x8_u(xs));
          allReds = i32x4.add(allReds, i32x4.extadd_pairwise_i16x8_u(reds));
          allGreens = i32x4.add(allGreens, i32x4.extadd_pairwise_i16x8_u(greens));
          allBlues = i32x4.add(allBlues, i32x4.extadd_pairwise_i16x8_u(blues));
          xs = i16x8.splat(0);
          reds = xs;
          greens = xs;
          blues = xs;
        }
        if (count == 0) break;
        const share = 1 / f64(count);
        const x1 = mean(f64(left) * f64(count) + total(allXs), share);
        const y1 = mean(sumY, share);
        const r1 = mean(total(allReds), share);
        const g1 = mean(total(allGreens), share);
        const b1 = mean(total(allBlues), share);
        const way = abs(x1 - x0) + abs(y1 - y0);
        const change = (r1 - r) * (r1 - r) + (g1 - g) * (g1 - g) + (b1 - b) * (b1 - b);
        x0 = x1;
        y0 = y1;
        r = r1;
        g = g1;
        b = b1;
        if (way == 0 || way + change <= 1) break;
      }
      store<u8>(to + at, u8(r));
      store<u8>(to + at + plane, u8(g));
      store<u8>(to + at + 2 * plane, u8(b));
    }
  }
}

/** Halves to even. */
function edge(place: i32, radius: f32): i32 {
  return i32(nearest(f32(place) + radius));
}

function mean(sum: f64, share: f64): i32 {
  return i32(nearest(sum * share));
}

function distance(a: v128, b: v128): v128 {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
}

function total(sums: v128): f64 {
  const first = f64(i32x4.extract_lane(sums, 0)) + f64(i32x4.extract_lane(sums, 1));
  return first + f64(i32x4.extract_lane(sums, 2)) + f64(i32x4.extract_lane(sums, 3));
}
