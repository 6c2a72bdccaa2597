/**
 * Which candidates a step learns from: so many a picture, objects up to a part of them, background for the rest. Ren et al.,
 * "Faster R-CNN" (NIPS 2015), section 3.1.3.
 *
 * Shapes: N candidates.
 */
import type { SeededRandom } from "../structures/random.js";

export interface SampleSize {
  /** Candidates a picture. */
  count: number;
  /** At most this part of them are objects. */
  positiveFraction: number;
}

export interface Sample {
  /** Places of objects, ascending. */
  positive: Int32Array;
  /** Places of background, ascending. */
  negative: Int32Array;
}

/** @param matches as `matchBoxes` gives them: an object's place, `BACKGROUND` or `IGNORED` */
export function sampleBalanced(matches: Int32Array, size: SampleSize, random: SeededRandom): Sample {
  const positive: number[] = [];
  const negative: number[] = [];
  for (let i = 0; i < matches.length; i++) {
    const match = matches[i] ?? 0;
    if (match >= 0) positive.push(i);
    else if (match === -1) negative.push(i);
  }
  const objects = Math.min(positive.length, Math.floor(size.count * size.positiveFraction));
  return {
    positive: draw(positive, objects, random),
    negative: draw(negative, Math.min(negative.length, size.count - objects), random),
  };
}

/** So many of the places, each as likely, in ascending order (the first steps of Fisher and Yates). */
function draw(places: number[], count: number, random: SeededRandom): Int32Array {
  if (count === places.length) return Int32Array.from(places);
  for (let i = 0; i < count; i++) {
    const other = i + random.integer(places.length - i);
    [places[i], places[other]] = [places[other] ?? 0, places[i] ?? 0];
  }
  return Int32Array.from(places.slice(0, count)).sort();
}
