/** Whether two models on the same samples differ by more than chance. */
import { knownOptions } from "../structures/options.js";
import type { ClassLabel } from "./confusion-matrix.js";
import { erfc } from "./normal-distribution.js";
import { sameLength } from "./threshold-counts.js";

export interface McNemarResult {
  /** How many samples only the first model has right. */
  onlyFirst: number;
  /** How many samples only the second model has right. */
  onlySecond: number;
  /** How likely a difference at least as large is between models that are equally good, in 0..1. */
  pValue: number;
}

export interface McNemarOptions {
  /** The binomial distribution; false for the chi-squared one with a correction for continuity. Default true. */
  exact?: boolean;
}

/**
 * McNemar's test (1947), two-sided, as statsmodels' `mcnemar`. 1 where the models differ on no sample.
 *
 * @throws InvalidOption where the lengths differ or nothing was given
 */
export function mcnemar(
  truth: ArrayLike<ClassLabel>,
  first: ArrayLike<ClassLabel>,
  second: ArrayLike<ClassLabel>,
  options: McNemarOptions = {},
): McNemarResult {
  sameLength("first", truth.length, first.length);
  sameLength("second", truth.length, second.length);
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let i = 0; i < truth.length; i++) {
    if (first[i] === truth[i] && second[i] !== truth[i]) onlyFirst++;
    if (second[i] === truth[i] && first[i] !== truth[i]) onlySecond++;
  }
  knownOptions("mcnemar", options, ["exact"]);
  const test = options.exact === false ? chiSquared : binomial;
  return { onlyFirst, onlySecond, pValue: onlyFirst + onlySecond === 0 ? 1 : test(onlyFirst, onlySecond) };
}

/** Twice the chance of at most the smaller number among fair coins. */
function binomial(a: number, b: number): number {
  const total = a + b;
  let logTerm = -total * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= Math.min(a, b); k++) {
    logTerm += Math.log((total - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}

/** The upper tail of the chi-squared distribution with one degree of freedom. */
function chiSquared(a: number, b: number): number {
  const statistic = (Math.abs(a - b) - 1) ** 2 / (a + b);
  return erfc(Math.sqrt(statistic / 2));
}
