/** Quantiles of a sample. */

/** The value below which the share `q` (0..1) of the rising numbers lies, between two of them by the line (`numpy.quantile`). */
export function quantile(rising: ArrayLike<number>, q: number): number {
  const position = q * (rising.length - 1);
  const below = Math.floor(position);
  const a = rising[below] ?? NaN;
  const b = rising[Math.min(below + 1, rising.length - 1)] ?? NaN;
  const t = position - below;
  // From the nearer end, so that equal numbers stay exactly what they are.
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}
