/** Augmenters by imgaug's signatures: each with a value for what imgaug has no default for, made of options alone. */
import { readFileSync } from "node:fs";
import * as augmenters from "../../src/kernel-lib/augmenters/index.js";
import type { Augmenter, Subject } from "../../src/kernel-lib/augmenters/index.js";

/** As make_signatures.py writes it. */
export type Written =
  | number
  | string
  | boolean
  | { required: true }
  | { none: true }
  | { infinite: boolean }
  | { range: Written[] }
  | { list: Written[] };
export type Signature = Readonly<Record<string, Written>>;

interface Fixture {
  version: string;
  augmenters: Record<string, Signature | null>;
  parameters: Record<string, Signature>;
}

const path = new URL("../fixtures/augmenters/signatures.json", import.meta.url);
export const fixture = JSON.parse(readFileSync(path, "utf8")) as Fixture;

const { Choice } = augmenters.parameters;
const { Add, Crop, Fliplr, Invert } = augmenters;

/** What imgaug has no default for, so that something is seen. */
const REQUIRED: Record<string, unknown> = {
  mask: 0.4,
  replacement: 99,
  labels: null,
  nbRows: 3,
  nbCols: 4,
  maskGenerator: ({ image }: Subject) => new Float32Array(image.width * image.height).fill(0.3),
  classIds: 1,
  toColorspace: "HSV",
  destination: "out",
  interval: 1000,
  shape: [null, 18, 24, 3],
  children: [Add([-50, 50])],
  fraction: 0.5,
  pointsSampler: () => [
    [3, 3],
    [15, 9],
  ],
  aspectRatio: 2,
  width: 11,
  height: 13,
  widthMultiple: 7,
  heightMultiple: 5,
  widthBase: 2,
  heightBase: 3,
  size: { width: 31, height: 17 },
  intensityMean: 220,
  intensityFreqExponent: -2,
  intensityCoarseScale: 5,
  alphaMin: 0,
  alphaMultiplier: 0.9,
  alphaSizePxMax: 8,
  alphaFreqExponent: -2,
  sparsity: 0.9,
  densityMultiplier: 1,
  density: 0.1,
  densityUniformity: 0.6,
  dropSize: 0.05,
  dropSizeUniformity: 0.3,
  flakeSize: 0.5,
  flakeSizeUniformity: 0.6,
  angle: 20,
  speed: 0.05,
  blurSigmaFraction: 0.001,
};

/** Without these, nothing would be seen of some parameters. */
const SHOWN: Record<string, object> = {
  "arithmetic.CoarseDropout": { p: 0.5, sizePx: 6 },
  "arithmetic.CoarsePepper": { p: 0.5, sizePx: 6 },
  "arithmetic.CoarseSalt": { p: 0.5, sizePx: 6 },
  "arithmetic.CoarseSaltAndPepper": { p: 0.5, sizePx: 6 },
  "arithmetic.ContrastNormalization": { alpha: [0.3, 2] },
  "arithmetic.Dropout": { p: 0.3 },
  "arithmetic.Dropout2d": { p: 0.5 },
  "arithmetic.ImpulseNoise": {},
  "arithmetic.Invert": { p: 0.5 },
  "arithmetic.Pepper": { p: 0.3 },
  "arithmetic.Salt": { p: 0.3 },
  "arithmetic.SaltAndPepper": { p: 0.3 },
  "blend.Alpha": { factor: [0, 1] },
  "blend.AlphaElementwise": { factor: [0, 1] },
  "convolutional.Convolve": { matrix: [[0.4, 0.6]] },
  "geometric.Affine": { rotate: [-40, 40] },
  "geometric.AffineCv2": { rotate: [-40, 40] },
  "geometric.ElasticTransformation": { alpha: 60 },
  "geometric.PerspectiveTransform": { scale: 0.1 },
  "geometric.PiecewiseAffine": { scale: 0.06 },
  "geometric.Rot90": { k: [0, 3] },
  "meta.ChannelShuffle": {},
  "meta.SomeOf": { children: [Add([-50, 50]), Fliplr(0.5), Invert(1)] },
  "meta.Sequential": { children: [Add([-50, 50]), Fliplr(0.5), Invert(0.5)] },
  "pillike.Affine": { rotate: [-40, 40] },
  "size.Crop": { px: [0, 5] },
  "size.CropAndPad": { px: [-5, 5] },
  "size.KeepSizeByResize": { children: [Crop({ px: 3, keepSize: false })] },
  "size.Pad": { px: [0, 5] },
  "size.PadToFixedSize": { width: 40, height: 30 },
  "size.CenterPadToFixedSize": { width: 40, height: 30 },
};

/** Children by imgaug's default, none, show nothing. */
const FOREGROUND: Record<string, unknown> = {
  foreground: Invert(1),
  first: Invert(1),
  thenList: Invert(1),
  children: Add([-50, 50]),
};

type Factory = (...args: unknown[]) => Augmenter;

/** Parameters that stand by themselves before the options. */
const POSITIONAL: Record<string, readonly string[]> = {
  "arithmetic.ReplaceElementwise": ["mask", "replacement"],
  "convolutional.Convolve": ["matrix"],
  "geometric.WithPolarWarping": ["children"],
  "meta.AssertShape": ["shape"],
  "meta.OneOf": ["children"],
  "meta.RemoveCBAsByOutOfImageFraction": ["fraction"],
  "meta.Sequential": ["children"],
  "meta.SomeOf": ["n", "children"],
  "meta.Sometimes": ["p", "thenList", "elseList"],
  "meta.WithChannels": ["channels", "children"],
  "size.KeepSizeByResize": ["children"],
};

export function made(name: string, options: Readonly<Record<string, unknown>>): Augmenter {
  const [module = "", member = ""] = name.split(".");
  const factory = (augmenters as unknown as Record<string, Record<string, Factory>>)[module]?.[member];
  if (!factory) throw new Error(`no ${name}`);
  const before = POSITIONAL[name] ?? [];
  const rest = Object.fromEntries(Object.entries(options).filter(([key]) => !before.includes(key)));
  return factory(...before.map((key) => options[key]), rest);
}

export const has = (written: Written, kind: string) => typeof written === "object" && kind in written;

/** imgaug's value in TypeScript. */
export function value(written: Written): unknown {
  if (typeof written !== "object") return written;
  if ("range" in written) return written.range.map(value);
  if ("list" in written) return Choice(written.list.map(value) as number[]);
  if ("infinite" in written) return written.infinite ? Infinity : -Infinity;
  return undefined;
}

export function base(name: string, signature: Signature): Record<string, unknown> {
  const required = Object.entries(signature).flatMap(([key, written]) =>
    has(written, "required")
      ? [[key, REQUIRED[key]]]
      : has(written, "none") && key in FOREGROUND
        ? [[key, FOREGROUND[key]]]
        : [],
  );
  return { ...(Object.fromEntries(required) as object), ...SHOWN[name] };
}

/** Aliases, `null` in the fixture, take what the others take. */
export const listed: readonly (readonly [name: string, signature: Signature])[] = Object.entries(
  fixture.augmenters,
).flatMap(([name, signature]) => (signature ? [[name, signature] as const] : []));
