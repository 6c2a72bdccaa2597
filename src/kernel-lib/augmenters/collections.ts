/** imgaug's module `collections`: `RandAugment` (E. Cubuk and others, 2019). */
import { Cutout } from "./arithmetic-cutout.js";
import { Invert } from "./arithmetic-inversion.js";
import { firstOption } from "./arithmetic-values.js";
import { remade, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { Fliplr } from "./flip.js";
import { Identity, Sequential, SomeOf } from "./meta.js";
import { Add, Clip, Discretize, Divide, Multiply, RandomSign, Subtract } from "./parameter-arithmetic.js";
import {
  numberParameter,
  Uniform,
  type LevelParameter,
  type NumberParameter,
  type StochasticParameter,
} from "./parameters.js";
import {
  Affine,
  Autocontrast,
  EnhanceBrightness,
  EnhanceColor,
  EnhanceContrast,
  EnhanceSharpness,
  Equalize,
  FilterBlur,
  FilterSmooth,
  Posterize,
  Solarize,
  type PillikeAffineOptions,
} from "./pillike.js";
import { Crop } from "./size.js";
import { KeepSizeByResize } from "./size-resize.js";

export interface RandAugmentOptions extends AugmenterOptions {
  /** How many of the changes; 2 by default. */
  n?: NumberParameter;
  /** How strong, 0 to 30; [6, 12] by default. */
  m?: NumberParameter;
  /** The level of new pixels, 0 to 255; 128 by default. */
  cval?: LevelParameter;
}

const STRONGEST = 30;

/** Flips and crops a little, and then applies `n` of eighteen changes with the strength `m`. */
export function RandAugment(given: NumberParameter | RandAugmentOptions = {}): Augmenter {
  const options = firstOption<RandAugmentOptions>("RandAugment", "n", given, ["n", "m", "cval"]);
  const { n = 2, m = [6, 12], cval = 128, seed, name } = options;
  const strength = numberParameter("m", m, { min: 0, integer: true });
  const first = [
    Fliplr(0.5),
    KeepSizeByResize(Crop({ percent: Divide(Uniform(0, strength), 224, true), keepSize: false }), {
      interpolation: "linear",
    }),
  ];
  const rest = SomeOf(n, changes(strength, cval), { randomOrder: true });
  const all = Sequential([...first, rest], { name: name ?? "RandAugment", ...(seed !== undefined && { seed }) });
  return remade(all, "RandAugment", options);
}

function changes(strength: StochasticParameter, cval: LevelParameter): Augmenter[] {
  const upTo = (most: number) => Multiply(strength, most / STRONGEST, true);
  const whole = (most: number) => Discretize(upTo(most), false);
  const factor = () => Clip(Add(1, RandomSign(upTo(0.9)), true), 0.1, 1.9);
  const affine = (options: PillikeAffineOptions) => Affine({ fillcolor: cval, center: "left-top", ...options });
  const shear = () => RandomSign(upTo((0.3 * 180) / Math.PI));
  const way = () => RandomSign(upTo(0.33));
  return [
    Identity(),
    Autocontrast(0),
    Equalize(),
    Invert(1),
    affine({ rotate: RandomSign(upTo(30)), center: "center" }),
    Posterize(Subtract(8, Clip(whole(6), 0, 6), true)),
    Solarize({ threshold: Clip(Subtract(256, whole(256), true), 0, 255) }),
    EnhanceColor(factor()),
    EnhanceContrast(factor()),
    EnhanceBrightness(factor()),
    EnhanceSharpness(factor()),
    affine({ shear: { x: shear() } }),
    affine({ shear: { y: shear() } }),
    affine({ translatePercent: { x: way() } }),
    affine({ translatePercent: { y: way() } }),
    Cutout({ size: Clip(upTo(20 / 32), 0, 20 / 32), squared: true, cval }),
    FilterBlur(),
    FilterSmooth(),
  ];
}
