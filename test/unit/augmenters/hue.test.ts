import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { picture } from "./picture.js";

const { Add, AdditiveGaussianNoise, Dropout, Fliplr, MedianBlur, Multiply, OneOf, Salt, WithChannels } = augmenters;
const { WithHueAndSaturation } = augmenters;
const HUE = 0;
const before = picture(16, 12, 3, "slopes");

describe("children of WithHueAndSaturation", () => {
  test("a hue goes round by whole turns, however many", () => {
    const plain = WithHueAndSaturation().augmentImage(before);
    fc.assert(
      fc.property(fc.integer({ min: -100, max: 100 }), (turns) => {
        const turned = WithHueAndSaturation({ children: WithChannels(HUE, Add(turns * 255)) }).augmentImage(before);
        expect(turned).toEqual(plain);
      }),
      { numRuns: 20 },
    );
  });

  test("what leaves 0 to 255 comes back", () => {
    const there = WithHueAndSaturation({ children: [Add(400), Add(-400)] }).augmentImage(before);
    expect(there).toEqual(WithHueAndSaturation().augmentImage(before));
  });

  test("the picture that it got stays as it is", () => {
    for (const fromColorspace of ["RGB", "HSV"] as const) {
      const image = picture(9, 7, 3, "slopes");
      const result = WithHueAndSaturation({ children: Add(30), fromColorspace }).augmentImage(image);
      expect(image).toEqual(picture(9, 7, 3, "slopes"));
      expect(result).not.toEqual(image);
    }
  });

  test("levels stay within 16 bits", () => {
    const children = [Multiply(1000), Multiply(1000), WithChannels(HUE, Multiply(0))];
    const image = WithHueAndSaturation({ children }).augmentImage(before);
    const saturated = WithHueAndSaturation({ children: [Multiply(300), WithChannels(HUE, Multiply(0))] });
    expect(image).toEqual(saturated.augmentImage(before));
  });

  test("those that move pixels do so before as after", () => {
    const [first, last] = [
      [Fliplr(1), Add(130)],
      [Add(130), Fliplr(1)],
    ].map((children) => WithHueAndSaturation({ children }).augmentImage(before));
    expect(first).toEqual(last);
    expect(first).not.toEqual(WithHueAndSaturation({ children: Add(130) }).augmentImage(before));
  });

  test("those that know 8 bits alone see what lies within them", () => {
    const seen: number[][] = [];
    const look = augmenters.Lambda({
      funcImages: (images) => {
        seen.push(...images.map(({ data, channels }) => [channels, Math.min(...data), Math.max(...data)]));
        return images;
      },
    });
    WithHueAndSaturation({ children: [Add(-300), look, WithChannels(HUE, look)] }).augmentImage(before);
    for (const [, least = NaN, most = NaN] of seen) expect([least >= 0, most <= 255]).toEqual([true, true]);
    expect(seen.map(([channels]) => channels)).toEqual([3, 1]);
  });

  test("the same seed makes the same, and chance differs from picture to picture", () => {
    const children = () => [
      Add([-90, 90]),
      OneOf([MedianBlur(3), Multiply([0.5, 2])]),
      AdditiveGaussianNoise({ scale: 9 }),
    ];
    const make = () => WithHueAndSaturation({ children: children(), seed: 4 });
    const [first, second] = make().augmentImages([before, before]);
    expect(make().augmentImages([before, before])).toEqual([first, second]);
    expect(second).not.toEqual(first);
    const frozen = WithHueAndSaturation({ children: Add([-90, 90]).toDeterministic() });
    expect(frozen.augmentImage(before)).toEqual(frozen.augmentImage(before));
  });

  test.each([1, 3, 4] as const)("pictures of %i channels keep them, alpha as it is", (channels) => {
    const image = picture(9, 7, channels, "slopes");
    const result = WithHueAndSaturation({ children: [Add(40), Dropout(0.2), Salt(0.2)], seed: 1 }).augmentImage(image);
    expect([result.width, result.height, result.channels]).toEqual([9, 7, channels]);
    if (channels === 4) {
      expect(result.data.filter((_, i) => i % 4 === 3)).toEqual(image.data.filter((_, i) => i % 4 === 3));
    }
  });

  test("a picture of another size can't go back", () => {
    const crop = augmenters.Crop({ px: 2, keepSize: false });
    const sentence = (option: string) =>
      `Expected children that keep the size of 16 × 12 for ${option} but received 12 × 8`;
    expect(() => WithHueAndSaturation({ children: crop }).augmentImage(before)).toThrow(
      sentence("WithHueAndSaturation"),
    );
    const ofHue = WithHueAndSaturation({ children: WithChannels(HUE, crop) });
    expect(() => ofHue.augmentImage(before)).toThrow(sentence("WithChannels"));
    const none = WithHueAndSaturation({ children: WithChannels(2, Add(1)) });
    expect(() => none.augmentImage(before)).toThrow("Expected channels below 2, the picture's for channels");
  });

  test("what lies on the picture moves along", () => {
    const moved = WithHueAndSaturation({ children: Fliplr(1) }).augment({
      image: before,
      keypoints: [{ x: 3, y: 4 }],
    });
    expect(moved.keypoints).toEqual([{ x: 13, y: 4 }]);
  });
});
