/* eslint-disable @typescript-eslint/no-non-null-assertion -- table look-ups: every index lies within the table */
/**
 * Normal noise as whole numbers, one look-up a value.
 *
 * Added to 8-bit pixels, normal noise is rounded and clipped to ±255: at most 511 outcomes, whose probabilities are known. They are
 * drawn by the alias method (A. J. Walker, 1977; table by M. D. Vose, 1991) from one 32-bit number each: 9 bits choose a column, 23
 * the side of it, so that probabilities are right to about 1e-7.
 */
import type { SeededRandom } from "../structures/random.js";

const COLUMNS = 512;

export class RoundedNormal {
  private readonly threshold = new Uint32Array(COLUMNS);
  private readonly own = new Int16Array(COLUMNS);
  private readonly alias = new Int16Array(COLUMNS);

  /** @param deviation may be 0: then each value is the rounded mean. */
  constructor(mean: number, deviation: number) {
    const probabilities = roundedNormalProbabilities(mean, deviation);
    const share = Float64Array.from({ length: COLUMNS }, (_, i) => (probabilities[i] ?? 0) * COLUMNS);
    const small = [...share.keys()].filter((i) => share[i]! < 1);
    const large = [...share.keys()].filter((i) => share[i]! >= 1);
    while (small.length > 0 && large.length > 0) {
      const poor = small.pop()!;
      const rich = large.at(-1)!;
      this.setColumn(poor, share[poor]!, rich);
      share[rich]! -= 1 - share[poor]!;
      if (share[rich]! < 1) small.push(large.pop()!);
    }
    // What rounding errors leave over is as good as full.
    for (const rest of [...small, ...large]) this.setColumn(rest, 1, rest);
  }

  /** Fills with values from -255 to 255. */
  fill(values: Int16Array, random: SeededRandom): void {
    const { threshold, own, alias } = this;
    for (let i = 0; i < values.length; i++) {
      const bits = random.uint32();
      const column = bits & (COLUMNS - 1);
      values[i] = bits >>> 9 < threshold[column]! ? own[column]! : alias[column]!;
    }
  }

  private setColumn(index: number, share: number, other: number): void {
    this.threshold[index] = Math.round(share * 2 ** 23);
    this.own[index] = index - 255;
    this.alias[index] = other - 255;
  }
}

/** The probabilities of -255 to 255; what lies beyond counts as the last of them. */
export function roundedNormalProbabilities(mean: number, deviation: number): Float64Array {
  const below = (k: number) => (k > 255 ? 1 : k <= -255 ? 0 : normalDistribution((k - 0.5 - mean) / deviation));
  const probabilities = new Float64Array(511);
  if (deviation === 0) {
    probabilities[255 + Math.round(Math.min(Math.max(mean, -255), 255))] = 1;
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
