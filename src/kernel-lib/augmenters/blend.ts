/** imgaug's module `blend`: two ways of changing a picture, mixed. */
import { quote, VitrineError } from "../structures/errors.js";
import type { ImageData8 } from "../structures/image.js";
import { functionOption } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { type Augmenter, type AugmenterOptions, chance, knownOptions, madeAugmenter } from "./augmenter.js";
import {
  boxMask,
  checkerboardMask,
  classMask,
  elementwiseMask,
  GRADIENT_NAMES,
  gradientMask,
  gridMask,
  type GradientOptions,
  type GridOptions,
  type Mask,
  type MaskGenerator,
} from "./blend-masks.js";
import { blended, blendedByMask } from "./blend-pictures.js";
import { masked } from "./blend-subjects.js";
import { colourCount } from "./lookup.js";
import { augmenterList, Sequential } from "./meta.js";
import {
  Choice,
  isParameter,
  numberParameter,
  probabilityParameter,
  type BooleanParameter,
  type NumberParameter,
  type StochasticParameter,
  type TextParameter,
} from "./parameters.js";
import type { Subject } from "./subject.js";

export interface BlendOptions extends AugmenterOptions {
  /** What makes the one picture; nothing by default. */
  foreground?: Augmenter | readonly Augmenter[];
  /** What makes the other; nothing by default. */
  background?: Augmenter | readonly Augmenter[];
}

export interface BlendAlphaOptions extends BlendOptions {
  /** How much of the foreground, 0 to 1; [0, 1] by default. */
  factor?: NumberParameter;
  /** Other shares for each channel (or in which share of the pictures); false by default. */
  perChannel?: BooleanParameter;
}

const BRANCHES = ["foreground", "background"];

/** Gives both branches the same subject. */
export function branches(
  options: BlendOptions,
): (subject: Subject, random: SeededRandom | undefined) => [Subject, Subject] {
  const front = Sequential(augmenterList("foreground", options.foreground ?? []));
  const back = Sequential(augmenterList("background", options.background ?? []));
  return (subject, random) => {
    const [first, second] = [
      front.run(subject, random?.fork("foreground")),
      back.run(subject, random?.fork("background")),
    ];
    const { image: a } = first;
    const { image: b } = second;
    if (a.width === b.width && a.height === b.height && a.channels === b.channels) return [first, second];
    const expected = "a foreground and a background of the same size";
    const received = `${a.width} × ${a.height} × ${a.channels} and ${b.width} × ${b.height} × ${b.channels}`;
    throw new VitrineError("InvalidOption", { option: "blending", expected, received });
  };
}

/** Mixes both branches by one share; what lies on the picture is that of the branch with the larger one. */
export function BlendAlpha(given: NumberParameter | BlendAlphaOptions = {}): Augmenter {
  return blendAlpha("BlendAlpha", given, [0, 1]);
}

/** The branches' old names. */
export interface FirstSecond {
  /** What makes the one picture. */
  first?: Augmenter | readonly Augmenter[];
  /** What makes the other. */
  second?: Augmenter | readonly Augmenter[];
}

export type AlphaOptions = Omit<BlendAlphaOptions, keyof BlendOptions> & FirstSecond & AugmenterOptions;

/** imgaug's old name of `BlendAlpha`, with the branches `first` and `second`; the factor is 0 by default. */
export function Alpha(given: NumberParameter | AlphaOptions = {}): Augmenter {
  return blendAlpha("Alpha", renamed(given), 0);
}

/** Old names as new ones. */
export function renamed<T extends FirstSecond>(
  given: NumberParameter | T,
): NumberParameter | (Omit<T, keyof FirstSecond> & BlendOptions) {
  if (typeof given === "number" || Array.isArray(given) || isParameter(given)) return given;
  // What are no options is refused by what takes the new names.
  if (typeof (given as unknown) !== "object" || (given as unknown) === null) return given;
  const { first, second, ...rest } = given as T;
  return {
    ...rest,
    ...(first !== undefined && { foreground: first }),
    ...(second !== undefined && { background: second }),
  };
}

