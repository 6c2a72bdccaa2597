/**
 * Pascal VOC's matching and average precision. All detections of a class go from the highest score down; each looks at the one
 * object of its picture that it overlaps most. If the overlap suffices it is right when that object is free, wrong when it is
 * taken, and counts neither way when the object is difficult.
 *
 * Coordinates are continuous: the devkit's `+ 1` belongs to whole pixel numbers, and is in the reader of VOC files.
 */
import { type DetectionTables, groupByScore, groupRows, overlap, sortByScore } from "./box-table.js";

/**
 * "area": under the curve after taking at each recall the best precision at that recall or more (VOC 2010 to 2012);
 * "11-point": the mean of that precision at recalls 0, 0.1, ... 1 (VOC 2007).
 */
export const VOC_METHODS = ["area", "11-point"] as const;
export type VocMethod = (typeof VOC_METHODS)[number];

/** One class's detections that count, by falling score. */
export interface RankedDetections {
  /** 1 where right. */
  readonly right: Uint8Array;
  readonly scores: Float64Array;
  /** Rows of the table of detections. */
  readonly rows: Int32Array;
  /** How many objects are to be found. */
  readonly objects: number;
}

/** Each class's detections, right or wrong at that IoU. */
export function rankVoc(tables: DetectionTables, iou: number): RankedDetections[] {
  const verdicts = vocVerdicts(tables, iou);
  const { truth, detections, classes } = tables;
  return Array.from({ length: classes }, (_, index) => {
    const own: number[] = [];
    for (let row = 0; row < detections.length; row++) {
      if (detections.classes[row] === index && verdicts[row] !== NEITHER) own.push(row);
    }
    const rows = sortByScore(Int32Array.from(own), detections.scores);
    let objects = 0;
    for (let i = 0; i < truth.length; i++) if (truth.classes[i] === index && counts(tables, i)) objects++;
    return {
      right: Uint8Array.from(rows, (row) => Number(verdicts[row] === RIGHT)),
      scores: Float64Array.from(rows, (row) => detections.scores[row] ?? NaN),
      rows,
      objects,
    };
  });
}

const [WRONG, RIGHT, NEITHER] = [0, 1, 2];

const counts = ({ truth }: DetectionTables, object: number): boolean =>
  truth.crowd[object] !== 1 && truth.ignored[object] !== 1;

function vocVerdicts(tables: DetectionTables, threshold: number): Uint8Array {
  const { pictures, classes, truth, detections } = tables;
  const found = groupByScore(detections, pictures, classes);
  const there = groupRows(truth, pictures, classes);
  const verdicts = new Uint8Array(detections.length).fill(WRONG);
  const taken = new Uint8Array(truth.length);
  for (let g = 0; g < pictures * classes; g++) {
    const objects = there.rows.subarray(there.start[g], there.start[g + 1]);
    if (objects.length === 0) continue;
    for (const row of found.rows.subarray(found.start[g], found.start[g + 1])) {
      const [object, iou] = mostOverlapped(tables, row, objects);
      if (iou < threshold || object < 0) continue;
      if (!counts(tables, object)) verdicts[row] = NEITHER;
      else if (taken[object] !== 1) verdicts[row] = RIGHT;
      taken[object] = 1;
    }
  }
  return verdicts;
}

/** The first of several. */
function mostOverlapped({ truth, detections }: DetectionTables, row: number, objects: Int32Array): [number, number] {
  let [best, most] = [-1, 0];
  for (const object of objects) {
    const iou = overlap(detections.boxes, row, truth.boxes, object, truth.crowd[object] === 1);
    if (iou > most) [best, most] = [object, iou];
  }
  return [best, most];
}

/** In 0..1; NaN where there is nothing to find. */
export function vocAveragePrecision({ right, objects }: RankedDetections, method: VocMethod): number {
  if (objects === 0) return NaN;
  const precision = new Float64Array(right.length);
  const recall = new Float64Array(right.length);
  let hits = 0;
  right.forEach((hit, i) => {
    hits += hit;
    precision[i] = hits / (i + 1);
    recall[i] = hits / objects;
  });
  for (let i = right.length - 1; i > 0; i--) precision[i - 1] = Math.max(precision[i - 1] ?? 0, precision[i] ?? 0);
  return method === "area" ? areaUnder(precision, recall) : elevenPoints(precision, recall);
}

function areaUnder(precision: Float64Array, recall: Float64Array): number {
  let area = 0;
  let before = 0;
  recall.forEach((value, i) => {
    area += (value - before) * (precision[i] ?? 0);
    before = value;
  });
  return area;
}

function elevenPoints(precision: Float64Array, recall: Float64Array): number {
  let sum = 0;
  for (let i = 0; i <= 10; i++) {
    const at = recall.findIndex((value) => value >= i * 0.1);
    sum += at < 0 ? 0 : (precision[at] ?? 0);
  }
  return sum / 11;
}
