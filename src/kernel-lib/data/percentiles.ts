/** Percentiles as numpy's default ("linear"): between the two nearest values where there is none at the place itself. */

export const PERCENTS = [0, 5, 25, 50, 75, 95, 100] as const;

/** NaN each where there are no values. */
export function percentiles(values: readonly number[], percents: readonly number[] = PERCENTS): number[] {
  const sorted = Float64Array.from(values).sort();
  return percents.map((percent) => {
    const place = (percent / 100) * (sorted.length - 1);
    const low = sorted[Math.floor(place)] ?? NaN;
    const high = sorted[Math.ceil(place)] ?? NaN;
    const share = place - Math.floor(place);
    // numpy's own order of operations, from whichever side is nearer.
    return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share);
  });
}
