/**
 * All pairs of hashes that differ in few bits, without comparing all with all: where at most t bits of 64 differ, at least one of t + 1
 * or more bands is the same in both (the pigeonhole principle; Norouzi et al., "Fast Search in Hamming Space with Multi-Index Hashing",
 * 2012).
 */
import { hashDistance, type PerceptualHash } from "../perceptual-hash.js";

export interface IndexPair {
  readonly a: number;
  readonly b: number;
  /** Bits that differ, or 1 − the cosine. */
  readonly distance: number;
}

/** Pairs `a < b`, by distance, then by place. @param crosses which pairs count; all by default */
export function hashPairs(
  hashes: readonly PerceptualHash[],
  maxDistance: number,
  crosses: (a: number, b: number) => boolean = () => true,
): IndexPair[] {
  const pairs: IndexPair[] = [];
  const width = bandWidth(maxDistance);
  const bands = width === 0 ? 1 : 64 / width;
  for (let band = 0; band < bands; band++) {
    for (const members of buckets(hashes, band, width)) {
      members.forEach((b, place) => {
        for (const a of members.slice(0, place)) {
          const [x, y] = [hashes[a], hashes[b]];
          if (!x || !y || !crosses(a, b) || firstSharedBand(x, y, width) !== band) continue;
          const distance = hashDistance(x, y);
          if (distance <= maxDistance) pairs.push({ a, b, distance });
        }
      });
    }
  }
  return pairs.sort((p, q) => p.distance - q.distance || p.a - q.a || p.b - q.b);
}

/** Bits a band, so that there are more bands than bits that may differ; 0 where no band helps. */
function bandWidth(maxDistance: number): number {
  if (maxDistance < 4) return 16;
  return maxDistance < 8 ? 8 : 0;
}

function buckets(hashes: readonly PerceptualHash[], band: number, width: number): Iterable<number[]> {
  const found = new Map<number, number[]>();
  hashes.forEach((hash, index) => {
    const key = bandOf(hash, band, width);
    const members = found.get(key);
    if (members) members.push(index);
    else found.set(key, [index]);
  });
  return found.values();
}

/** So that a pair that meets in several bands is looked at once. */
function firstSharedBand(a: PerceptualHash, b: PerceptualHash, width: number): number {
  for (let band = 0; width > 0 && band < 64 / width; band++) {
    if (bandOf(a, band, width) === bandOf(b, band, width)) return band;
  }
  return 0;
}

function bandOf({ high, low }: PerceptualHash, band: number, width: number): number {
  if (width === 0) return 0;
  const first = band * width;
  const half = first < 32 ? high : low;
  return (half >>> (first % 32)) & ((1 << width) - 1);
}
