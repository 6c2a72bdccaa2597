/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over a grid: every index lies within it */
/** A height map by diamonds and squares (A. Fournier and others, 1982), from 0 to 1, that goes on at its edges. */
import type { SeededRandom } from "../structures/random.js";

/** @param side a power of two; @param decay how much less each smaller step wobbles */
export function plasmaFractal(side: number, decay: number, random: SeededRandom): Float64Array {
  const map = new Float64Array(side * side);
  const at = (x: number, y: number) => map[((y + side) % side) * side + ((x + side) % side)]!;
  let wobble = 100;
  for (let step = side; step >= 2; step /= 2) {
    const half = step / 2;
    const mean = (sum: number) => sum / 4 + wobble * random.uniform(-wobble, wobble);
    for (let y = 0; y < side; y += step) {
      for (let x = 0; x < side; x += step) {
        const corners = at(x, y) + at(x + step, y) + at(x, y + step) + at(x + step, y + step);
        map[(y + half) * side + x + half] = mean(corners);
      }
    }
    for (let y = 0; y < side; y += step) {
      for (let x = 0; x < side; x += step) {
        map[y * side + x + half] = mean(at(x + half, y + half) + at(x + half, y - half) + at(x, y) + at(x + step, y));
        map[(y + half) * side + x] = mean(at(x + half, y + half) + at(x - half, y + half) + at(x, y) + at(x, y + step));
      }
    }
    wobble /= decay;
  }
  const low = map.reduce((a, b) => Math.min(a, b), Infinity);
  const high = map.reduce((a, b) => Math.max(a, b), -Infinity);
  return map.map((value) => (high > low ? (value - low) / (high - low) : 0));
}
