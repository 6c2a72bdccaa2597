/* eslint-disable @typescript-eslint/no-non-null-assertion -- table look-ups: every index lies within the table */
/**
 * Noise as whole numbers, one look-up a value.
 *
 * Added to 8-bit pixels, noise is rounded and clipped to ±255: at most 511 outcomes, whose probabilities are known. A table
 * holds each outcome as often as its share of 65,536 says, so that 16 random bits draw one: probabilities are right to 1e-5, and what
 * is rarer than that (of normal noise beyond 4.3 standard deviations) does not occur.
 */
import type { SeededRandom } from "../structures/random.js";
import { logFactorial } from "./samplers.js";

const PLACES = 65536;

/** Random numbers at a time, few enough to stay in the processor's cache. */
const BATCH = 2048;

export class RoundedNoise {
  /** Each outcome as often as its share of the places says. */
  readonly table = new Int16Array(PLACES);

  /** @param probabilities of -255 to 255 */
  constructor(probabilities: Float64Array) {
    let sum = 0;
    let from = 0;
    probabilities.forEach((probability, index) => {
      sum += probability;
      const to = Math.round(sum * PLACES);
      this.table.fill(index - 255, from, to);
      from = to;
    });
  }

  /** How many random numbers so many values take: whole batches. */
  static drawsFor(count: number): number {
    return Math.ceil(count / (2 * BATCH)) * BATCH;
  }

  /** Fills with values from -255 to 255. */
  fill(values: Int16Array, random: SeededRandom): void {
    const { table } = this;
    const numbers = new Uint32Array(BATCH);
    for (let start = 0; start < values.length; start += 2 * BATCH) {
      random.fillUint32(numbers);
      const count = Math.min(2 * BATCH, values.length - start);
      for (let i = 0; i < count; i += 2) {
        const bits = numbers[i >> 1]!;
        // Beyond the end of an odd number of values, nothing is written.
        values[start + i] = table[bits & 0xffff]!;
        values[start + i + 1] = table[bits >>> 16]!;
      }
    }
  }
}

/** The probabilities of -255 to 255; what lies beyond counts as the last of them. @param deviation may be 0 */
export function roundedNormalProbabilities(mean: number, deviation: number): Float64Array {
  return rounded(mean, deviation, normalDistribution);
}

/** The same of Laplace noise, which falls off by e each `scale`. @param scale may be 0 */
export function roundedLaplaceProbabilities(peak: number, scale: number): Float64Array {
  return rounded(peak, scale, (x) => (x < 0 ? Math.exp(x) / 2 : 1 - Math.exp(-x) / 2));
}

/** The same of Poisson noise that is added as often as it is taken away; a negative mean counts as 0. */
export function signedPoissonProbabilities(mean: number): Float64Array {
  const probabilities = new Float64Array(511);
  let rest = 1;
  for (let k = 0; k < 255; k++) {
    const probability = mean > 0 ? Math.exp(k * Math.log(mean) - mean - logFactorial(k)) : Number(k === 0);
    probabilities[255 - k]! += probability / 2;
    probabilities[255 + k]! += probability / 2;
    rest -= probability;
  }
  probabilities[0] = probabilities[510] = Math.max(rest, 0) / 2;
  return probabilities;
}

/** @param distribution of what has middle 0 and width 1 */
function rounded(middle: number, width: number, distribution: (x: number) => number): Float64Array {
  const below = (k: number) => (k > 255 ? 1 : k <= -255 ? 0 : distribution((k - 0.5 - middle) / width));
  const probabilities = new Float64Array(511);
  if (width === 0) {
    probabilities[255 + Math.round(Math.min(Math.max(middle, -255), 255))] = 1;
    return probabilities;
  }
  for (let k = -255; k <= 255; k++) probabilities[k + 255] = Math.max(0, below(k + 1) - below(k));
  return probabilities;
}

/** The standard normal distribution function, to 2e-7 (erfc by W. H. Press and others, Numerical Recipes, 2nd ed., 6.2). */
export function normalDistribution(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + z / 2);
  const terms = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const polynomial = terms.reduceRight((sum, term) => sum * t + term, 0);
  const tail = (t * Math.exp(-z * z + polynomial)) / 2;
  return x < 0 ? tail : 1 - tail;
}
