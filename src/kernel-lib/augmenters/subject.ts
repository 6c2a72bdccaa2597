/**
 * What is augmented together: a picture, and what lies on it.
 *
 * Coordinates are in pixels from the picture's upper left corner: pixel (0, 0) reaches from 0 to 1, so that a flip takes x
 * to `width - x`. Augmenters move places wherever they get, outside the picture too, as imgaug's do; `clipOutOfImage` and
 * `removeOutOfImage` deal with what is outside.
 */
import { quote, VitrineError } from "../structures/errors.js";
import { imageOption, type ImageData8 } from "../structures/image.js";
import { isHeatmap, isSegmentationMap, type Heatmap, type MapMove, type SegmentationMap } from "./value-map.js";

/** A place. Fields beside x and y stay as they are. */
export interface Keypoint {
  readonly x: number;
  readonly y: number;
  readonly label?: string;
}

/** An upright rectangle, x1 at most x2 and y1 at most y2. Other fields stay as they are. */
export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly label?: string;
}

/** A closed outline; the last point is joined to the first. Other fields stay as they are. */
export interface Polygon {
  readonly points: readonly Keypoint[];
  readonly label?: string;
}

/** Points joined one after another. Other fields stay as they are. */
export interface LineString {
  readonly points: readonly Keypoint[];
  readonly label?: string;
}

export interface Subject {
  image: ImageData8;
  boxes?: readonly Box[];
  keypoints?: readonly Keypoint[];
  polygons?: readonly Polygon[];
  lineStrings?: readonly LineString[];
  /** Each covers the picture, and may be coarser. */
  heatmaps?: readonly Heatmap[];
  /** Each covers the picture, and may be coarser. */
  segmentationMaps?: readonly SegmentationMap[];
}

export const SUBJECT_FIELDS: readonly string[] = [
  "image",
  "boxes",
  "keypoints",
  "polygons",
  "lineStrings",
  "heatmaps",
  "segmentationMaps",
];

export type Move = (x: number, y: number) => readonly [x: number, y: number];

/** @throws `InvalidOption` */
export function subjectOption(subject: Subject): Subject {
  if (typeof (subject as unknown) !== "object" || (subject as unknown) === null) {
    throw expected("subject", `{ ${SUBJECT_FIELDS.join(", ")} }`, subject);
  }
  const { boxes, keypoints, polygons, lineStrings, heatmaps, segmentationMaps } = subject;
  const result: Subject = { image: imageOption("image", subject.image) };
  if (isGiven(boxes)) result.boxes = listOption("boxes", boxes, isBox, "boxes { x1, y1, x2, y2 }");
  if (isGiven(keypoints)) result.keypoints = listOption("keypoints", keypoints, isKeypoint, "keypoints { x, y }");
  if (isGiven(polygons))
    result.polygons = listOption("polygons", polygons, isOutline, "polygons { points: [{ x, y }] }");
  if (isGiven(lineStrings)) {
    result.lineStrings = listOption("lineStrings", lineStrings, isOutline, "line strings { points: [{ x, y }] }");
  }
  if (isGiven(heatmaps)) {
    result.heatmaps = listOption(
      "heatmaps",
      heatmaps,
      isHeatmap,
      "heatmaps of floats { data, width, height, channels }",
    );
  }
  if (isGiven(segmentationMaps)) {
    const what = "segmentation maps of whole numbers { data, width, height, channels }";
    result.segmentationMaps = listOption("segmentationMaps", segmentationMaps, isSegmentationMap, what);
  }
  return result;
}

/** Callers in plain JavaScript pass null. */
const isGiven = <T>(list: T | null | undefined): list is T => list !== undefined && list !== null;

function listOption<T>(option: string, list: readonly T[], isOne: (item: T) => boolean, what: string): readonly T[] {
  const given: unknown = list;
  if (!Array.isArray(given)) throw expected(option, `a list of ${what}`, given);
  for (const item of list) if (!isOne(item)) throw expected(option, what, item);
  return list;
}

const expected = (option: string, what: string, received: unknown) =>
  new VitrineError("InvalidOption", { option, expected: what, received: quote(received) });

const isKeypoint = (place: Keypoint | null | undefined) =>
  place !== null && place !== undefined && Number.isFinite(place.x) && Number.isFinite(place.y);
const isBox = (place: Box | null | undefined) =>
  place !== null &&
  place !== undefined &&
  [place.x1, place.y1, place.x2, place.y2].every(Number.isFinite) &&
  !(place.x1 > place.x2 || place.y1 > place.y2);
const isOutline = (place: Polygon | null | undefined) => Array.isArray(place?.points) && place.points.every(isKeypoint);

/**
 * The subject with another picture, its places moved, and its maps as `moveMap` makes them. A box becomes the upright
 * rectangle around its moved corners.
 */
export function movedSubject(subject: Subject, image: ImageData8, move: Move, moveMap: MapMove): Subject {
  const { boxes, keypoints, polygons, lineStrings, heatmaps, segmentationMaps } = subject;
  const outline = <T extends Polygon>(each: T): T => ({ ...each, points: each.points.map((p) => movedPoint(p, move)) });
  return {
    ...subject,
    image,
    ...(boxes && { boxes: boxes.map((box) => movedBox(box, move)) }),
    ...(keypoints && { keypoints: keypoints.map((keypoint) => movedPoint(keypoint, move)) }),
    ...(polygons && { polygons: polygons.map(outline) }),
    ...(lineStrings && { lineStrings: lineStrings.map(outline) }),
    ...(heatmaps && { heatmaps: heatmaps.map((map) => moveMap(map, subject.image)) }),
    ...(segmentationMaps && { segmentationMaps: segmentationMaps.map((map) => moveMap(map, subject.image)) }),
  };
}

function movedPoint(keypoint: Keypoint, move: Move): Keypoint {
  const [x, y] = move(keypoint.x, keypoint.y);
  return { ...keypoint, x, y };
}

function movedBox(box: Box, move: Move): Box {
  const { x1, y1, x2, y2 } = box;
  const corners = [move(x1, y1), move(x2, y1), move(x2, y2), move(x1, y2)];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return { ...box, x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
}

/** The picture alone, with empty lists and blank maps: what imgaug leaves of a picture that is dropped. */
export function withNothingOn(subject: Subject, image: ImageData8): Subject {
  const { boxes, keypoints, polygons, lineStrings, heatmaps, segmentationMaps } = subject;
  return {
    image,
    ...(boxes && { boxes: [] }),
    ...(keypoints && { keypoints: [] }),
    ...(polygons && { polygons: [] }),
    ...(lineStrings && { lineStrings: [] }),
    ...(heatmaps && { heatmaps: heatmaps.map((map) => ({ ...map, data: new Float32Array(map.data.length) })) }),
    ...(segmentationMaps && {
      segmentationMaps: segmentationMaps.map((map) => ({ ...map, data: new Int32Array(map.data.length) })),
    }),
  };
}
