/** Many even numbers at a time. */
import type { SeededRandom } from "../structures/random.js";
import { levelPlace } from "./level-simd.js";

/** So many random numbers are drawn at a time, the last time too. */
const BATCH = 4096;

/** Even numbers in [low, high), with 32 random bits each. */
export function fillEven(random: SeededRandom, values: Float64Array, low = 0, high = 1): void {
  const step = (high - low) * 2 ** -32;
  // What is drawn at once costs less than the way into other memory and back.
  if (values.length <= BATCH || !fillBySimd(random, values, low, step)) fillPlainly(random, values, low, step);
}

/** 1 with a probability of `share`, else 0: where an even number of [0, 1) is below it. */
export function fillBelow(random: SeededRandom, values: Float64Array, share: number): void {
  if (values.length > BATCH && fillBySimd(random, values, 0, 2 ** -32, share)) return;
  fillPlainly(random, values, 0, 2 ** -32);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) < share ? 1 : 0;
}

/** @param share where it is given, 1 stands for what is below it, and 0 for the rest */
function fillBySimd(random: SeededRandom, values: Float64Array, low: number, step: number, share?: number): boolean {
  const found = levelPlace(values.byteLength, 16);
  if (!found) return false;
  const { place, loops } = found;
  const [state, to] = [place.random(random), place.take(values.byteLength)];
  const draws = Math.ceil(values.length / BATCH) * BATCH;
  loops.drawDoubles(state.address, to, values.length, draws, low, step);
  state.done();
  if (share !== undefined) loops.below(to, values.length, share);
  values.set(new Float64Array(place.buffer, to, values.length));
  return true;
}

function fillPlainly(random: SeededRandom, values: Float64Array, low: number, step: number): void {
  const bits = new Uint32Array(Math.min(values.length, BATCH));
  for (let start = 0; start < values.length; start += bits.length) {
    random.fillUint32(bits);
    const end = Math.min(start + bits.length, values.length);
    for (let i = start; i < end; i++) values[i] = low + step * (bits[i - start] ?? 0);
  }
}
