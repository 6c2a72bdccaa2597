/** imgaug's module `size`: pictures at another size. */
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { type Augmenter, type AugmenterOptions, chance, knownOptions, madeAugmenter } from "./augmenter.js";
import { roundHalfEven } from "./enlarge.js";
import { augmenterList, Sequential } from "./meta.js";
import { openCvParameter, type OpenCvParameter } from "./opencv-names.js";
import { isParameter, numberParameter, textParameter, type NumberParameter, type TextParameter } from "./parameters.js";
import { INTERPOLATIONS, resized, type Interpolation } from "./resize.js";
import { sizeWithin } from "./size-limit.js";
import { movedSubject, type Subject } from "./subject.js";
import { resizedMap, type ValueMap } from "./value-map.js";

/**
 * Whole numbers are pixels, broken ones shares of the old length; of a range or list with a broken number in it, all are shares.
 * "keep" is the old length, "keep-aspect-ratio" follows the other.
 */
export type LengthParameter = NumberParameter | "keep" | "keep-aspect-ratio";

export interface SidesLengths {
  height?: LengthParameter;
  width?: LengthParameter;
}
export interface ShorterLonger {
  shorterSide?: LengthParameter;
  longerSide?: LengthParameter;
}

export interface ResizeOptions extends AugmenterOptions {
  /** One length for both sides, or one for each; sides that are left out are kept. */
  size: NumberParameter | "keep" | SidesLengths | ShorterLonger;
  /** "nearest" (0), "linear" (1), "cubic" (2) or "area" (3); "cubic" by default. */
  interpolation?: OpenCvParameter<Interpolation | 0 | 1 | 2 | 3>;
}

/** Makes pictures larger or smaller. */
export function Resize(given: ResizeOptions["size"] | ResizeOptions): Augmenter {
  return resizing("Resize", given);
}

/** imgaug's old name of `Resize`. */
export function Scale(given: ResizeOptions["size"] | ResizeOptions): Augmenter {
  return resizing("Scale", given);
}

const METHODS = {
  nearest: { number: 0, is: "nearest" },
  linear: { number: 1, is: "linear" },
  cubic: { number: 2, is: "cubic" },
  area: { number: 3, is: "area" },
} as const;

type Size = [width: number, height: number];

function resizing(name: string, given: ResizeOptions["size"] | ResizeOptions): Augmenter {
  const options = isWhole(given) ? knownOptions(name, given, ["size", "interpolation"]) : { size: given };
  const size = sizeParameter(name, options.size);
  const interpolation = openCvParameter<Interpolation>("interpolation", options.interpolation ?? "cubic", METHODS);
  return madeAugmenter(name, options, (subject, known) => {
    const random = known ?? chance();
    const [width, height] = size(subject.image, random);
    sizeWithin(`the picture of ${name}`, { width, height }, subject.image);
    return resizedSubject(subject, width, height, interpolation(random));
  });
}

const isWhole = (given: ResizeOptions["size"] | ResizeOptions): given is ResizeOptions =>
  typeof given === "object" && (given as unknown) !== null && "size" in given;

function resizedSubject(subject: Subject, width: number, height: number, interpolation?: Interpolation): Subject {
  const { image } = subject;
  const [scaleX, scaleY] = [width / image.width, height / image.height];
  const moveMap = <M extends ValueMap>(map: M): M =>
    resizedMap(
      map,
      Math.max(roundHalfEven(map.width * scaleX), 1),
      Math.max(roundHalfEven(map.height * scaleY), 1),
      interpolation,
    );
  return movedSubject(
    subject,
    resized(image, width, height, interpolation),
    (x, y) => [x * scaleX, y * scaleY],
    moveMap,
  );
}

/** A length in pixels of an old one; undefined where it follows the other. */
type Length = (random: SeededRandom) => (old: number) => number | undefined;

function lengthParameter(option: string, value: unknown): Length {
  if (value === undefined || value === "keep") return () => (old) => old;
  if (value === "keep-aspect-ratio") return () => () => undefined;
  const share = (drawn: number) => (old: number) => Math.max(roundHalfEven(old * drawn), 1);
  const least = Number.MIN_VALUE;
  if (isParameter(value)) {
    const parameter = numberParameter(option, value, { min: least });
    return (random) => {
      const drawn = parameter.sample(random);
      return Number.isInteger(drawn) ? () => drawn : share(drawn);
    };
  }
  const isShare = [value].flat().some((each) => typeof each === "number" && !Number.isInteger(each));
  const parameter = numberParameter(option, value, isShare ? { min: least } : { min: 1, integer: true });
  return (random) => {
    const drawn = parameter.sample(random);
    return isShare ? share(drawn) : () => drawn;
  };
}

