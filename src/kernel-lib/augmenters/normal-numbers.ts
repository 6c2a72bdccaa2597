/* eslint-disable @typescript-eslint/no-non-null-assertion -- table look-ups: every index lies within the table */
/**
 * Standard normal numbers, one look-up each: of 65,536 that are equally likely. What is rarer than that, beyond 4.3 standard deviations, does not
 * occur.
 */
import type { SeededRandom } from "../structures/random.js";

const PLACES = 65536;
/** Random numbers at a time, few enough to stay in the processor's cache; each gives two. */
const BATCH = 2048;

let quantiles: Float32Array | undefined;

/** The middles of 65,536 parts of equal probability. */
export function normalQuantiles(): Float32Array {
  if (quantiles) return quantiles;
  const table = new Float32Array(PLACES);
  for (let i = 0; i < PLACES / 2; i++) {
    table[i] = normalQuantile((i + 0.5) / PLACES);
    table[PLACES - 1 - i] = -table[i]!;
  }
  return (quantiles = table);
}

/** How many random numbers so many values take: whole batches. */
export const normalDraws = (count: number): number => Math.ceil(count / (2 * BATCH)) * BATCH;

/** The inverse of the standard normal distribution function in (0, 0.5], to 1.2e-9 of itself (P. J. Acklam, 2003). */
function normalQuantile(p: number): number {
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(TAIL, q) / (polynomial(TAIL_BELOW, q) * q + 1);
  }
  const q = p - 0.5;
  return (polynomial(MIDDLE, q * q) * q) / (polynomial(MIDDLE_BELOW, q * q) * q * q + 1);
}

const MIDDLE = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const MIDDLE_BELOW = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572];
const TAIL = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_BELOW = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];

/** The highest power first. */
function polynomial(factors: readonly number[], x: number): number {
  let sum = 0;
  for (const factor of factors) sum = sum * x + factor;
  return sum;
}

/** One after another. */
export class NormalNumbers {
  private readonly table = normalQuantiles();
  private readonly bits = new Uint32Array(BATCH);
  private readonly random: SeededRandom;
  private at = 2 * BATCH;

  constructor(random: SeededRandom) {
    this.random = random;
  }

  next(): number {
    if (this.at === 2 * BATCH) {
      this.random.fillUint32(this.bits);
      this.at = 0;
    }
    const two = this.bits[this.at >> 1]!;
    return this.table[this.at++ & 1 ? two >>> 16 : two & 0xffff]!;
  }
}
