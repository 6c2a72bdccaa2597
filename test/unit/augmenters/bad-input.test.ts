/** Every augmenter with pictures and numbers that are unlike what it expects: it works, or says in the one sentence form why not. */
import { expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import type { ImageData8 } from "../../../src/kernel-lib/structures/image.js";
import { picture } from "./picture.js";

const all = augmenters.examples();
const SENTENCE = /^Expected .+ for .+ but received .+/s;

/** A picture of whole levels and the length that its sides say, or a sentence. */
function outcome(make: () => ImageData8): "works" | "says" {
  try {
    const { data, width, height, channels } = make();
    expect(data).toBeInstanceOf(Uint8Array);
    expect([width > 0, height > 0, data.length]).toEqual([true, true, width * height * channels]);
    return "works";
  } catch (error) {
    if (!isVitrineError(error, "InvalidOption")) throw error;
    expect(error.message).toMatch(SENTENCE);
    return "says";
  }
}

test.each<[string, ImageData8]>([
  ["grey", picture(13, 11, 1)],
  ["alpha", picture(13, 11, 4)],
  ["1 × 1", picture(1, 1, 3)],
  ["1 × 1", picture(1, 1, 1)],
  ["1 × 1", picture(1, 1, 4)],
  ["a row", picture(17, 1, 3)],
  ["a column", picture(1, 17, 3)],
])("%s pictures: every augmenter works", (_, image) => {
  const refused = all.filter(({ augmenter }) =>
    [1, 2].some((seed) => outcome(() => augmenter.augment({ image }, { seed }).image) === "says"),
  );
  expect(refused.map(({ module, name }) => `${module}.${name}`)).toEqual([]);
});

test("float pictures, pictures of two channels and pictures of the wrong length are refused by every augmenter", () => {
  const size = { width: 4, height: 3 };
  const strange = [
    { ...size, channels: 3, data: new Float32Array(36).fill(0.5) },
    { ...size, channels: 3, data: new Float64Array(36) },
    { ...size, channels: 3, data: Array.from({ length: 36 }, () => 1) },
    { ...size, channels: 2, data: new Uint8Array(24) },
    { ...size, channels: 3, data: new Uint8Array(35) },
    { ...size, width: 4.5, channels: 3, data: new Uint8Array(36) },
    { ...size, width: NaN, channels: 3, data: new Uint8Array(36) },
  ] as unknown as ImageData8[];
  for (const { module, name, augmenter } of all) {
    const found = strange.map((image) => outcome(() => augmenter.augmentImage(image)));
    expect(found, `${module}.${name}`).toEqual(strange.map(() => "says"));
  }
});

type Maker = (options: unknown) => augmenters.Augmenter;
const namespaces = augmenters as unknown as Record<string, Record<string, Maker | undefined> | undefined>;

/** Each numeric parameter of each augmenter, as its own factory takes it: what its first parameter is, and what bounds it. */
const PARAMETERS: readonly [path: string, option: string][] = [
  ...[
    "Fliplr",
    "Flipud",
    "HorizontalFlip",
    "VerticalFlip",
    "TotalDropout",
    "Dropout",
    "Dropout2d",
    "Invert",
    "Solarize",
    "ChannelShuffle",
  ].map((name) => [name, "p"] as const),
  ...[
    "SaltAndPepper",
    "ImpulseNoise",
    "Salt",
    "Pepper",
    "CoarseSaltAndPepper",
    "CoarseSalt",
    "CoarsePepper",
    "CoarseDropout",
  ].map((name) => [name, "p"] as const),
  ...["Sharpen", "Emboss", "EdgeDetect", "DirectedEdgeDetect", "Grayscale", "Canny"].map(
    (name) => [name, "alpha"] as const,
  ),
  ...["BlendAlpha", "BlendAlphaElementwise", "Alpha", "AlphaElementwise"].map((name) => [name, "factor"] as const),
  ["RemoveSaturation", "mul"],
  ["Superpixels", "pReplace"],
  ["UniformVoronoi", "pReplace"],
  ["pillike.Solarize", "p"],
].map(([path = "", option = ""]) => [path, option] as [string, string]);

const makerOf = (path: string): Maker => {
  const parts = path.split(".");
  const found =
    parts.length === 1
      ? (namespaces as unknown as Record<string, Maker>)[path]
      : namespaces[parts[0] ?? ""]?.[parts[1] ?? ""];
  if (!found) throw new Error(`no ${path}`);
  return found;
};

test.each(PARAMETERS)("%s refuses a %s of 1.2, of -0.1, of no number, and an inverted range", (path, option) => {
  const make = makerOf(path);
  const image = picture(9, 8);
  for (const value of [1.2, -0.1, NaN, "half", [0.9, 0.1], [0.2, 1.2], [], {}]) {
    const tried = outcome(() => make({ [option]: value }).augmentImage(image));
    expect([option, value, tried]).toEqual([option, value, "says"]);
  }
  expect(outcome(() => make({ [option]: [0.1, 0.9] }).augmentImage(image))).toBe("works");
});

test("every augmenter with options refuses one that it does not know", () => {
  const positional = [
    "Sequential",
    "SomeOf",
    "OneOf",
    "Sometimes",
    "WithChannels",
    "Convolve",
    "ReplaceElementwise",
    "AssertShape",
    "WithPolarWarping",
    "KeepSizeByResize",
    "RemoveCBAsByOutOfImageFraction",
  ];
  for (const { module, name } of all) {
    if (positional.includes(name)) continue;
    const make = makerOf(`${module}.${name}`);
    expect(
      outcome(() => make({ strange: 1 }).augmentImage(picture(6, 5))),
      `${module}.${name}`,
    ).toBe("says");
  }
});

test.each<[string, () => augmenters.Augmenter]>([
  ["GaussianBlur", () => augmenters.GaussianBlur(40)],
  ["AverageBlur", () => augmenters.AverageBlur(99)],
  ["AverageBlur", () => augmenters.AverageBlur(15)],
  ["MedianBlur", () => augmenters.MedianBlur(99)],
  ["MedianBlur", () => augmenters.MedianBlur(15)],
  ["BilateralBlur", () => augmenters.BilateralBlur({ d: 31 })],
  ["MotionBlur", () => augmenters.MotionBlur({ k: 51 })],
  ["MeanShiftBlur", () => augmenters.MeanShiftBlur({ spatialRadius: 40, colorRadius: 40 })],
  ["Convolve", () => augmenters.Convolve(Array.from({ length: 31 }, () => Array.from({ length: 25 }, () => 1 / 775)))],
  ["MaxPooling", () => augmenters.MaxPooling(64)],
  ["AveragePooling", () => augmenters.AveragePooling({ kernelSize: 64, keepSize: false })],
  ["MedianPooling", () => augmenters.MedianPooling(64)],
  ["CLAHE", () => augmenters.CLAHE({ tileGridSizePx: 40 })],
  ["Crop", () => augmenters.Crop({ px: 500 })],
  ["Crop", () => augmenters.Crop({ px: 500, keepSize: false })],
  ["CropToFixedSize", () => augmenters.CropToFixedSize({ width: 900, height: 900 })],
  ["Jigsaw", () => augmenters.Jigsaw({ nbRows: 90, nbCols: 90 })],
  ["ElasticTransformation", () => augmenters.ElasticTransformation({ alpha: 1e12, sigma: 60 })],
  ["PiecewiseAffine", () => augmenters.PiecewiseAffine({ scale: 3 })],
  ["PerspectiveTransform", () => augmenters.PerspectiveTransform({ scale: 9 })],
  ["Affine", () => augmenters.Affine({ scale: 1e4, rotate: 1e9, translatePx: 1e6, shear: 89.9999 })],
  ["Affine", () => augmenters.Affine({ scale: 1e-4, shear: 90, order: 3 })],
  ["Add", () => augmenters.Add(1e300)],
  ["Multiply", () => augmenters.Multiply(-1e300)],
  ["AdditiveGaussianNoise", () => augmenters.AdditiveGaussianNoise({ scale: 255 })],
  ["GammaContrast", () => augmenters.GammaContrast(1e6)],
])("%s larger than the picture gives whole levels", (_, make) => {
  for (const image of [picture(7, 5), picture(7, 5, 1), picture(7, 5, 4), picture(1, 1), picture(2, 40)]) {
    expect(outcome(() => make().augment({ image }, { seed: 1 }).image)).toBe("works");
  }
});

test("boxes, points and maps come through every augmenter without a number that is none", () => {
  const image = picture(13, 11);
  const size = { width: 5, height: 4, channels: 1 };
  const subject = {
    image,
    boxes: [
      { x1: 1, y1: 2, x2: 9, y2: 8, label: "cup" },
      { x1: 3, y1: 3, x2: 3, y2: 9 },
    ],
    keypoints: [
      { x: 0, y: 0 },
      { x: 12.5, y: 30 },
    ],
    polygons: [
      {
        points: [
          { x: 1, y: 1 },
          { x: 9, y: 2 },
          { x: 4, y: 9 },
        ],
      },
    ],
    lineStrings: [
      {
        points: [
          { x: -3, y: 1 },
          { x: 20, y: 9 },
        ],
      },
    ],
    heatmaps: [{ ...size, data: Float32Array.from({ length: 20 }, (_, i) => i / 19) }],
    segmentationMaps: [{ ...size, data: Int32Array.from({ length: 20 }, (_, i) => i % 3) }],
  };
  for (const { module, name, augmenter } of all) {
    const result = augmenter.augment(subject, { seed: 5 });
    const points = [
      ...(result.keypoints ?? []),
      ...[...(result.polygons ?? []), ...(result.lineStrings ?? [])].flatMap((each) => each.points),
    ];
    const numbers = [
      ...(result.boxes ?? []).flatMap(({ x1, y1, x2, y2 }) => [x1, y1, x2, y2]),
      ...points.flatMap(({ x, y }) => [x, y]),
    ];
    expect(numbers.every(Number.isFinite), `${module}.${name}`).toBe(true);
    for (const { data, width, height, channels } of result.heatmaps ?? []) {
      expect([data.length, data.every((value) => value >= 0 && value <= 1)], `${module}.${name}`).toEqual([
        width * height * channels,
        true,
      ]);
    }
    for (const { data, width, height, channels } of result.segmentationMaps ?? []) {
      expect([data.length, data.every((value) => [0, 1, 2].includes(value))], `${module}.${name}`).toEqual([
        width * height * channels,
        true,
      ]);
    }
  }
});
