/** COCO's evaluation on COCO's own JSON shapes, equal to pycocotools' `COCOeval` for boxes. */
import { quote, VitrineError } from "../../structures/errors.js";
import { knownOptions, numberOption } from "../../structures/options.js";
import type { DetectionTables, DetectionTable, TruthTable } from "./box-table.js";
import { MOST_THRESHOLDS } from "./coco-matching.js";
import { COCO_THRESHOLDS, type CocoFigures, cocoSummary } from "./coco-summary.js";

/** x, y, width, height in pixels. */
export type CocoBox = readonly number[];

/** An annotation file's content, as far as boxes go. */
export interface CocoGroundTruth {
  images: readonly { id: number }[];
  categories: readonly { id: number; name?: string }[];
  annotations: readonly {
    image_id: number;
    category_id: number;
    bbox: CocoBox;
    /** In square pixels; default: the box's. */
    area?: number;
    /** 1 for a box around a crowd. Default 0. */
    iscrowd?: number | boolean;
  }[];
}

/** A results file's content. */
export type CocoDetections = readonly {
  image_id: number;
  category_id: number;
  bbox: CocoBox;
  score: number;
}[];

export interface CocoEvaluateOptions {
  /** In 0..1. Default: 0.5, 0.55, ... 0.95. */
  iouThresholds?: readonly number[];
}

export interface CocoEvaluation extends CocoFigures {
  /** The same for each category alone, in the order of `categories`. */
  byCategory: (CocoFigures & { id: number; name: string })[];
}

/**
 * COCO's twelve figures, and those of each category.
 *
 * @throws InvalidOption where a box is none, a score is no number, or an image or category is unknown
 */
export function cocoEvaluate(
  groundTruth: CocoGroundTruth,
  detections: CocoDetections,
  options: CocoEvaluateOptions = {},
): CocoEvaluation {
  knownOptions("cocoEvaluate", options, ["iouThresholds"]);
  const { byClass, ...figures } = cocoSummary(cocoTables(groundTruth, detections), checkThresholds(options));
  const byCategory = byClass.map((own, i) => {
    const { id = i, name = String(id) } = groundTruth.categories[i] ?? {};
    return { ...own, id, name };
  });
  return { ...figures, byCategory };
}

function checkThresholds({ iouThresholds = COCO_THRESHOLDS }: CocoEvaluateOptions): readonly number[] {
  if (iouThresholds.length === 0 || iouThresholds.length > MOST_THRESHOLDS) {
    reject("iouThresholds", `1 to ${MOST_THRESHOLDS} numbers`, iouThresholds);
  }
  return iouThresholds.map((threshold, i) => numberOption(`iouThresholds[${i}]`, threshold, 0, 1));
}

function cocoTables(groundTruth: CocoGroundTruth, detections: CocoDetections): DetectionTables {
  checkLists(groundTruth, detections);
  const { images, categories, annotations } = groundTruth;
  // By rising id: of equal scores the detection of the lower id comes first, as in pycocotools.
  const pictures = indexOf(
    "images",
    images.map(({ id }) => id).sort((a, b) => a - b),
  );
  const classes = indexOf(
    "categories",
    categories.map(({ id }) => id),
  );
  const place = { pictures, classes };
  const truth: TruthTable = {
    ...columns("annotations", annotations, place),
    crowd: Uint8Array.from(annotations, ({ iscrowd }) => Number(iscrowd === true || iscrowd === 1)),
    ignored: new Uint8Array(annotations.length),
  };
  annotations.forEach(({ area }, i) => {
    if (area !== undefined) truth.areas[i] = numberOption(`annotations[${i}].area`, area, 0);
  });
  const found: DetectionTable = {
    ...columns("detections", detections, place),
    scores: Float64Array.from(detections, ({ score }, i) => numberOption(`detections[${i}].score`, score)),
  };
  return { pictures: pictures.size, classes: classes.size, truth, detections: found };
}

function checkLists(groundTruth: CocoGroundTruth, detections: CocoDetections): void {
  const given = groundTruth as Partial<CocoGroundTruth> | undefined;
  for (const name of ["images", "categories", "annotations"] as const) {
    if (!Array.isArray(given?.[name])) reject(`groundTruth.${name}`, "a list", given?.[name]);
  }
  if (!Array.isArray(detections)) reject("detections", "a list of COCO results", detections);
}

function indexOf(option: string, ids: readonly number[]): Map<number, number> {
  const index = new Map(ids.map((id, i) => [id, i]));
  const twice = ids.find((id, i) => index.get(id) !== i);
  if (twice !== undefined) reject(option, "no id twice", twice);
  return index;
}

interface Places {
  pictures: ReadonlyMap<number, number>;
  classes: ReadonlyMap<number, number>;
}

function columns(
  list: string,
  items: readonly { image_id: number; category_id: number; bbox: CocoBox }[],
  { pictures, classes }: Places,
) {
  const boxes = new Float64Array(4 * items.length);
  items.forEach(({ bbox }, i) => {
    if (!isBox(bbox)) reject(`${list}[${i}].bbox`, "x, y, width and height, four finite numbers", bbox);
    boxes.set(bbox, 4 * i);
  });
  return {
    length: items.length,
    boxes,
    pictures: Int32Array.from(items, ({ image_id }, i) => known(`${list}[${i}].image_id`, pictures, image_id)),
    classes: Int32Array.from(items, ({ category_id }, i) => known(`${list}[${i}].category_id`, classes, category_id)),
    areas: Float64Array.from(items, ({ bbox: [, , width = 0, height = 0] }) => width * height),
  };
}

function isBox(box: unknown): box is CocoBox {
  if (!Array.isArray(box) || box.length !== 4 || !box.every(Number.isFinite)) return false;
  const [, , width, height] = box as [number, number, number, number];
  return width >= 0 && height >= 0;
}

function known(option: string, index: ReadonlyMap<number, number>, id: number): number {
  return index.get(id) ?? reject(option, "an id that the ground truth lists", id);
}

function reject(option: string, expected: string, received: unknown): never {
  throw new VitrineError("InvalidOption", { option, expected, received: quote(received) });
}
