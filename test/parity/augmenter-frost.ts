/** The fixture of make_frost.py. */
import { readFileSync } from "node:fs";
import type { PictureKind } from "../unit/augmenters/picture.js";

export const frostFixture = JSON.parse(
  readFileSync(new URL("../fixtures/augmenters/frost.json", import.meta.url), "utf8"),
) as {
  given: { imgaug: string; width: number; height: number };
  /** Of imagecorruptions' photographs: levels of red, green and blue, and their deviation. */
  textures: { mean: [number, number, number]; deviation: number }[];
  cases: { severity: number; kind: PictureKind; image: string }[];
};
export const frostCases = frostFixture.cases;
