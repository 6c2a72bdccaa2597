import { describe, expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { picture } from "./picture.js";

const {
  Add,
  AddElementwise,
  AdditiveLaplaceNoise,
  AdditivePoissonNoise,
  CoarseDropout,
  CoarseSaltAndPepper,
  ContrastNormalization,
  Convolve,
  Cutout,
  Dropout,
  Dropout2d,
  EdgeDetect,
  Emboss,
  GammaContrast,
  ImpulseNoise,
  Invert,
  LinearContrast,
  LogContrast,
  Multiply,
  MultiplyElementwise,
  parameters,
  ReplaceElementwise,
  SaltAndPepper,
  Sharpen,
  SigmoidContrast,
  Solarize,
  TotalDropout,
} = augmenters;

/** Each of them, so set that it changes a picture. */
const changing = {
  Add: Add(9),
  AddElementwise: AddElementwise({ value: 9, perChannel: true }),
  AdditiveLaplaceNoise: AdditiveLaplaceNoise({ loc: 9, scale: 1 }),
  AdditivePoissonNoise: AdditivePoissonNoise(50),
  CoarseDropout: CoarseDropout(1),
  CoarseSaltAndPepper: CoarseSaltAndPepper(1),
  Convolve: Convolve([[0.5]]),
  Cutout: Cutout({ size: 1, position: "center" }),
  Dropout: Dropout({ p: 1, perChannel: true }),
  Dropout2d: Dropout2d({ p: 1, nbKeepChannels: 0 }),
  Emboss: Emboss({ alpha: 1, strength: 1 }),
  EdgeDetect: EdgeDetect(1),
  GammaContrast: GammaContrast({ gamma: 0.5, perChannel: true }),
  Invert: Invert({ perChannel: true }),
  LinearContrast: LinearContrast(2),
  LogContrast: LogContrast(0.5),
  Multiply: Multiply({ mul: 0.5, perChannel: 0.5 }),
  MultiplyElementwise: MultiplyElementwise(0.5),
  ReplaceElementwise: ReplaceElementwise(1, 77),
  SaltAndPepper: SaltAndPepper({ p: 1, perChannel: true }),
  Sharpen: Sharpen({ alpha: 1, lightness: 0.5 }),
  SigmoidContrast: SigmoidContrast(),
  Solarize: Solarize({ threshold: 0 }),
  TotalDropout: TotalDropout(),
};

describe.each(Object.entries(changing))("%s", (_, augmenter) => {
  test("changes colours, leaves alpha and its input alone, and keeps the size", () => {
    for (const channels of [1, 3, 4] as const) {
      const image = picture(9, 7, channels);
      const result = augmenter.augment({ image }, { seed: 1 }).image;
      expect(image).toEqual(picture(9, 7, channels));
      expect([result.width, result.height, result.channels]).toEqual([9, 7, channels]);
      expect(result.data).not.toEqual(image.data);
      const alpha = (data: Uint8Array) => (channels === 4 ? data.filter((_, i) => i % 4 === 3) : null);
      expect(alpha(result.data)).toEqual(alpha(image.data));
    }
  });

  test("takes a picture of one pixel", () => {
    expect(augmenter.augmentImage(picture(1, 1)).data).toHaveLength(3);
  });

  test("repeats itself for a seed", () => {
    const image = picture(9, 7);
    expect(augmenter.augment({ image }, { seed: 3 })).toEqual(augmenter.augment({ image }, { seed: 3 }));
  });
});

test("a median of an even number of pixels is refused, and a drawn one becomes the next odd one", () => {
  const { MedianBlur } = augmenters;
  expect(() => MedianBlur(4)).toThrow("Expected odd numbers for k but received 4");
  expect(() => MedianBlur([2, 5])).toThrow("Expected odd numbers for k but received [2,5]");
  expect(() => MedianBlur(-1)).toThrow("for k but received -1");
  const image = picture(9, 7, 4);
  const five = MedianBlur(5).augmentImage(image);
  expect(MedianBlur(parameters.Deterministic(4)).augmentImage(image)).toEqual(five);
  expect(five.data.filter((_, i) => i % 4 === 3)).toEqual(image.data.filter((_, i) => i % 4 === 3));
});

test.each(["ScaleX", "ScaleY", "TranslateX", "TranslateY", "Rotate", "ShearX", "ShearY"] as const)(
  "%s refuses what is not its own, takes a plain range, and moves keypoints",
  (name) => {
    const make = augmenters[name] as (given?: object | number[]) => augmenters.Augmenter;
    expect(make().name).toBe(name);
    expect(() => make({ translatePx: 3 })).toThrow(`for ${name} but received "translatePx"`);
    const subject = { image: picture(20, 20), keypoints: [{ x: 3, y: 4 }] };
    const { image, keypoints } = make([0.6, 0.9]).augment(subject, { seed: 1 });
    expect(image.data).not.toEqual(subject.image.data);
    expect(keypoints).not.toEqual(subject.keypoints);
  },
);

test("what is dropped whole takes boxes and keypoints with it, and only then", () => {
  const subject = { image: picture(4, 4), boxes: [{ x1: 0, y1: 0, x2: 1, y2: 1 }], keypoints: [{ x: 1, y: 1 }] };
  for (const whole of [TotalDropout(), Dropout2d({ p: 1, nbKeepChannels: 0 })]) {
    expect(whole.augment(subject)).toEqual({
      image: { ...subject.image, data: new Uint8Array(48) },
      boxes: [],
      keypoints: [],
    });
  }
  expect(Dropout2d({ p: 1, nbKeepChannels: 1 }).augment(subject).boxes).toEqual(subject.boxes);
  expect(TotalDropout(0).augment(subject)).toEqual(subject);
});

test("one value for a pixel's channels unless asked otherwise", () => {
  const flat = { ...picture(60, 60), data: new Uint8Array(60 * 60 * 3).fill(120) };
  const alike = (augmenter: augmenters.Augmenter) => {
    const { data } = augmenter.augment({ image: flat }, { seed: 1 }).image;
    return data.every((value, i) => value === data[i - (i % 3)]);
  };
  for (const make of [AddElementwise, AdditiveLaplaceNoise, MultiplyElementwise, Dropout, SaltAndPepper]) {
    expect(alike(make({}))).toBe(true);
    expect(alike(make({ perChannel: true }))).toBe(false);
  }
  expect(alike(ImpulseNoise())).toBe(false);
  expect(alike(Add())).toBe(true);
  expect(alike(Add({ perChannel: true }))).toBe(false);
});

test("a convolution may depend on the picture, and none does nothing", () => {
  const image = picture(5, 4);
  const byWidth = Convolve(({ width }) => [[width / 10]]);
  expect(byWidth.augmentImage(image)).toEqual(Convolve([[0.5]]).augmentImage(image));
  expect(Convolve().augmentImage(image)).toEqual(image);
  expect(ContrastNormalization().augmentImage(image)).toEqual(image);
});

describe("refuses in a sentence", () => {
  test.each<[string, () => unknown, string]>([
    ["a share over 1", () => Dropout(1.2), "Expected a number between 0 and 1"],
    [
      "a range upside down",
      () => Add([20, -20]),
      "Expected a range [low, high] that begins with the lower end for value",
    ],
    [
      "a misspelt option",
      () => Multiply({ factor: 2 } as object),
      "Expected only mul, perChannel, seed, name for Multiply",
    ],
    [
      "an option of another",
      () => TotalDropout({ perChannel: true } as object),
      "Expected only p, seed, name for TotalDropout",
    ],
    ["two sizes", () => CoarseDropout({ sizePx: 3, sizePercent: 0.5 }), "Expected either sizePercent or sizePx"],
    ["a mask below one pixel", () => CoarseDropout({ sizePx: 0 }), "for sizePx but received 0"],
    ["a position that is none", () => Cutout({ position: "middle" as "center" }), 'for position but received "middle"'],
    ["a position outside", () => Cutout({ position: [0.5, 1.5] }), "for position but received 1.5"],
    [
      "a fill mode that is none",
      () => Cutout({ fillMode: "noise" as "constant" }),
      'for fillMode but received "noise"',
    ],
    ["half a rectangle", () => Cutout(0.5), "Expected a whole number between 0 and 10000"],
    ["levels upside down", () => Invert({ minValue: 200, maxValue: 100 }), "Expected less than maxValue for minValue"],
    ["a threshold over 255", () => Solarize({ threshold: 300 }), "for threshold but received 300"],
    ["a negative gain", () => LogContrast(-1), "for gain but received -1"],
    ["a cutoff over 1", () => SigmoidContrast({ cutoff: [0, 2] }), "for cutoff but received [0,2]"],
    ["an alpha over 1", () => Sharpen({ alpha: 2 }), "for alpha but received 2"],
    [
      "a matrix with a gap",
      () => Convolve([[1, 2], [3]]),
      "Expected rows of numbers, each as long as the others for matrix",
    ],
    ["an empty matrix", () => Convolve([]), "for matrix but received []"],
    ["a blur over half a pixel", () => augmenters.AverageBlur(2.5), "Expected a whole number between 0 and 999"],
    ["a negative mean of noise", () => AdditivePoissonNoise(-1), "for lam but received -1"],
    [
      "a drawn share out of range",
      () => Dropout(parameters.Normal(9, 0.1)).augmentImage(picture(2, 2)),
      "for p but received",
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ code: "InvalidOption", message: expect.stringContaining(message) as string }) as Error,
    );
  });
});
