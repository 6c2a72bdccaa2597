/** Points on large pictures in polar coordinates: OpenCV's angles are off by up to a tenth of a pixel there, and a picture's own pixels with them. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as augmenters from "../../src/kernel-lib/augmenters/index.js";
import { picture } from "../unit/augmenters/picture.js";
import { augmenterOf } from "./augmenter-cases.js";

type Point = [x: number, y: number];
interface Fixture {
  version: string;
  cases: {
    size: [width: number, height: number];
    child: { augmenter: string; options: object };
    points: Point[];
    moved: Point[];
  }[];
}

const path = new URL("../fixtures/augmenters/polar.json", import.meta.url);
const { version, cases } = JSON.parse(readFileSync(path, "utf8")) as Fixture;

test("the fixture is of the version that the titles name", () => {
  expect([version, cases.length]).toEqual(["0.4.0", 4]);
});

test.each(cases)("WithPolarWarping puts places within 0.01 pixel of where imgaug 0.4.0 does: $size, $child", (each) => {
  const [width, height] = each.size;
  const { augmenter: name, options } = each.child;
  const keypoints = each.points.map(([x, y]) => ({ x, y }));
  const image = picture(width, height, 1);
  const result = augmenters.WithPolarWarping(augmenterOf({ name, options })).augment({ image, keypoints });
  const distances = (result.keypoints ?? []).map(({ x, y }, i) => {
    const [expectedX, expectedY] = each.moved[i] ?? [NaN, NaN];
    return Math.max(Math.abs(x - expectedX), Math.abs(y - expectedY));
  });
  expect(distances.length).toBe(each.points.length);
  expect(Math.max(...distances)).toBeLessThan(0.01);
});