function blendAlpha(name: string, given: NumberParameter | BlendAlphaOptions, preset: NumberParameter): Augmenter {
  const options = factorOptions(name, given);
  const factor = numberParameter("factor", options.factor ?? preset, { min: 0, max: 1 });
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  const run = branches(options);
  return madeAugmenter(name, options, (subject, random) => {
    const [front, back] = run(subject, random);
    const numbers = (random ?? chance()).fork("factor");
    const shares = Float32Array.from({ length: perChannel(numbers) ? colourCount(subject.image) : 1 }, () =>
      factor.sample(numbers),
    );
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const image =
      shares.length === 1
        ? blended(front.image, back.image, mean)
        : blendedByMask(front.image, back.image, repeated(shares, front.image.width * front.image.height));
    return { ...(mean >= 0.5 ? front : back), image };
  });
}

function repeated(values: Float32Array, times: number): Float32Array {
  const result = new Float32Array(values.length * times);
  for (let i = 0; i < times; i++) result.set(values, i * values.length);
  return result;
}

function factorOptions(name: string, given: NumberParameter | BlendAlphaOptions): BlendAlphaOptions {
  if (typeof given === "number" || Array.isArray(given) || isParameter(given)) return { factor: given };
  return knownOptions(name, given as BlendAlphaOptions, ["factor", "perChannel", ...BRANCHES]);
}

/** Mixes both branches by a mask; see `blend-subjects.ts` for what becomes of what lies on the picture. */
export function maskBlending(name: string, options: BlendOptions, generate: MaskGenerator): Augmenter {
  const run = branches(options);
  return madeAugmenter(name, options, (subject, random) => {
    const [front, back] = run(subject, random);
    return masked(subject, front, back, generate(subject, (random ?? chance()).fork("mask")));
  });
}

export interface BlendAlphaMaskOptions extends BlendOptions {
  /** Makes the mask: for each pixel (or each colour of each) how much of the foreground, 0 to 1. */
  maskGenerator: MaskGenerator;
}

/** Mixes both branches by a mask of the caller's. */
export function BlendAlphaMask(given: BlendAlphaMaskOptions): Augmenter {
  const options = knownOptions("BlendAlphaMask", given, ["maskGenerator", ...BRANCHES]);
  const generate = functionOption("maskGenerator", options.maskGenerator, "that makes a mask");
  return maskBlending("BlendAlphaMask", options, (subject, random) =>
    maskOption(generate(subject, random), subject.image),
  );
}

/** The caller's may make anything. */
function maskOption(mask: Mask, image: ImageData8): Mask {
  const pixels = image.width * image.height;
  const length = (mask as Mask | undefined)?.length;
  if (mask instanceof Float32Array && (length === pixels || length === pixels * colourCount(image))) return mask;
  const expected = `a Float32Array of ${pixels} shares, one for each pixel, or of one for each colour of each`;
  const received = mask instanceof Float32Array ? `${mask.length} shares` : quote(mask);
  throw new VitrineError("InvalidOption", { option: "maskGenerator", expected, received });
}

/** Mixes both branches, by another share in each pixel. */
export function BlendAlphaElementwise(given: NumberParameter | BlendAlphaOptions = {}): Augmenter {
  return elementwise("BlendAlphaElementwise", given, [0, 1]);
}

/** imgaug's old name of `BlendAlphaElementwise`, with the branches `first` and `second`; the factor is 0 by default. */
export function AlphaElementwise(given: NumberParameter | AlphaOptions = {}): Augmenter {
  return elementwise("AlphaElementwise", renamed(given), 0);
}

function elementwise(name: string, given: NumberParameter | BlendAlphaOptions, preset: NumberParameter): Augmenter {
  const options = factorOptions(name, given);
  const factor = numberParameter("factor", options.factor ?? preset, { min: 0, max: 1 });
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  return maskBlending(name, options, elementwiseMask(factor, perChannel));
}

export interface BlendAlphaLinearGradientOptions extends BlendOptions, GradientOptions {}

/** Goes over from the background (left) to the foreground (right). */
export function BlendAlphaHorizontalLinearGradient(given: BlendAlphaLinearGradientOptions = {}): Augmenter {
  const name = "BlendAlphaHorizontalLinearGradient";
  const options = knownOptions(name, given, [...GRADIENT_NAMES, ...BRANCHES]);
  return maskBlending(name, options, gradientMask(options, "x"));
}

/** Goes over from the background (top) to the foreground (bottom). */
export function BlendAlphaVerticalLinearGradient(given: BlendAlphaLinearGradientOptions = {}): Augmenter {
  const name = "BlendAlphaVerticalLinearGradient";
  const options = knownOptions(name, given, [...GRADIENT_NAMES, ...BRANCHES]);
  return maskBlending(name, options, gradientMask(options, "y"));
}