function sizeParameter(name: string, size: ResizeOptions["size"]): (image: ImageData8, random: SeededRandom) => Size {
  const isSides = typeof size === "object" && (size as unknown) !== null && !Array.isArray(size) && !isParameter(size);
  if (isSides) return sidesParameter(name, size as object);
  const both = lengthParameter("size", size);
  return ({ width, height }, random) => {
    const length = both(random);
    return [length(width) ?? width, length(height) ?? height];
  };
}

function sidesParameter(name: string, sides: SidesLengths & ShorterLonger) {
  const isBySide = sides.shorterSide !== undefined || sides.longerSide !== undefined;
  const known = isBySide ? ["shorterSide", "longerSide"] : ["height", "width"];
  if (Object.keys(sides).some((key) => !known.includes(key))) throw sizeError(name, sides);
  const [a, b] = isBySide ? [sides.shorterSide, sides.longerSide] : [sides.height, sides.width];
  if (a === "keep-aspect-ratio" && b === "keep-aspect-ratio") throw sizeError(name, sides);
  const first = lengthParameter(`size.${known[0] ?? ""}`, a);
  const second = lengthParameter(`size.${known[1] ?? ""}`, b);
  return ({ width, height }: ImageData8, random: SeededRandom): Size => {
    const [one, other] = [first(random), second(random)];
    const [down, across] = isBySide && height >= width ? [other, one] : [one, other];
    const [high, wide] = [down(height), across(width)];
    return [
      wide ?? Math.max(roundHalfEven((high ?? height) * (width / height)), 1),
      high ?? Math.max(roundHalfEven((wide ?? width) * (height / width)), 1),
    ];
  };
}

function sizeError(option: string, received: object): VitrineError {
  const expected = '{ height, width } or { shorterSide, longerSide }, at most one of them "keep-aspect-ratio"';
  return new VitrineError("InvalidOption", { option, expected, received: quote(received) });
}

export interface KeepSizeByResizeOptions extends AugmenterOptions {
  /** "cubic" by default; with "NO_RESIZE" pictures stay as the children make them. */
  interpolation?: TextParameter<Interpolation | "NO_RESIZE">;
  /** "SAME_AS_IMAGES" by default. */
  interpolationHeatmaps?: TextParameter<Interpolation | "NO_RESIZE" | "SAME_AS_IMAGES">;
  /** "nearest" by default: classes can't be mixed, so that "SAME_AS_IMAGES" is the nearest too, unless pictures are not resized. */
  interpolationSegmaps?: TextParameter<"nearest" | "NO_RESIZE" | "SAME_AS_IMAGES">;
}

/** Applies its children and brings pictures, and maps, back to the size that they had. */
export function KeepSizeByResize(
  children: Augmenter | readonly Augmenter[],
  options: KeepSizeByResizeOptions = {},
): Augmenter {
  const inner = Sequential(augmenterList("children", children));
  const names = ["interpolation", "interpolationHeatmaps", "interpolationSegmaps"];
  const given = knownOptions("KeepSizeByResize", options, names);
  const [plain, others] = [[...INTERPOLATIONS, "NO_RESIZE"] as const, ["NO_RESIZE", "SAME_AS_IMAGES"] as const];
  const images = textParameter("interpolation", given.interpolation ?? "cubic", plain);
  const heatmaps = textParameter("interpolationHeatmaps", given.interpolationHeatmaps ?? "SAME_AS_IMAGES", [
    ...INTERPOLATIONS,
    ...others,
  ]);
  const classes = textParameter("interpolationSegmaps", given.interpolationSegmaps ?? "nearest", [
    "nearest",
    ...others,
  ]);
  return madeAugmenter(
    "KeepSizeByResize",
    options,
    (subject, known) => {
      const random = (known ?? chance()).fork("interpolation");
      const [ofImages, ofHeatmaps, ofClasses] = [
        images.sample(random),
        heatmaps.sample(random),
        classes.sample(random),
      ];
      const { width, height } = subject.image;
      const { heatmaps: heat, segmentationMaps: segments, ...rest } = inner.run(subject, known);
      const same = <T extends string>(method: T) => (method === "SAME_AS_IMAGES" ? ofImages : method);
      return {
        ...(ofImages === "NO_RESIZE" ? rest : resizedSubject(rest, width, height, ofImages)),
        ...(heat && { heatmaps: keptSize(heat, subject.heatmaps, same(ofHeatmaps)) }),
        ...(segments && { segmentationMaps: keptSize(segments, subject.segmentationMaps, same(ofClasses)) }),
      };
    },
    { args: [children, options] },
  );
}

/** Maps come back to their own old sizes. */
function keptSize<M extends ValueMap>(maps: readonly M[], old: readonly M[] = [], method: string): M[] {
  return maps.map((map, i) => {
    const { width, height } = old[i] ?? map;
    return method === "NO_RESIZE" ? map : resizedMap(map, width, height, method as Interpolation);
  });
}
