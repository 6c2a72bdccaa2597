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
  const ranked = pickBoxes(boxes, order);
  const finder =
    order.length <= FEW || threshold < LEAST_FOR_DRAWERS ? new Everywhere(ranked) : new Drawers(ranked, threshold);
  const areas = boxAreas(ranked);
  const stay: number[] = [];
  for (let i = 0; i < order.length; i++) {
    if (finder.hasRival(i, areas, threshold)) continue;
    finder.put(i);
    stay.push(order[i] ?? 0);
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

/** Whether the IoU of two boxes is above the threshold. */
function overlaps(boxes: Float32Array, a: number, b: number, areas: Float32Array, threshold: number): boolean {
  const i = a * 4;
  const j = b * 4;
  const width = Math.min(boxes[i + 2] ?? 0, boxes[j + 2] ?? 0) - Math.max(boxes[i] ?? 0, boxes[j] ?? 0);
  if (width <= 0) return false;
  const height = Math.min(boxes[i + 3] ?? 0, boxes[j + 3] ?? 0) - Math.max(boxes[i + 1] ?? 0, boxes[j + 1] ?? 0);
  if (height <= 0) return false;
  const shared = width * height;
  return Math.fround(shared / ((areas[a] ?? 0) + (areas[b] ?? 0) - shared)) > threshold;
}

class Everywhere {
  private readonly boxes: Float32Array;
  private readonly kept: number[] = [];

  constructor(boxes: Float32Array) {
    this.boxes = boxes;
  }

  put(index: number): void {
    this.kept.push(index);
  }

  hasRival(index: number, areas: Float32Array, threshold: number): boolean {
    return this.kept.some((other) => overlaps(this.boxes, index, other, areas, threshold));
  }
}

/** Drawers with one number of 2¹⁵; boxes of two drawers with one number are compared in vain, nothing worse. */
const DRAWERS = 1 << 15;

class Drawers {
  private readonly boxes: Float32Array;
  /** How far apart centres of rivals can be, in parts of a box's side. */
  private readonly reach: number;
  /** How many powers of two the sides of rivals can be apart. */
  private readonly spread: number;
  private readonly first = new Int32Array(DRAWERS).fill(-1);
  private readonly next: Int32Array;
  /** Powers of two of the width, and of the height, that there are boxes of. */
  private readonly sizes = new Map<number, { widthPower: number; heightPower: number }>();

  constructor(boxes: Float32Array, threshold: number) {
    this.boxes = boxes;
    this.reach = Math.max(1 - threshold, 0.5 / threshold - 0.5);
    this.spread = Math.ceil(-Math.log2(threshold));
    this.next = new Int32Array(boxes.length / 4).fill(-1);
  }

  put(index: number): void {
    const { width, height, x, y } = this.shape(index);
    // A box without area overlaps nothing.
    if (!(width > 0 && height > 0)) return;
    const widthPower = power(width);
    const heightPower = power(height);
    const size = (widthPower + 200) * 400 + heightPower + 200;
    if (!this.sizes.has(size)) this.sizes.set(size, { widthPower, heightPower });
    const drawer = drawerOf(size, Math.floor(x / 2 ** widthPower), Math.floor(y / 2 ** heightPower));
    this.next[index] = this.first[drawer] ?? 0;
    this.first[drawer] = index;
  }

  hasRival(index: number, areas: Float32Array, threshold: number): boolean {
    const { width, height, x, y } = this.shape(index);
    if (!(width > 0 && height > 0)) return false;
    const widthPower = power(width);
    const heightPower = power(height);
    const [farX, farY] = [width * this.reach, height * this.reach];
    for (const [size, other] of this.sizes) {
      if (Math.abs(other.widthPower - widthPower) > this.spread) continue;
      if (Math.abs(other.heightPower - heightPower) > this.spread) continue;
      const [cellX, cellY] = [2 ** other.widthPower, 2 ** other.heightPower];
      const [lastX, lastY] = [Math.floor((x + farX) / cellX), Math.floor((y + farY) / cellY)];
      for (let column = Math.floor((x - farX) / cellX); column <= lastX; column++) {
        for (let row = Math.floor((y - farY) / cellY); row <= lastY; row++) {
          let rival = this.first[drawerOf(size, column, row)] ?? 0;
          for (; rival >= 0; rival = this.next[rival] ?? 0) {
            if (overlaps(this.boxes, index, rival, areas, threshold)) return true;
          }
        }
      }
    }
    return false;
  }

  private shape(index: number) {
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = this.boxes.subarray(index * 4, index * 4 + 4);
    return { width: x2 - x1, height: y2 - y1, x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
  }
}

/** At least 2⁻²⁰, so that a place counted in sides stays a whole number. */
const power = (side: number) => Math.max(-20, Math.floor(Math.log2(side)));

function drawerOf(size: number, column: number, row: number): number {
  const hash = Math.imul(size, 0x9e3779b1) ^ Math.imul(column, 0x85ebca6b) ^ Math.imul(row, 0xc2b2ae35);
  return (hash ^ (hash >>> 15)) & (DRAWERS - 1);
}
