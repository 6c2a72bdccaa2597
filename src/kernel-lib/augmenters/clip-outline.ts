/** Outlines cut at a picture's edges: polygons by I. Sutherland and G. Hodgman (1974), lines by Y.-D. Liang and B. Barsky (1984). */
import type { Keypoint } from "./subject.js";

interface Size {
  width: number;
  height: number;
}

/** A polygon that would fall into parts stays one, joined along the picture's edge. */
export function clippedOutline(points: readonly Keypoint[], { width, height }: Size): Keypoint[] {
  const sides: ((point: Keypoint) => number)[] = [
    ({ x }) => x,
    ({ y }) => y,
    ({ x }) => width - x,
    ({ y }) => height - y,
  ];
  return sides.reduce((result, side) => clippedAtSide(result, side), [...points]);
}

/** @param side how far inside a point lies; negative is outside */
function clippedAtSide(points: readonly Keypoint[], side: (point: Keypoint) => number): Keypoint[] {
  return points.flatMap((point, i) => {
    const before = points.at(i - 1) ?? point;
    const [from, to] = [side(before), side(point)];
    const crossing = from < 0 !== to < 0 ? [between(before, point, from / (from - to))] : [];
    return to < 0 ? crossing : [...crossing, point];
  });
}

const between = (a: Keypoint, b: Keypoint, share: number): Keypoint => ({
  ...b,
  x: a.x + (b.x - a.x) * share,
  y: a.y + (b.y - a.y) * share,
});

/** The parts of a line that lie on the picture, each with at least two points. */
export function clippedLine(points: readonly Keypoint[], size: Size): Keypoint[][] {
  const parts: Keypoint[][] = [];
  points.slice(1).forEach((end, i) => {
    const start = points[i] ?? end;
    const range = insideRange(start, end, size);
    if (range === undefined) return;
    const [from, to] = range;
    const last = parts.at(-1);
    if (from === 0 && last?.at(-1) === start) last.push(to === 1 ? end : between(start, end, to));
    else parts.push([from === 0 ? start : between(start, end, from), to === 1 ? end : between(start, end, to)]);
  });
  return parts;
}

/** Which share of the way from a to b lies inside. */
function insideRange(a: Keypoint, b: Keypoint, { width, height }: Size): [from: number, to: number] | undefined {
  let [from, to] = [0, 1];
  for (const [start, step, end] of [
    [a.x, b.x - a.x, width],
    [a.y, b.y - a.y, height],
  ] as const) {
    if (step === 0 && (start < 0 || start > end)) return undefined;
    if (step === 0) continue;
    const [first, second] = [-start / step, (end - start) / step];
    from = Math.max(from, Math.min(first, second));
    to = Math.min(to, Math.max(first, second));
  }
  return from < to ? [from, to] : undefined;
}

/** The area within, whichever way round. */
export function outlineArea(points: readonly Keypoint[]): number {
  const twice = points.reduce((sum, point, i) => {
    const before = points.at(i - 1) ?? point;
    return sum + before.x * point.y - point.x * before.y;
  }, 0);
  return Math.abs(twice) / 2;
}
