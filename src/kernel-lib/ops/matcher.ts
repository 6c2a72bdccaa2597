/**
 * Which object of the truth a candidate stands for: Ren et al., "Faster R-CNN" (NIPS 2015), section 3.1.2.
 *
 * Shapes: M boxes of the truth, N candidates.
 */
import { overlapsOf } from "./box-overlap.js";

/** The candidate is background. */
export const BACKGROUND = -1;
/** The candidate is neither object nor background, and nothing is learnt from it. */
export const IGNORED = -2;

export interface MatchThresholds {
  /** From this IoU on a candidate is an object. */
  high: number;
  /** Below it, it is background. */
  low: number;
  /** For each object the candidates that fit it best are objects too, however little they overlap. */
  lowQuality: boolean;
}

/** N: for each candidate the place of its object in the truth, `BACKGROUND` or `IGNORED`. Without truth all is background. */
export function matchBoxes(truth: Float32Array, candidates: Float32Array, thresholds: MatchThresholds): Int32Array {
  const count = candidates.length / 4;
  const matches = new Int32Array(count);
  const best = new Float32Array(count).fill(-1);
  const objects = truth.length / 4;
  for (let object = 0; object < objects; object++) {
    const overlaps = overlapsOf(truth, object, candidates);
    for (let i = 0; i < count; i++) {
      if ((overlaps[i] ?? 0) <= (best[i] ?? 0)) continue;
      best[i] = overlaps[i] ?? 0;
      matches[i] = object;
    }
  }
  const nearest = matches.slice();
  for (let i = 0; i < count; i++) {
    if ((best[i] ?? 0) < thresholds.low) matches[i] = BACKGROUND;
    else if ((best[i] ?? 0) < thresholds.high) matches[i] = IGNORED;
  }
  if (thresholds.lowQuality) addLowQuality(truth, candidates, nearest, matches);
  return matches;
}

/** The best candidates of every object, ties included, get the object that is nearest to them, which may be another one. */
function addLowQuality(truth: Float32Array, candidates: Float32Array, nearest: Int32Array, matches: Int32Array): void {
  for (let object = 0; object * 4 < truth.length; object++) {
    const overlaps = overlapsOf(truth, object, candidates);
    const most = overlaps.reduce((a, b) => (b > a ? b : a), -1);
    for (let i = 0; i < overlaps.length; i++) if (overlaps[i] === most) matches[i] = nearest[i] ?? 0;
  }
}
