/** The fixture of make_frost.py. */
import { readFileSync } from "node:fs";
import type { FrostLayer } from "../../src/kernel-lib/augmenters/frost-tones.js";
import type { PictureKind } from "../unit/augmenters/picture.js";

/** Mean levels of red, green and blue, and the mean of the three's deviations. */
export interface FrostStatistics {
  mean: number[];
  deviation: number;
}

export const frostFixture = JSON.parse(
  readFileSync(new URL("../fixtures/augmenters/frost.json", import.meta.url), "utf8"),
) as {
  given: { imgaug: string; width: number; height: number };
  /** Of imagecorruptions' photographs. */
  textures: FrostStatistics[];
  cases: { severity: number; kind: PictureKind; image: string }[];
};
export const frostCases = frostFixture.cases;

export function frostStatistics({ plane, tint }: FrostLayer): FrostStatistics {
  const average = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = average(plane);
  const spread = Math.sqrt(average(plane.map((value) => (value - middle) ** 2)));
  return {
    mean: tint.map((factor) => middle * factor * 255),
    deviation: (spread * 255 * tint.reduce((sum, factor) => sum + factor, 0)) / 3,
  };
}
