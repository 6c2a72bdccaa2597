/** The forms that imgaug's parameters may have, beside numbers, ranges and lists: one for each axis, "ALL", None, one for both. */
import { expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import type { Augmenter } from "../../../src/kernel-lib/augmenters/index.js";
import { picture } from "./picture.js";

const { parameters: p } = augmenters;
const image = picture(23, 17);
const made = (augmenter: Augmenter) => [1, 2, 3].map((seed) => augmenter.augmentImage(image, { seed }));
const untyped = (value: unknown) => value as never;

test("each axis has a window of its own, by name or in imgaug's order", () => {
  const across = made(augmenters.AverageBlur({ k: { width: 9, height: 1 } }));
  expect(made(augmenters.AverageBlur({ k: [p.Deterministic(9), 1] }))).toEqual(across);
  expect(made(augmenters.AverageBlur({ k: { width: 1, height: 9 } }))).not.toEqual(across);
  expect(made(augmenters.AverageBlur([[9, 9], 1]))).toEqual(across);
  // Two plain numbers are a range.
  const drawn = new Set([...Array(40).keys()].map((seed) => sizeOf(augmenters.MaxPooling([2, 5]), seed)));
  expect(drawn).toEqual(new Set(["23 × 17"]));
  const pooled = augmenters.MaxPooling({ kernelSize: [[2, 2], 5], keepSize: false });
  expect(sizeOf(pooled, 1)).toBe("5 × 9");
  expect(sizeOf(augmenters.MaxPooling({ kernelSize: { height: 2, width: 5 }, keepSize: false }), 1)).toBe("5 × 9");
  const tiles = made(augmenters.CLAHE({ clipLimit: 4, tileGridSizePx: { height: 3, width: 5 } }));
  expect(made(augmenters.CLAHE({ clipLimit: 4, tileGridSizePx: [3, p.Deterministic(5)] }))).toEqual(tiles);
});

const sizeOf = (augmenter: Augmenter, seed: number): string => {
  const { width, height } = augmenter.augmentImage(image, { seed });
  return `${width} × ${height}`;
};

test.each<[string, () => Augmenter]>([
  ["k[0]", () => augmenters.AverageBlur({ k: [[5, 3], 1] })],
  ["k", () => augmenters.AverageBlur({ k: untyped({ width: 3, height: 3, depth: 3 }) })],
  ["kernelSize.width", () => augmenters.MaxPooling({ kernelSize: untyped({ height: 3 }) })],
  ["tileGridSizePx[1]", () => augmenters.CLAHE({ tileGridSizePx: [3, [0.5, 2]] })],
  ["hysteresisThresholds", () => augmenters.Canny({ hysteresisThresholds: [200, 100] })],
])("%s is named where it is wrong", (name, make) => {
  expect(make).toThrow(new RegExp(`^Expected .+ for ${name.replace(/[[\]]/g, "\\$&")} but received`));
});

test("Canny's thresholds are both drawn from one parameter, or each for itself", () => {
  const edges = (hysteresisThresholds: NonNullable<augmenters.CannyAugmenterOptions["hysteresisThresholds"]>) =>
    made(
      augmenters.Canny({
        alpha: 1,
        sobelKernelSize: 3,
        colorizer: augmenters.randomColors(255, 0),
        hysteresisThresholds,
      }),
    );
  expect(edges(150)).toEqual(edges([p.Deterministic(150), 150]));
  expect(edges(p.Deterministic(150))).toEqual(edges(150));
  expect(edges([150, 150])).toEqual(edges(150));
  // Both from everywhere: other edges for other seeds.
  const [first, second] = edges([0, 255]);
  expect(first).not.toEqual(second);
});

test("a position may be drawn from one parameter for both axes", () => {
  const place = { size: 0.3, position: p.Deterministic(0.25) };
  expect(made(augmenters.Cutout(place))).toEqual(made(augmenters.Cutout({ ...place, position: [0.25, 0.25] })));
  expect(() => augmenters.Cutout({ position: p.Uniform(0, 2) })).toThrow(/between 0 and 1.* for position/);
});

test('"ALL" is taken for levels and channels', () => {
  const levels = made(augmenters.Cutout({ size: 1, cval: "ALL" })).map(({ data }) => data[3 * (8 * 23 + 11)]);
  expect(new Set(levels).size).toBeGreaterThan(1);
  expect(made(augmenters.pillike.Affine({ rotate: 45, fillcolor: "ALL" }))).toEqual(
    made(augmenters.pillike.Affine({ rotate: 45, fillcolor: [0, 255] })),
  );
  expect(made(augmenters.ChannelShuffle({ channels: "ALL" }))).toEqual(made(augmenters.ChannelShuffle()));
});

test.each<[string, Augmenter, Augmenter]>([
  ["Crop", augmenters.Crop({ px: untyped(null), percent: 0.2 }), augmenters.Crop({ percent: 0.2 })],
  ["Affine", augmenters.Affine({ rotate: 9, translatePx: untyped(null) }), augmenters.Affine({ rotate: 9 })],
  ["TranslateX", augmenters.TranslateX({ px: untyped(null), percent: 0.2 }), augmenters.TranslateX({ percent: 0.2 })],
  [
    "CoarseDropout",
    augmenters.CoarseDropout({ p: 0.5, sizePx: untyped(null), sizePercent: 0.5 }),
    augmenters.CoarseDropout({ p: 0.5, sizePercent: 0.5 }),
  ],
  ["Invert", augmenters.Invert({ p: 1, minValue: untyped(null) }), augmenters.Invert(1)],
  ["AddToHue", augmenters.AddToHueAndSaturation({ value: untyped(null), valueHue: 9 }), augmenters.AddToHue(9)],
])("null for what is None in imgaug is the same as nothing: %s", (_, given, left) => {
  expect(made(given)).toEqual(made(left));
});

test("true and false are probabilities of salt and pepper, too", () => {
  expect(made(augmenters.Salt({ p: untyped(false) }))).toEqual([image, image, image]);
  expect(made(augmenters.ReplaceElementwise(untyped(true), 7))[0]?.data.every((level) => level === 7)).toBe(true);
});
