/**
 * How light ice is, and of which colour. imagecorruptions lays photographs of frost over pictures, which are nobody's here to give away; what their
 * levels are on average is known, and a pane of ours gets the same.
 */
import type { SeededRandom } from "../structures/random.js";
import { frostPlane } from "./frost-pane.js";

/** Of the five photographs: mean levels of red, green and blue, and the mean of the three's deviations. */
const TONES = [
  { mean: [77.7, 149.1, 165.7], deviation: 19.6 },
  { mean: [200.8, 205.4, 214.5], deviation: 22 },
  { mean: [200.8, 205.4, 214.5], deviation: 22 },
  { mean: [137.6, 152.8, 165.2], deviation: 28.9 },
  { mean: [112.4, 123.4, 134.8], deviation: 43.1 },
] as const;

/** What a part of the pane is on average, of 1. */
const PANE = { mean: 0.339, deviation: 0.142 };

export interface FrostLayer {
  /** A value for each pixel, 0 to 1. */
  plane: Float64Array;
  /** Its factors for red, green and blue. */
  tint: readonly [red: number, green: number, blue: number];
}

/** A part of the pane in one of the five tones. */
export function frostLayer(width: number, height: number, random: SeededRandom): FrostLayer {
  const { mean, deviation } = TONES[random.integer(TONES.length)] ?? TONES[0];
  const [red, green, blue] = mean;
  const level = (red + green + blue) / 3;
  const contrast = deviation / 255 / PANE.deviation;
  const least = level / 255 - PANE.mean * contrast;
  const plane = frostPlane(width, height, random);
  for (const [i, value] of plane.entries()) plane[i] = Math.min(Math.max(least + value * contrast, 0), 1);
  return { plane, tint: [red / level, green / level, blue / level] };
}
