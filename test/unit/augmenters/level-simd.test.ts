import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { blended, blendedByMask } from "../../../src/kernel-lib/augmenters/blend-pictures.js";
import { cannyEdges } from "../../../src/kernel-lib/augmenters/canny.js";
import { fillBelow, fillEven } from "../../../src/kernel-lib/augmenters/even-numbers.js";
import { colorsOf } from "../../../src/kernel-lib/augmenters/float-picture.js";
import { histograms } from "../../../src/kernel-lib/augmenters/histograms.js";
import * as channels from "../../../src/kernel-lib/augmenters/picture-channels.js";
import { passing, withoutSimd } from "../../../src/kernel-lib/augmenters/picture-simd.js";
import { kernelFiltered, PILLOW_KERNELS } from "../../../src/kernel-lib/augmenters/pillow-kernels.js";
import { kMeansColors } from "../../../src/kernel-lib/augmenters/k-means-colors.js";
import { combine } from "../../../src/kernel-lib/augmenters/lookup.js";
import { separable } from "../../../src/kernel-lib/augmenters/separable-filter.js";
import { shiftToMeans } from "../../../src/kernel-lib/augmenters/mean-shift.js";
import * as mixtures from "../../../src/kernel-lib/augmenters/pillow-mixtures.js";
import { equalizedByTiles } from "../../../src/kernel-lib/augmenters/tile-tables.js";
import type { ImageData8 } from "../../../src/kernel-lib/structures/image.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";
import { picture } from "./picture.js";

/** A picture, and another of the same size. */
const pairs = (kinds: readonly (1 | 3 | 4)[] = [1, 3, 4]) =>
  fc
    .tuple(fc.integer({ min: 1, max: 45 }), fc.integer({ min: 1, max: 12 }), fc.constantFrom(...kinds))
    .chain(([width, height, channels]) => {
      const length = width * height * channels;
      const one = fc
        .uint8Array({ minLength: length, maxLength: length })
        .map((data): ImageData8 => ({ data, width, height, channels }));
      return fc.tuple(one, one);
    });

const share = fc.float({ min: 0, max: 3, noNaN: true });

test.each<[string, (first: ImageData8, second: ImageData8, random: number) => unknown]>([
  ["histograms", (first) => histograms(first)],
  ["a channel alone", (first, _, random) => channels.channelOf(first, random % first.channels)],
  [
    "another channel",
    (first, second, random) => channels.withChannel(first, random % first.channels, channels.channelOf(second, 0)),
  ],
  [
    "tables of parts",
    (first, _, random) => equalizedByTiles(channels.channelOf(first, 0), (random % 90) / 10, 1 + (random % 5), 3),
  ],
  ["one share", (first, second, random) => blended(first, second, (random % 100) / 100)],
  [
    "a share for each pixel",
    (first, second, random) => {
      const numbers = new SeededRandom(random);
      const mask = Float32Array.from({ length: first.width * first.height }, () => numbers.next());
      return blendedByMask(first, second, mask);
    },
  ],
  [
    "levels times numbers",
    (first, _, random) => {
      const perPixel = random % 2 === 0 ? 1 : first.channels;
      const field = new Float64Array(first.width * first.height * perPixel);
      fillEven(new SeededRandom(random), field, -0.5, 3);
      return combine(first, field, "multiply");
    },
  ],
  [
    "levels replaced, where there is a number",
    (first, _, random) => {
      const perPixel = random % 2 === 0 ? 1 : first.channels;
      const field = new Float64Array(first.width * first.height * perPixel);
      fillEven(new SeededRandom(random), field, -100, 400);
      return combine(
        first,
        field.map((value) => (value > 300 ? NaN : value)),
        "replace",
      );
    },
  ],
  [
    "a filter of broken numbers",
    (first, _, random) => {
      const weights = Float64Array.from({ length: 2 * (random % 5) + 1 }, (_, k) => (k + 0.3) / 7);
      return separable(colorsOf(first), weights, random % 3 === 0 ? "reflect" : "edge");
    },
  ],
  ["few colours", (first, _, random) => kMeansColors(first, 2 + (random % 15))],
  [
    "medians of blocks",
    (first, _, random) => augmenters.MedianPooling({ kernelSize: 2 + (random % 4) }).augmentImage(first),
  ],
  [
    "edges",
    (first, _, random) =>
      cannyEdges(first, {
        low: random % 160,
        high: (random >> 3) % 256,
        aperture: ([3, 5, 7] as const)[random % 3] ?? 3,
        isL2: random % 2 === 0,
      }),
  ],
])("%s by SIMD: as in plain TypeScript, to the byte", (_, action) => {
  fc.assert(
    fc.property(pairs(), fc.nat(), ([first, second], random) => {
      const run = () => action(first, second, random);
      expect(run()).toEqual(withoutSimd(run));
    }),
    { numRuns: 100 },
  );
});

test("channels in another order, joined, and of another picture, by SIMD: as in plain TypeScript", () => {
  const orders = fc.shuffledSubarray([0, 1, 2], { minLength: 3 });
  fc.assert(
    fc.property(pairs([3]), orders, ([first, second], order) => {
      const grey = (place: number) => channels.channelOf(first, place);
      const run = () => [
        channels.pickedChannels(first, order),
        channels.withChannels(first, order, second),
        channels.withChannels(first, order.slice(1), second),
        channels.joinedChannels([grey(2), grey(0), grey(1)]),
      ];
      expect(run()).toEqual(withoutSimd(run));
      expect(
        channels.pickedChannels(
          run()[0] ?? first,
          [0, 1, 2].map((place) => order.indexOf(place)),
        ),
      ).toEqual(first);
    }),
  );
});

