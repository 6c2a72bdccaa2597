/**
 * COCO's matching: in each picture and class, detections from the highest score down take the free object that they overlap
 * most, at least by the threshold; an object that is ignored only where no other is left.
 */
import { type DetectionTables, groupByScore, groupRows, overlap } from "./box-table.js";

/** Objects and detections of an area in square pixels, both ends included. */
export type AreaRange = readonly [least: number, most: number];

/** Bit t of an entry belongs to threshold t. */
export interface AreaMatches {
  /** By detection: whether it has taken an object. */
  readonly matched: Uint32Array;
  /** By detection: whether it counts neither way. */
  readonly ignored: Uint32Array;
  /** By object: whether it counts neither way. */
  readonly truthIgnored: Uint8Array;
}

export interface CocoMatches {
  readonly areas: readonly AreaMatches[];
  /** By detection: its place among those of its picture and class, from 0. */
  readonly rank: Int32Array;
}

/** So many thresholds fit into the bits. */
export const MOST_THRESHOLDS = 31;

/** Just below 1, so that boxes which are equal but for rounding match at a threshold of 1. */
const FULL = 1 - 1e-10;

/** @param limit of a picture and class only so many detections take part, those with the highest scores */
export function matchCoco(
  tables: DetectionTables,
  thresholds: readonly number[],
  areas: readonly AreaRange[],
  limit: number,
): CocoMatches {
  const { pictures, classes, truth, detections } = tables;
  const found = groupByScore(detections, pictures, classes);
  const there = groupRows(truth, pictures, classes);
  const matches = areas.map((range) => emptyMatches(tables, range));
  const rank = new Int32Array(detections.length);
  const matcher = new GroupMatcher(tables, thresholds, matches);
  for (let g = 0; g < pictures * classes; g++) {
    const [from, to] = [found.start[g] ?? 0, found.start[g + 1] ?? 0];
    for (let i = from; i < to; i++) rank[found.rows[i] ?? 0] = i - from;
    const [first, end] = [there.start[g] ?? 0, there.start[g + 1] ?? 0];
    if (to === from || end === first) continue;
    matcher.match(found.rows.subarray(from, Math.min(to, from + limit)), there.rows.subarray(first, end));
  }
  areas.forEach((range, a) => ignoreOtherSizes(detections.areas, range, thresholds.length, matches[a]));
  return { areas: matches, rank };
}

function emptyMatches({ truth, detections }: DetectionTables, [least, most]: AreaRange): AreaMatches {
  return {
    matched: new Uint32Array(detections.length),
    ignored: new Uint32Array(detections.length),
    truthIgnored: Uint8Array.from(truth.areas, (area, i) =>
      Number(truth.crowd[i] === 1 || truth.ignored[i] === 1 || area < least || area > most),
    ),
  };
}

/** Matches group after group in the same few arrays: there are as many groups as pictures times classes, and most are tiny. */
class GroupMatcher {
  private readonly tables: DetectionTables;
  private readonly thresholds: readonly number[];
  private readonly areas: readonly AreaMatches[];
  private ious = new Float64Array(64);
  private order = new Int32Array(16);
  private taken = new Uint8Array(16);

  constructor(tables: DetectionTables, thresholds: readonly number[], areas: readonly AreaMatches[]) {
    this.tables = tables;
    this.thresholds = thresholds;
    this.areas = areas;
  }

  /** @param rows detections by falling score */
  match(rows: Int32Array, objects: Int32Array): void {
    this.overlaps(rows, objects);
    const { ious, order, taken, thresholds } = this;
    const { crowd } = this.tables.truth;
    for (const { truthIgnored, matched, ignored } of this.areas) {
      this.orderCountedFirst(objects, truthIgnored);
      for (let t = 0; t < thresholds.length; t++) {
        taken.fill(0, 0, objects.length);
        for (let d = 0; d < rows.length; d++) {
          const o = choose(ious, d * objects.length, objects, order, taken, crowd, truthIgnored, thresholds[t] ?? 0);
          if (o < 0) continue;
          taken[o] = 1;
          const row = rows[d] ?? 0;
          matched[row] = (matched[row] ?? 0) | (1 << t);
          if (truthIgnored[objects[o] ?? 0] === 1) ignored[row] = (ignored[row] ?? 0) | (1 << t);
        }
      }
    }
  }

  private overlaps(rows: Int32Array, objects: Int32Array): void {
    const { truth, detections } = this.tables;
    if (this.ious.length < rows.length * objects.length) this.ious = new Float64Array(2 * rows.length * objects.length);
    if (this.order.length < objects.length) {
      this.order = new Int32Array(2 * objects.length);
      this.taken = new Uint8Array(2 * objects.length);
    }
    let at = 0;
    for (const row of rows) {
      for (const object of objects) {
        this.ious[at++] = overlap(detections.boxes, row, truth.boxes, object, truth.crowd[object] === 1);
      }
    }
  }

  /** Places among `objects`: those that count before those that don't. */
  private orderCountedFirst(objects: Int32Array, ignored: Uint8Array): void {
    let at = 0;
    for (const last of [0, 1]) {
      for (let o = 0; o < objects.length; o++) if (ignored[objects[o] ?? 0] === last) this.order[at++] = o;
    }
  }
}

/** The place of the object that a detection takes, the last of several that it overlaps alike; -1 for none. */
function choose(
  ious: Float64Array,
  from: number,
  objects: Int32Array,
  order: Int32Array,
  taken: Uint8Array,
  crowd: Uint8Array,
  ignored: Uint8Array,
  threshold: number,
): number {
  let best = Math.min(threshold, FULL);
  let chosen = -1;
  for (let i = 0; i < objects.length; i++) {
    const o = order[i] ?? 0;
    const object = objects[o] ?? 0;
    if (taken[o] === 1 && crowd[object] !== 1) continue;
    if (chosen >= 0 && ignored[objects[chosen] ?? 0] !== 1 && ignored[object] === 1) break;
    const iou = ious[from + o] ?? 0;
    if (iou < best) continue;
    best = iou;
    chosen = o;
  }
  return chosen;
}

/** A detection of another size that took nothing is no mistake of this size. */
function ignoreOtherSizes(
  sizes: Float64Array,
  [least, most]: AreaRange,
  bits: number,
  area: AreaMatches | undefined,
): void {
  const all = 2 ** bits - 1;
  sizes.forEach((size, row) => {
    if (!area || (size >= least && size <= most)) return;
    area.ignored[row] = ((area.ignored[row] ?? 0) | (all & ~(area.matched[row] ?? 0))) >>> 0;
  });
}
