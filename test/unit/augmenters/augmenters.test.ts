/** What holds of every augmenter: sizes, seeds, memory, and what is refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { picture } from "./picture.js";

const { AdditiveGaussianNoise, Affine, Crop, Fliplr, Flipud, GaussianBlur, parameters, Sequential } = augmenters;

const all = (options: augmenters.AugmenterOptions = {}) =>
  Sequential(
    [
      Fliplr(0.5),
      Flipud({ p: 0.5 }),
      Crop({ percent: [0, 0.2] }),
      Affine({ rotate: [-30, 30], scale: [0.8, 1.2], mode: ["edge", "reflect", "wrap", "symmetric", "constant"] }),
      GaussianBlur([0, 2]),
      AdditiveGaussianNoise({ loc: 0, scale: [0, 20], perChannel: 0.5 }),
    ],
    options,
  );

describe("any augmenter", () => {
  const sizes = fc.tuple(
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 20 }),
    fc.constantFrom(1 as const, 3 as const, 4 as const),
  );

  test("keeps size and channels, leaves its input alone, and shares no bytes with it", () => {
    fc.assert(
      fc.property(sizes, fc.integer(), ([width, height, channels], seed) => {
        const image = picture(width, height, channels);
        for (const each of [all(), Fliplr(0), Affine({ rotate: 0 }), Crop(0), GaussianBlur(0), Sequential()]) {
          const result = each.augment({ image }, { seed }).image;
          expect([result.width, result.height, result.channels]).toEqual([width, height, channels]);
          expect(result.data).toHaveLength(width * height * channels);
          result.data.fill(0);
          expect(image.data).toEqual(picture(width, height, channels).data);
        }
      }),
    );
  });

  test("makes its picture in memory that is given to it, the same as in its own; too little is refused", () => {
    const image = picture(31, 22);
    for (const { module, name, augmenter } of augmenters.examples()) {
      const expected = augmenter.augment({ image }, { seed: 3 }).image;
      const into = new Uint8Array(expected.data.length + 5).fill(7);
      const found = augmenter.augment({ image }, { seed: 3, into }).image;
      expect({ ...found, data: [...found.data] }, `${module}.${name}`).toEqual({
        ...expected,
        data: [...expected.data],
      });
      expect([found.data.buffer === into.buffer, found.data.byteOffset, ...into.slice(-5)]).toEqual([
        true,
        0,
        7,
        7,
        7,
        7,
        7,
      ]);
    }
    const twice = augmenters.Sequential([
      augmenters.GaussianBlur(2),
      augmenters.Fliplr(1),
      augmenters.Crop({ px: 3, keepSize: false }),
    ]);
    const into = new Uint8Array(31 * 22 * 3);
    expect(twice.augmentImage(image, { into }).data).toEqual(twice.augmentImage(image).data);
    expect(() => twice.augmentImage(image, { into: new Uint8Array(9) })).toThrow("for into but received 9 bytes");
  });

  test("with a seed repeats itself call by call; without one it does not", () => {
    const image = picture(40, 30);
    const runs = (pipeline: augmenters.Augmenter) => [1, 2, 3, 4].map(() => pipeline.augmentImage(image).data.join());
    const first = runs(all({ seed: 7 }));
    expect(runs(all({ seed: 7 }))).toEqual(first);
    expect(new Set(first).size).toBe(4);
    expect(runs(all({ seed: 8 }))).not.toEqual(first);
    expect(runs(all())).not.toEqual(runs(all()));
  });

  test("a call's own seed makes the same of the same picture, whatever was called before", () => {
    const image = picture(40, 30);
    const pipeline = all({ seed: 1 });
    const first = pipeline.augment({ image }, { seed: "a" }).image.data;
    pipeline.augmentImages([image, image]);
    expect(pipeline.augment({ image }, { seed: "a" }).image.data).toEqual(first);
    expect(all().augment({ image }, { seed: "a" }).image.data).toEqual(first);
    expect(pipeline.augment({ image }, { seed: "b" }).image.data).not.toEqual(first);
  });

  test("a child's seed counts where nobody above has one", () => {
    const image = picture(40, 30);
    const make = () => Sequential([AdditiveGaussianNoise({ scale: 20, seed: 3 })]);
    expect(make().augmentImage(image)).toEqual(make().augmentImage(image));
  });

  test.each<[string, () => unknown, string]>([
    [
      "a probability over 1",
      () => Fliplr(1.2),
      "Expected a number between 0 and 1, a range [low, high] or a list of such for p but received 1.2",
    ],
    ["a negative probability", () => Flipud({ p: -0.1 }), "for p but received -0.1"],
    [
      "a range upside down",
      () => GaussianBlur([3, 0]),
      "Expected a range [low, high] that begins with the lower end for sigma but received [3,0]",
    ],
    ["a range that begins too low", () => GaussianBlur([-1, 2]), "Expected a number between 0 and 200"],
    ["a parameter that may draw too much", () => GaussianBlur(parameters.Uniform(0, 500)), "for sigma"],
    ["an empty list", () => GaussianBlur([]), "for sigma but received []"],
    ["a share of all of the picture", () => Crop({ percent: 1 }), "for percent but received 1"],
    ["broken pixels", () => Crop({ px: 1.5 }), "Expected a whole number of at least 0"],
    ["a negative side", () => Crop({ px: [1, 2, -3, 4] }), "for px but received -3"],
    ["pixels and shares", () => Crop({ px: 1, percent: 0.1 }), "Expected either px or percent for Crop"],
    ["no number", () => Affine({ rotate: "90" as unknown as number }), 'for rotate but received "90"'],
    ["NaN", () => Affine({ scale: NaN }), "for scale but received NaN"],
    ["scale 0", () => Affine({ scale: 0 }), "for scale but received 0"],
    ["an axis z", () => Affine({ shear: { z: 1 } as object }), "Expected a number, a range, or { x, y } for shear"],
    ["an order of 2", () => Affine({ order: 2 }), "Expected 0, 1, 3 or a list of them for order but received 2"],
    [
      "a mode that does not exist",
      () => Affine({ mode: "mirror" as "edge" }),
      'Expected one of "constant", "edge", "symmetric", "reflect", "wrap"',
    ],
    [
      "two translations",
      () => Affine({ translatePx: 1, translatePercent: 0.1 }),
      "Expected either translatePercent or translatePx",
    ],
    [
      "a misspelt option",
      () => Affine({ rotation: 10 } as object),
      'Expected only scale, translatePercent, translatePx, rotate, shear, order, cval, mode, fitOutput, seed, name for Affine but received "rotation"',
    ],
    [
      "no augmenters",
      () => Sequential([1 as unknown as augmenters.Augmenter]),
      "Expected augmenters for children but received 1",
    ],
    [
      "no picture",
      () => Fliplr().augmentImage({ ...picture(3, 3), width: 4 }),
      "Expected 4 × 3 × 3 = 36 bytes of data for image",
    ],
  ])("refuses %s in a sentence", (_, make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ code: "InvalidOption", message: expect.stringContaining(message) as string }) as Error,
    );
  });
});