describe("Pillow's operations by SIMD are those in plain TypeScript, to the byte", () => {
  test.each(Object.keys(PILLOW_KERNELS) as (keyof typeof PILLOW_KERNELS)[])("%s", (name) => {
    fc.assert(
      fc.property(pairs(), ([image]) => {
        const run = () => kernelFiltered(image, PILLOW_KERNELS[name]);
        expect(run()).toEqual(withoutSimd(run));
      }),
      { numRuns: 60 },
    );
  });

  test("mixtures with a picture, with its grey one and with its mean", () => {
    fc.assert(
      fc.property(pairs(), share, ([first, second], factor) => {
        const run = () => [
          mixtures.mixedWithPicture(first, second, factor),
          mixtures.mixedWithGrey(first, factor),
          mixtures.mixedWithLevel(first, mixtures.meanGrey(first), factor),
        ];
        expect(run()).toEqual(withoutSimd(run));
      }),
    );
  });
});

test("a picture that is passed on is made in the same memory again, and never in what the result lies in", () => {
  const given = picture(30, 20);
  const { length } = given.data;
  const seen: ArrayBufferLike[] = [];
  const copy = () => channels.pickedChannels(given, [2, 1, 0]);
  const use = (passed: ImageData8) => {
    seen.push(passed.data.buffer);
    return channels.pickedChannels(passed, [2, 1, 0]);
  };
  expect(passing(length, copy, use)).toEqual(given);
  expect(passing(length, copy, use)).toEqual(given);
  expect(seen[1]).toBe(seen[0]);
  const kept = passing(length, copy, (passed) => passed);
  const before = kept.data.slice();
  passing(length, () => channels.pickedChannels(given, [1, 1, 1]), use);
  expect(kept.data).toEqual(before);
});

test("memory that is given holds the last picture, not those on the way to it", () => {
  const into = new Uint8Array(5000);
  const { WithColorspace, WithChannels, Add } = augmenters;
  for (const augmenter of [
    WithColorspace({ toColorspace: "HSV", children: WithChannels(0, Add(20)) }),
    augmenters.AddToHue(30),
    augmenters.AddToBrightness({ add: 9, toColorspace: "Lab" }),
    augmenters.pillike.EnhanceSharpness(0.5),
  ]) {
    const image = picture(31, 17);
    const result = augmenter.augment({ image }, { seed: 3, into }).image;
    expect(result.data.buffer).toBe(into.buffer);
    expect(result).toEqual(augmenter.augment({ image }, { seed: 3 }).image);
  }
});

test("colours moved to where they pile up, by SIMD: as in plain TypeScript, to the byte", () => {
  const radius = fc.double({ min: 1, max: 20, noNaN: true });
  const likeness = fc.double({ min: 1, max: 300, noNaN: true });
  fc.assert(
    fc.property(pairs([3]), radius, likeness, fc.boolean(), ([image, other], space, color, isInPlace) => {
      const chosen = Uint8Array.from({ length: image.width * image.height }, (_, i) => Number(i % 5 !== 0));
      const run = () => {
        const out = (isInPlace ? image : other).data.slice();
        shiftToMeans(isInPlace ? { ...image, data: out } : image, out, chosen, space, color);
        return out;
      };
      expect(run()).toEqual(withoutSimd(run));
    }),
  );
});

test.each(["Fog", "Frost", "Snow", "Spatter"] as const)(
  "the corruption %s by SIMD: as in plain TypeScript, to the byte, and drawn as often",
  (name) => {
    fc.assert(
      fc.property(pairs(), fc.integer({ min: 1, max: 5 }), fc.nat(), ([image], severity, seed) => {
        const augmenter = augmenters.Sequential([augmenters.imgcorruptlike[name](severity), augmenters.Add([-50, 50])]);
        const run = () => augmenter.augment({ image }, { seed }).image;
        expect(run()).toEqual(withoutSimd(run));
      }),
      { numRuns: 60 },
    );
  },
);

test("large drops and flakes by SIMD: as in plain TypeScript, to the byte", () => {
  const image = picture(203, 151);
  for (const name of ["Snow", "Spatter"] as const) {
    for (const severity of [1, 2, 3, 4, 5]) {
      const run = () => augmenters.imgcorruptlike[name](severity).augment({ image }, { seed: severity }).image.data;
      const plain = withoutSimd(run);
      expect(Buffer.compare(run(), plain), `${name} ${severity}`).toBe(0);
      expect(Buffer.compare(plain, image.data)).not.toBe(0);
    }
  }
});

test("even numbers by SIMD: as in plain TypeScript, and drawn as often", () => {
  for (const count of [4096, 4097, 10_000]) {
    const run = () => {
      const random = new SeededRandom(count);
      const values = new Float64Array(count);
      fillEven(random, values, -3, 20.7);
      const chosen = new Float64Array(count);
      fillBelow(random, chosen, 0.3);
      return { values, chosen, next: random.next() };
    };
    expect(run()).toEqual(withoutSimd(run));
  }
});
