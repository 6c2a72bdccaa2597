/** How sure a figure is: intervals that would hold the true one in most repetitions. */
import { integerOption, knownOptions, numberOption } from "../structures/options.js";
import { SeededRandom } from "../structures/random.js";
import { sortFloats } from "./float-sort.js";
import { enclosingDeviations } from "./normal-distribution.js";
import { quantile } from "./quantile.js";

export interface Interval {
  low: number;
  high: number;
}

export interface BootstrapOptions {
  /** Which share of repetitions the interval holds the true figure in, between 0 and 1. Default 0.95. */
  confidence?: number;
  /** How many samples are drawn anew. Default 1000. */
  resamples?: number;
  /** Default 0. */
  seed?: number;
}

/**
 * Percentile bootstrap (Efron 1979): the figure over samples drawn from the sample, with replacement. Draws for which it is NaN,
 * say for want of a class, are left out; NaN where all are.
 *
 * @param size how many samples there are
 * @param statistic the figure over the samples of these indices
 */
export function bootstrapInterval(
  size: number,
  statistic: (indices: Uint32Array) => number,
  options: BootstrapOptions = {},
): Interval {
  knownOptions("bootstrapInterval", options, ["confidence", "resamples", "seed"]);
  integerOption("size", size, 1);
  const tail = (1 - checkConfidence(options.confidence)) / 2;
  const resamples = integerOption("resamples", options.resamples ?? 1000, 1);
  const random = new SeededRandom(integerOption("seed", options.seed ?? 0, Number.MIN_SAFE_INTEGER));
  const figures = Float64Array.from({ length: resamples }, () =>
    statistic(Uint32Array.from({ length: size }, () => random.integer(size))),
  );
  const rising = sortFloats(figures.filter((figure) => !Number.isNaN(figure)));
  return { low: quantile(rising, tail), high: quantile(rising, 1 - tail) };
}

/**
 * Wilson's interval of a share (1927), which stays sensible where all or none of a few samples are right: 22 of 22 is no
 * certainty.
 *
 * @param successes how many of `total`
 */
export function wilsonInterval(
  successes: number,
  total: number,
  options: Pick<BootstrapOptions, "confidence"> = {},
): Interval {
  knownOptions("wilsonInterval", options, ["confidence"]);
  integerOption("total", total, 1);
  const share = integerOption("successes", successes, 0, total) / total;
  const square = enclosingDeviations(checkConfidence(options.confidence)) ** 2;
  const centre = (share + square / (2 * total)) / (1 + square / total);
  const half = Math.sqrt(square * ((share * (1 - share)) / total + square / (4 * total ** 2))) / (1 + square / total);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

function checkConfidence(confidence = 0.95): number {
  return numberOption("confidence", confidence, 1e-9, 1 - 1e-9);
}
