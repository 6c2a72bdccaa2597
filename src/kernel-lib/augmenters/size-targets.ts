/** imgaug's module `size`: pictures cut or padded until they fit. */
import { integerOption, numberOption } from "../structures/options.js";
import { type Augmenter, type AugmenterOptions, chance, knownOptions, madeAugmenter } from "./augmenter.js";
import { cropAndPad, NO_SIDES } from "./crop-and-pad.js";
import type { Sides } from "./pad.js";
import { positionParameter, type PositionParameter } from "./position.js";
import { padFill, type PadFillOptions } from "./size.js";

interface Size {
  width: number;
  height: number;
}

/** Null leaves an axis as it is. */
export interface FixedSizeOptions {
  width: number | null;
  height: number | null;
}
export interface MultiplesOptions {
  widthMultiple: number | null;
  heightMultiple: number | null;
}
export interface PowersOptions {
  widthBase: number | null;
  heightBase: number | null;
}
export interface AspectRatioOptions {
  /** Width by height. */
  aspectRatio: number;
}
export interface PositionOptions extends AugmenterOptions {
  /** Which part is kept, or on which side the margin is narrower; "uniform" by default. */
  position?: PositionParameter;
}

/** The size that a picture of a size is to have. */
type Target = (size: Size) => Size;
type Direction = "crop" | "pad";

function fixedTarget({ width, height }: FixedSizeOptions): Target {
  const side = (option: string, value: number | null) => (value === null ? null : integerOption(option, value, 1));
  const [wide, high] = [side("width", width), side("height", height)];
  return (size) => ({ width: wide ?? size.width, height: high ?? size.height });
}

function multiplesTarget({ widthMultiple, heightMultiple }: MultiplesOptions, direction: Direction): Target {
  const axis = (option: string, value: number | null) => {
    if (value === null) return (length: number) => length;
    const multiple = integerOption(option, value, 1);
    return (length: number) =>
      direction === "pad" ? Math.ceil(length / multiple) * multiple : length - (length % multiple);
  };
  const [across, down] = [axis("widthMultiple", widthMultiple), axis("heightMultiple", heightMultiple)];
  return ({ width, height }) => ({ width: across(width), height: down(height) });
}

function powersTarget({ widthBase, heightBase }: PowersOptions, direction: Direction): Target {
  const axis = (option: string, value: number | null) => {
    if (value === null) return (length: number) => length;
    const base = integerOption(option, value, 2);
    return (length: number) => powerNear(length, base, direction);
  };
  const [across, down] = [axis("widthBase", widthBase), axis("heightBase", heightBase)];
  return ({ width, height }) => ({ width: across(width), height: down(height) });
}

/** The next power from the first on; what is smaller than the base is padded to it, and never cut. */
function powerNear(length: number, base: number, direction: Direction): number {
  if (direction === "crop" && length < base) return length;
  let power = base;
  while (power * base <= length) power *= base;
  return direction === "crop" || power >= length ? power : power * base;
}

function aspectTarget({ aspectRatio }: AspectRatioOptions, direction: Direction): Target {
  const ratio = numberOption("aspectRatio", aspectRatio, Number.MIN_VALUE);
  // imgaug gives half of what is missing to each side and rounds one half down and one up.
  const round = (amount: number) => Math.floor(amount / 2) + Math.ceil(amount / 2);
  return ({ width, height }) => {
    const isNarrow = width / height < ratio;
    if (width / height === ratio) return { width, height };
    if (direction === "pad") {
      return isNarrow
        ? { width: width + round(ratio * height - width), height }
        : { width, height: height + round(width / ratio - height) };
    }
    return isNarrow
      ? { width, height: height - round(Math.min(height - width / ratio, height - 1)) }
      : { width: width - round(Math.min(width - height * ratio, width - 1)), height };
  };
}

function cropping<T extends PositionOptions>(
  name: string,
  options: T,
  names: readonly string[],
  targetOf: (options: T, direction: Direction) => Target,
): Augmenter {
  knownOptions(name, options, [...names, "position"]);
  const target = targetOf(options, "crop");
  const [x, y] = positionParameter(options.position ?? "uniform");
  return madeAugmenter(name, options, (subject, known) => {
    const random = known ?? chance();
    const shares: [number, number] = [1 - x.sample(random), 1 - y.sample(random)];
    const excess = sizeDifference(subject.image, target(subject.image));
    const crop = parted(excess, shares);
    return cropAndPad(subject, { crop, pad: NO_SIDES, padMode: "constant", padCval: 0, keepSize: false });
  });
}

function padding<T extends PositionOptions & PadFillOptions>(
  name: string,
  options: T,
  names: readonly string[],
  targetOf: (options: T, direction: Direction) => Target,
): Augmenter {
  knownOptions(name, options, [...names, "position", "padMode", "padCval"]);
  const target = targetOf(options, "pad");
  const [x, y] = positionParameter(options.position ?? "uniform");
  const fill = padFill(options);
  return madeAugmenter(name, options, (subject, known) => {
    const random = known ?? chance();
    const shares: [number, number] = [1 - x.sample(random), 1 - y.sample(random)];
    const pad = parted(sizeDifference(target(subject.image), subject.image), shares);
    return cropAndPad(subject, { crop: NO_SIDES, pad, ...fill(random), keepSize: false });
  });
}

