/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over a grid: every index lies within it */
/** A height map by diamonds and squares (A. Fournier and others, 1982), from 0 to 1, that goes on at its edges. */
import type { SeededRandom } from "../structures/random.js";
import { fillEven } from "./even-numbers.js";

/** @param side a power of two; @param decay how much less each smaller step wobbles */
export function plasmaFractal(side: number, decay: number, random: SeededRandom): Float64Array {
  const map = new Float64Array(side * side);
  const last = side - 1;
  const noise = new Float64Array(Math.max((side * side) / 2, 1));
  let wobble = 100;
  for (let step = side; step >= 2; step /= 2) {
    const half = step / 2;
    const count = (side / step) ** 2;
    const draws = noise.subarray(0, 2 * count);
    const range = 2 * wobble * wobble;
    fillEven(random, draws);
    for (let y = 0, i = 0; y < side; y += step) {
      const [row, below, middle] = [y * side, ((y + step) & last) * side, (y + half) * side];
      for (let x = 0; x < side; x += step) {
        const right = (x + step) & last;
        const sum = map[row + x]! + map[row + right]! + map[below + x]! + map[below + right]!;
        map[middle + x + half] = sum / 4 + (draws[i++]! - 0.5) * range;
      }
    }
    fillEven(random, draws);
    for (let y = 0, i = 0; y < side; y += step) {
      const [row, below, middle] = [y * side, ((y + step) & last) * side, (y + half) * side];
      const above = ((y - half) & last) * side;
      for (let x = 0; x < side; x += step) {
        const [centre, left] = [map[middle + x + half]!, map[middle + ((x - half) & last)]!];
        const [own, right, under] = [map[row + x]!, map[row + ((x + step) & last)]!, map[below + x]!];
        map[row + x + half] = (centre + map[above + x + half]! + own + right) / 4 + (draws[i++]! - 0.5) * range;
        map[middle + x] = (centre + left + own + under) / 4 + (draws[i++]! - 0.5) * range;
      }
    }
    wobble /= decay;
  }
  return stretched(map);
}

/** From 0 to 1. */
function stretched(map: Float64Array): Float64Array {
  let [low, high] = [Infinity, -Infinity];
  for (const value of map) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  for (let i = 0; i < map.length; i++) map[i] = high > low ? (map[i]! - low) / (high - low) : 0;
  return map;
}
