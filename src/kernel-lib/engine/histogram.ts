/** How many of a lot of numbers are about how large, in TensorFlow's buckets, which grow by a tenth each, on both sides of 0. */

export interface Histogram {
  min: number;
  max: number;
  count: number;
  sum: number;
  sumOfSquares: number;
  /** Upper ends of the buckets, rising; the first bucket begins where its count is 0. */
  limits: number[];
  /** Numbers that are below a bucket's upper end and not below the one before. */
  counts: number[];
}

/** As TensorFlow's histogram.cc has them. */
const EDGES = edges();

function edges(): Float64Array {
  const positive: number[] = [];
  for (let edge = 1e-12; edge < 1e20; edge *= 1.1) positive.push(edge);
  return Float64Array.from([...positive.map((edge) => -edge).reverse(), 0, ...positive]);
}

/** undefined where no number is finite; others are left out. */
export function histogramOf(values: Iterable<Float32Array>): Histogram | undefined {
  const counts = new Float64Array(EDGES.length + 1);
  const total = { min: Infinity, max: -Infinity, count: 0, sum: 0, sumOfSquares: 0 };
  for (const part of values) {
    for (const value of part) {
      if (!Number.isFinite(value)) continue;
      const bucket = bucketOf(value);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      total.min = Math.min(total.min, value);
      total.max = Math.max(total.max, value);
      total.count++;
      total.sum += value;
      total.sumOfSquares += value * value;
    }
  }
  if (total.count === 0) return undefined;
  // Of the empty ones at both ends one remains, which says where the first that has some begins.
  const first = Math.max(0, counts.findIndex((count) => count > 0) - 1);
  const last = counts.findLastIndex((count) => count > 0);
  const limits = Array.from(EDGES.subarray(first, last + 1));
  if (limits.length < last + 1 - first) limits.push(Number.MAX_VALUE);
  return { ...total, limits, counts: Array.from(counts.subarray(first, last + 1)) };
}

/** The first edge that is above the value. */
function bucketOf(value: number): number {
  let [low, high] = [0, EDGES.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((EDGES[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
