import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { picture } from "../unit/augmenters/picture.js";
import { augmenterOf } from "./augmenter-cases.js";
import { formulaMaps, mapDifferences, type MapCase } from "./augmenter-maps.js";

type Point = [x: number, y: number];
type Corners = [x1: number, y1: number, x2: number, y2: number];
interface Case {
  name: string;
  options: object;
  keypoints: Point[];
  boxes: Corners[];
  polygons: Point[][];
  lineStrings: Point[][];
  maps: MapCase[];
}
interface Fixture {
  version: string;
  given: { width: number; height: number; keypoints: Point[]; boxes: Corners[]; polygon: Point[]; line: Point[] };
  cases: Case[];
}

const folder = new URL("../fixtures/augmenters/places/", import.meta.url);
const files = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Fixture);
const [{ given }] = files as [Fixture];
const cases = files.flatMap((file) => file.cases);

const points = (list: readonly Point[]) => list.map(([x, y]) => ({ x, y }));
const coordinates = (list: readonly { x: number; y: number }[]) => list.map(({ x, y }) => [x, y]);

test("the fixtures are of the version that the titles name", () => {
  for (const { version } of files) expect(version).toBe("0.4.0");
  expect(cases.length).toBeGreaterThan(100);
});

const titled = cases.map((each) => [`${each.name} ${JSON.stringify(each.options)}`, each] as const);

/** A polygon that is cut may begin at another corner. */
const sorted = (values: readonly number[][][]) =>
  values.map((polygon) => [...polygon].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d));

test.each(titled)("%s puts places within 0.01 pixel of where imgaug 0.4.0 puts them", (_, each) => {
  const subject = {
    image: picture(given.width, given.height),
    keypoints: points(given.keypoints),
    boxes: given.boxes.map(([x1, y1, x2, y2]) => ({ x1, y1, x2, y2 })),
    polygons: [{ points: points(given.polygon) }],
    lineStrings: [{ points: points(given.line) }],
  };
  const result = augmenterOf(each).augment(subject);
  const found = {
    keypoints: coordinates(result.keypoints ?? []),
    boxes: (result.boxes ?? []).map(({ x1, y1, x2, y2 }) => [x1, y1, x2, y2]),
    polygons: sorted((result.polygons ?? []).map((polygon) => coordinates(polygon.points))),
    lineStrings: (result.lineStrings ?? []).map((line) => coordinates(line.points)),
  };
  for (const kind of ["keypoints", "boxes", "polygons", "lineStrings"] as const) {
    const listed = kind === "polygons" ? sorted(each.polygons) : each[kind];
    const [actual, expected] = [found[kind].flat(2), listed.flat(2)];
    expect([kind, actual.length]).toEqual([kind, expected.length]);
    const distances = actual.map((value, i) => Math.abs(value - (expected[i] ?? NaN)));
    expect(Math.max(0, ...distances), kind).toBeLessThan(0.01);
  }
});

const mapped = cases.flatMap((each) =>
  each.maps.map((map) => [`${each.name} ${JSON.stringify(each.options)} ${map.size.join(" × ")}`, each, map] as const),
);

test.each(mapped)("%s: maps as imgaug 0.4.0's, classes all alike, heatmaps within 0.01", (_, each, map) => {
  const image = picture(given.width, given.height);
  const { heat, classes } = mapDifferences(augmenterOf(each).augment({ image, ...formulaMaps(map.size) }), map);
  expect(classes).toBe(0);
  expect(Math.max(...heat)).toBeLessThan(0.01);
});
