/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/** imgaug's `WithPolarWarping`: changes of a picture whose rows are angles and whose columns are distances from the middle. */
import type { ImageData8 } from "../structures/image.js";
import { type Augmenter, type AugmenterOptions, knownOptions, madeAugmenter } from "./augmenter.js";
import { roundHalfEven } from "./enlarge.js";
import { augmenterList, Sequential } from "./meta.js";
import { samplePicture } from "./sample-picture.js";
import { movedSubject, type Box, type Keypoint, type Move, type Subject } from "./subject.js";
import { resampledMap, type MapMove, type ValueMap } from "./value-map.js";

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
      const result = backFromPolar(inner.run(polar, random), subject.image);
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

interface Size {
  width: number;
  height: number;
}

const radiusOf = ({ width, height }: Size) => Math.hypot(width / 2, height / 2);
const polarSize = (size: Size): Size => ({
  width: roundHalfEven(radiusOf(size)),
  height: roundHalfEven(radiusOf(size) * Math.PI),
});

/** Where a place is in the polar picture. */
function toPolar(size: Size, polar: Size): Move {
  const radius = radiusOf(size);
  return (x, y) => {
    const [dx, dy] = [x - size.width / 2, y - size.height / 2];
    const angle = (Math.atan2(dy, dx) + 2 * Math.PI) % (2 * Math.PI);
    return [(Math.hypot(dx, dy) * polar.width) / radius, (angle * polar.height) / (2 * Math.PI)];
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
  const { image } = subject;
  const polar = polarSize(image);
  const source = fromPolar(image, polar);
  const moveMap: MapMove = <M extends ValueMap>(map: M): M => {
    const own = polarSize(map);
    return resampledMap(map, own.width, own.height, fromPolar(map, own));
  };
  return movedSubject(subject, nearestPicture(image, polar, source, false), toPolar(image, polar), moveMap);
}

function backFromPolar(result: Subject, before: ImageData8): Subject {
  const { image } = result;
  const source = toPolar(before, image);
  const moveMap: MapMove = <M extends ValueMap>(map: M, old: ImageData8): M => {
    // The size that a map had is that of its share of the picture.
    const size = {
      width: Math.max(roundHalfEven((before.width * map.width) / old.width), 1),
      height: Math.max(roundHalfEven((before.height * map.height) / old.height), 1),
    };
    return resampledMap(map, size.width, size.height, toPolar(size, map));
  };
  return movedSubject(result, nearestPicture(image, before, source, true), fromPolar(before, image), moveMap);
}

/** The nearest pixels, as imgaug's flags have OpenCV take them; rows of angles go round, nothing lies beyond distances. */
function nearestPicture(image: ImageData8, size: Size, source: Move, goesRound: boolean): ImageData8 {
  return samplePicture(
    image,
    size.width,
    size.height,
    (y, xs, ys) => {
      for (let x = 0; x < xs.length; x++) {
        const [sx, sy] = source(x, y);
        xs[x] = roundHalfEven(sx);
        const row = roundHalfEven(sy);
        ys[x] = goesRound && row === image.height ? 0 : row;
      }
    },
    { order: 0, mode: "constant", cval: [0] },
  );
}
