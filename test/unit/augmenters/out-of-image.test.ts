import { expect, test } from "vitest";
import {
  clipOutOfImage,
  removeOutOfImage,
  Sequential,
  Fliplr,
  Crop,
  AdditiveGaussianNoise,
  Affine,
} from "../../../src/kernel-lib/augmenters/index.js";
import { picture } from "./picture.js";

const image = picture(20, 10);
const square = [
  { x: -4, y: 2 },
  { x: 4, y: 2 },
  { x: 4, y: 8 },
  { x: -4, y: 8 },
];

test("what crosses an edge is cut there, and what is outside is dropped", () => {
  const result = clipOutOfImage({
    image,
    boxes: [
      { x1: -5, y1: 2, x2: 5, y2: 12, label: "a" },
      { x1: 30, y1: 2, x2: 35, y2: 4 },
    ],
    keypoints: [
      { x: 3, y: 3 },
      { x: 20, y: 3 },
    ],
    polygons: [{ points: square, label: "p" }, { points: square.map(({ x, y }) => ({ x: x + 40, y })) }],
    lineStrings: [
      {
        points: [
          { x: -5, y: 5 },
          { x: 5, y: 5 },
          { x: 5, y: 15 },
          { x: 10, y: 15 },
          { x: 10, y: 5 },
        ],
        label: "l",
      },
    ],
  });
  expect(result.boxes).toEqual([{ x1: 0, y1: 2, x2: 5, y2: 10, label: "a" }]);
  expect(result.keypoints).toEqual([{ x: 3, y: 3 }]);
  expect(result.polygons).toHaveLength(1);
  expect(result.polygons?.[0]).toMatchObject({ label: "p" });
  expect(result.polygons?.[0]?.points.every(({ x }) => x >= 0 && x <= 4)).toBe(true);
  // It leaves the picture and comes back: two parts.
  expect(result.lineStrings?.map(({ points, label }) => [label, points.map(({ x, y }) => [x, y])])).toEqual([
    [
      "l",
      [
        [0, 5],
        [5, 5],
        [5, 10],
      ],
    ],
    [
      "l",
      [
        [10, 10],
        [10, 5],
      ],
    ],
  ]);
});

test("removed is what lies outside by at least the fraction", () => {
  const subject = {
    image,
    boxes: [{ x1: -5, y1: 2, x2: 5, y2: 8 }],
    polygons: [{ points: square }],
    lineStrings: [
      {
        points: [
          { x: -9, y: 5 },
          { x: 1, y: 5 },
        ],
      },
    ],
    keypoints: [{ x: -1, y: 1 }],
  };
  const counts = (fraction?: number) => {
    const { boxes, polygons, lineStrings, keypoints } = removeOutOfImage(subject, fraction);
    return [boxes, polygons, lineStrings, keypoints].map((list) => list?.length);
  };
  expect(counts()).toEqual([1, 1, 1, 0]);
  expect(counts(0.6)).toEqual([1, 1, 0, 0]);
  expect(counts(0.5)).toEqual([0, 0, 0, 0]);
  expect(() => removeOutOfImage(subject, 1.2)).toThrow(
    "Expected a number between 0 and 1 for fraction but received 1.2",
  );
});

test("a call's seed decides alone: the order of a batch does not", () => {
  const pipeline = Sequential(
    [Fliplr(0.5), Crop({ percent: [0, 0.3] }), Affine(), AdditiveGaussianNoise({ scale: 20 })],
    {
      randomOrder: true,
      seed: 5,
    },
  );
  const make = (seeds: readonly string[]) =>
    new Map(seeds.map((seed) => [seed, pipeline.augment({ image }, { seed }).image.data.join()]));
  const seeds = ["a", "b", "c", "d"];
  const [forwards, backwards] = [make(seeds), make([...seeds].reverse())];
  for (const seed of seeds) expect(backwards.get(seed)).toBe(forwards.get(seed));
});

test("a deterministic augmenter does the same to a picture and to its map", () => {
  const fixed = Sequential([Fliplr(0.5), Crop({ percent: [0, 0.3], keepSize: false })]).toDeterministic();
  const map = { data: Int32Array.from({ length: 200 }, (_, i) => i), width: 20, height: 10, channels: 1 };
  const [first, second] = [
    fixed.augment({ image, segmentationMaps: [map] }),
    fixed.augment({ image, segmentationMaps: [map] }),
  ];
  expect(second).toEqual(first);
  expect(first.segmentationMaps?.[0]?.width).toBe(first.image.width);
});
