/** imgaug's module `meta`: augmenters by a function of the caller's, checks, and what becomes of places outside the picture. */
import { quote, VitrineError } from "../structures/errors.js";
import { imageOption, type ImageData8 } from "../structures/image.js";
import { numberOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { type Augmenter, type AugmenterOptions, chance, knownOptions, madeAugmenter } from "./augmenter.js";
import { clipOutOfImage, removeOutOfImage } from "./out-of-image.js";
import { subjectOption, type Box, type Keypoint, type LineString, type Polygon, type Subject } from "./subject.js";
import type { Heatmap, SegmentationMap } from "./value-map.js";

/** Functions of the caller's, each for one kind of what is augmented. */
export interface LambdaOptions extends AugmenterOptions {
  /** The new pictures; it gets a list of one and returns a list of one. */
  funcImages?: (images: readonly ImageData8[], random: SeededRandom) => readonly ImageData8[];
  funcKeypoints?: (keypoints: readonly Keypoint[], random: SeededRandom) => readonly Keypoint[];
  funcBoundingBoxes?: (boxes: readonly Box[], random: SeededRandom) => readonly Box[];
  funcPolygons?: (polygons: readonly Polygon[], random: SeededRandom) => readonly Polygon[];
  funcLineStrings?: (lineStrings: readonly LineString[], random: SeededRandom) => readonly LineString[];
  funcHeatmaps?: (heatmaps: readonly Heatmap[], random: SeededRandom) => readonly Heatmap[];
  funcSegmentationMaps?: (maps: readonly SegmentationMap[], random: SeededRandom) => readonly SegmentationMap[];
}

/** Each function's name, and the field it is for. */
const FUNCTIONS = {
  funcKeypoints: "keypoints",
  funcBoundingBoxes: "boxes",
  funcPolygons: "polygons",
  funcLineStrings: "lineStrings",
  funcHeatmaps: "heatmaps",
  funcSegmentationMaps: "segmentationMaps",
} as const;
type FunctionName = keyof typeof FUNCTIONS;
const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

/** Applies functions of the caller's; what has none stays as it is. */
export function Lambda(given: LambdaOptions = {}): Augmenter {
  const options = knownOptions("Lambda", given, ["funcImages", ...FUNCTION_NAMES]);
  return madeAugmenter("Lambda", options, (subject, known) => {
    const random = known ?? chance();
    const result: Record<string, unknown> = { ...subject };
    if (options.funcImages) result["image"] = oneImage(options.funcImages([subject.image], random));
    for (const name of FUNCTION_NAMES) {
      const change = options[name] as ((items: unknown, random: SeededRandom) => unknown) | undefined;
      const items = subject[FUNCTIONS[name]];
      if (change && items) result[FUNCTIONS[name]] = change(items, random);
    }
    return subjectOption(result as unknown as Subject);
  });
}

function oneImage(images: readonly ImageData8[]): ImageData8 {
  const [image] = images;
  if (image !== undefined && images.length === 1) return imageOption("funcImages", image);
  const expected = "a function that returns a list of one picture";
  throw new VitrineError("InvalidOption", { option: "funcImages", expected, received: quote(images) });
}

/** Like `LambdaOptions`, with functions that say whether all is well. */
export type AssertLambdaOptions = AugmenterOptions & {
  [name in "funcImages" | FunctionName]?: (items: Parameters<NonNullable<LambdaOptions[name]>>[0]) => boolean;
};

/** Changes nothing. @throws `InvalidOption` where a function returns false */
export function AssertLambda(given: AssertLambdaOptions = {}): Augmenter {
  const options = knownOptions("AssertLambda", given, ["funcImages", ...FUNCTION_NAMES]);
  const holds = (what: string, isTrue: boolean) => {
    if (!isTrue) throw failed(`${what} for which the function is true`, "others");
  };
  return madeAugmenter("AssertLambda", options, (subject) => {
    if (options.funcImages) holds("images", options.funcImages([subject.image]));
    for (const name of FUNCTION_NAMES) {
      const check = options[name] as ((items: unknown) => boolean) | undefined;
      const items = subject[FUNCTIONS[name]];
      if (check && items) holds(FUNCTIONS[name], check(items));
    }
    return subject;
  });
}

const failed = (expected: string, received: string, option = "AssertLambda") =>
  new VitrineError("InvalidOption", { option, expected, received });

/** A length: any (null), one, `[low, high]` without `high`, or one of a longer list. */
export type LengthCheck = number | readonly number[] | null;

/**
 * Changes nothing.
 * @param shape of the pictures: how many at once (always 1), height, width, channels
 * @throws `InvalidOption` where a picture has another shape
 */
export function AssertShape(
  shape: readonly [count: LengthCheck, height: LengthCheck, width: LengthCheck, channels: LengthCheck],
  options: AugmenterOptions = {},
): Augmenter {
  const given: unknown = shape;
  if (!Array.isArray(given) || given.length !== 4) throw failed("a shape of four", quote(shape), "AssertShape");
  return madeAugmenter(
    "AssertShape",
    knownOptions("AssertShape", options, []),
    (subject) => {
      const { height, width, channels } = subject.image;
      const found = [1, height, width, channels];
      const fits = shape.every((check, i) => lengthFits(check, found[i] ?? 0));
      if (!fits) throw failed(`a shape of ${quote(shape)}`, quote(found), "AssertShape");
      return subject;
    },
    { args: [shape, options] },
  );
}

function lengthFits(check: LengthCheck, length: number): boolean {
  if (check === null) return true;
  if (typeof check === "number") return length === check;
  const [low = 0, high = 0] = check;
  return check.length === 2 ? length >= low && length < high : check.includes(length);
}

/** Cuts what lies on the picture at its edges, and drops what lies outside of it: `clipOutOfImage`. */
export function ClipCBAsToImagePlanes(options: AugmenterOptions = {}): Augmenter {
  knownOptions("ClipCBAsToImagePlanes", options, []);
  return madeAugmenter("ClipCBAsToImagePlanes", options, clipOutOfImage);
}

/** Drops what lies outside the picture by at least `fraction` (0 to 1) of its area or length: `removeOutOfImage`. */
export function RemoveCBAsByOutOfImageFraction(fraction: number, options: AugmenterOptions = {}): Augmenter {
  const most = numberOption("fraction", fraction, 0, 1);
  knownOptions("RemoveCBAsByOutOfImageFraction", options, []);
  return madeAugmenter("RemoveCBAsByOutOfImageFraction", options, (subject) => removeOutOfImage(subject, most), {
    args: [fraction, options],
  });
}
