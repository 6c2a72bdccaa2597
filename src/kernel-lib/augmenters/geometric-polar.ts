/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's `WithPolarWarping`: changes of a picture whose rows are angles and whose columns are distances from the middle. */
import { type Augmenter, type AugmenterOptions, knownOptions, madeAugmenter } from "./augmenter.js";
import { augmenterList, Sequential } from "./meta.js";
import { movedSubject, type Box, type Keypoint, type Move, type Subject } from "./subject.js";
import type { ValueMap } from "./value-map.js";
import { angleOf, mapOfPolar, pictureOfPolar, polarMap, polarPicture, radiusOf, type Size } from "./warp-polar.js";

/** Applies its children in polar coordinates. Boxes become those around their moved outlines. */
export function WithPolarWarping(
  children: Augmenter | readonly Augmenter[],
  options: AugmenterOptions = {},
): Augmenter {
  const inner = Sequential(augmenterList("children", children));
  return madeAugmenter(
    "WithPolarWarping",
    knownOptions("WithPolarWarping", options, []),
    (subject, random) => {
      const { boxes, ...rest } = subject;
      const asOutlines = boxes ? { ...rest, polygons: [...(rest.polygons ?? []), ...boxes.map(outline)] } : rest;
      const polar = polarSubject(asOutlines);
      const result = backFromPolar(inner.run(polar, random), subject);
      return boxes ? withBoxes(result, boxes, rest.polygons !== undefined) : result;
    },
    { args: [children, options] },
  );
}

/** A box with two points more on each side. */
function outline({ x1, y1, x2, y2 }: Box): { points: Keypoint[] } {
  const corners = [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ] as const;
  const points = corners.flatMap(([x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % 4]!;
    return [0, 1 / 3, 2 / 3].map((share) => ({ x: x + (nextX - x) * share, y: y + (nextY - y) * share }));
  });
  return { points };
}

function withBoxes(result: Subject, boxes: readonly Box[], hadPolygons: boolean): Subject {
  const { polygons = [], ...rest } = result;
  // Children may drop outlines; boxes that can no longer be told apart are gone.
  const own = polygons.length >= boxes.length ? polygons.slice(polygons.length - boxes.length) : [];
  const moved = own.map(({ points }, i): Box => {
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    return { ...boxes[i]!, x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
  });
  return { ...rest, ...(hadPolygons && { polygons: polygons.slice(0, polygons.length - own.length) }), boxes: moved };
}

/** Where a place is in the polar picture, by OpenCV's angles as in imgaug. */
function toPolar(size: Size, polar: Size): Move {
  const radius = radiusOf(size);
  return (x, y) => {
    const [dx, dy] = [x - size.width / 2, y - size.height / 2];
    return [(Math.hypot(dx, dy) * polar.width) / radius, (angleOf(dx, dy) * polar.height) / (2 * Math.PI)];
  };
}

function fromPolar(size: Size, polar: Size): Move {
  const radius = radiusOf(size);
  return (x, y) => {
    const [distance, angle] = [(x * radius) / polar.width, (y * 2 * Math.PI) / polar.height];
    return [size.width / 2 + distance * Math.cos(angle), size.height / 2 + distance * Math.sin(angle)];
  };
}

function polarSubject(subject: Subject): Subject {
  const image = polarPicture(subject.image);
  return movedSubject(subject, image, toPolar(subject.image, image), polarMap);
}

function backFromPolar(result: Subject, before: Subject): Subject {
  const { image } = before;
  const places = movedSubject(
    result,
    pictureOfPolar(result.image, image),
    fromPolar(image, result.image),
    (map) => map,
  );
  const back = <M extends ValueMap>(maps: readonly M[], olds: readonly M[] = []): readonly M[] =>
    maps.map((map, i) => mapOfPolar(map, olds[i] ?? map));
  const { heatmaps, segmentationMaps } = places;
  return {
    ...places,
    ...(heatmaps && { heatmaps: back(heatmaps, before.heatmaps) }),
    ...(segmentationMaps && { segmentationMaps: back(segmentationMaps, before.segmentationMaps) }),
  };
}
