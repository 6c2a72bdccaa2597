/** Planes of random numbers, and enlarged ones. Twins: normal-numbers, corrupt-snow. */
import { draw } from "../random/sfc32";

class Normal {
  put(to: usize, number: u32, i: i32, table: usize, mean: f64, deviation: f64): void {
    const at = to + (usize(i) << 4);
    store<f64>(at, mean + deviation * f64(load<f32>(table + (usize(number & 0xffff) << 2))));
    store<f64>(at, mean + deviation * f64(load<f32>(table + (usize(number >>> 16) << 2))), 8);
  }
}

/**
 * `mean` and `deviation` times values of a table of 65,536 floats, by the numbers of sfc32, two for each; `draws` numbers are drawn, of which the
 * first `count` values are taken. `state` has its four words.
 */
export function drawNormal(
  state: usize,
  table: usize,
  to: usize,
  count: i32,
  draws: i32,
  mean: f64,
  deviation: f64,
): void {
  draw<Normal>(state, to, (count + 1) >> 1, draws, table, mean, deviation);
}

/**
 * A row of which so much lies `above` and so much `below` it in two others, between two neighbours there; two values at a time.
 * @param places of each value where its neighbours lie in their rows, in bytes, 32 bits each
 * @param weights of each value those of the two, doubles
 */
export function zoomRow(
  upper: usize,
  lower: usize,
  places: usize,
  weights: usize,
  above: f64,
  below: f64,
  to: usize,
  count: i32,
): void {
  const up = f64x2.splat(above);
  const down = f64x2.splat(below);
  for (let i = 0; i < count; i += 2, places += 16, weights += 32, to += 16) {
    const left = v128.shuffle<i64>(v128.load(weights), v128.load(weights, 16), 0, 2);
    const right = v128.shuffle<i64>(v128.load(weights), v128.load(weights, 16), 1, 3);
    const first = f64x2.add(f64x2.mul(two(upper, places), left), f64x2.mul(two(upper, places + 4), right));
    const second = f64x2.add(f64x2.mul(two(lower, places), left), f64x2.mul(two(lower, places + 4), right));
    v128.store(to, f64x2.add(f64x2.mul(first, up), f64x2.mul(second, down)));
  }
}

/** A row's values at two places. */
function two(row: usize, places: usize): v128 {
  return v128.load64_lane(row + usize(load<u32>(places, 8)), v128.load64_zero(row + usize(load<u32>(places))), 1);
}
