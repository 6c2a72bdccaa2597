/** imgaug's `AffineCv2`, which it keeps for old programs: `Affine` is what to use. */
import type { SeededRandom } from "../structures/random.js";
import { type Augmenter, type AugmenterOptions, chance, knownOptions, madeAugmenter } from "./augmenter.js";
import type { BorderMode } from "./border.js";
import { roundHalfEven } from "./enlarge.js";
import { affineMap, axes, type AxesParameter } from "./geometric.js";
import { isParameter, numberParameter, textParameter, type NumberParameter, type TextParameter } from "./parameters.js";
import { movedSubject } from "./subject.js";
import { affinelyResampled, warpAffine, type AffineMap } from "./warp-affine.js";

const MODES = {
  constant: "constant",
  replicate: "edge",
  reflect: "symmetric",
  reflect_101: "reflect",
  wrap: "wrap",
} as const;
const ORDERS = { nearest: 0, linear: 1, cubic: 3 } as const;

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
  /** "linear" by default. */
  order?: TextParameter<keyof typeof ORDERS>;
  /** The value of new pixels in mode "constant", drawn for each channel; 0 by default. */
  cval?: NumberParameter;
  /** OpenCV's words; "constant" by default. */
  mode?: TextParameter<keyof typeof MODES>;
}

const NAMES = ["scale", "translatePercent", "translatePx", "rotate", "shear", "order", "cval", "mode"];

/** Moves, turns, scales and shears about the picture's centre; nothing by default. */
export function AffineCv2(given: NumberParameter | AffineCv2Options = {}): Augmenter {
  const isFirst = typeof given === "number" || Array.isArray(given) || isParameter(given);
  const options: AffineCv2Options = isFirst
    ? { scale: given }
    : knownOptions("AffineCv2", given as AffineCv2Options, NAMES);
  const draw = movement(options);
  const order = textParameter("order", options.order ?? "linear", Object.keys(ORDERS) as (keyof typeof ORDERS)[]);
  const mode = textParameter("mode", options.mode ?? "constant", Object.keys(MODES) as (keyof typeof MODES)[]);
  const cval = numberParameter("cval", options.cval ?? 0, { min: 0, max: 255 });
  return madeAugmenter("AffineCv2", options, (subject, known) => {
    const random = known ?? chance();
    const { image } = subject;
    const movement = draw(random);
    const border: BorderMode = MODES[mode.sample(random)];
    const values = [0, 1, 2].map(() => Math.trunc(cval.sample(random)));
    const settings = { order: ORDERS[order.sample(random)], mode: border, cval: values };
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
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  return (random: SeededRandom) => {
    const drawn = scale(random);
    const [x, y] = (percent ?? px)(random);
    const turn = radians(rotate.sample(random));
    const sheared: [number, number] = [radians(shear.sample(random)), 0];
    return (each: Size, image: Size): AffineMap => {
      const [wide, high] = percent ? [each.width, each.height] : [each.width / image.width, each.height / image.height];
      const translate: [number, number] = percent
        ? [roundHalfEven(x * wide), roundHalfEven(y * high)]
        : [x * wide, y * high];
      return affineMap(each, { scale: drawn, translate, rotate: turn, shear: sheared });
    };
  };
}

interface Size {
  width: number;
  height: number;
}
