import { describe, expect, test, vi } from "vitest";
import { augmenterOf } from "./augmenter-cases.js";
import { picture } from "../unit/augmenters/picture.js";
import { SeededRandom } from "../../src/kernel-lib/structures/random.js";
import type * as FrostTones from "../../src/kernel-lib/augmenters/frost-tones.js";
import { frostCases, frostFixture, frostStatistics, type FrostStatistics } from "./augmenter-frost.js";

const { width, height } = frostFixture.given;

// The fixture's pane and tint, instead of a part of the library's.
vi.mock("../../src/kernel-lib/augmenters/frost-tones.js", () => ({
  frostLayer: (wide: number, high: number) => ({
    plane: Float64Array.from({ length: wide * high }, (_, i) => {
      const [x, y] = [i % wide, Math.floor(i / wide)];
      return ((x * 11 + y * 7 + ((x * y) % 13) * 6) % 256) / 255;
    }),
    tint: [0.86, 0.94, 1],
  }),
}));

test("the fixture is of the version that the titles name", () => {
  expect(frostFixture.given.imgaug).toBe("0.4.0");
});

describe("frost of a given pane", () => {
  test.each(frostCases.map((each) => [`severity ${each.severity}, ${each.kind}`, each] as const))(
    "%s: within 1 of imgaug 0.4.0's",
    (_, { severity, kind, image }) => {
      const augmenter = augmenterOf({ name: "imgcorruptlike.Frost", options: { severity } });
      const found = augmenter.augmentImage(picture(width, height, 3, kind)).data;
      const expected = Buffer.from(image, "base64");
      expect(found.length).toBe(expected.length);
      expect(Math.max(...found.map((level, i) => Math.abs(level - (expected[i] ?? NaN))))).toBeLessThanOrEqual(1);
    },
  );
});

describe("the library's own panes", () => {
  test("are as light, as rich in contrast and of the same colours as imagecorruptions' photographs", async () => {
    const { frostLayer } = await vi.importActual<typeof FrostTones>("../../src/kernel-lib/augmenters/frost-tones.js");
    const parts = Array.from({ length: 100 }, (_, seed) => frostStatistics(frostLayer(64, 48, new SeededRandom(seed))));
    const near = ({ mean, deviation }: FrostStatistics, of: FrostStatistics) =>
      mean.every((level, c) => Math.abs(level - (of.mean[c] ?? NaN)) < 9) && Math.abs(deviation - of.deviation) < 5;
    // Two of the five are alike.
    const found = parts.map((part) => frostFixture.textures.findIndex((texture) => near(part, texture)));
    expect(found).not.toContain(-1);
    expect(new Set(found)).toEqual(new Set([0, 1, 3, 4]));
    const share = (index: number) => found.filter((each) => each === index).length / found.length;
    expect(share(1)).toBeGreaterThan(0.25);
    expect(Math.min(share(0), share(3), share(4))).toBeGreaterThan(0.08);
  });
});