const sizeDifference = (a: Size, b: Size): Size => ({
  width: Math.max(a.width - b.width, 0),
  height: Math.max(a.height - b.height, 0),
});

function parted({ width, height }: Size, [x, y]: [number, number]): Sides {
  const [left, top] = [Math.trunc(x * width), Math.trunc(y * height)];
  return [top, width - left, height - top, left];
}

const FIXED = ["width", "height"];
const MULTIPLES = ["widthMultiple", "heightMultiple"];
const POWERS = ["widthBase", "heightBase"];
const ASPECT = ["aspectRatio"];
const PAD = ["padMode", "padCval"];

/** What has no position of its own takes none. */
function centered<T extends object>(name: string, options: T, names: readonly string[]): T & { position: "center" } {
  return { name, ...knownOptions(name, options, names), position: "center" };
}

/** Cuts pictures to at most this size. */
export function CropToFixedSize(options: FixedSizeOptions & PositionOptions): Augmenter {
  return cropping("CropToFixedSize", options, FIXED, fixedTarget);
}
/** Pads pictures to at least this size. */
export function PadToFixedSize(options: FixedSizeOptions & PositionOptions & PadFillOptions): Augmenter {
  return padding("PadToFixedSize", options, FIXED, fixedTarget);
}
/** Cuts pictures until width and height are multiples. */
export function CropToMultiplesOf(options: MultiplesOptions & PositionOptions): Augmenter {
  return cropping("CropToMultiplesOf", options, MULTIPLES, multiplesTarget);
}
/** Pads pictures until width and height are multiples. */
export function PadToMultiplesOf(options: MultiplesOptions & PositionOptions & PadFillOptions): Augmenter {
  return padding("PadToMultiplesOf", options, MULTIPLES, multiplesTarget);
}
/** Cuts pictures until width and height are powers (from the first on). */
export function CropToPowersOf(options: PowersOptions & PositionOptions): Augmenter {
  return cropping("CropToPowersOf", options, POWERS, powersTarget);
}
/** Pads pictures until width and height are powers (from the first on). */
export function PadToPowersOf(options: PowersOptions & PositionOptions & PadFillOptions): Augmenter {
  return padding("PadToPowersOf", options, POWERS, powersTarget);
}
/** Cuts pictures until width by height is the ratio. */
export function CropToAspectRatio(options: AspectRatioOptions & PositionOptions): Augmenter {
  return cropping("CropToAspectRatio", options, ASPECT, aspectTarget);
}
/** Pads pictures until width by height is the ratio. */
export function PadToAspectRatio(options: AspectRatioOptions & PositionOptions & PadFillOptions): Augmenter {
  return padding("PadToAspectRatio", options, ASPECT, aspectTarget);
}
/** Cuts pictures until they are as wide as high. */
export function CropToSquare(options: PositionOptions = {}): Augmenter {
  return cropping("CropToSquare", options, [], (_, direction) => aspectTarget({ aspectRatio: 1 }, direction));
}
/** Pads pictures until they are as wide as high. */
export function PadToSquare(options: PositionOptions & PadFillOptions = {}): Augmenter {
  return padding("PadToSquare", options, [], (_, direction) => aspectTarget({ aspectRatio: 1 }, direction));
}

export function CenterCropToFixedSize(options: FixedSizeOptions & AugmenterOptions): Augmenter {
  return CropToFixedSize(centered("CenterCropToFixedSize", options, FIXED));
}
export function CenterPadToFixedSize(options: FixedSizeOptions & AugmenterOptions & PadFillOptions): Augmenter {
  return PadToFixedSize(centered("CenterPadToFixedSize", options, [...FIXED, ...PAD]));
}
export function CenterCropToMultiplesOf(options: MultiplesOptions & AugmenterOptions): Augmenter {
  return CropToMultiplesOf(centered("CenterCropToMultiplesOf", options, MULTIPLES));
}
export function CenterPadToMultiplesOf(options: MultiplesOptions & AugmenterOptions & PadFillOptions): Augmenter {
  return PadToMultiplesOf(centered("CenterPadToMultiplesOf", options, [...MULTIPLES, ...PAD]));
}
export function CenterCropToPowersOf(options: PowersOptions & AugmenterOptions): Augmenter {
  return CropToPowersOf(centered("CenterCropToPowersOf", options, POWERS));
}
export function CenterPadToPowersOf(options: PowersOptions & AugmenterOptions & PadFillOptions): Augmenter {
  return PadToPowersOf(centered("CenterPadToPowersOf", options, [...POWERS, ...PAD]));
}
export function CenterCropToAspectRatio(options: AspectRatioOptions & AugmenterOptions): Augmenter {
  return CropToAspectRatio(centered("CenterCropToAspectRatio", options, ASPECT));
}
export function CenterPadToAspectRatio(options: AspectRatioOptions & AugmenterOptions & PadFillOptions): Augmenter {
  return PadToAspectRatio(centered("CenterPadToAspectRatio", options, [...ASPECT, ...PAD]));
}
export function CenterCropToSquare(options: AugmenterOptions = {}): Augmenter {
  return CropToSquare(centered("CenterCropToSquare", options, []));
}
export function CenterPadToSquare(options: AugmenterOptions & PadFillOptions = {}): Augmenter {
  return PadToSquare(centered("CenterPadToSquare", options, PAD));
}
