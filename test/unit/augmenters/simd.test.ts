import fc from "fast-check";
import { expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { withoutSimd } from "../../../src/kernel-lib/augmenters/picture-simd.js";
import { picture } from "./picture.js";

const { AdditiveGaussianNoise, Affine, ElasticTransformation, Fliplr, GaussianBlur, PerspectiveTransform } = augmenters;

const sizes = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 3, 4));
const modes = ["constant", "edge", "symmetric", "reflect", "wrap"] as const;

test.each<[string, (random: number) => augmenters.Augmenter]>([
  ["a flip", () => Fliplr(1)],
  [
    "a part, mirrored and upside down",
    (random) =>
      augmenters.Sequential([
        augmenters.Crop({ px: [random % 3, random % 5, 1, random % 4], keepSize: false }),
        ...(random % 2 ? [Fliplr(1)] : []),
        augmenters.Crop({ px: [0, 2, random % 3, 1], keepSize: false }),
        augmenters.Flipud(1),
      ]),
  ],
  ["levels by a table", (random) => augmenters.Multiply({ mul: (random % 30) / 10, perChannel: random % 2 === 0 })],
  [
    "a matrix",
    (random) =>
      augmenters.Convolve([
        [0.3, -1, (random % 7) / 3, 0.5],
        [0, 0.25, 1.5, -0.5],
      ]),
  ],
  ["a mean of few", (random) => augmenters.AverageBlur(2 + (random % 15))],
  ["a mean of many", (random) => augmenters.AverageBlur(15 + (random % 150))],
  ["a median", (random) => augmenters.MedianBlur(3 + 2 * (random % 3))],
  [
    "a blur of what is alike",
    (random) => augmenters.BilateralBlur({ d: 2 + (random % 8), sigmaColor: 10 + (random % 90), sigmaSpace: 20 }),
  ],
  ["a quarter turn", (random) => augmenters.Rot90({ k: random % 4, keepSize: false })],
  ["another size", (random) => augmenters.Resize({ width: 1 + (random % 90), height: 1 + (random % 70) })],
  ["a blur", (random) => GaussianBlur(0.3 + (random % 60) / 10)],
  ["noise a pixel", () => AdditiveGaussianNoise({ loc: 3, scale: 20 })],
  ["noise a channel", () => AdditiveGaussianNoise({ scale: 20, perChannel: true })],
  [
    "an affine map",
    (random) =>
      Affine({
        rotate: random % 360,
        scale: 0.4 + (random % 20) / 10,
        mode: modes[random % 5] ?? "edge",
        order: [0, 1, 3][random % 3] ?? 1,
        cval: 77,
      }),
  ],
  [
    "an affine map of Pillow's",
    (random) =>
      augmenters.pillike.Affine({
        rotate: random % 360,
        scale: random % 9 === 0 ? 2 ** -13 : 0.4 + (random % 20) / 10,
        fillcolor: 77,
      }),
  ],
  ["polar coordinates and back", () => augmenters.WithPolarWarping([Fliplr(1)])],
  ["a perspective", () => PerspectiveTransform({ scale: 0.2, cval: 31 })],
])("%s with SIMD is its twin in plain TypeScript, byte for byte", (_, make) => {
  fc.assert(
    fc.property(sizes, fc.nat(), ([width, height, channels], seed) => {
      const image = picture(width, height, channels);
      const result = make(seed).augment({ image }, { seed }).image;
      expect(withoutSimd(() => make(seed).augment({ image }, { seed }).image)).toEqual(result);
    }),
    { numRuns: 60 },
  );
});

test("an elastic transformation with SIMD is within two levels of its twin: sums of floats come in another order", () => {
  fc.assert(
    fc.property(sizes, fc.nat(), ([width, height, channels], seed) => {
      const image = picture(width, height, channels, "slopes");
      const augmenter = ElasticTransformation({ alpha: 10, sigma: 4, order: 1, mode: "nearest" });
      const result = augmenter.augment({ image }, { seed }).image.data;
      const twin = withoutSimd(() => augmenter.augment({ image }, { seed }).image.data);
      // A slope changes by 255 levels over a short side; positions are rounded to 32nds of a pixel.
      const steep = Math.ceil(255 / Math.max(Math.min(width, height) - 1, 1) / 16) + 1;
      expect(Math.max(...result.map((level, i) => Math.abs(level - (twin[i] ?? NaN))))).toBeLessThanOrEqual(steep);
    }),
    { numRuns: 40 },
  );
});

test.each(["GaussianBlur", "MotionBlur"] as const)(
  "the corruption %s with SIMD is within a level of its twin in double precision",
  (name) => {
    fc.assert(
      fc.property(sizes, fc.nat(), ([width, height, channels], seed) => {
        const image = picture(width, height, channels);
        const augmenter = augmenters.imgcorruptlike[name](1 + (seed % 5));
        const result = augmenter.augment({ image }, { seed }).image.data;
        const twin = withoutSimd(() => augmenter.augment({ image }, { seed }).image.data);
        expect(Math.max(...result.map((level, i) => Math.abs(level - (twin[i] ?? NaN))))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 30 },
    );
  },
);

test("the corruption DefocusBlur with SIMD is its twin to the byte", () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 5 }), ([width, height, channels], severity) => {
      const image = picture(width, height, channels);
      const augmenter = augmenters.imgcorruptlike.DefocusBlur(severity);
      expect(augmenter.augmentImage(image).data).toEqual(withoutSimd(() => augmenter.augmentImage(image).data));
    }),
    { numRuns: 30 },
  );
});

test("JPEG with SIMD is its twin to the byte", () => {
  fc.assert(
    fc.property(sizes, fc.nat({ max: 100 }), fc.constantFrom("texture", "shapes"), ([w, h, channels], worse, kind) => {
      const image = picture(w, h, channels, kind);
      const augmenter = augmenters.JpegCompression(worse);
      const twin = withoutSimd(() => augmenter.augmentImage(image).data);
      expect(augmenter.augmentImage(image).data).toEqual(twin);
    }),
    { numRuns: 60 },
  );
});
