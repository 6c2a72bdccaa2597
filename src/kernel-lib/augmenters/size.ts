/** imgaug's module `size`: pictures cut, and pictures with margins. */
import { quote, VitrineError } from "../structures/errors.js";
import { booleanOption } from "../structures/options.js";
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import {
  type Augmenter,
  type AugmenterOptions,
  chance,
  knownOptions,
  madeAugmenter,
  withoutNull,
} from "./augmenter.js";
import { cropAndPad } from "./crop-and-pad.js";
import { roundHalfEven } from "./enlarge.js";
import { PAD_MODES, type PadMode, type Sides } from "./pad.js";
import {
  isParameter,
  numberParameter,
  textParameter,
  type NumberParameter,
  type NumberRange,
  type StochasticParameter,
  type TextParameter,
} from "./parameters.js";

/** One amount for every side, or four: top, right, bottom, left. Four plain numbers are four sides, as in imgaug. */
export type SidesParameter =
  | NumberParameter
  | readonly [top: NumberParameter, right: NumberParameter, bottom: NumberParameter, left: NumberParameter];

export interface CropOptions extends AugmenterOptions {
  /** Pixels off (or onto) each side. Either this or `percent`. */
  px?: SidesParameter;
  /** The share of height or width off (or onto) each side. Without either, [0, 0.1]; for `CropAndPad` [-0.1, 0.1]. */
  percent?: SidesParameter;
  /** Bring what is left to the size that the picture had; true by default. */
  keepSize?: boolean;
  /** Draw each side's amount by itself where one range is given for all; true by default. */
  sampleIndependently?: boolean;
}

/** What fills margins. */
export interface PadFillOptions {
  /** As numpy's and imgaug's; "constant" by default, or "ALL" for any of them. */
  padMode?: TextParameter<PadMode>;
  /** The level in the modes "constant" and "linear_ramp" (0 to 255); 0 by default. */
  padCval?: NumberParameter;
}

export interface PadOptions extends CropOptions, PadFillOptions {}
export type CropAndPadOptions = PadOptions;

const CROP_NAMES = ["px", "percent", "keepSize", "sampleIndependently"];
const NAMES = [...CROP_NAMES, "padMode", "padCval"];

/** Cuts off the sides of pictures (negative amounts) or gives them margins (positive ones). */
export function CropAndPad(given: SidesParameter | CropAndPadOptions = {}): Augmenter {
  return sizing(
    "CropAndPad",
    given,
    NAMES,
    { percent: [-0.1, 0.1] },
    { px: {}, percent: { min: -1 + Number.EPSILON } },
    1,
  );
}

/** Cuts off the sides of pictures. At least one pixel is always left. */
export function Crop(given: SidesParameter | CropOptions = {}): Augmenter {
  const ranges = { px: { min: 0 }, percent: { min: 0, max: 1 - Number.EPSILON } };
  return sizing("Crop", given, CROP_NAMES, { percent: [0, 0.1] }, ranges, -1);
}

/** Gives pictures margins. */
export function Pad(given: SidesParameter | PadOptions = {}): Augmenter {
  return sizing("Pad", given, NAMES, { percent: [0, 0.1] }, { px: { min: 0 }, percent: { min: 0 } }, 1);
}

function sizing(
  name: string,
  given: SidesParameter | PadOptions,
  names: readonly string[],
  preset: PadOptions,
  ranges: { px: NumberRange; percent: NumberRange },
  sign: 1 | -1,
): Augmenter {
  const options = sizeOptions(name, given, names);
  const amounts = sampler({ ...(options.px === undefined && preset), ...defined(options) }, ranges);
  const fill = padFill(options);
  const keepSize = booleanOption("keepSize", options.keepSize ?? true);
  return madeAugmenter(name, options, (subject, known) => {
    const random = known ?? chance();
    const sides = amounts(subject.image, random).map((side) => sign * side);
    const only = (direction: 1 | -1) => sides.map((side) => Math.max(direction * side, 0)) as unknown as Sides;
    return cropAndPad(subject, { crop: only(-1), pad: only(1), ...fill(random), keepSize });
  });
}

function sizeOptions(name: string, given: SidesParameter | PadOptions, names: readonly string[]): PadOptions {
  // imgaug's first parameter is px.
  if (typeof given === "number" || Array.isArray(given) || isParameter(given)) return { px: given };
  const options = withoutNull(knownOptions(name, given as PadOptions, names), ["px", "percent"]);
  if (options.px === undefined || options.percent === undefined) return options;
  const received = quote({ px: options.px, percent: options.percent });
  throw new VitrineError("InvalidOption", { option: name, expected: "either px or percent", received });
}

const defined = (options: PadOptions): PadOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

/** @throws `InvalidOption` */
export function padFill(options: PadFillOptions): (random: SeededRandom) => { padMode: PadMode; padCval: number } {
  const { padMode = "constant", padCval = 0 } = options;
  const mode = textParameter("padMode", padMode, PAD_MODES);
  const cval = numberParameter("padCval", padCval, { min: 0, max: 255 });
  return (random) => ({ padMode: mode.sample(random), padCval: Math.trunc(cval.sample(random)) });
}

function sampler(options: CropOptions, ranges: { px: NumberRange; percent: NumberRange }) {
  const { px, percent = 0 } = options;
  const sampleIndependently = booleanOption("sampleIndependently", options.sampleIndependently ?? true);
  if (px !== undefined) {
    const sides = sidesParameter("px", px, { ...ranges.px, integer: true });
    return (_: ImageData8, random: SeededRandom): Sides => drawSides(sides, sampleIndependently, random);
  }
  const sides = sidesParameter("percent", percent, ranges.percent);
  return ({ width, height }: ImageData8, random: SeededRandom): Sides => {
    const [top, right, bottom, left] = drawSides(sides, sampleIndependently, random);
    const pixels = (length: number, share: number) => roundHalfEven(length * share);
    return [pixels(height, top), pixels(width, right), pixels(height, bottom), pixels(width, left)];
  };
}

/** One parameter for all sides, or one for each. */
type SideParameters = StochasticParameter | readonly StochasticParameter[];

function sidesParameter(option: string, value: SidesParameter, range: NumberRange): SideParameters {
  if (!Array.isArray(value) || value.length !== 4) return numberParameter(option, value, range);
  return (value as readonly NumberParameter[]).map((side) => numberParameter(option, side, range));
}

function drawSides(parameters: SideParameters, independently: boolean, random: SeededRandom): Sides {
  if (isParameter(parameters)) {
    const first = parameters.sample(random);
    const next = () => (independently ? parameters.sample(random) : first);
    return [first, next(), next(), next()];
  }
  const [top = 0, right = 0, bottom = 0, left = 0] = parameters.map((parameter) => parameter.sample(random));
  return [top, right, bottom, left];
}
