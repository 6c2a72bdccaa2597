/** imgaug's module `meta`: augmenters by a function of the caller's, checks, and what becomes of places outside the picture. */
import { quote, VitrineError } from "../structures/errors.js";
import { imageOption, type ImageData8 } from "../structures/image.js";
import { numberOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { Augmenter, chance, knownOptions, type AugmenterOptions } from "./augmenter.js";
import {
  boxOutside,
  clippedBox,
  isKeypointInside,
  subjectOption,
  type Box,
  type Keypoint,
  type Subject,
} from "./subject.js";

export interface LambdaOptions extends AugmenterOptions {
  /** The new pictures; it gets a list of one and returns a list of one. */
  funcImages?: (images: readonly ImageData8[], random: SeededRandom) => readonly ImageData8[];
  funcKeypoints?: (keypoints: readonly Keypoint[], random: SeededRandom) => readonly Keypoint[];
  funcBoundingBoxes?: (boxes: readonly Box[], random: SeededRandom) => readonly Box[];
}

/** Applies functions of the caller's; what has none stays as it is. */
export function Lambda(options: LambdaOptions = {}): Augmenter {
  const names = ["funcImages", "funcKeypoints", "funcBoundingBoxes"];
  const { funcImages, funcKeypoints, funcBoundingBoxes } = knownOptions("Lambda", options, names);
  return new Augmenter("Lambda", options, (subject, given) => {
    const random = given ?? chance();
    const result: Subject = { ...subject };
    if (funcImages) result.image = oneImage(funcImages([subject.image], random));
    if (funcKeypoints && subject.keypoints) result.keypoints = funcKeypoints(subject.keypoints, random);
    if (funcBoundingBoxes && subject.boxes) result.boxes = funcBoundingBoxes(subject.boxes, random);
    return subjectOption(result);
  });
}

function oneImage(images: readonly ImageData8[]): ImageData8 {
  const [image] = images;
  if (image !== undefined && images.length === 1) return imageOption("funcImages", image);
  const expected = "a function that returns a list of one picture";
  throw new VitrineError("InvalidOption", { option: "funcImages", expected, received: quote(images) });
}

export interface AssertLambdaOptions extends AugmenterOptions {
  funcImages?: (images: readonly ImageData8[]) => boolean;
  funcKeypoints?: (keypoints: readonly Keypoint[]) => boolean;
  funcBoundingBoxes?: (boxes: readonly Box[]) => boolean;
}

/** Changes nothing. @throws `InvalidOption` where a function returns false */
export function AssertLambda(options: AssertLambdaOptions = {}): Augmenter {
  const names = ["funcImages", "funcKeypoints", "funcBoundingBoxes"];
  const { funcImages, funcKeypoints, funcBoundingBoxes } = knownOptions("AssertLambda", options, names);
  const holds = (what: string, isTrue: boolean) => {
    if (!isTrue) throw failed(`${what} for which the function is true`, "others");
  };
  return new Augmenter("AssertLambda", options, (subject) => {
    if (funcImages) holds("images", funcImages([subject.image]));
    if (funcKeypoints && subject.keypoints) holds("keypoints", funcKeypoints(subject.keypoints));
    if (funcBoundingBoxes && subject.boxes) holds("boxes", funcBoundingBoxes(subject.boxes));
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
  return new Augmenter("AssertShape", knownOptions("AssertShape", options, []), (subject) => {
    const { height, width, channels } = subject.image;
    const found = [1, height, width, channels];
    const fits = shape.every((check, i) => lengthFits(check, found[i] ?? 0));
    if (!fits) throw failed(`a shape of ${quote(shape)}`, quote(found), "AssertShape");
    return subject;
  });
}

function lengthFits(check: LengthCheck, length: number): boolean {
  if (check === null) return true;
  if (typeof check === "number") return length === check;
  const [low = 0, high = 0] = check;
  return check.length === 2 ? length >= low && length < high : check.includes(length);
}

/** Cuts boxes at the picture's edges, and drops what lies outside of it. */
export function ClipCBAsToImagePlanes(options: AugmenterOptions = {}): Augmenter {
  knownOptions("ClipCBAsToImagePlanes", options, []);
  return new Augmenter("ClipCBAsToImagePlanes", options, (subject) => {
    const { image, boxes, keypoints } = subject;
    const result: Subject = { image };
    if (boxes) result.boxes = boxes.map((box) => clippedBox(box, image)).filter((box) => box !== undefined);
    if (keypoints) result.keypoints = keypoints.filter((keypoint) => isKeypointInside(keypoint, image));
    return result;
  });
}

/** Drops boxes of which at least `fraction` (0 to 1) of the area lies outside the picture, and keypoints that do. */
export function RemoveCBAsByOutOfImageFraction(fraction: number, options: AugmenterOptions = {}): Augmenter {
  const most = numberOption("fraction", fraction, 0, 1);
  knownOptions("RemoveCBAsByOutOfImageFraction", options, []);
  return new Augmenter("RemoveCBAsByOutOfImageFraction", options, (subject) => {
    const { image, boxes, keypoints } = subject;
    const result: Subject = { image };
    if (boxes) result.boxes = boxes.filter((box) => boxOutside(box, image) < most);
    if (keypoints) result.keypoints = keypoints.filter((each) => (isKeypointInside(each, image) ? 0 : 1) < most);
    return result;
  });
}
