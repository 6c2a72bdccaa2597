/**
 * What is augmented together: a picture, and places on it.
 *
 * Coordinates are in pixels from the picture's upper left corner: pixel (0, 0) reaches from 0 to 1, so that a flip takes x
 * to `width - x`. Augmenters move boxes and keypoints wherever they get, outside the picture too, as imgaug's do;
 * `ClipCBAsToImagePlanes` and `RemoveCBAsByOutOfImageFraction` deal with what is outside.
 */
import { quote, VitrineError } from "../structures/errors.js";
import { imageOption, type ImageData8 } from "../structures/image.js";

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

export interface Subject {
  image: ImageData8;
  boxes?: readonly Box[];
  keypoints?: readonly Keypoint[];
}

export type Move = (x: number, y: number) => readonly [x: number, y: number];

/** @throws `InvalidOption` */
export function subjectOption(subject: Subject): Subject {
  const { boxes, keypoints } = subject;
  const result: Subject = { image: imageOption("image", subject.image) };
  if (boxes !== undefined) result.boxes = placeList("boxes", boxes, isBox, "boxes { x1, y1, x2, y2 }");
  if (keypoints !== undefined) result.keypoints = placeList("keypoints", keypoints, isKeypoint, "keypoints { x, y }");
  return result;
}

function placeList<T>(option: string, places: readonly T[], isOne: (place: T) => boolean, what: string): readonly T[] {
  const given: unknown = places;
  if (!Array.isArray(given)) throw expected(option, `a list of ${what}`, given);
  for (const place of places) if (!isOne(place)) throw expected(option, what, place);
  return places;
}

const expected = (option: string, what: string, received: unknown) =>
  new VitrineError("InvalidOption", { option, expected: what, received: quote(received) });

const isKeypoint = (place: Keypoint | null) => place !== null && Number.isFinite(place.x) && Number.isFinite(place.y);
const isBox = (place: Box | null) =>
  place !== null &&
  [place.x1, place.y1, place.x2, place.y2].every(Number.isFinite) &&
  !(place.x1 > place.x2 || place.y1 > place.y2);

/** The subject with another picture, its places moved. A box becomes the upright rectangle around its moved corners. */
export function movedSubject(subject: Subject, image: ImageData8, move: Move): Subject {
  const result: Subject = { ...subject, image };
  if (subject.keypoints) result.keypoints = subject.keypoints.map((keypoint) => movedKeypoint(keypoint, move));
  if (subject.boxes) result.boxes = subject.boxes.map((box) => movedBox(box, move));
  return result;
}

function movedKeypoint(keypoint: Keypoint, move: Move): Keypoint {
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

/** The share of a box's area that lies outside the picture; of a box without area 1 if its corner is outside, else 0. */
export function boxOutside(box: Box, image: ImageData8): number {
  const area = ({ x1, y1, x2, y2 }: Box) => (x2 - x1) * (y2 - y1);
  if (area(box) === 0) return isKeypointInside({ x: box.x1, y: box.y1 }, image) ? 0 : 1;
  const inside = clippedBox(box, image);
  return inside === undefined ? 1 : 1 - area(inside) / area(box);
}

/** What of a box lies on the picture; nothing where it is outside. */
export function clippedBox(box: Box, { width, height }: ImageData8): Box | undefined {
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

export const isKeypointInside = ({ x, y }: Keypoint, { width, height }: ImageData8): boolean =>
  x >= 0 && y >= 0 && x < width && y < height;
