/** How unsure a classifier is of a picture, from its probabilities (Settles, "Active Learning Literature Survey", 2009, section 3.1). */

/** The ways to measure it; by each, more is less sure. */
export const UNCERTAINTIES = ["least confidence", "margin", "entropy"] as const;
export type Uncertainty = (typeof UNCERTAINTIES)[number];

/**
 * @param scores the probabilities of one picture's classes
 * @returns "least confidence": 1 - the highest; "margin": 1 - the highest + the second; "entropy": in nats. 0 where it is sure.
 */
export function uncertainty(scores: ArrayLike<number>, by: Uncertainty): number {
  if (by === "entropy") return entropy(scores);
  const [first, second] = highestTwo(scores);
  return by === "margin" ? 1 - first + second : 1 - first;
}

function entropy(scores: ArrayLike<number>): number {
  let sum = 0;
  for (const score of Array.from(scores)) if (score > 0) sum -= score * Math.log(score);
  return sum;
}

function highestTwo(scores: ArrayLike<number>): [first: number, second: number] {
  let [first, second] = [0, 0];
  for (const score of Array.from(scores)) {
    if (score > first) [first, second] = [score, first];
    else if (score > second) second = score;
  }
  return [first, second];
}
