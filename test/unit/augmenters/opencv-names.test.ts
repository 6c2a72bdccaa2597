import { describe, expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { picture } from "./picture.js";

const { Affine, AffineCv2, ElasticTransformation, PerspectiveTransform, Resize, Rot90 } = augmenters;
const before = picture(21, 17, 3, "texture");
const same = (one: augmenters.Augmenter, other: augmenters.Augmenter) => {
  expect(one.augmentImage(before, { seed: 3 })).toEqual(other.augmentImage(before, { seed: 3 }));
};

describe("OpenCV's numbers", () => {
  test.each([
    ["nearest", 0],
    ["linear", 1],
    ["cubic", 2],
    ["lanczos4", 4],
  ] as const)("AffineCv2's order %s is %i", (word, number) => {
    same(AffineCv2({ rotate: 20, order: word }), AffineCv2({ rotate: 20, order: number }));
    same(AffineCv2({ rotate: 20, order: [word] }), AffineCv2({ rotate: 20, order: [number, number] }));
  });

  test.each([
    ["constant", 0],
    ["replicate", 1],
    ["reflect", 2],
    ["wrap", 3],
    ["reflect_101", 4],
  ] as const)("AffineCv2's mode %s is %i", (word, number) => {
    same(AffineCv2({ scale: 0.4, mode: word }), AffineCv2({ scale: 0.4, mode: number }));
  });

  test("those of resizing and of perspectives", () => {
    same(Resize({ size: 9, interpolation: "area" }), Resize({ size: 9, interpolation: 3 }));
    same(PerspectiveTransform({ mode: "replicate" }), PerspectiveTransform({ mode: 1 }));
  });

  test("others are refused at once, and those that are drawn when they are", () => {
    const sentence =
      'Expected "nearest" (0), "linear" (1), "cubic" (2), "lanczos4" (4), or a list of them for order but received 3';
    expect(() => AffineCv2({ order: 3 as 2 })).toThrow(sentence);
    expect(() => AffineCv2({ order: [] })).toThrow("for order but received []");
    const drawing = AffineCv2({ order: augmenters.parameters.Deterministic(3) });
    expect(() => drawing.augmentImage(before)).toThrow(sentence);
  });
});

describe('"ALL" draws one of all', () => {
  const many = (augmenter: augmenters.Augmenter) =>
    new Set(
      Array.from({ length: 60 }, (_, seed) =>
        Buffer.from(augmenter.augmentImage(before, { seed }).data).toString("hex"),
      ),
    ).size;

  test.each([
    ["AffineCv2's orders", AffineCv2({ rotate: 20, order: "ALL" }), 4],
    ["AffineCv2's modes", AffineCv2({ rotate: 20, mode: "ALL" }), 5],
    ["Affine's orders", Affine({ rotate: 20, order: "ALL" }), 3],
    ["Affine's modes", Affine({ rotate: 20, mode: "ALL" }), 5],
    ["quarter turns", Rot90({ k: "ALL" }), 4],
    ["ways of resizing", Resize({ size: 9, interpolation: "ALL" }), 4],
  ])("%s", (_, augmenter, count) => {
    expect(many(augmenter)).toBe(count);
  });

  test("new pixels of any level", () => {
    expect(many(Affine({ translatePx: { x: 9 }, cval: "ALL" }))).toBeGreaterThan(50);
    expect(many(ElasticTransformation({ alpha: 0, order: "ALL" }))).toBe(1);
  });
});
