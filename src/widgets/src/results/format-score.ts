/** A score for reading: three digits behind the point, as many as 32-bit scores are worth comparing by. */
export function formatScore(score: number): string {
  return score.toFixed(3);
}
