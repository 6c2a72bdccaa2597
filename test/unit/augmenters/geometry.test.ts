/** Flips, crops and affine maps. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { borderIndex } from "../../../src/kernel-lib/augmenters/border.js";
import { flat, picture } from "./picture.js";

const { Affine, Crop, Fliplr, Flipud } = augmenters;

describe("flips", () => {
  test("twice is nothing, and half of the pictures are flipped at 0.5", () => {
    const image = picture(7, 5, 4);
    for (const flip of [Fliplr(), Flipud()]) expect(flip.augmentImage(flip.augmentImage(image))).toEqual(image);
    const flip = Fliplr(0.5);
    const flipped = Array.from(
      { length: 1000 },
      (_, seed) => flip.augment({ image }, { seed }).image.data[0] !== image.data[0],
    );
    // Standard deviation 15.8.
    expect(Math.abs(flipped.filter(Boolean).length - 500)).toBeLessThan(80);
  });
});

describe("crops", () => {
  test("leave at least one pixel, whatever is asked for", () => {
    const amounts = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30), fc.nat(30));
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (px, width, height) => {
        const [top, right, bottom, left] = px;
        const result = Crop({ px, keepSize: false }).augmentImage(picture(width, height));
        expect([result.width, result.height]).toEqual([
          Math.max(1, width - left - right),
          Math.max(1, height - top - bottom),
        ]);
      }),
    );
  });

  test("each side by itself, or all alike", () => {
    const image = picture(40, 40, 1);
    const sizes = (sampleIndependently: boolean) =>
      Array.from(
        { length: 50 },
        (_, seed) => Crop({ px: [0, 9], keepSize: false, sampleIndependently }).augment({ image }, { seed }).image,
      );
    expect(sizes(false).every(({ width, height }) => width === height && width % 2 === 0)).toBe(true);
    expect(sizes(true).some(({ width, height }) => width !== height)).toBe(true);
  });
});

describe("affine maps", () => {
  test("borders repeat as OpenCV's borderInterpolate documents: abcdefgh", () => {
    const around = (mode: "edge" | "symmetric" | "reflect" | "wrap") =>
      [-4, -3, -2, -1, 8, 9, 10].map((i) => "abcdefgh"[borderIndex(i, 8, mode)]).join("");
    expect(around("edge")).toBe("aaaahhh");
    expect(around("symmetric")).toBe("dcbahgf");
    expect(around("reflect")).toBe("edcbgfe");
    expect(around("wrap")).toBe("efghabc");
  });

  test("without options a little of each, as imgaug", () => {
    const image = picture(60, 60);
    const results = [1, 2, 3].map((seed) => Affine().augment({ image }, { seed }).image.data.join());
    expect(new Set([...results, image.data.join()]).size).toBe(4);
  });

  test("one scale for both axes where one range is given", () => {
    // A white square in the middle stays a square.
    const image = flat(0, 1, 101);
    for (let y = 30; y <= 70; y++) image.data.fill(255, y * 101 + 30, y * 101 + 71);
    for (let seed = 0; seed < 10; seed++) {
      const { data } = Affine({ scale: [0.5, 2], order: 0 }).augment({ image }, { seed }).image;
      const row = data.subarray(50 * 101, 51 * 101).filter((v) => v > 0).length;
      const column = data.filter((v, i) => i % 101 === 50 && v > 0).length;
      expect(row).toBe(column);
    }
  });
});
