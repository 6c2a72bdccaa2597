/** COCO's figures from its matches: average precision over 101 recalls, average recall, by IoU, size and number of detections. */
import { type DetectionTables, sortByScore } from "./box-table.js";
import { type AreaMatches, type AreaRange, type CocoMatches, matchCoco } from "./coco-matching.js";

/** In 0..1; -1 where there is nothing to find, as pycocotools has it. */
export interface CocoFigures {
  /** Average precision over the classes and over IoU 0.5 to 0.95. */
  ap: number;
  /** At IoU 0.5. */
  ap50: number;
  /** At IoU 0.75. */
  ap75: number;
  /** Of objects of less than 32² pixels. */
  apSmall: number;
  /** From 32² to 96² pixels. */
  apMedium: number;
  /** Of more than 96² pixels. */
  apLarge: number;
  /** Average recall with one detection a picture and class. */
  ar1: number;
  /** With ten. */
  ar10: number;
  /** With a hundred. */
  ar100: number;
  arSmall: number;
  arMedium: number;
  arLarge: number;
}

export interface CocoSummary extends CocoFigures {
  /** The same for each class alone. */
  byClass: CocoFigures[];
}

const SIZES: readonly AreaRange[] = [
  [0, 1e10],
  [0, 32 ** 2],
  [32 ** 2, 96 ** 2],
  [96 ** 2, 1e10],
];
const [ALL, SMALL, MEDIUM, LARGE] = [0, 1, 2, 3];
const LIMITS = [1, 10, 100];
const MOST = 100;

/** 0.5, 0.55, ... 0.95, with the roundings of numpy's `linspace`, which decide whether an IoU of exactly 0.6 is enough. */
export const COCO_THRESHOLDS: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
);

/** With the roundings of numpy's `linspace`: a recall of exactly 0.29 is below the thirtieth of them. */
const RECALLS: readonly number[] = Array.from({ length: 101 }, (_, i) => (i === 100 ? 1 : i * 0.01));

/** Of one class, size and limit: by threshold. -1 where there is nothing to find. */
interface ClassFigures {
  precision: number[];
  recall: number[];
}

export function cocoSummary(tables: DetectionTables, thresholds: readonly number[] = COCO_THRESHOLDS): CocoSummary {
  const matches = matchCoco(tables, thresholds, SIZES, MOST);
  const byClass = rowsByClass(tables).map((rows, index) => {
    const figures = (size: number, limit: number) =>
      classFigures(tables, matches, rows, index, size, limit, thresholds);
    return {
      all: LIMITS.map((limit) => figures(ALL, limit)),
      sizes: [SMALL, MEDIUM, LARGE].map((size) => figures(size, MOST)),
    };
  });
  return {
    ...summarize(byClass, thresholds),
    byClass: byClass.map((figures) => summarize([figures], thresholds)),
  };
}

function summarize(
  classes: readonly { all: ClassFigures[]; sizes: ClassFigures[] }[],
  thresholds: readonly number[],
): CocoFigures {
  const full = classes.flatMap(({ all }) => all.slice(-1));
  const at = (threshold: number) => thresholds.findIndex((value) => Math.abs(value - threshold) < 1e-9);
  const size = (index: number) => classes.flatMap(({ sizes }) => sizes.slice(index, index + 1));
  const limit = (index: number) => classes.flatMap(({ all }) => all.slice(index, index + 1));
  const ap = (figures: readonly ClassFigures[]) => mean(figures.flatMap(({ precision }) => precision));
  const ar = (figures: readonly ClassFigures[]) => mean(figures.flatMap(({ recall }) => recall));
  const apAt = (threshold: number) => mean(full.map(({ precision }) => precision[at(threshold)] ?? -1));
  return {
    ap: ap(full),
    ap50: apAt(0.5),
    ap75: apAt(0.75),
    apSmall: ap(size(0)),
    apMedium: ap(size(1)),
    apLarge: ap(size(2)),
    ar1: ar(limit(0)),
    ar10: ar(limit(1)),
    ar100: ar(limit(2)),
    arSmall: ar(size(0)),
    arMedium: ar(size(1)),
    arLarge: ar(size(2)),
  };
}

/** Of what there is; -1 where there is nothing. */
function mean(values: readonly number[]): number {
  const known = values.filter((value) => value > -1);
  return known.length === 0 ? -1 : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Each class's detections by falling score; of equal ones those of the earlier picture first. */
function rowsByClass({ classes, detections }: DetectionTables): Int32Array[] {
  const rows = Array.from({ length: classes }, (): number[] => []);
  const byPicture = Int32Array.from(detections.pictures, (_, row) => row).sort(
    (a, b) => (detections.pictures[a] ?? 0) - (detections.pictures[b] ?? 0),
  );
  for (const row of byPicture) rows[detections.classes[row] ?? 0]?.push(row);
  return rows.map((own) => sortByScore(Int32Array.from(own), detections.scores));
}

const NO_MATCHES: AreaMatches = {
  matched: new Uint32Array(),
  ignored: new Uint32Array(),
  truthIgnored: new Uint8Array(),
};

function classFigures(
  { truth }: DetectionTables,
  { areas, rank }: CocoMatches,
  rows: Int32Array,
  index: number,
  size: number,
  limit: number,
  thresholds: readonly number[],
): ClassFigures {
  const area = areas[size] ?? NO_MATCHES;
  let objects = 0;
  for (let i = 0; i < truth.length; i++) if (truth.classes[i] === index && area.truthIgnored[i] === 0) objects++;
  if (objects === 0) return { precision: thresholds.map(() => -1), recall: thresholds.map(() => -1) };
  const taking = rows.filter((row) => (rank[row] ?? 0) < limit);
  const curves = thresholds.map((_, t) => curveOf(area, taking, 1 << t, objects));
  return {
    precision: curves.map(({ precision, recall }) => averageOver101(precision, recall)),
    recall: curves.map(({ recall }) => recall.at(-1) ?? 0),
  };
}

function curveOf(area: AreaMatches, rows: Int32Array, bit: number, objects: number) {
  const precision = new Float64Array(rows.length);
  const recall = new Float64Array(rows.length);
  let [right, wrong, points] = [0, 0, 0];
  for (const row of rows) {
    if (((area.ignored[row] ?? 0) & bit) !== 0) continue;
    if (((area.matched[row] ?? 0) & bit) !== 0) right++;
    else wrong++;
    precision[points] = right / (right + wrong);
    recall[points++] = right / objects;
  }
  return { precision: precision.subarray(0, points), recall: recall.subarray(0, points) };
}

/** The mean, over recalls 0, 0.01, ... 1, of the best precision at that recall or more; 0 beyond the last recall. */
export function averageOver101(precision: Float64Array, recall: Float64Array, recalls = RECALLS): number {
  for (let i = precision.length - 1; i > 0; i--) {
    precision[i - 1] = Math.max(precision[i - 1] ?? 0, precision[i] ?? 0);
  }
  let sum = 0;
  let place = 0;
  for (const wanted of recalls) {
    while (place < recall.length && (recall[place] ?? 0) < wanted) place++;
    if (place === recall.length) break;
    sum += precision[place] ?? 0;
  }
  return sum / recalls.length;
}
