/** imgaug's module `geometric`: `Affine` in one respect only. */
import { knownOptions, type Augmenter, type AugmenterOptions, withoutNull } from "./augmenter.js";
import { Affine, type AffineOptions } from "./geometric.js";
import { isParameter, type NumberParameter } from "./parameters.js";

/** What of `Affine` goes with each of these. */
export interface BorderOptions extends AugmenterOptions, Pick<AffineOptions, "order" | "cval" | "mode" | "fitOutput"> {}

export interface ScaleAxisOptions extends BorderOptions {
  /** 1 is the old size; [0.5, 1.5] by default. */
  scale?: NumberParameter;
}

export interface TranslateAxisOptions extends BorderOptions {
  /** As a share of width or height; either this ([-0.25, 0.25] by default) or `px`. */
  percent?: NumberParameter;
  /** Whole pixels. */
  px?: NumberParameter;
}

export interface RotateOptions extends BorderOptions {
  /** Degrees, clockwise; [-30, 30] by default. */
  rotate?: NumberParameter;
}

export interface ShearAxisOptions extends BorderOptions {
  /** Degrees; [-30, 30] by default. */
  shear?: NumberParameter;
}

/** Makes pictures wider or narrower. */
export function ScaleX(given: NumberParameter | ScaleAxisOptions = {}): Augmenter {
  const { scale = [0.5, 1.5], ...rest } = named<ScaleAxisOptions>("ScaleX", "scale", given, ["scale"]);
  return Affine({ name: "ScaleX", ...rest, scale: { x: scale } });
}

/** Makes pictures higher or lower. */
export function ScaleY(given: NumberParameter | ScaleAxisOptions = {}): Augmenter {
  const { scale = [0.5, 1.5], ...rest } = named<ScaleAxisOptions>("ScaleY", "scale", given, ["scale"]);
  return Affine({ name: "ScaleY", ...rest, scale: { y: scale } });
}

/** Moves pictures to the right. */
export function TranslateX(given: NumberParameter | TranslateAxisOptions = {}): Augmenter {
  return translated("TranslateX", "x", given);
}

/** Moves pictures down. */
export function TranslateY(given: NumberParameter | TranslateAxisOptions = {}): Augmenter {
  return translated("TranslateY", "y", given);
}

function translated(name: string, axis: "x" | "y", given: NumberParameter | TranslateAxisOptions): Augmenter {
  const options = named<TranslateAxisOptions>(name, "percent", given, ["percent", "px"]);
  const { percent, px, ...rest } = withoutNull(options, ["percent", "px"]);
  const byShare = percent ?? (px === undefined ? [-0.25, 0.25] : undefined);
  return Affine({
    name,
    ...rest,
    ...(byShare !== undefined && { translatePercent: { [axis]: byShare } }),
    ...(px !== undefined && { translatePx: { [axis]: px } }),
  });
}

/** Turns pictures about their centre. */
export function Rotate(given: NumberParameter | RotateOptions = {}): Augmenter {
  const { rotate = [-30, 30], ...rest } = named<RotateOptions>("Rotate", "rotate", given, ["rotate"]);
  return Affine({ name: "Rotate", ...rest, rotate });
}

/** Shears pictures along x. */
export function ShearX(given: NumberParameter | ShearAxisOptions = {}): Augmenter {
  const { shear = [-30, 30], ...rest } = named<ShearAxisOptions>("ShearX", "shear", given, ["shear"]);
  return Affine({ name: "ShearX", ...rest, shear: { x: shear } });
}

/** Shears pictures along y. */
export function ShearY(given: NumberParameter | ShearAxisOptions = {}): Augmenter {
  const { shear = [-30, 30], ...rest } = named<ShearAxisOptions>("ShearY", "shear", given, ["shear"]);
  return Affine({ name: "ShearY", ...rest, shear: { y: shear } });
}

function named<T extends BorderOptions>(
  augmenter: string,
  first: keyof T & string,
  given: NumberParameter | T,
  names: readonly string[],
): T {
  if (typeof given === "number" || Array.isArray(given) || isParameter(given)) {
    return { [first]: given } as unknown as T;
  }
  return knownOptions(augmenter, given as T, [...names, "order", "cval", "mode", "fitOutput"]);
}
