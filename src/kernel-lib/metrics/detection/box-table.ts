/**
 * Boxes of a whole data set as columns, and the picture-and-class groups in which they are matched.
 *
 * P pictures, C classes, N boxes. A box is x, y, width, height in pixels: COCO's form, whose arithmetic decides ties.
 */

export interface BoxTable {
  readonly length: number;
  /** `4 N`: x, y, width, height. */
  readonly boxes: Float64Array;
  /** In 0..P-1. */
  readonly pictures: Int32Array;
  /** In 0..C-1. */
  readonly classes: Int32Array;
  /** In square pixels. */
  readonly areas: Float64Array;
}

export interface TruthTable extends BoxTable {
  /** One box around many objects: it takes any number of detections, which then count neither way. */
  readonly crowd: Uint8Array;
  /** To be found by nobody, like a difficult object: neither it nor its detection counts. Crowds are always ignored. */
  readonly ignored: Uint8Array;
}

export interface DetectionTable extends BoxTable {
  readonly scores: Float64Array;
}

/** What is there and what was found, over all pictures. */
export interface DetectionTables {
  readonly pictures: number;
  readonly classes: number;
  readonly truth: TruthTable;
  readonly detections: DetectionTable;
}

/** Rows by group: group g has `rows[start[g]]` to `rows[start[g + 1] - 1]`. */
export interface Groups {
  readonly start: Int32Array;
  readonly rows: Int32Array;
}

/** The rows of each class and picture, group `class * P + picture`, in the table's order. */
export function groupRows({ length, pictures, classes }: BoxTable, P: number, C: number): Groups {
  const start = new Int32Array(P * C + 1);
  const group = (row: number) => (classes[row] ?? 0) * P + (pictures[row] ?? 0);
  for (let row = 0; row < length; row++) start[group(row) + 1] = (start[group(row) + 1] ?? 0) + 1;
  for (let g = 0; g < P * C; g++) start[g + 1] = (start[g + 1] ?? 0) + (start[g] ?? 0);
  const next = start.slice(0, P * C);
  const rows = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const place = next[group(row)] ?? 0;
    rows[place] = row;
    next[group(row)] = place + 1;
  }
  return { start, rows };
}

/** The same with each group's rows by falling score, equal ones in the table's order. */
export function groupByScore(table: DetectionTable, P: number, C: number): Groups {
  const groups = groupRows(table, P, C);
  const { start, rows } = groups;
  for (let g = 0; g < P * C; g++) {
    const [from, to] = [start[g] ?? 0, start[g + 1] ?? 0];
    if (to - from > 1) sortByScore(rows.subarray(from, to), table.scores);
  }
  return groups;
}

/** Sorts rows by falling score in place; equal scores keep their order. */
export function sortByScore(rows: Int32Array, scores: Float64Array): Int32Array {
  return rows.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
}

/**
 * Intersection over union of row `a` of one table and row `b` of another, in 0..1; 0 for boxes without area. Over a crowd the
 * divisor is the detection's area alone.
 */
export function overlap(a: Float64Array, rowA: number, b: Float64Array, rowB: number, crowd = false): number {
  const [i, j] = [4 * rowA, 4 * rowB];
  const [ax, ay, aw, ah] = [a[i] ?? 0, a[i + 1] ?? 0, a[i + 2] ?? 0, a[i + 3] ?? 0];
  const [bx, by, bw, bh] = [b[j] ?? 0, b[j + 1] ?? 0, b[j + 2] ?? 0, b[j + 3] ?? 0];
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  if (width <= 0) return 0;
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  if (height <= 0) return 0;
  const shared = width * height;
  return shared / (crowd ? aw * ah : aw * ah + bw * bh - shared);
}
