/** Boxes as they are drawn, moved and resized, in pixels of the picture. No screen, no zoom: those end where this begins. */
import type { BoxShape } from "../../../kernel-lib/protocol/index.js";
import type { Point, Size } from "../picture/zoom.js";

export const HANDLES = ["nw", "n", "ne", "e", "se", "s", "sw", "w"] as const;
export type Handle = (typeof HANDLES)[number];

/** Where a handle lies on its box. */
export function handlePoint({ xmin, ymin, xmax, ymax }: BoxShape, handle: Handle): Point {
  const x = handle.includes("w") ? xmin : handle.includes("e") ? xmax : (xmin + xmax) / 2;
  const y = handle.startsWith("n") ? ymin : handle.startsWith("s") ? ymax : (ymin + ymax) / 2;
  return { x, y };
}

/** The box between two corners, whichever they are, on whole pixels within the picture. */
export function between(a: Point, b: Point, picture: Size): BoxShape {
  const x = [onPixel(a.x, picture.width), onPixel(b.x, picture.width)] as const;
  const y = [onPixel(a.y, picture.height), onPixel(b.y, picture.height)] as const;
  return { xmin: Math.min(...x), ymin: Math.min(...y), xmax: Math.max(...x), ymax: Math.max(...y) };
}

/** The box elsewhere, as large as it was and within the picture: by whole pixels, so that a fractional box keeps its fractions. */
export function moved(shape: BoxShape, by: Point, picture: Size): BoxShape {
  const x = shift(Math.round(by.x), shape.xmin, shape.xmax, picture.width);
  const y = shift(Math.round(by.y), shape.ymin, shape.ymax, picture.height);
  return { xmin: shape.xmin + x, ymin: shape.ymin + y, xmax: shape.xmax + x, ymax: shape.ymax + y };
}

/** The box with one handle elsewhere. Past the opposite edge it turns over; it never vanishes. */
export function resized(shape: BoxShape, handle: Handle, to: Point, picture: Size): BoxShape {
  const [xmin, xmax] = edges(shape.xmin, shape.xmax, side(handle, "w", "e"), to.x, picture.width);
  const [ymin, ymax] = edges(shape.ymin, shape.ymax, side(handle, "n", "s"), to.y, picture.height);
  return { xmin, ymin, xmax, ymax };
}

/** The box with its right and lower edges further out, or in; one pixel is left of it at least. */
export function stretched(shape: BoxShape, by: Point, picture: Size): BoxShape {
  const xmax = Math.max(shape.xmin + 1, shape.xmax + by.x);
  const ymax = Math.max(shape.ymin + 1, shape.ymax + by.y);
  return { ...shape, xmax: Math.min(picture.width, xmax), ymax: Math.min(picture.height, ymax) };
}

/** A place near an edge of the picture, on that edge; `reach` in the picture's pixels. */
export function snapped({ x, y }: Point, reach: number, picture: Size): Point {
  return { x: toEdge(x, reach, picture.width), y: toEdge(y, reach, picture.height) };
}

/** How far a moved box is from the picture's nearest edges, where that is within reach: added to the move, it touches them. */
export function snappedMove(shape: BoxShape, by: Point, reach: number, picture: Size): Point {
  const pull = (low: number, high: number, move: number, length: number) => {
    if (Math.abs(low + move) <= reach) return -low;
    return Math.abs(length - high - move) <= reach ? length - high : move;
  };
  return {
    x: pull(shape.xmin, shape.xmax, by.x, picture.width),
    y: pull(shape.ymin, shape.ymax, by.y, picture.height),
  };
}

/** Indices of the boxes under a place, the smallest first: what lies inside another is reached by the first click. */
export function boxesAt({ x, y }: Point, boxes: readonly BoxShape[], reach: number): number[] {
  const over = ({ xmin, ymin, xmax, ymax }: BoxShape) =>
    x >= xmin - reach && x <= xmax + reach && y >= ymin - reach && y <= ymax + reach;
  const under = boxes.flatMap((box, index) => (over(box) ? [{ index, area: areaOf(box) }] : []));
  // Of two alike the one that was drawn later lies on top.
  return under.sort((a, b) => a.area - b.area || b.index - a.index).map(({ index }) => index);
}

/** The handle under a place, if there is one: corners before edges. */
export function handleAt(place: Point, shape: BoxShape, reach: number): Handle | undefined {
  const near = (handle: Handle) => {
    const { x, y } = handlePoint(shape, handle);
    return Math.abs(x - place.x) <= reach && Math.abs(y - place.y) <= reach;
  };
  return CORNERS_FIRST.find(near) ?? edgeAt(place, shape, reach);
}

export const areaOf = ({ xmin, ymin, xmax, ymax }: BoxShape): number => (xmax - xmin) * (ymax - ymin);

export const sameShape = (a: BoxShape, b: BoxShape): boolean =>
  a.xmin === b.xmin && a.ymin === b.ymin && a.xmax === b.xmax && a.ymax === b.ymax;

/** "120 × 80" */
export const sizeText = ({ xmin, ymin, xmax, ymax }: BoxShape): string =>
  `${short(xmax - xmin)} × ${short(ymax - ymin)}`;

/** "120 × 80 px, 1.50 : 1" */
export function sizeAndAspect(shape: BoxShape): string {
  const [width, height] = [shape.xmax - shape.xmin, shape.ymax - shape.ymin];
  if (width <= 0 || height <= 0) return `${sizeText(shape)} px`;
  const aspect = width >= height ? `${(width / height).toFixed(2)} : 1` : `1 : ${(height / width).toFixed(2)}`;
  return `${sizeText(shape)} px, ${aspect}`;
}

/** Coordinates as people read them: whole where they are, one decimal where they are not. */
export const short = (value: number): string => String(Math.round(value * 10) / 10);

const CORNERS_FIRST: readonly Handle[] = ["nw", "ne", "se", "sw", "n", "e", "s", "w"];

/** Anywhere on an edge does what the handle in its middle does. */
function edgeAt({ x, y }: Point, { xmin, ymin, xmax, ymax }: BoxShape, reach: number): Handle | undefined {
  const close = reach / 2;
  const beside = (value: number, low: number, high: number) => value >= low && value <= high;
  if (beside(x, xmin, xmax) && Math.abs(y - ymin) <= close) return "n";
  if (beside(x, xmin, xmax) && Math.abs(y - ymax) <= close) return "s";
  if (beside(y, ymin, ymax) && Math.abs(x - xmin) <= close) return "w";
  return beside(y, ymin, ymax) && Math.abs(x - xmax) <= close ? "e" : undefined;
}

const side = (handle: Handle, low: string, high: string): "low" | "high" | undefined =>
  handle.includes(low) ? "low" : handle.includes(high) ? "high" : undefined;

function edges(low: number, high: number, end: "low" | "high" | undefined, to: number, length: number) {
  if (end === undefined) return [low, high] as const;
  const fixed = end === "low" ? high : low;
  const free = onPixel(to, length);
  if (free !== fixed) return [Math.min(free, fixed), Math.max(free, fixed)] as const;
  return fixed >= length ? ([fixed - 1, fixed] as const) : ([fixed, fixed + 1] as const);
}

const onPixel = (value: number, length: number): number => Math.round(Math.min(length, Math.max(0, value)));

/** As far as the box may go; adding 0 makes -0 a 0. */
const shift = (by: number, low: number, high: number, length: number): number =>
  Math.min(Math.max(0, length - high), Math.max(Math.min(0, -low), by)) + 0;

const toEdge = (value: number, reach: number, length: number): number =>
  value <= reach ? 0 : value >= length - reach ? length : value;
