/**
 * Why a detector's precision is not 1: TIDE's six kinds of errors, and what the average precision would gain if a kind were gone.
 *
 * Bolya, Foley, Hays and Hoffman, "TIDE: A General Toolbox for Identifying Object Detection Errors", ECCV 2020. Equal to
 * `tidecv`, its ties included.
 */
import { type DetectionTables, overlap, sortByScore } from "./box-table.js";
import { averageOver101 } from "./coco-summary.js";

/**
 * - classification: in the right place, of the wrong class
 * - localization: of the right class, not quite in place
 * - both: neither of the right class nor quite in place
 * - duplicate: right, but the object was taken by a detection with a higher score
 * - background: where nothing is
 * - missed: an object that no detection found, not even nearly
 */
export const ERROR_KINDS = ["classification", "localization", "both", "duplicate", "background", "missed"] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

export interface DetectionError {
  kind: ErrorKind;
  picture: number;
  /** Row of the detection; none for a missed object. */
  detection?: number;
  /** Row of the object that was meant, where there is one. */
  truth?: number;
}

export interface ErrorAnalysis {
  /** Mean average precision at `iou`, in 0..1: over all classes that occur among objects or detections. */
  ap: number;
  errors: DetectionError[];
  /** How many errors of each kind. */
  counts: Record<ErrorKind, number>;
  /** How much higher the average precision would be without errors of that kind, in 0..1. */
  dAP: Record<ErrorKind, number>;
  /** The gain if every wrong detection had a score of 0. */
  falsePositiveDAP: number;
  /** The gain if every object had been found. */
  falseNegativeDAP: number;
}

export interface ErrorOptions {
  /** From which IoU a detection is right. */
  iou: number;
  /** Up to which IoU it is on the background. */
  background: number;
  /** Detections of a picture that take part. */
  limit: number;
}

/** As near to the decimals as numbers get, other than pycocotools' recalls. */
const HUNDREDTHS = Array.from({ length: 101 }, (_, i) => i / 100);

/** A detection on its way into the average precision. */
interface Point {
  class: number;
  score: number;
  right: boolean;
}

interface Fixable extends DetectionError {
  /** As it counts now; none for what counts neither way. */
  point?: Point;
}

export function analyseErrors(tables: DetectionTables, options: ErrorOptions): ErrorAnalysis {
  const run = new Run(tables, options);
  const { ap } = run;
  const counts = record((kind) => run.errors.filter((error) => error.kind === kind).length);
  const dAP = record((kind) => Math.max(0, run.withoutKind(kind) - ap));
  return {
    ap,
    errors: run.errors.map(({ kind, picture, detection, truth }) => ({
      kind,
      picture,
      ...(detection !== undefined && { detection }),
      ...(truth !== undefined && { truth }),
    })),
    counts,
    dAP,
    falsePositiveDAP: run.withoutFalsePositives() - ap,
    falseNegativeDAP: run.withoutFalseNegatives() - ap,
  };
}

const record = (value: (kind: ErrorKind) => number): Record<ErrorKind, number> =>
  Object.fromEntries(ERROR_KINDS.map((kind) => [kind, value(kind)])) as Record<ErrorKind, number>;

class Run {
  readonly errors: Fixable[] = [];
  private readonly tables: DetectionTables;
  private readonly options: ErrorOptions;
  private readonly rightPoints: Point[] = [];
  private readonly allPoints: Point[] = [];
  /** Objects by class. */
  private readonly objects: number[];
  /** Objects by class that nothing found. */
  private readonly unfound: number[];
  /** By object: the row of the detection that has it, or -1. */
  private readonly takenBy: Int32Array;
  /** By object that is free: the row and score of the best detection which would have it if it were corrected. */
  private readonly best = new Map<number, { row: number; score: number }>();

