/** Whether augmenters have imgaug's parameters, in camelCase, and its defaults: a default given by hand changes nothing. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as augmenters from "../../src/kernel-lib/augmenters/index.js";
import type { Augmenter, Subject } from "../../src/kernel-lib/augmenters/index.js";
import { SeededRandom } from "../../src/kernel-lib/structures/random.js";
import { picture } from "../unit/augmenters/picture.js";

/** As make_signatures.py writes it. */
type Written =
  | number
  | string
  | boolean
  | { required: true }
  | { none: true }
  | { infinite: boolean }
  | { range: Written[] }
  | { list: Written[] };
type Signature = Readonly<Record<string, Written>>;

interface Fixture {
  version: string;
  augmenters: Record<string, Signature | null>;
  parameters: Record<string, Signature>;
}

const path = new URL("../fixtures/augmenters/signatures.json", import.meta.url);
const fixture = JSON.parse(readFileSync(path, "utf8")) as Fixture;

const p = augmenters.parameters;
const { Choice } = p;
const [UNIFORM, NORMAL] = [p.Uniform(0, 2), p.Normal(0, 3)];
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

/** How imgaug works inside, and what nobody needs to choose here. */
const NOT_HERE: Record<string, string> = {
  backend: "pictures move by OpenCV's rules, which imgaug takes too where it can",
  polygonRecoverer: "imgaug repairs polygons whose sides cross; here they stay as their points were moved",
};
/** imgaug's defaults in other words: OpenCV's numbers are its names here. */
const IN_WORDS: Record<string, unknown> = {
  "geometric.AffineCv2 order": "linear",
  "geometric.AffineCv2 mode": "constant",
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

function made(name: string, options: Readonly<Record<string, unknown>>): Augmenter {
  const [module = "", member = ""] = name.split(".");
  const factory = (augmenters as unknown as Record<string, Record<string, Factory>>)[module]?.[member];
  if (!factory) throw new Error(`no ${name}`);
  const before = POSITIONAL[name] ?? [];
  const rest = Object.fromEntries(Object.entries(options).filter(([key]) => !before.includes(key)));
  return factory(...before.map((key) => options[key]), rest);
}

const has = (written: Written, kind: string) => typeof written === "object" && kind in written;

/** imgaug's value in TypeScript. */
function value(written: Written): unknown {
  if (typeof written !== "object") return written;
  if ("range" in written) return written.range.map(value);
  if ("list" in written) return Choice(written.list.map(value) as number[]);
  if ("infinite" in written) return written.infinite ? Infinity : -Infinity;
  return undefined;
}

function base(name: string, signature: Signature): Record<string, unknown> {
  const required = Object.entries(signature).flatMap(([key, written]) =>
    has(written, "required")
      ? [[key, REQUIRED[key]]]
      : has(written, "none") && key in FOREGROUND
        ? [[key, FOREGROUND[key]]]
        : [],
  );
  return { ...(Object.fromEntries(required) as object), ...SHOWN[name] };
}

const subject: Subject = {
  image: picture(24, 18, 3, "shapes"),
  boxes: [{ x1: 3, y1: 2, x2: 20, y2: 13, label: "cup" }],
  heatmaps: [{ width: 24, height: 18, channels: 1, data: Float32Array.from({ length: 432 }, (_, i) => (i % 7) / 6) }],
  segmentationMaps: [{ width: 24, height: 18, channels: 1, data: Int32Array.from({ length: 432 }, (_, i) => i % 3) }],
};
const outcomes = (augmenter: Augmenter) => [1, 2, 3].map((seed) => augmenter.augment(subject, { seed }));

const without = (options: object, key: string) =>
  Object.fromEntries(Object.entries(options).filter(([own]) => own !== key));

/** Says what is wrong with a parameter, if anything is. */
function difference(name: string, options: Record<string, unknown>, key: string, written: Written): string | undefined {
  if (has(written, "required") || has(written, "none")) {
    // What it takes is another test's question: that it is known, is this one's.
    const found = messageOf(() => made(name, { ...options, [key]: { strange: true } }));
    return found?.startsWith("Expected only ") ? found : undefined;
  }
  const given = outcomes(made(name, { ...options, [key]: IN_WORDS[`${name} ${key}`] ?? value(written) }));
  const left = outcomes(made(name, without(options, key)));
  return JSON.stringify(given) === JSON.stringify(left) ? undefined : `another default than ${JSON.stringify(written)}`;
}

function messageOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Aliases, `null` in the fixture, take what the others take. */
const listed = Object.entries(fixture.augmenters).flatMap(([name, signature]) =>
  signature ? [[name, signature] as const] : [],
);

test("the fixture is of the version that the titles name", () => {
  expect(fixture.version).toBe("0.4.0");
  expect(listed.length).toBeGreaterThan(190);
});

test.each(listed)("%s has imgaug 0.4.0's parameters and their defaults", (name, signature) => {
  const options = base(name, signature);
  const asked = Object.entries(signature).filter(([key]) => !(key in NOT_HERE));
  const wrong = asked.flatMap(([key, written]) => {
    const found = messageOf(() => {
      const different = difference(name, options, key, written);
      if (different !== undefined) throw new Error(different);
    });
    return found === undefined ? [] : [`${key}: ${found}`];
  });
  expect(wrong).toEqual([]);
});

const ranged = listed.flatMap(([name, signature]) =>
  Object.entries(signature).flatMap(([key, written]) => {
    const range = value(written);
    const isRange = has(written, "range") && Array.isArray(range) && range.every((end) => typeof end === "number");
    // A place is no range.
    return isRange && range[0] !== range[1] ? [[name, key, range] as const] : [];
  }),
);

test.each(ranged)(
  "%s says what is wrong with an inverted range for %s, and with what is no number",
  (name, key, range) => {
    const options = base(name, fixture.augmenters[name] ?? {});
    for (const bad of [[...range].reverse(), NaN, "much", {}, [], [0, Infinity, "much"]]) {
      const say = () => outcomes(made(name, { ...options, [key]: bad }));
      expect(messageOf(say), JSON.stringify(bad)).toMatch(/^Expected .+ for .+ but received .+/s);
    }
  },
);

/** Stochastic parameters by imgaug's parameters: how each is made of them here. */
const MADE: Record<string, (given: Record<string, never>) => augmenters.parameters.StochasticParameter> = {
  Beta: ({ epsilon }) => p.Beta(0.00001, 2, epsilon),
  Choice: (options) =>
    p.Choice(
      Array.from({ length: 99 }, (_, i) => i),
      options,
    ),
  TruncatedNormal: ({ low, high }) => p.TruncatedNormal(0, 9, low, high),
  Add: ({ elementwise }) => p.Add(UNIFORM, NORMAL, elementwise),
  Subtract: ({ elementwise }) => p.Subtract(UNIFORM, NORMAL, elementwise),
  Multiply: ({ elementwise }) => p.Multiply(UNIFORM, NORMAL, elementwise),
  Divide: ({ elementwise }) => p.Divide(UNIFORM, NORMAL, elementwise),
  Power: ({ elementwise }) => p.Power(UNIFORM, p.Uniform(1, 3), elementwise),
  Discretize: ({ round }) => p.Discretize(NORMAL, round),
  RandomSign: ({ pPositive }) => p.RandomSign(NORMAL, pPositive),
  ForceSign: (options) => p.ForceSign(NORMAL, true, options),
  Positive: (options) => p.Positive(NORMAL, options),
  Negative: (options) => p.Negative(NORMAL, options),
  Sigmoid: (options) => p.Sigmoid(NORMAL, options),
  FromLowerResolution: (options) => p.FromLowerResolution(NORMAL, { sizePx: 3, ...(options as object) }),
  FrequencyNoise: (options) => p.FrequencyNoise(options),
  SimplexNoise: (options) => p.SimplexNoise(options),
  IterativeNoiseAggregator: (options) => p.IterativeNoiseAggregator(NORMAL, options),
};

const withDefaults = Object.entries(fixture.parameters).flatMap(([name, signature]) =>
  Object.entries(signature)
    .filter(([, written]) => !has(written, "required") && !has(written, "none"))
    .map(([key, written]) => [name, key, written] as const),
);

test.each(withDefaults)("parameters.%s has imgaug 0.4.0's %s", (name, key, written) => {
  const make = MADE[name];
  if (!make) throw new Error(`no ${name}`);
  const drawn = (given: object) =>
    ["a", "b", "c", "d"].map((seed) =>
      p.drawField(make(given as Record<string, never>), new SeededRandom(seed), { height: 9, width: 7, channels: 1 }),
    );
  expect(drawn({ [key]: value(written) })).toEqual(drawn({}));
});
