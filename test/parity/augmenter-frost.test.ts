import { describe, expect, test, vi } from "vitest";
import { augmenterOf } from "./augmenter-cases.js";
import { picture } from "../unit/augmenters/picture.js";
import { frostCases, frostFixture } from "./augmenter-frost.js";

const { width, height } = frostFixture.given;

// The fixture's pane, instead of a part of the library's.
vi.mock("../../src/kernel-lib/augmenters/frost-pane.js", () => ({
  frostPlane: (wide: number, high: number) =>
    Float64Array.from({ length: wide * high }, (_, i) => {
      const [x, y] = [i % wide, Math.floor(i / wide)];
      return ((x * 11 + y * 7 + ((x * y) % 13) * 6) % 256) / 255;
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
