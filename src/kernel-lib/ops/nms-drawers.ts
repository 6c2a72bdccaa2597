/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over flat lists: every index lies within */
/**
 * What a candidate of a non-maximum suppression is compared with, in plain TypeScript; `src/simd/suppression.ts` is the same with SIMD.
 *
 * Not every pair is compared. Two boxes whose IoU is above t have areas that differ by at most the factor 1 / t; and their centres are
 * at most (1 - t) / 2t of the one's width and height apart, for along each axis alone they overlap by as much. So the boxes that stay
 * are put into drawers by the power of four of their area and by the place of the centre, and a candidate looks into the few drawers
 * where its rivals can be.
 */
import { boxAreas } from "./box-overlap.js";

/** Below it rivals can be nearly anywhere, and all pairs are compared. */
export const LEAST_FOR_DRAWERS = 0.1;

/** Fewer boxes than that are sooner compared than sorted away. */
const FEW = 64;

/** For what single precision loses. */
const MORE = 1 + 1e-4;

/** How far centres of rivals can be apart, in parts of the side, and by which factor their areas can differ. */
export const rivalry = (threshold: number): { reach: number; areaFactor: number } => ({
  reach: (MORE * (1 - threshold)) / (2 * threshold) + (MORE - 1),
  areaFactor: MORE / threshold,
});

/** The places of the boxes that stay. @param boxes the best one first */
export function stayingBoxes(boxes: Float32Array, threshold: number): Int32Array {
  const shapes = new Shapes(boxes, threshold);
  const count = boxes.length / 4;
  const some = count <= FEW || threshold < LEAST_FOR_DRAWERS;
  const rivals: Rivals = some ? new Everywhere(shapes) : new Drawers(shapes);
  const stay: number[] = [];
  for (let i = 0; i < count; i++) {
    if (rivals.have(i)) continue;
    rivals.put(i);
    stay.push(i);
  }
  return Int32Array.from(stay);
}

const f = Math.fround;

/** What a candidate is compared with: the boxes that stay so far. */
interface Rivals {
  put(index: number): void;
  /** Whether one of them overlaps the candidate too much. */
  have(index: number): boolean;
}

/** Boxes by descending score, side by side as they are compared. */
class Shapes {
  readonly boxes: Float32Array;
  readonly areas: Float32Array;
  readonly threshold: number;

  constructor(boxes: Float32Array, threshold: number) {
    this.boxes = boxes;
    this.areas = boxAreas(boxes);
    this.threshold = threshold;
  }

  /** Whether the IoU of two boxes is above the threshold. */
  overlap(a: number, b: number): boolean {
    const { boxes, areas } = this;
    const [i, j] = [a * 4, b * 4];
    const width = f(Math.min(boxes[i + 2]!, boxes[j + 2]!) - Math.max(boxes[i]!, boxes[j]!));
    if (width <= 0) return false;
    const height = f(Math.min(boxes[i + 3]!, boxes[j + 3]!) - Math.max(boxes[i + 1]!, boxes[j + 1]!));
    if (height <= 0) return false;
    const shared = f(width * height);
    return f(shared / f(f(areas[a]! + areas[b]!) - shared)) > this.threshold;
  }
}

class Everywhere implements Rivals {
  private readonly shapes: Shapes;
  private readonly kept: number[] = [];

  constructor(shapes: Shapes) {
    this.shapes = shapes;
  }

  put(index: number): void {
    this.kept.push(index);
  }

  have(index: number): boolean {
    return this.kept.some((other) => this.shapes.overlap(index, other));
  }
}

/** Drawers with one number of 2¹⁵; boxes of two drawers with one number are compared in vain, nothing worse. */
const DRAWERS = 1 << 15;

/** Powers of four of an area: from 4⁻¹⁰, so that a place counted in drawers stays a whole number. */
const LEAST_LEVEL = -10;
const LEVELS = 80;

