/**
 * Draws from the distributions that are more than a formula of one even number.
 *
 * Gamma by G. Marsaglia and W. W. Tsang (2000), Poisson by W. Hörmann's transformed rejection (1993), truncated normal by
 * C. P. Robert (1995).
 */
import type { SeededRandom } from "../structures/random.js";

/** In (0, 1], so that its logarithm is finite. */
const positive = (random: SeededRandom): number => 1 - random.next();

/** The logarithm of a gamma variate of scale 1: for small shapes the variate itself would be too small to be told from 0. */
export function logGammaVariate(random: SeededRandom, shape: number): number {
  if (shape < 1) return logGammaVariate(random, shape + 1) + Math.log(positive(random)) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(positive(random)) < (x * x) / 2 + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}

/** In [0, 1]. */
export function betaVariate(random: SeededRandom, alpha: number, beta: number): number {
  // The arcsine distribution.
  if (alpha === 0.5 && beta === 0.5) return Math.sin((random.next() * Math.PI) / 2) ** 2;
  return 1 / (1 + Math.exp(logGammaVariate(random, beta) - logGammaVariate(random, alpha)));
}

export function exponentialVariate(random: SeededRandom): number {
  return -Math.log(positive(random));
}

export function laplaceVariate(random: SeededRandom): number {
  return exponentialVariate(random) - exponentialVariate(random);
}

export function poissonVariate(random: SeededRandom, mean: number): number {
  return mean < 10 ? countedPoisson(random, mean) : rejectedPoisson(random, mean);
}

/** How many even numbers can be multiplied before they fall below e^-mean. */
function countedPoisson(random: SeededRandom, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > limit; product *= random.next()) count++;
  return count;
}

function rejectedPoisson(random: SeededRandom, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const sure = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random.next() - 0.5;
    const v = positive(random);
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= sure) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const bound = -mean + k * Math.log(mean) - logFactorial(k);
    if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= bound) return k;
  }
}

/** Exact to 16 factors, then Stirling's series, to 1e-10. */
export function logFactorial(n: number): number {
  if (n < 16) {
    let sum = 0;
    for (let i = 2; i <= n; i++) sum += Math.log(i);
    return sum;
  }
  const x = n + 1;
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}

/** A standard normal variate between the two, the lower first; either may be infinite. */
export function truncatedNormalVariate(random: SeededRandom, low: number, high: number): number {
  if (high <= 0) return -truncatedNormalVariate(random, -high, -low);
  // So far out, all of the distribution lies within the last bit.
  if (low > 1e8) return low;
  if (low <= 0 && high - low > Math.sqrt(2 * Math.PI)) return untilWithin(() => random.normal(), low, high);
  const rate = (low + Math.sqrt(low * low + 4)) / 2;
  if (low > 0 && high - low > 1 / rate) return tailVariate(random, low, high, rate);
  const peak = Math.max(low, 0) ** 2;
  for (;;) {
    const x = random.uniform(low, high);
    if (random.next() <= Math.exp((peak - x * x) / 2)) return x;
  }
}

function untilWithin(draw: () => number, low: number, high: number): number {
  for (;;) {
    const x = draw();
    if (x >= low && x <= high) return x;
  }
}

function tailVariate(random: SeededRandom, low: number, high: number, rate: number): number {
  for (;;) {
    const x = untilWithin(() => low + exponentialVariate(random) / rate, low, high);
    if (random.next() <= Math.exp(-((x - rate) ** 2) / 2)) return x;
  }
}
