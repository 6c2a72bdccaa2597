/** Tails of the standard normal distribution, to about 1e-15 of themselves. */

/** 2/√π ∫ₓ^∞ exp(-t²) dt for x ≥ 0 (Abramowitz, Stegun: 7.1.6, 7.1.14). */
export function erfc(x: number): number {
  const factor = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < 2) {
    let [term, sum] = [x, x];
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return 1 - 2 * factor * sum;
  }
  // The continued fraction from its far end; 120 levels are more than x = 2 needs.
  let fraction = x;
  for (let n = 120; n > 0; n--) fraction = x + n / 2 / fraction;
  return factor / fraction;
}

/** How many deviations from the middle enclose the share `confidence` (0..1): 1.96 for 0.95. */
export function enclosingDeviations(confidence: number): number {
  const outside = 1 - confidence;
  let [low, high] = [0, 40];
  while (high - low > 1e-14 * high) {
    const middle = (low + high) / 2;
    if (erfc(middle / Math.SQRT2) > outside) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