  constructor(tables: DetectionTables, options: ErrorOptions) {
    this.tables = tables;
    this.options = options;
    this.objects = new Array<number>(tables.classes).fill(0);
    this.unfound = new Array<number>(tables.classes).fill(0);
    this.takenBy = new Int32Array(tables.truth.length).fill(-1);
    const objects = rowsByPicture(tables.truth.pictures, tables.pictures);
    const rows = rowsByPicture(tables.detections.pictures, tables.pictures);
    for (let picture = 0; picture < tables.pictures; picture++) {
      this.picture(picture, objects[picture] ?? [], rows[picture] ?? []);
    }
  }

  get ap(): number {
    return meanOverClasses(this.allPoints, this.objects);
  }

  withoutKind(kind: ErrorKind): number {
    const objects = [...this.objects];
    const points = this.errors.flatMap((error) => {
      if (error.kind === "missed" && kind === "missed") {
        const index = this.tables.truth.classes[error.truth ?? 0] ?? 0;
        objects[index] = (objects[index] ?? 0) - 1;
      }
      const point = error.kind === kind ? this.corrected(error) : error.point;
      return point ? [point] : [];
    });
    return meanOverClasses([...points, ...this.rightPoints], objects);
  }

  withoutFalsePositives(): number {
    const points = this.errors.flatMap(({ point }) => (point ? [{ ...point, score: 0 }] : []));
    const right = this.rightPoints.map((point) => ({ ...point, score: 1 }));
    return meanOverClasses([...points, ...right], this.objects);
  }

  withoutFalseNegatives(): number {
    const points = this.errors.flatMap(({ point }) => (point ? [point] : []));
    const objects = this.objects.map((count, i) => count - (this.unfound[i] ?? 0));
    return meanOverClasses([...points, ...this.rightPoints], objects);
  }

  /** Only the best detection of an object can be turned into a right one; all else vanishes. */
  private corrected({ kind, detection, truth }: Fixable): Point | undefined {
    if (kind !== "classification" && kind !== "localization") return undefined;
    if (truth === undefined || detection === undefined || this.best.get(truth)?.row !== detection) return undefined;
    const { truth: objects, detections } = this.tables;
    const fixed = kind === "classification" ? objects.classes[truth] : detections.classes[detection];
    return { class: fixed ?? 0, score: detections.scores[detection] ?? 0, right: true };
  }

  private picture(picture: number, all: readonly number[], found: readonly number[]): void {
    const { truth, detections } = this.tables;
    const regions = all.filter((row) => truth.crowd[row] === 1 || truth.ignored[row] === 1);
    const objects = all.filter((row) => !regions.includes(row));
    for (const object of objects) this.count(this.objects, object);
    const rows = [...sortByScore(Int32Array.from(found), detections.scores)].slice(0, this.options.limit);
    const ious = rows.map((row) => objects.map((object) => overlap(detections.boxes, row, truth.boxes, object)));
    const used = this.match(rows, objects, ious);
    rows.forEach((row, d) => {
      const ignored = used[d] !== true && regions.some((region) => this.within(row, region));
      const point = {
        class: detections.classes[row] ?? 0,
        score: detections.scores[row] ?? 0,
        right: used[d] === true,
      };
      if (!ignored) this.allPoints.push(point);
      if (point.right) this.rightPoints.push(point);
      else this.blame(picture, row, objects, ious[d] ?? [], ignored ? undefined : point);
    });
    for (const object of objects) {
      if (this.takenBy[object] !== -1) continue;
      this.count(this.unfound, object);
      if (!this.best.has(object)) this.errors.push({ kind: "missed", picture, truth: object });
    }
  }

  private count(counts: number[], object: number): void {
    const index = this.tables.truth.classes[object] ?? 0;
    counts[index] = (counts[index] ?? 0) + 1;
  }

