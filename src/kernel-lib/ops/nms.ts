/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over flat lists: every index lies within */
/**
 * Non-maximum suppression: of boxes that overlap too much only the best one stays. Greedy, as in Girshick et al., "Rich feature
 * hierarchies" (CVPR 2014), and with the results of torchvision's `nms`.
 *
 * Not every pair is compared. Two boxes whose IoU is above t have widths that differ by at most the factor 1 / t, and so have
 * their heights; and their centres are near. So the boxes that stay are put into drawers by the power of two of width and height
 * and by the place of the centre, and a candidate looks into the few drawers where its rivals can be.
 *
 * Shapes: N boxes, N × 4 numbers; N scores.
 */
import { boxAreas, pickBoxes } from "./box-overlap.js";
import { rankDescending } from "./rank.js";

/** Below it rivals can be nearly anywhere, and all pairs are compared. */
const LEAST_FOR_DRAWERS = 0.3;

/** Fewer boxes than that are sooner compared than sorted away. */
const FEW = 64;

/** The places of the boxes that stay, by descending score. A box goes whose IoU with a better one is above `threshold`. */
export function nms(boxes: Float32Array, scores: Float32Array, threshold: number): Int32Array {
  const order = rankDescending(scores);
  const shapes = new Shapes(pickBoxes(boxes, order), threshold);
  const some = order.length <= FEW || threshold < LEAST_FOR_DRAWERS;
  const rivals: Rivals = some ? new Everywhere(shapes) : new Drawers(shapes);
  const stay: number[] = [];
  for (let i = 0; i < order.length; i++) {
    if (rivals.have(i)) continue;
    rivals.put(i);
    stay.push(order[i]!);
  }
  return Int32Array.from(stay);
}

/** The same within each group; boxes of different groups never suppress each other. */
export function batchedNms(
  boxes: Float32Array,
  scores: Float32Array,
  groups: ArrayLike<number>,
  threshold: number,
): Int32Array {
  const members = new Map<number, number[]>();
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] ?? 0;
    const list = members.get(group);
    if (list) list.push(i);
    else members.set(group, [i]);
  }
  const stay = [...members.values()].flatMap((places) => {
    const own = Float32Array.from(places, (place) => scores[place] ?? 0);
    return [...nms(pickBoxes(boxes, places), own, threshold)].map((index) => places[index] ?? 0);
  });
  const places = Int32Array.from(stay).sort();
  return rankDescending(Float32Array.from(places, (place) => scores[place] ?? 0)).map((index) => places[index] ?? 0);
}

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
    const width = Math.min(boxes[i + 2]!, boxes[j + 2]!) - Math.max(boxes[i]!, boxes[j]!);
    if (width <= 0) return false;
    const height = Math.min(boxes[i + 3]!, boxes[j + 3]!) - Math.max(boxes[i + 1]!, boxes[j + 1]!);
    if (height <= 0) return false;
    const shared = width * height;
    return Math.fround(shared / (areas[a]! + areas[b]! - shared)) > this.threshold;
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

/** Drawers with one number of 2¹⁶; boxes of two drawers with one number are compared in vain, nothing worse. */
const DRAWERS = 1 << 16;

/** Powers of two of a side: from 2⁻²⁰, so that a place counted in sides stays a whole number. */
const LEAST_POWER = -20;
const POWERS = 64;

/** Two to the power of LEAST_POWER - MARGIN and on: a power costs as much as a dozen products. */
const MARGIN = 4;
const TWO_TO = new Float64Array(POWERS + 2 * MARGIN).map((_, i) => 2 ** (i + LEAST_POWER - MARGIN));

class Drawers implements Rivals {
  private readonly shapes: Shapes;
  private readonly first = new Int32Array(DRAWERS).fill(-1);
  private readonly next: Int32Array;
  /** How many powers of two the sides of rivals can be apart. */
  private readonly spread: number;
  /** Whether there is a box of such a width and height. */
  private readonly used = new Uint8Array(POWERS * POWERS);
  /** Of the candidate's width and height, for each power that rivals can have: how far centres can be apart, and how well sides fit. */
  private readonly reach: readonly [Float64Array, Float64Array];
  private readonly fit: readonly [Float64Array, Float64Array];

  constructor(shapes: Shapes) {
    this.shapes = shapes;
    this.next = new Int32Array(shapes.areas.length).fill(-1);
    this.spread = Math.ceil(-Math.log2(shapes.threshold));
    const perPower = () => new Float64Array(2 * this.spread + 1);
    this.reach = [perPower(), perPower()];
    this.fit = [perPower(), perPower()];
  }

