/** imgaug's `AffineCv2`, which it keeps for old programs: `Affine` is what to use. */
import type { SeededRandom } from "../structures/random.js";
import {
  type Augmenter,
  type AugmenterOptions,
  chance,
  knownOptions,
  madeAugmenter,
  withoutNull,
} from "./augmenter.js";
import type { BorderMode } from "./border.js";
import { roundHalfEven } from "./enlarge.js";
import { affineMap, axes, radians, type AxesParameter } from "./geometric.js";
import { OPENCV_BORDERS, OPENCV_ORDERS, openCvParameter, type OpenCvParameter } from "./opencv-names.js";
import {
  isParameter,
  levelParameter,
  numberParameter,
  type LevelParameter,
  type NumberParameter,
} from "./parameters.js";
import type { SampleOrder } from "./sample-picture.js";
import { movedSubject } from "./subject.js";
import { affinelyResampled, warpAffine, type AffineMap } from "./warp-affine.js";

export interface AffineCv2Options extends AugmenterOptions {
  /** 1 is the old size, the default. */
  scale?: NumberParameter | AxesParameter;
  /** To the right and down, as a share of width and height, rounded to whole pixels. Either this or `translatePx`. */
  translatePercent?: NumberParameter | AxesParameter;
  /** To the right and down, in whole pixels. */
  translatePx?: NumberParameter | AxesParameter;
  /** Degrees, clockwise. */
  rotate?: NumberParameter;
  /** Degrees, along x. */
  shear?: NumberParameter;
  /** "nearest" (0), "linear" (1), "cubic" (2) or "lanczos4" (4); "linear" by default. */
  order?: OpenCvParameter<keyof typeof OPENCV_ORDERS | 0 | 1 | 2 | 4>;
  /** The value of new pixels in mode "constant", drawn for each channel, "ALL" from 0 to 255; 0 by default. */
  cval?: LevelParameter;
  /** "constant" (0), "replicate" (1), "reflect" (2), "wrap" (3) or "reflect_101" (4); "constant" by default. */
  mode?: OpenCvParameter<keyof typeof OPENCV_BORDERS | 0 | 1 | 2 | 3 | 4>;
}

const NAMES = ["scale", "translatePercent", "translatePx", "rotate", "shear", "order", "cval", "mode"];

/** Moves, turns, scales and shears about the picture's centre; nothing by default. */
export function AffineCv2(given: NumberParameter | AffineCv2Options = {}): Augmenter {
  const isFirst = typeof given === "number" || Array.isArray(given) || isParameter(given);
  const options: AffineCv2Options = isFirst
    ? { scale: given }
    : withoutNull(knownOptions("AffineCv2", given as AffineCv2Options, NAMES), ["translatePercent", "translatePx"]);
  const draw = movement(options);
  const order = openCvParameter<SampleOrder>("order", options.order ?? "linear", OPENCV_ORDERS);
  const mode = openCvParameter<BorderMode>("mode", options.mode ?? "constant", OPENCV_BORDERS);
  const cval = levelParameter("cval", options.cval ?? 0);
  return madeAugmenter("AffineCv2", options, (subject, known) => {
    const random = known ?? chance();
    const { image } = subject;
    const movement = draw(random);
    const border = mode(random);
    const values = [0, 1, 2].map(() => Math.trunc(cval.sample(random)));
    const settings = { order: order(random), mode: border, cval: values };
    const map = movement(image, image);
    const [a, b, c, d, e, f] = map;
    // A map turns about its own middle. imgaug takes places for pixels here: no half pixel is between them.
    return movedSubject(
      subject,
      warpAffine(image, map, settings),
      (x, y) => [a * x + b * y + c, d * x + e * y + f],
      (each) => affinelyResampled(each, movement(each, image), each, settings.order),
    );
  });
}

function movement(options: AffineCv2Options) {
  const scale = axes("scale", options.scale ?? 1, 1, { min: 1e-4 });
  const percent =
    options.translatePercent === undefined ? undefined : axes("translatePercent", options.translatePercent, 0);
  const px = axes("translatePx", options.translatePx ?? 0, 0, { integer: true });
  const [rotate, shear] = [
    numberParameter("rotate", options.rotate ?? 0),
    numberParameter("shear", options.shear ?? 0),
  ];
  return (random: SeededRandom) => {
    const [scaleX, scaleY] = scale(random).map(Math.fround) as [number, number];
    const [x, y] = (percent ?? px)(random).map(Math.fround) as [number, number];
    const turn = radians(rotate.sample(random));
    const sheared: [number, number] = [radians(shear.sample(random)), 0];
    return (each: Size, image: Size): AffineMap => {
      const [wide, high] = percent ? [each.width, each.height] : [each.width / image.width, each.height / image.height];
      const translate: [number, number] = percent
        ? [roundHalfEven(x * wide), roundHalfEven(y * high)]
        : [x * wide, y * high];
      return affineMap(each, { scale: [scaleX, scaleY], translate, rotate: turn, shear: sheared });
    };
  };
}

interface Size {
  width: number;
  height: number;
}
