import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  Affine,
  ClipCBAsToImagePlanes,
  Crop,
  Fliplr,
  Flipud,
  RemoveCBAsByOutOfImageFraction,
  type Augmenter,
} from "../../src/kernel-lib/augmenters/index.js";
import { picture } from "../unit/augmenters/picture.js";

type Point = [x: number, y: number];
type Corners = [x1: number, y1: number, x2: number, y2: number];
interface Fixture {
  version: string;
  given: { width: number; height: number; keypoints: Point[]; boxes: Corners[] };
  cases: { name: string; options: object; keypoints: Point[]; boxes: Corners[] }[];
}

const path = new URL("../fixtures/augmenters/places.json", import.meta.url);
const { version, given, cases } = JSON.parse(readFileSync(path, "utf8")) as Fixture;

const makers: Record<string, (options: object) => Augmenter> = {
  Affine,
  ClipCBAsToImagePlanes: () => ClipCBAsToImagePlanes(),
  Crop,
  Fliplr,
  Flipud,
  RemoveCBAsByOutOfImageFraction: (options) =>
    RemoveCBAsByOutOfImageFraction((options as { fraction: number }).fraction),
};

test("the fixtures are of the version that the titles name", () => {
  expect(version).toBe("0.4.0");
  expect(cases.length).toBeGreaterThan(15);
});

const titled = cases.map((each) => [`${each.name} ${JSON.stringify(each.options)}`, each] as const);

test.each(titled)("%s puts keypoints and boxes within 0.01 pixel of where imgaug 0.4.0 puts them", (_, each) => {
  const subject = {
    image: picture(given.width, given.height),
    keypoints: given.keypoints.map(([x, y]) => ({ x, y })),
    boxes: given.boxes.map(([x1, y1, x2, y2]) => ({ x1, y1, x2, y2 })),
  };
  const result = makers[each.name]?.(each.options).augment(subject) ?? subject;
  const found = {
    keypoints: (result.keypoints ?? []).map(({ x, y }) => [x, y]),
    boxes: (result.boxes ?? []).map(({ x1, y1, x2, y2 }) => [x1, y1, x2, y2]),
  };
  expect([found.keypoints.length, found.boxes.length]).toEqual([each.keypoints.length, each.boxes.length]);
  const expected = [...each.keypoints, ...each.boxes].flat();
  const distances = [...found.keypoints, ...found.boxes]
    .flat()
    .map((value, i) => Math.abs(value - (expected[i] ?? NaN)));
  expect(Math.max(0, ...distances)).toBeLessThan(0.01);
});
