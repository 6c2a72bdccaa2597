/** Blur by its weights, noise by its distribution. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { gaussianKernelSize, gaussianWeights } from "../../../src/kernel-lib/augmenters/gaussian-filter.js";
import {
  normalDistribution,
  RoundedNoise,
  roundedNormalProbabilities,
} from "../../../src/kernel-lib/augmenters/rounded-noise.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";
import { flat } from "./picture.js";

const { AdditiveGaussianNoise, GaussianBlur } = augmenters;

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
