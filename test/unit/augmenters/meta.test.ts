import { describe, expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import type { ImageData8 } from "../../../src/kernel-lib/structures/image.js";
import { picture } from "./picture.js";

const {
  Add,
  AdditiveGaussianNoise,
  AssertLambda,
  AssertShape,
  ChannelShuffle,
  Crop,
  Fliplr,
  Flipud,
  Identity,
  Lambda,
  Noop,
  OneOf,
  Sequential,
  SomeOf,
  Sometimes,
  WithChannels,
} = augmenters;

/** Writes its number behind the others in the first pixels. */
const mark = (number: number) =>
  Lambda({
    funcImages: ([image = picture(1, 1)]) => {
      const data = image.data.slice();
      data[data.indexOf(0)] = number;
      return [{ ...image, data }];
    },
  });
const blank: ImageData8 = { data: new Uint8Array(20), width: 20, height: 1, channels: 1 };
const marks = (augmenter: augmenters.Augmenter, seed: number) =>
  [...augmenter.augment({ image: blank }, { seed }).image.data].filter((value) => value > 0);
const runs = (augmenter: augmenters.Augmenter, count = 600) =>
  Array.from({ length: count }, (_, seed) => marks(augmenter, seed));
const children = [mark(1), mark(2), mark(3), mark(4)];
/** Of 600 with probability p: within five standard deviations. */
const expectShare = (found: number, p: number) => {
  expect(Math.abs(found - 600 * p)).toBeLessThan(5 * Math.sqrt(600 * p * (1 - p)));
};

describe("some of its children", () => {
  test("as many as asked for, in order, each as likely as the others", () => {
    const all = runs(SomeOf(2, children));
    expect(all.every((each) => each.length === 2 && (each[0] ?? 9) < (each[1] ?? 0))).toBe(true);
    for (const number of [1, 2, 3, 4]) expectShare(all.filter((each) => each.includes(number)).length, 0.5);
  });

  test("in random order where asked", () => {
    const all = runs(SomeOf(null, children, { randomOrder: true }));
    expect(all.every((each) => [...each].sort().join() === "1,2,3,4")).toBe(true);
    expectShare(all.filter(([first]) => first === 3).length, 0.25);
    expect(new Set(all.map((each) => each.join())).size).toBe(24);
  });

  test("from one number to another, to all, and not more than there are", () => {
    const counts = (n: Parameters<typeof SomeOf>[0]) => new Set(runs(SomeOf(n, children)).map((each) => each.length));
    expect(counts([0, 2])).toEqual(new Set([0, 1, 2]));
    expect(counts([3, null])).toEqual(new Set([3, 4]));
    expect(counts(9)).toEqual(new Set([4]));
    expect(counts(null)).toEqual(new Set([4]));
  });

  test("one of them", () => {
    const all = runs(OneOf(children));
    expect(all.every((each) => each.length === 1)).toBe(true);
    for (const number of [1, 2, 3, 4]) expectShare(all.filter(([one]) => one === number).length, 0.25);
  });
});

test("sometimes the one, and otherwise the other", () => {
  const all = runs(Sometimes(0.3, [mark(1), mark(2)], mark(3))).map((each) => each.join());
  expect(new Set(all)).toEqual(new Set(["1,2", "3"]));
  expectShare(all.filter((each) => each === "3").length, 0.7);
  expect(new Set(runs(Sometimes(0, mark(1))).map((each) => each.length))).toEqual(new Set([0]));
});

test("nothing", () => {
  for (const nothing of [Identity(), Noop(), Sequential(), SomeOf(0, children)]) {
    expect(nothing.augmentImage(picture(5, 4))).toEqual(picture(5, 4));
  }
});

test("several deterministic ones, each with draws of its own", () => {
  const image = picture(12, 9);
  const made = Add({ value: [-100, 100], seed: 5 }).toDeterministic(4);
  const results = made.map((each) => Buffer.from(each.augmentImage(image).data).toString("hex"));
  expect(new Set(results).size).toBe(4);
  expect(made.map((each) => Buffer.from(each.augmentImage(image).data).toString("hex"))).toEqual(results);
  const again = Add({ value: [-100, 100], seed: 5 }).toDeterministic(4);
  expect(again.map((each) => Buffer.from(each.augmentImage(image).data).toString("hex"))).toEqual(results);
  expect(() => Add(1).toDeterministic(0)).toThrow("for n but received 0");
});

test("a deterministic one does the same each time, to other pictures too, and a new one something else", () => {
  const noise = Sequential([Fliplr(0.5), AdditiveGaussianNoise({ scale: 20 })]);
  const fixed = noise.toDeterministic();
  const image = picture(20, 20);
  expect(fixed.augmentImage(image)).toEqual(fixed.augmentImage(image));
  expect(noise.toDeterministic().augmentImage(image)).not.toEqual(fixed.augmentImage(image));
  const seeded = () => AdditiveGaussianNoise({ scale: 20, seed: 4 }).toDeterministic().augmentImage(image);
  expect(seeded()).toEqual(seeded());
  const inside = Sequential([fixed]);
  expect(inside.augment({ image }, { seed: 1 })).toEqual(inside.augment({ image }, { seed: 2 }));
});

describe("channels", () => {
  const channel = (image: ImageData8, number: number) => image.data.filter((_, i) => i % image.channels === number);

  test.each([[[0]], [[2, 0]], [[0, 1, 2]], [[3]], [[1, 2, 3, 0]]])("only %j are flipped", (channels) => {
    const image = picture(7, 5, 4);
    const flipped = Fliplr().augmentImage(image);
    const result = WithChannels(channels, Fliplr()).augmentImage(image);
    for (const number of [0, 1, 2, 3]) {
      expect(channel(result, number)).toEqual(channel(channels.includes(number) ? flipped : image, number));
    }
  });

  test("places move with at least half of the channels", () => {
    const subject = { image: picture(10, 10), keypoints: [{ x: 1, y: 1 }] };
    expect(WithChannels([0, 1], Fliplr()).augment(subject).keypoints).toEqual([{ x: 9, y: 1 }]);
    expect(WithChannels([0], Fliplr()).augment(subject).keypoints).toEqual([{ x: 1, y: 1 }]);
    expect(WithChannels(null, Fliplr()).augment(subject).keypoints).toEqual([{ x: 9, y: 1 }]);
    expect(WithChannels([], Fliplr()).augment(subject)).toEqual(subject);
  });

  test("change places, all of them or some", () => {
    const image: ImageData8 = { data: Uint8Array.of(10, 20, 30), width: 1, height: 1, channels: 3 };
    const results = (options: augmenters.ChannelShuffleOptions) =>
      Array.from({ length: 600 }, (_, seed) => ChannelShuffle(options).augment({ image }, { seed }).image.data.join());
    const all = results({});
    expect(new Set(all).size).toBe(6);
    expectShare(all.filter((each) => each === "30,10,20").length, 1 / 6);
    expect(new Set(results({ channels: [0, 2] }))).toEqual(new Set(["10,20,30", "30,20,10"]));
    expectShare(results({ p: 0.4 }).filter((each) => each === "10,20,30").length, 0.6 + 0.4 / 6);
    expect(ChannelShuffle().augmentImage(picture(3, 3, 1))).toEqual(picture(3, 3, 1));
  });
});

describe("places", () => {
  test("keep their labels, and move through a pipeline", () => {
    const subject = {
      image: picture(20, 10),
      boxes: [{ x1: 2, y1: 1, x2: 5, y2: 4, label: "cat" }],
      keypoints: [{ x: 3, y: 2, label: "nose" }],
    };
    const result = Sequential([Fliplr(), Sometimes(1, Flipud()), Crop({ px: 1, keepSize: false })]).augment(subject);
    expect(result.boxes).toEqual([{ x1: 14, y1: 5, x2: 17, y2: 8, label: "cat" }]);
    expect(result.keypoints).toEqual([{ x: 16, y: 7, label: "nose" }]);
    expect(AdditiveGaussianNoise().augment(subject).boxes).toEqual(subject.boxes);
    expect(Object.keys(Fliplr().augment({ image: subject.image }))).toEqual(["image"]);
  });

  test("may be changed by a function", () => {
    const lambda = Lambda({
      funcKeypoints: (keypoints) => keypoints.slice(1),
      funcBoundingBoxes: () => [{ x1: 0, y1: 0, x2: 1, y2: 1 }],
    });
    const subject = { image: picture(2, 2), boxes: [], keypoints: [{ x: 0, y: 0 }] };
    const result = lambda.augment(subject);
    expect(result.keypoints).toEqual([]);
    expect(result.boxes).toHaveLength(1);
    const away = Lambda({ funcKeypoints: (points) => points.map(({ x, y }) => ({ x: 9 - x, y })), funcPolygons: null });
    const corners = [
      { x: 1, y: 2 },
      { x: 4, y: 3 },
    ];
    const cornered = { ...subject, boxes: [{ x1: 1, y1: 2, x2: 3, y2: 4 }], polygons: [{ points: corners }] };
    const moved = away.augment({ ...cornered, lineStrings: [{ points: corners, label: "road" }] });
    expect(moved.boxes).toEqual([{ x1: 6, y1: 2, x2: 8, y2: 4 }]);
    expect(moved.polygons).toEqual([{ points: corners }]);
    expect(moved.lineStrings?.[0]?.points.map(({ x }) => x)).toEqual([8, 5]);
    const misspelt = () => Lambda({ funcPolygons: "corners" as never }).augment(cornered);
    expect(misspelt).toThrow('Expected a function for funcPolygons but received "corners"');
    const grows = Lambda({ funcKeypoints: () => [{ x: NaN, y: 0 }] });
    expect(() => grows.augment(subject)).toThrow("Expected keypoints { x, y } for keypoints");
  });
});

describe("checks", () => {
  test("let through what fits", () => {
    const image = picture(20, 10);
    const shapes = [
      [1, 10, 20, 3],
      [null, [5, 11], [19, 20, 25], null],
    ] as const;
    for (const shape of shapes) expect(AssertShape(shape).augmentImage(image)).toEqual(image);
    const heatmaps = [{ width: 10, height: 5, channels: 1, data: new Float32Array(50) }];
    const ofImages = AssertShape([1, 10, 20, 3], { checkHeatmaps: false });
    expect(ofImages.augment({ image, heatmaps }).heatmaps).toEqual(heatmaps);
    const ofHeatmaps = AssertShape([1, 5, 10, 3], { checkImages: false });
    expect(ofHeatmaps.augment({ image, heatmaps }).heatmaps).toEqual(heatmaps);
    expect(AssertLambda({ funcImages: ([one]) => one?.width === 20 }).augmentImage(image)).toEqual(image);
  });

  const image = picture(20, 10);
  const box = { x1: 0, y1: 0, x2: 1, y2: 1 };
  test.each<[string, () => unknown, string]>([
    [
      "another shape",
      () => AssertShape([1, 10, 21, 3]).augmentImage(image),
      "Expected a shape of [1,10,21,3] for AssertShape but received [1,10,20,3]",
    ],
    [
      "a heatmap of another shape",
      () =>
        AssertShape([1, 10, 20, 3]).augment({
          image,
          heatmaps: [{ width: 10, height: 5, channels: 1, data: new Float32Array(50) }],
        }),
      "but received [1,5,10]",
    ],
    [
      "keypoints on a picture of another shape",
      () => AssertShape([1, 5, 20, 3], { checkImages: false }).augment({ image, keypoints: [] }),
      "but received [1,10,20]",
    ],
    ["the end of a range", () => AssertShape([1, [5, 10], 20, 3]).augmentImage(image), "for AssertShape"],
    ["a shape of three", () => AssertShape([1, 2, 3] as never), "Expected a shape of four for AssertShape"],
    [
      "what a function refuses",
      () => AssertLambda({ funcImages: () => false }).augmentImage(image),
      "for AssertLambda",
    ],
    [
      "boxes that a function refuses",
      () => AssertLambda({ funcBoundingBoxes: () => false }).augment({ image, boxes: [box] }),
      "Expected boxes",
    ],
    [
      "no picture from a function",
      () => Lambda({ funcImages: () => [] }).augmentImage(image),
      "for funcImages but received []",
    ],
    [
      "a channel that is not there",
      () => WithChannels(3, Fliplr()).augmentImage(image),
      "Expected channels below 3, the picture's for channels but received [3]",
    ],
    ["a channel twice", () => WithChannels([0, 0]), "Expected different channels from 0 to 3"],
    [
      "children that cut",
      () => WithChannels(0, Crop({ px: 1, keepSize: false })).augmentImage(image),
      "Expected children that keep the size of 20 × 10 for WithChannels but received 18 × 8",
    ],
    ["half a child", () => SomeOf(0.5, [Fliplr()]), "Expected a whole number of at least 0"],
    [
      "a box that is no box",
      () => Fliplr().augment({ image, boxes: [{ ...box, x1: 5 }] }),
      "Expected boxes { x1, y1, x2, y2 } for boxes",
    ],
    [
      "no list",
      () => Fliplr().augment({ image, keypoints: 1 as never }),
      "Expected a list of keypoints { x, y } for keypoints but received 1",
    ],
    [
      "a share of 2",
      () => augmenters.RemoveCBAsByOutOfImageFraction(2),
      "Expected a number between 0 and 1 for fraction",
    ],
    [
      "fields that nothing moves",
      () => Fliplr().augment({ image, masks: [] } as unknown as { image: typeof image }),
      'Expected only image, boxes, keypoints, polygons, lineStrings, heatmaps, segmentationMaps for augment but received "masks"',
    ],
    [
      "a polygon without points",
      () => Fliplr().augment({ image, polygons: [{ points: [{ x: NaN, y: 1 }] }] }),
      "Expected polygons { points: [{ x, y }] } for polygons",
    ],
  ])("refuse %s in a sentence", (_, make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ code: "InvalidOption", message: expect.stringContaining(message) as string }) as Error,
    );
  });
});