/** A drawer's side in pixels, by level: the root of the least area in it. */
const SIDES = new Float64Array(LEVELS).map((_, i) => 2 ** (i + LEAST_LEVEL));

/** Where drawers end: a place beyond it belongs to the last. */
const FAR = 2 ** 30;

class Drawers implements Rivals {
  private readonly shapes: Shapes;
  private readonly first = new Int32Array(DRAWERS).fill(-1);
  private readonly next: Int32Array;
  private readonly kept: number[] = [];
  /** How many boxes there are of a level. */
  private readonly used = new Int32Array(LEVELS);
  /** How far centres can be apart, in parts of the side. */
  private readonly reach: number;
  private readonly areaFactor: number;

  constructor(shapes: Shapes) {
    this.shapes = shapes;
    this.next = new Int32Array(shapes.areas.length);
    ({ reach: this.reach, areaFactor: this.areaFactor } = rivalry(shapes.threshold));
  }

  put(index: number): void {
    const { boxes, areas } = this.shapes;
    const area = areas[index]!;
    if (!isArea(area)) return;
    const at = index * 4;
    const level = levelOf(area);
    const side = 1 / SIDES[level]!;
    const column = placeOf((boxes[at]! + boxes[at + 2]!) * 0.5 * side);
    const row = placeOf((boxes[at + 1]! + boxes[at + 3]!) * 0.5 * side);
    const drawer = drawerOf(level, column, row);
    this.used[level]!++;
    this.kept.push(index);
    this.next[index] = this.first[drawer]!;
    this.first[drawer] = index;
  }

  have(index: number): boolean {
    const { boxes, areas } = this.shapes;
    const area = areas[index]!;
    if (!isArea(area)) return false;
    const at = index * 4;
    const [x1, y1, x2, y2] = [boxes[at]!, boxes[at + 1]!, boxes[at + 2]!, boxes[at + 3]!];
    const [x, y] = [(x1 + x2) * 0.5, (y1 + y2) * 0.5];
    const [farX, farY] = [(x2 - x1) * this.reach, (y2 - y1) * this.reach];
    const last = levelOf(area * this.areaFactor);
    for (let level = levelOf(area / this.areaFactor); level <= last; level++) {
      if (this.used[level] !== 0 && this.search(index, level, x, y, farX, farY)) return true;
    }
    return false;
  }

  private search(index: number, level: number, x: number, y: number, farX: number, farY: number): boolean {
    const side = 1 / SIDES[level]!;
    const [left, right] = [placeOf((x - farX) * side), placeOf((x + farX) * side)];
    const [top, bottom] = [placeOf((y - farY) * side), placeOf((y + farY) * side)];
    // Of a long and thin box there are more drawers than boxes.
    if ((right - left + 1) * (bottom - top + 1) > this.kept.length)
      return this.kept.some((other) => this.shapes.overlap(index, other));
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        let rival = this.first[drawerOf(level, column, row)]!;
        for (; rival >= 0; rival = this.next[rival]!) if (this.shapes.overlap(index, rival)) return true;
      }
    }
    return false;
  }
}

/** A box without an area overlaps nothing, and so does one that is too large for single precision. */
const isArea = (area: number) => area > 0 && area < Infinity;

/** A float's exponent, by its bits: a logarithm would be slower. */
const bitsOf = new Float32Array(1);
const exponentOf = new Uint32Array(bitsOf.buffer);

function levelOf(area: number): number {
  bitsOf[0] = area;
  const level = ((exponentOf[0]! >>> 23) - 127) >> 1;
  return level < LEAST_LEVEL ? 0 : level - LEAST_LEVEL;
}

const placeOf = (at: number) => Math.min(Math.max(Math.floor(at), -FAR), FAR);

function drawerOf(level: number, column: number, row: number): number {
  const hash = Math.imul(level, 0x9e3779b1) ^ Math.imul(column, 0x85ebca6b) ^ Math.imul(row, 0xc2b2ae35);
  return (hash ^ (hash >>> 15)) & (DRAWERS - 1);
}
