/** imgaug's `AssertShape`. */
import { quote, VitrineError } from "../structures/errors.js";
import { booleanOption } from "../structures/options.js";
import { type Augmenter, type AugmenterOptions, knownOptions, madeAugmenter } from "./augmenter.js";
import type { Subject } from "./subject.js";

/** A length: any (null), one, `[low, high]` without `high`, or one of a longer list. */
export type LengthCheck = number | readonly number[] | null;

export interface AssertShapeOptions extends AugmenterOptions {
  /** All are checked unless told otherwise; only pictures' channels are. */
  checkImages?: boolean;
  /** Heatmaps by their own height and width. */
  checkHeatmaps?: boolean;
  /** Segmentation maps by their own height and width. */
  checkSegmentationMaps?: boolean;
  /** Keypoints, like all that has corners, by their picture's height and width. */
  checkKeypoints?: boolean;
  checkBoundingBoxes?: boolean;
  checkPolygons?: boolean;
  checkLineStrings?: boolean;
}

/** What each switch is for. */
const CHECKS = {
  checkImages: "image",
  checkHeatmaps: "heatmaps",
  checkSegmentationMaps: "segmentationMaps",
  checkKeypoints: "keypoints",
  checkBoundingBoxes: "boxes",
  checkPolygons: "polygons",
  checkLineStrings: "lineStrings",
} as const;

/**
 * Changes nothing.
 * @param shape of the pictures: how many at once (always 1), height, width, channels
 * @throws `InvalidOption` where a picture has another shape
 */
export function AssertShape(
  shape: readonly [count: LengthCheck, height: LengthCheck, width: LengthCheck, channels: LengthCheck],
  options: AssertShapeOptions = {},
): Augmenter {
  const given: unknown = shape;
  if (!Array.isArray(given) || given.length !== 4) throw failed("a shape of four", quote(shape));
  const strange: unknown = given.find((check) => !isLengthCheck(check));
  if (strange !== undefined) throw failed("null, a length, [low, high] or a longer list of lengths", quote(strange));
  const names = Object.keys(CHECKS) as (keyof typeof CHECKS)[];
  const known = knownOptions("AssertShape", options, names);
  const checked = names.filter((name) => booleanOption(name, known[name] ?? true)).map((name) => CHECKS[name]);
  return madeAugmenter(
    "AssertShape",
    options,
    (subject) => {
      for (const found of checked.flatMap((field) => shapesOf(subject, field))) {
        const fits = found.every((length, i) => lengthFits(shape[i] ?? null, length));
        if (!fits) throw failed(`a shape of ${quote(shape)}`, quote(found));
      }
      return subject;
    },
    { args: [shape, options] },
  );
}

const isLengthCheck = (check: unknown) =>
  check === undefined || check === null || [check].flat().every(Number.isInteger);

/** Of the pictures or maps that a field is about: how many at once, height, width, and a picture's channels. */
function shapesOf(subject: Subject, field: (typeof CHECKS)[keyof typeof CHECKS]): number[][] {
  const { height, width, channels } = subject.image;
  if (field === "image") return [[1, height, width, channels]];
  if (subject[field] === undefined) return [];
  if (field !== "heatmaps" && field !== "segmentationMaps") return [[1, height, width]];
  return subject[field].map((map) => [1, map.height, map.width]);
}

function lengthFits(check: LengthCheck, length: number): boolean {
  if (check === null) return true;
  if (typeof check === "number") return length === check;
  const [low = 0, high = 0] = check;
  return check.length === 2 ? length >= low && length < high : check.includes(length);
}

const failed = (expected: string, received: string) =>
  new VitrineError("InvalidOption", { option: "AssertShape", expected, received });
