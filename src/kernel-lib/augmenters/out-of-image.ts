/**
 * What becomes of places outside the picture.
 *
 * Augmenters move boxes and outlines wherever they get; these two functions, and the augmenters `ClipCBAsToImagePlanes` and
 * `RemoveCBAsByOutOfImageFraction`, say what stays of those that left.
 */
import { numberOption } from "../structures/options.js";
import { clippedLine, clippedOutline, outlineArea } from "./clip-outline.js";
import { subjectOption, type Box, type Keypoint, type LineString, type Polygon, type Subject } from "./subject.js";

interface Size {
  width: number;
  height: number;
}

/** Cuts boxes, polygons and line strings at the picture's edges, and drops those, and keypoints, that lie outside. */
export function clipOutOfImage(subject: Subject): Subject {
  const { image, boxes, keypoints, polygons, lineStrings } = subjectOption(subject);
  return {
    ...subject,
    ...(boxes && { boxes: boxes.flatMap((box) => clippedBox(box, image) ?? []) }),
    ...(keypoints && { keypoints: keypoints.filter((keypoint) => isKeypointInside(keypoint, image)) }),
    ...(polygons && { polygons: polygons.flatMap((polygon) => clippedPolygon(polygon, image)) }),
    ...(lineStrings && {
      lineStrings: lineStrings.flatMap((line) =>
        clippedLine(line.points, image).map((points) => ({ ...line, points })),
      ),
    }),
  };
}

/**
 * Drops boxes, polygons and line strings of which at least `fraction` (0 to 1; 1 by default: those that are wholly outside) of
 * the area or length lies outside the picture, and keypoints outside. What stays is not cut.
 */
export function removeOutOfImage(subject: Subject, fraction = 1): Subject {
  const most = numberOption("fraction", fraction, 0, 1);
  const { image, boxes, keypoints, polygons, lineStrings } = subjectOption(subject);
  return {
    ...subject,
    ...(boxes && { boxes: boxes.filter((box) => boxOutside(box, image) < most) }),
    ...(keypoints && { keypoints: keypoints.filter((each) => (isKeypointInside(each, image) ? 0 : 1) < most) }),
    ...(polygons && { polygons: polygons.filter((polygon) => polygonOutside(polygon, image) < most) }),
    ...(lineStrings && { lineStrings: lineStrings.filter((line) => lineOutside(line, image) < most) }),
  };
}

/** The share of a box's area that lies outside the picture; of a box without area 1 if its corner is outside, else 0. */
export function boxOutside(box: Box, image: Size): number {
  const area = ({ x1, y1, x2, y2 }: Box) => (x2 - x1) * (y2 - y1);
  if (area(box) === 0) return isKeypointInside({ x: box.x1, y: box.y1 }, image) ? 0 : 1;
  const inside = clippedBox(box, image);
  return inside === undefined ? 1 : 1 - area(inside) / area(box);
}

/** What of a box lies on the picture; nothing where it is outside. */
export function clippedBox(box: Box, { width, height }: Size): Box | undefined {
  if (box.x1 >= width || box.x2 < 0 || box.y1 >= height || box.y2 < 0) return undefined;
  const within = (value: number, end: number) => Math.min(Math.max(value, 0), end);
  return {
    ...box,
    x1: within(box.x1, width),
    y1: within(box.y1, height),
    x2: within(box.x2, width),
    y2: within(box.y2, height),
  };
}

export const isKeypointInside = ({ x, y }: Keypoint, { width, height }: Size): boolean =>
  x >= 0 && y >= 0 && x < width && y < height;

function clippedPolygon(polygon: Polygon, image: Size): Polygon[] {
  const points = clippedOutline(polygon.points, image);
  return outlineArea(points) > 0 ? [{ ...polygon, points }] : [];
}

function polygonOutside({ points }: Polygon, image: Size): number {
  const area = outlineArea(points);
  if (area === 0) return points.some((point) => isKeypointInside(point, image)) ? 0 : 1;
  return 1 - outlineArea(clippedOutline(points, image)) / area;
}

function lineOutside({ points }: LineString, image: Size): number {
  const length = lineLength(points);
  if (length === 0) return points.some((point) => isKeypointInside(point, image)) ? 0 : 1;
  return 1 - clippedLine(points, image).reduce((sum, part) => sum + lineLength(part), 0) / length;
}

function lineLength(points: readonly Keypoint[]): number {
  return points
    .slice(1)
    .reduce((sum, { x, y }, i) => sum + Math.hypot(x - (points[i]?.x ?? x), y - (points[i]?.y ?? y)), 0);
}
