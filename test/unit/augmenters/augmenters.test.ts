import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { numberParameter } from "../../../src/kernel-lib/augmenters/parameters.js";
import { gaussianKernelSize, gaussianWeights } from "../../../src/kernel-lib/augmenters/gaussian-filter.js";
import {
  normalDistribution,
  RoundedNoise,
  roundedNormalProbabilities,
} from "../../../src/kernel-lib/augmenters/rounded-noise.js";
import { borderIndex } from "../../../src/kernel-lib/augmenters/border.js";
import type { ImageData8 } from "../../../src/kernel-lib/structures/image.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";
import { picture } from "./picture.js";

const { AdditiveGaussianNoise, Affine, Crop, Fliplr, Flipud, GaussianBlur, parameters, Sequential } = augmenters;

const flat = (value: number, channels: 1 | 3 | 4 = 3, side = 100): ImageData8 => ({
  data: new Uint8Array(side * side * channels).fill(value),
  width: side,
  height: side,
  channels,
});

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

describe("parameters", () => {
  const draws = (parameter: augmenters.parameters.StochasticParameter, count = 2000) => {
    const random = new SeededRandom(1);
    return Array.from({ length: count }, () => parameter.sample(random));
  };

  test("a number, a range, a list", () => {
    expect(new Set(draws(numberParameter("x", 3)))).toEqual(new Set([3]));
    const even = draws(numberParameter("x", [2, 4]));
    expect(Math.min(...even)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...even)).toBeLessThan(4);
    // Mean 3, standard deviation of the mean 2 / √12 / √2000 = 0.013.
    expect(Math.abs(even.reduce((a, b) => a + b) / even.length - 3)).toBeLessThan(0.06);
    const whole = draws(numberParameter("x", [2, 4], { integer: true }));
    expect(new Set(whole)).toEqual(new Set([2, 3, 4]));
    expect(new Set(draws(numberParameter("x", [1, 5, 9])))).toEqual(new Set([1, 5, 9]));
    expect(new Set(draws(parameters.Choice([1, 5])))).toEqual(new Set([1, 5]));
    expect(new Set(draws(parameters.Deterministic(4)))).toEqual(new Set([4]));
  });
});

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

describe("blur", () => {
  test("weights add up to 256 and fall off, for every sigma", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 200, noNaN: true }), (sigma) => {
        const weights = gaussianWeights(sigma, gaussianKernelSize(sigma));
        const [centre = 0, ...others] = weights;
        expect(centre + 2 * others.reduce((a, b) => a + b, 0)).toBe(256);
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("a plain picture stays as it is, at the brightest too, with a kernel larger than the picture", () => {
    for (const value of [0, 1, 127, 254, 255]) {
      for (const channels of [1, 3, 4] as const) {
        for (const sigma of [0.5, 3, 50]) {
          expect(
            GaussianBlur(sigma)
              .augmentImage(flat(value, channels, 9))
              .data.every((v) => v === value),
          ).toBe(true);
        }
      }
    }
  });
});

describe("noise", () => {
  test("random numbers come alike in bulk and one by one", () => {
    const bulk = new SeededRandom("a");
    const single = new SeededRandom("a");
    const numbers = new Uint32Array(1000);
    bulk.fillUint32(numbers);
    expect([...numbers]).toEqual(Array.from(numbers, () => single.uint32()));
    expect(bulk.uint32()).toBe(single.uint32());
  });

  test("the normal distribution matches scipy 1.17.1 (stats.norm.cdf) to 2e-7", () => {
    const known = [
      [0, 0.5],
      [1, 0.8413447460685429],
      [-3, 0.0013498980316300933],
      [2.5, 0.9937903346742238],
      [-0.1, 0.460172162722971],
    ];
    for (const [x = 0, p = 0] of known) expect(Math.abs(normalDistribution(x) - p)).toBeLessThan(2e-7);
  });

  test("drawn values follow the rounded normal distribution (chi-square, 200,000 values)", () => {
    for (const [mean, deviation] of [
      [0, 10],
      [-3.7, 2],
      [40, 0.4],
    ] as const) {
      const values = new Int16Array(200_000);
      new RoundedNoise(roundedNormalProbabilities(mean, deviation)).fill(values, new SeededRandom(5));
      const counts = new Float64Array(511);
      for (const value of values) counts[value + 255] = (counts[value + 255] ?? 0) + 1;
      let chiSquare = 0;
      let cells = 0;
      roundedNormalProbabilities(mean, deviation).forEach((p, i) => {
        const expected = p * values.length;
        if (expected < 10) return;
        cells++;
        chiSquare += ((counts[i] ?? 0) - expected) ** 2 / expected;
      });
      // Mean `cells`, standard deviation √(2 cells).
      expect(chiSquare).toBeLessThan(cells + 5 * Math.sqrt(2 * cells));
    }
  });

  test("has the mean and spread asked for, and clips", () => {
    const { data } = AdditiveGaussianNoise({ loc: 5, scale: 12, perChannel: true, seed: 1 }).augmentImage(flat(100));
    const mean = data.reduce((a, b) => a + b, 0) / data.length;
    const spread = Math.sqrt(data.reduce((a, b) => a + (b - mean) ** 2, 0) / data.length);
    // Of 30,000 values: the mean's standard deviation is 0.07, the spread's 0.05; rounding adds 1/12 to the variance.
    expect(Math.abs(mean - 105)).toBeLessThan(0.35);
    expect(Math.abs(spread - Math.sqrt(144 + 1 / 12))).toBeLessThan(0.3);
    const bright = AdditiveGaussianNoise({ scale: 30, seed: 1 }).augmentImage(flat(250)).data;
    expect(Math.max(...bright)).toBe(255);
    expect(Math.min(...bright)).toBeGreaterThan(50);
    expect(
      AdditiveGaussianNoise({ loc: 255, scale: 0 })
        .augmentImage(flat(3))
        .data.every((v) => v === 255),
    ).toBe(true);
  });

  test("is the same for a pixel's channels unless asked otherwise, and leaves alpha alone", () => {
    const grey = AdditiveGaussianNoise({ scale: 20, seed: 2 }).augmentImage(flat(120, 4)).data;
    const colourful = AdditiveGaussianNoise({ scale: 20, seed: 2, perChannel: true }).augmentImage(flat(120, 4)).data;
    const alike = (data: Uint8Array) => {
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i] === data[i + 1] && data[i] === data[i + 2]) count++;
      return count / (data.length / 4);
    };
    expect(alike(grey)).toBe(1);
    expect(alike(colourful)).toBeLessThan(0.01);
    for (const data of [grey, colourful]) expect(data.every((value, i) => i % 4 !== 3 || value === 120)).toBe(true);
  });
});