export interface BlendAlphaCheckerboardOptions extends BlendOptions, GridOptions {}
export interface BlendAlphaRegularGridOptions extends BlendAlphaCheckerboardOptions {
  /** How much of the foreground, drawn for each cell; 0 or 1 by default. */
  alpha?: NumberParameter;
}

/** Mixes both branches by the cells of a grid. */
export function BlendAlphaRegularGrid(given: BlendAlphaRegularGridOptions): Augmenter {
  const options = knownOptions("BlendAlphaRegularGrid", given, ["nbRows", "nbCols", "alpha", ...BRANCHES]);
  return maskBlending("BlendAlphaRegularGrid", options, gridMask(options, options.alpha));
}

/** Both branches in turn, as on a checkerboard. */
export function BlendAlphaCheckerboard(given: BlendAlphaCheckerboardOptions): Augmenter {
  const options = knownOptions("BlendAlphaCheckerboard", given, ["nbRows", "nbCols", ...BRANCHES]);
  return maskBlending("BlendAlphaCheckerboard", options, checkerboardMask(options));
}

/** More labels or classes than there are give nothing more. */
const MOST_SAMPLES = 10000;

export interface BlendAlphaSegMapClassIdsOptions extends BlendOptions {
  /** The classes; with `nbSampleClasses` what they are drawn from. */
  classIds: NumberParameter;
  /** Draw so many classes for each picture (some may be the same) instead of taking all. */
  nbSampleClasses?: NumberParameter | null;
}

/** The foreground where segmentation maps have some classes. */
export function BlendAlphaSegMapClassIds(given: BlendAlphaSegMapClassIdsOptions): Augmenter {
  const name = "BlendAlphaSegMapClassIds";
  const options = knownOptions(name, given, ["classIds", "nbSampleClasses", ...BRANCHES]);
  const { classIds, nbSampleClasses = null } = options;
  if (nbSampleClasses === null) {
    const listed: unknown[] = [classIds].flat();
    if (!listed.every(Number.isInteger)) {
      const expected = "a whole number or a list of them where nbSampleClasses is missing";
      throw new VitrineError("InvalidOption", { option: "classIds", expected, received: quote(classIds) });
    }
    const fixed = new Set(listed as number[]);
    return maskBlending(
      name,
      options,
      classMask(() => fixed),
    );
  }
  const count = numberParameter("nbSampleClasses", nbSampleClasses, { min: 0, max: MOST_SAMPLES, integer: true });
  const one = numberParameter("classIds", classIds, { min: 0, integer: true });
  return maskBlending(
    name,
    options,
    classMask((random) => sampled(one, count.sample(random), random)),
  );
}

function sampled<T>(parameter: StochasticParameter<T>, count: number, random: SeededRandom): ReadonlySet<T> {
  return new Set(Array.from({ length: count }, () => parameter.sample(random)));
}

export interface BlendAlphaBoundingBoxesOptions extends BlendOptions {
  /** The boxes' labels; null: all boxes. */
  labels: TextParameter<string> | null;
  /** Draw so many labels for each picture (some may be the same) instead of taking all. */
  nbSampleLabels?: NumberParameter | null;
}

function labelsOption(labels: string | readonly string[]): readonly string[] {
  const listed: readonly unknown[] = [labels].flat();
  if (listed.every((label) => typeof label === "string")) return listed;
  const expected = "a label, a list of labels, or null for all boxes";
  throw new VitrineError("InvalidOption", { option: "labels", expected, received: quote(labels) });
}

/** The foreground within boxes. */
export function BlendAlphaBoundingBoxes(given: BlendAlphaBoundingBoxesOptions): Augmenter {
  const name = "BlendAlphaBoundingBoxes";
  const options = knownOptions(name, given, ["labels", "nbSampleLabels", ...BRANCHES]);
  const { labels, nbSampleLabels = null } = options;
  const count = numberParameter("nbSampleLabels", nbSampleLabels ?? 1, { min: 0, max: MOST_SAMPLES, integer: true });
  if (labels === null)
    return maskBlending(
      name,
      options,
      boxMask(() => null),
    );
  const listed = isParameter<string>(labels) ? null : labelsOption(labels);
  if (nbSampleLabels === null && listed !== null) {
    const fixed = new Set(listed);
    return maskBlending(
      name,
      options,
      boxMask(() => fixed),
    );
  }
  const one = isParameter<string>(labels) ? labels : Choice(listed ?? []);
  return maskBlending(
    name,
    options,
    boxMask((random) => sampled(one, count.sample(random), random)),
  );
}