  put(index: number): void {
    const { boxes } = this.shapes;
    const x1 = boxes[index * 4]!;
    const y1 = boxes[index * 4 + 1]!;
    const x2 = boxes[index * 4 + 2]!;
    const y2 = boxes[index * 4 + 3]!;
    // A box without area overlaps nothing.
    if (!(x2 > x1 && y2 > y1)) return;
    const [wide, high] = [powerOf(x2 - x1), powerOf(y2 - y1)];
    const size = (wide - LEAST_POWER) * POWERS + high - LEAST_POWER;
    this.used[size] = 1;
    const drawer = drawerOf(size, Math.floor((x1 + x2) / 2 ** (wide + 1)), Math.floor((y1 + y2) / 2 ** (high + 1)));
    this.next[index] = this.first[drawer]!;
    this.first[drawer] = index;
  }

  have(index: number): boolean {
    const { boxes } = this.shapes;
    const x1 = boxes[index * 4]!;
    const y1 = boxes[index * 4 + 1]!;
    const x2 = boxes[index * 4 + 2]!;
    const y2 = boxes[index * 4 + 3]!;
    if (!(x2 > x1 && y2 > y1)) return false;
    const [wide, high] = [powerOf(x2 - x1), powerOf(y2 - y1)];
    this.measure(0, x2 - x1, wide);
    this.measure(1, y2 - y1, high);
    const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
    for (let i = -this.spread; i <= this.spread; i++) {
      for (let j = -this.spread; j <= this.spread; j++) {
        const size = (wide + i - LEAST_POWER) * POWERS + high + j - LEAST_POWER;
        if (this.used[size] === 1 && this.canFit(i, j) && this.search(index, x, y, size, wide + i, high + j, i, j))
          return true;
      }
    }
    return false;
  }

  private measure(axis: 0 | 1, side: number, power: number): void {
    const { threshold } = this.shapes;
    for (let i = -this.spread; i <= this.spread; i++) {
      const low = TWO_TO[power + i - LEAST_POWER + MARGIN]!;
      const high = 2 * low;
      // The rival's side for which centres can be farthest apart.
      const other = threshold >= 0.5 ? Math.min(Math.max(side, low), high) : Math.min(high, side / threshold);
      // A little more, for what is lost in single precision.
      const far = (side + other) / 2 - threshold * Math.max(side, other) + side * 1e-4;
      this.reach[axis][i + this.spread] = far;
      this.fit[axis][i + this.spread] = high <= side ? high / side : low >= side ? side / low : 1;
    }
  }

  /** Whether boxes of such sides could overlap enough if their centres were in one place. */
  private canFit(i: number, j: number): boolean {
    const [a, b] = [this.fit[0][i + this.spread]!, this.fit[1][j + this.spread]!];
    const best = i * j >= 0 ? a * b : (a * b) / (a + b - a * b);
    return best * 1.0001 > this.shapes.threshold;
  }

  private search(
    index: number,
    x: number,
    y: number,
    size: number,
    wide: number,
    high: number,
    i: number,
    j: number,
  ): boolean {
    const [farX, farY] = [this.reach[0][i + this.spread]!, this.reach[1][j + this.spread]!];
    const across = 1 / TWO_TO[wide - LEAST_POWER + MARGIN]!;
    const down = 1 / TWO_TO[high - LEAST_POWER + MARGIN]!;
    const [left, right] = [Math.floor((x - farX) * across), Math.floor((x + farX) * across)];
    const [top, bottom] = [Math.floor((y - farY) * down), Math.floor((y + farY) * down)];
    for (let column = left; column <= right; column++) {
      for (let row = top; row <= bottom; row++) {
        let rival = this.first[drawerOf(size, column, row)]!;
        for (; rival >= 0; rival = this.next[rival]!) if (this.shapes.overlap(index, rival)) return true;
      }
    }
    return false;
  }
}

/** A float's exponent, by its bits: a logarithm would be slower. */
const bitsOf = new Float32Array(1);
const exponentOf = new Uint32Array(bitsOf.buffer);

function powerOf(side: number): number {
  bitsOf[0] = side;
  return Math.max(LEAST_POWER, (exponentOf[0]! >>> 23) - 127);
}

function drawerOf(size: number, column: number, row: number): number {
  const hash = Math.imul(size, 0x9e3779b1) ^ Math.imul(column, 0x85ebca6b) ^ Math.imul(row, 0xc2b2ae35);
  return (hash ^ (hash >>> 15)) & (DRAWERS - 1);
}
