/**
 * Where the pixels of a picture's polar one lie in it, and the other way round: whole pixels, four at a time. Numbers are in single precision where
 * OpenCV's are. Twin: warp-polar.
 */

import { whole } from "./sampling";

/** Two and two doubles in single precision. */
function single(first: v128, second: v128): v128 {
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(first), f32x4.demote_f64x2_zero(second), 0, 2);
}

function behind(four: v128): v128 {
  return v128.shuffle<i64>(four, four, 1, 1);
}

/** Four times or through a double, in single precision. */
function divided(four: v128, by: v128): v128 {
  return single(f64x2.div(f64x2.promote_low_f32x4(four), by), f64x2.div(f64x2.promote_low_f32x4(behind(four)), by));
}

/** A row of the polar picture, whose pixels are `step` apart on a line that goes away from the middle. */
export function rayRow(
  xs: usize,
  ys: usize,
  count: i32,
  step: f64,
  cos: f64,
  sin: f64,
  middleX: f32,
  middleY: f32,
): void {
  const steps = f64x2.splat(step);
  const across = f64x2.splat(cos);
  const down = f64x2.splat(sin);
  const left = f64x2.splat(f64(middleX));
  const top = f64x2.splat(f64(middleY));
  let place = f64x2(0, 1);
  for (let i = 0; i < count; i += 4, xs += 16, ys += 16) {
    const next = f64x2.add(place, f64x2.splat(2));
    const distances = single(f64x2.mul(place, steps), f64x2.mul(next, steps));
    const first = f64x2.promote_low_f32x4(distances);
    const second = f64x2.promote_low_f32x4(behind(distances));
    const x = single(f64x2.add(f64x2.mul(first, across), left), f64x2.add(f64x2.mul(second, across), left));
    const y = single(f64x2.add(f64x2.mul(first, down), top), f64x2.add(f64x2.mul(second, down), top));
    v128.store(xs, whole(x));
    v128.store(ys, whole(y));
    place = f64x2.add(place, f64x2.splat(4));
  }
}

/** A row of the picture, which lies `dy` below the middle; of the polar picture's `rows`, the first comes again behind the last. */
export function polarRow(
  xs: usize,
  ys: usize,
  count: i32,
  dy: f32,
  middleX: f32,
  step: f64,
  turn: f64,
  rows: i32,
): void {
  const y = f32x4.splat(dy);
  const square = f32x4.mul(y, y);
  const steps = f64x2.splat(step);
  const turns = f64x2.splat(turn);
  const last = i32x4.splat(rows);
  const one = f32x4.splat(1);
  let column = f32x4(0, 1, 2, 3);
  for (let i = 0; i < count; i += 4, xs += 16, ys += 16) {
    const x = f32x4.sub(column, f32x4.splat(middleX));
    const distance = f32x4.sqrt(f32x4.add(f32x4.mul(x, x), square));
    v128.store(xs, whole(divided(distance, steps)));
    const row = i32x4.sub(whole(f32x4.add(divided(angles(x, y), turns), one)), i32x4.splat(1));
    v128.store(ys, v128.andnot(row, i32x4.eq(row, last)));
    column = f32x4.add(column, f32x4.splat(4));
  }
}

/** OpenCV's `fastAtan32f`, in radians from 0 to 2 pi. */
function angles(x: v128, y: v128): v128 {
  const wide = f32x4.abs(x);
  const high = f32x4.abs(y);
  const most = f32x4.add(f32x4.max(wide, high), f32x4.splat(f32(2.220446049250313e-16)));
  const share = f32x4.div(f32x4.min(wide, high), most);
  const square = f32x4.mul(share, share);
  let sum = f32x4.add(f32x4.mul(f32x4.splat(P7), square), f32x4.splat(P5));
  sum = f32x4.add(f32x4.mul(sum, square), f32x4.splat(P3));
  sum = f32x4.mul(f32x4.add(f32x4.mul(sum, square), f32x4.splat(P1)), share);
  sum = v128.bitselect(f32x4.sub(f32x4.splat(90), sum), sum, f32x4.lt(wide, high));
  sum = v128.bitselect(f32x4.sub(f32x4.splat(180), sum), sum, f32x4.lt(x, f32x4.splat(0)));
  sum = v128.bitselect(f32x4.sub(f32x4.splat(360), sum), sum, f32x4.lt(y, f32x4.splat(0)));
  return f32x4.mul(sum, f32x4.splat(f32(Math.PI / 180)));
}

const DEGREES: f32 = f32(180 / Math.PI);
const P1: f32 = f32(0.9997878412794807) * DEGREES;
const P3: f32 = f32(-0.3258083974640975) * DEGREES;
const P5: f32 = f32(0.1555786518463281) * DEGREES;
const P7: f32 = f32(-0.04432655554792128) * DEGREES;
