/** imgaug's module `meta`: augmenters by a function of the caller's, checks, and what becomes of places outside the picture. */
import { quote, VitrineError } from "../structures/errors.js";
import { imageOption, type ImageData8 } from "../structures/image.js";
import { functionOption, numberOption } from "../structures/options.js";
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
  /** "keypoints", the default, gives the corners to `funcKeypoints`; null leaves boxes as they are. */
  funcBoundingBoxes?: ((boxes: readonly Box[], random: SeededRandom) => readonly Box[]) | "keypoints" | null;
  /** As `funcBoundingBoxes`. */
  funcPolygons?: ((polygons: readonly Polygon[], random: SeededRandom) => readonly Polygon[]) | "keypoints" | null;
  /** As `funcBoundingBoxes`. */
  funcLineStrings?:
    ((lineStrings: readonly LineString[], random: SeededRandom) => readonly LineString[]) | "keypoints" | null;
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
  if (options.funcImages !== undefined) functionOption("funcImages", options.funcImages);
  if (options.funcKeypoints !== undefined) functionOption("funcKeypoints", options.funcKeypoints);
  const changes = FUNCTION_NAMES.map((name) => [name, changeOf(options, name)] as const);
  return madeAugmenter("Lambda", options, (subject, known) => {
    const random = known ?? chance();
    const result: Record<string, unknown> = { ...subject };
    if (options.funcImages) result["image"] = oneImage(options.funcImages([subject.image], random));
    for (const [name, change] of changes) {
      const items = subject[FUNCTIONS[name]];
      if (change && items) result[FUNCTIONS[name]] = changedList(name, change(items, random));
    }
    return subjectOption(result as unknown as Subject);
  });
}

/** What is no list would be taken for nothing at all. */
function changedList(option: FunctionName, changed: unknown): readonly unknown[] {
  if (Array.isArray(changed)) return changed as unknown[];
  const expected = `a function that returns a list of ${FUNCTIONS[option]}`;
  throw new VitrineError("InvalidOption", { option, expected, received: quote(changed) });
}

/** What has corners goes by the function for keypoints unless it has its own. */
function changeOf(
  options: LambdaOptions,
  name: FunctionName,
): ((items: unknown, random: SeededRandom) => unknown) | undefined {
  const own: unknown = options[name];
  if (typeof own === "function") return own as (items: unknown, random: SeededRandom) => unknown;
  if (own === null) return undefined;
  const { funcKeypoints } = options;
  if (own !== undefined && (own !== "keypoints" || !(name in BY_CORNERS))) {
    throw new VitrineError("InvalidOption", { option: name, expected: "a function", received: quote(own) });
  }
  const corners = BY_CORNERS[name];
  return funcKeypoints && (corners?.(funcKeypoints) as ReturnType<typeof changeOf>);
}

type Change = NonNullable<LambdaOptions["funcKeypoints"]>;

const outlines = (change: Change) => (list: readonly Polygon[], random: SeededRandom) =>
  list.map((each) => ({ ...each, points: changedPoints(change, each.points, random) }));

/** As many as before: corners have nothing else that says which is which. */
function changedPoints(change: Change, points: readonly Keypoint[], random: SeededRandom): readonly Keypoint[] {
  const changed = change(points, random);
  const given: unknown = changed;
  if (Array.isArray(given) && given.length === points.length) return changed;
  const expected = `a function that returns a list of ${points.length} keypoints for so many`;
  throw new VitrineError("InvalidOption", { option: "funcKeypoints", expected, received: quote(changed) });
}

const BY_CORNERS: Partial<Record<FunctionName, (change: Change) => unknown>> = {
  funcPolygons: outlines,
  funcLineStrings: outlines,
  funcBoundingBoxes: (change) => (boxes: readonly Box[], random: SeededRandom) =>
    boxes.map((box) => boxAround(box, changedPoints(change, cornersOf(box), random))),
};

const cornersOf = ({ x1, y1, x2, y2 }: Box): Keypoint[] => [
  { x: x1, y: y1 },
  { x: x2, y: y1 },
  { x: x2, y: y2 },
  { x: x1, y: y2 },
];

function boxAround(box: Box, corners: readonly Keypoint[]): Box {
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  return { ...box, x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
}

function oneImage(images: readonly ImageData8[]): ImageData8 {
  const [image] = Array.isArray(images) ? (images as readonly ImageData8[]) : [];
  if (image !== undefined && images.length === 1) return imageOption("funcImages", image);
  const expected = "a function that returns a list of one picture";
  throw new VitrineError("InvalidOption", { option: "funcImages", expected, received: quote(images) });
}

/** Like `LambdaOptions`, with functions that say whether all is well. */
export type AssertLambdaOptions = AugmenterOptions & {
  [name in "funcImages" | FunctionName]?: (
    items: Parameters<Extract<LambdaOptions[name], (...args: never[]) => unknown>>[0],
  ) => boolean;
};

/** Changes nothing. @throws `InvalidOption` where a function returns false */
export function AssertLambda(given: AssertLambdaOptions = {}): Augmenter {
  const names = ["funcImages", ...FUNCTION_NAMES] as const;
  const options = knownOptions("AssertLambda", given, names);
  for (const name of names) if (options[name] !== undefined) functionOption(name, options[name]);
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