  private match(rows: readonly number[], objects: readonly number[], ious: readonly (readonly number[])[]): boolean[] {
    return rows.map((row, d) => {
      const free = (o: number) => this.sameClass(row, objects[o] ?? 0) && this.takenBy[objects[o] ?? 0] === -1;
      const [o, iou] = largest(ious[d] ?? [], free);
      if (o < 0 || iou < this.options.iou) return false;
      this.takenBy[objects[o] ?? 0] = row;
      return true;
    });
  }

  private sameClass(row: number, object: number): boolean {
    return this.tables.detections.classes[row] === this.tables.truth.classes[object];
  }

  private within(row: number, region: number): boolean {
    const { truth, detections } = this.tables;
    return this.sameClass(row, region) && overlap(detections.boxes, row, truth.boxes, region, true) > this.options.iou;
  }

  private blame(
    picture: number,
    row: number,
    objects: readonly number[],
    ious: readonly number[],
    point?: Point,
  ): void {
    const { iou, background } = this.options;
    const add = (kind: ErrorKind, truth?: number) =>
      this.errors.push({
        kind,
        picture,
        detection: row,
        ...(truth !== undefined && { truth }),
        ...(point && { point }),
      });
    const same = (o: number) => this.sameClass(row, objects[o] ?? 0);
    const [own, ownIou] = largest(ious, same);
    if (own >= 0 && ownIou >= background && ownIou <= iou)
      return void add("localization", this.wanted(row, objects[own]));
    const [other, otherIou] = largest(ious, (o) => !same(o));
    if (other >= 0 && otherIou >= iou) return void add("classification", this.wanted(row, objects[other]));
    const [taken, takenIou] = largest(ious, (o) => same(o) && this.takenBy[objects[o] ?? 0] !== -1);
    if (taken >= 0 && takenIou >= iou) return void add("duplicate", objects[taken]);
    const [any, most] = largest(ious, () => true);
    if (any < 0 || most <= background) return void add("background");
    add("both", objects[any]);
  }

  /** Takes note that this detection would have that object, were it corrected. */
  private wanted(row: number, object = 0): number {
    const score = this.tables.detections.scores[row] ?? 0;
    const before = this.best.get(object);
    if (this.takenBy[object] === -1 && (!before || before.score < score)) this.best.set(object, { row, score });
    return object;
  }
}

/** The first of the largest among those that pass, and its place; -1 where none passes. */
function largest(values: readonly number[], passes: (place: number) => boolean): [place: number, value: number] {
  let [best, most] = [-1, -1];
  values.forEach((value, place) => {
    if (value > most && passes(place)) [best, most] = [place, value];
  });
  return [best, most];
}

function rowsByPicture(pictures: Int32Array, count: number): number[][] {
  const rows = Array.from({ length: count }, (): number[] => []);
  pictures.forEach((picture, row) => rows[picture]?.push(row));
  return rows;
}

/** Over classes with an object or a detection. */
function meanOverClasses(points: readonly Point[], objects: readonly number[]): number {
  const byClass = objects.map((): Point[] => []);
  for (const point of points) byClass[point.class]?.push(point);
  const precisions = byClass.flatMap((own, index) => {
    const count = objects[index] ?? 0;
    if (own.length === 0 && count === 0) return [];
    return [count === 0 ? 0 : averagePrecision(own, count)];
  });
  return precisions.length === 0 ? NaN : precisions.reduce((sum, value) => sum + value, 0) / precisions.length;
}

function averagePrecision(points: readonly Point[], objects: number): number {
  const scores = Float64Array.from(points, ({ score }) => score);
  const order = sortByScore(
    Int32Array.from(points, (_, i) => i),
    scores,
  );
  const precision = new Float64Array(order.length);
  const recall = new Float64Array(order.length);
  let right = 0;
  order.forEach((from, i) => {
    if (points[from]?.right === true) right++;
    precision[i] = right / (i + 1);
    recall[i] = right / objects;
  });
  return averageOver101(precision, recall, HUNDREDTHS);
}
