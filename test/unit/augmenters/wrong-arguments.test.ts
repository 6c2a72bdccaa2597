/** What is no option and no picture at all is refused by name, in the one sentence form; no argument makes anything crash or hang. */
import { runInThisContext } from "node:vm";
import { expect, test } from "vitest";
import * as augmenters from "../../../src/kernel-lib/augmenters/index.js";
import type { Augmenter, Subject } from "../../../src/kernel-lib/augmenters/index.js";
import { isVitrineError } from "../../../src/kernel-lib/structures/errors.js";
import type { ImageData8 } from "../../../src/kernel-lib/structures/image.js";
import { SeededRandom } from "../../../src/kernel-lib/structures/random.js";
import { base, listed, made } from "../../parity/augmenter-signatures.js";
import { picture } from "./picture.js";

const { parameters: p } = augmenters;

/** What a notebook hands over that is of no type at all. */
const untyped = (value: unknown) => value as never;

/** What no option takes. */
const SENSELESS: Record<string, unknown> = {
  NaN,
  Infinity,
  "a word": "strange",
  "a symbol": Symbol("strange"),
  "a big number": 1n,
  "an object": { strange: 1 },
  "a list of objects": [{}],
  "a list with nothing in it": [null, NaN],
  "a function": () => 0,
  "a choice of words": p.Choice(["strange"]),
  "a parameter that draws nothing": { sample: () => NaN },
  "no parameter": { sample: 3 },
};
/** What some options take, and others refuse. */
const EXTREME: Record<string, unknown> = {
  "-1": -1,
  "1e9": 1e9,
  "1e300": 1e300,
  "[]": [],
  "{}": {},
  null: null,
  true: true,
  "up to 2e9": [1e9, 2e9],
};

/** Where a word, or what draws it, makes sense. */
const ACCEPTED: Record<string, readonly string[]> = {
  "blend.BlendAlphaBoundingBoxes labels": ["a word", "a choice of words", "a parameter that draws nothing"],
  // Never asked, where there is nothing that it is about.
  "arithmetic.Invert invertAboveThreshold": ["a parameter that draws nothing"],
  "blend.BlendAlphaBoundingBoxes nbSampleLabels": ["a parameter that draws nothing"],
  "collections.RandAugment cval": ["a parameter that draws nothing"],
  "color.AddToHueAndSaturation perChannel": ["a parameter that draws nothing"],
  "color.MultiplyHueAndSaturation perChannel": ["a parameter that draws nothing"],
  "geometric.PiecewiseAffine cval": ["a parameter that draws nothing"],
  "geometric.PiecewiseAffine mode": ["a choice of words", "a parameter that draws nothing"],
  "weather.RainLayer dropSizeUniformity": ["a parameter that draws nothing"],
};

const image = picture(9, 7);
const size = { width: 9, height: 7, channels: 1 };
const points = [
  { x: 1, y: 1 },
  { x: 5, y: 2 },
  { x: 3, y: 6 },
];
const subject: Subject = {
  image,
  boxes: [{ x1: 1, y1: 1, x2: 5, y2: 4, label: "cup" }],
  keypoints: points,
  polygons: [{ points }],
  lineStrings: [{ points }],
  heatmaps: [{ ...size, data: new Float32Array(63) }],
  segmentationMaps: [{ ...size, data: new Int32Array(63) }],
};

/** A loop without an end would otherwise end only with the test run. */
const MOST_MS = 60_000;

/** "works", "says" in the one sentence form what is wrong, or what came instead. */
function outcome(action: () => unknown): string {
  const place = globalThis as { attempted?: () => unknown };
  place.attempted = action;
  try {
    runInThisContext("attempted()", { timeout: MOST_MS });
    return "works";
  } catch (error) {
    const isSaid = isVitrineError(error, "InvalidOption") && /^Expected .+ for .+ but received .+/s.test(error.message);
    return isSaid ? "says" : String(error);
  } finally {
    delete place.attempted;
  }
}

const OWN = new Set(["backend", "polygonRecoverer"]);
const optionsOf = listed
  .filter(([name]) => !name.startsWith("debug."))
  .map(
    ([name, signature]) =>
      [
        name,
        base(name, signature),
        [...Object.keys(signature), "seed", "name"].filter((key) => !OWN.has(key)),
      ] as const,
  );

test("every augmenter of imgaug's is asked", () => {
  expect(optionsOf.length).toBeGreaterThan(190);
  expect(outcome(() => undefined)).toBe("works");
  expect(outcome(() => (undefined as unknown as string).length)).toMatch(/TypeError/);
});

test.each(optionsOf)("%s refuses what makes no sense, whichever option it is given for", (name, options, keys) => {
  const wrong = keys.flatMap((key) =>
    Object.entries(SENSELESS).flatMap(([what, value]) => {
      const isWord = what === "a word" && (key === "seed" || key === "name");
      if (isWord || ACCEPTED[`${name} ${key}`]?.includes(what)) return [];
      const found = outcome(() => {
        const augmenter = made(name, { ...options, [key]: value });
        // What is drawn may come to nothing at first.
        for (let seed = 0; seed < 4; seed++) augmenter.augment(subject, { seed });
      });
      return found === "says" ? [] : [`${key} ${what}: ${found}`];
    }),
  );
  expect(wrong).toEqual([]);
});

test.each(optionsOf)(
  "%s takes or refuses what is far too much or nothing, but neither crashes nor hangs",
  (...each) => {
    const [name, options, keys] = each;
    const wrong = keys.flatMap((key) =>
      Object.entries(EXTREME).flatMap(([what, value]) => {
        const found = outcome(() => made(name, { ...options, [key]: value }).augment(subject, { seed: 3 }));
        return found === "says" || found === "works" ? [] : [`${key} ${what}: ${found}`];
      }),
    );
    expect(wrong).toEqual([]);
  },
);

type MakeParameter = (...given: unknown[]) => augmenters.parameters.StochasticParameter;
const makers = p as unknown as Record<string, MakeParameter>;
const even = p.Uniform(0, 1);
/** What each is made of, where that makes sense; an object is its options. */
const ARGUMENTS: Record<string, readonly unknown[]> = {
  Absolute: [even],
  Add: [even, 2, false],
  Beta: [1, 1, 0.1],
  Binomial: [0.5],
  ChiSquare: [3],
  Choice: [[1, 2], { p: [0.5, 0.5], replace: true }],
  Clip: [even, 0, 1],
  DeterministicList: [[1, 2]],
  DiscreteUniform: [1, 5],
  Discretize: [even, true],
  Divide: [even, 2, false],
  ForceSign: [even, true, { mode: "reroll", rerollCountMax: 2 }],
  FrequencyNoise: [{ exponent: 1, sizePxMax: 4, upscaleMethod: "linear" }],
  FromLowerResolution: [even, { sizePx: 2, method: "linear", minSize: 1 }],
  IterativeNoiseAggregator: [even, { iterations: 2, aggregationMethod: "avg" }],
  Laplace: [0, 1],
  Multiply: [even, 2, false],
  Negative: [even, { mode: "reroll", rerollCountMax: 2 }],
  Normal: [0, 1],
  Poisson: [3],
  Positive: [even, { mode: "reroll", rerollCountMax: 2 }],
  Power: [even, 2, false],
  RandomSign: [even, 0.5],
  Sigmoid: [even, { threshold: 1, activated: true, mul: 1, add: 0 }],
  SimplexNoise: [{ sizePxMax: 4, upscaleMethod: "linear" }],
  Subtract: [even, 2, false],
  TruncatedNormal: [0, 1, -1, 1],
  Uniform: [0, 1],
  Weibull: [2],
};

const field = (parameter: augmenters.parameters.StochasticParameter) => {
  const values = p.drawField(parameter, new SeededRandom(1), { height: 4, width: 5, channels: 2 });
  expect(values.every((value) => !Number.isNaN(value))).toBe(true);
};

/** A list of arguments for each place that may be wrong, with `value` there. */
const withEach = (given: readonly unknown[], value: unknown): [place: string, given: unknown[]][] =>
  given.flatMap((argument, i) => {
    const at = (other: unknown) => given.map((each, k) => (k === i ? other : each));
    const isOptions = Object.getPrototypeOf(argument) === Object.prototype && !("sample" in (argument as object));
    const keys = isOptions ? Object.keys(argument as object) : [];
    const inside = keys.map((key): [string, unknown[]] => [key, at({ ...(argument as object), [key]: value })]);
    return [[String(i), at(value)], ...inside];
  });

test("every parameter is asked", () => {
  const names = Object.keys(p).filter((name) => /^[A-Z]/.test(name) && name !== "Deterministic");
  expect(Object.keys(ARGUMENTS).sort()).toEqual(names.sort());
});

test.each(Object.entries(ARGUMENTS))("parameters.%s refuses what makes no sense", (name, given) => {
  const make: MakeParameter = (...each) => makers[name]?.(...each) ?? even;
  expect(outcome(() => field(make(...given)))).toBe("works");
  const wrong = Object.entries(SENSELESS).flatMap(([what, value]) =>
    withEach(given, value).flatMap(([place, each]) => {
      // The bounds of what has none.
      if (what === "Infinity" && (name === "Clip" || name === "TruncatedNormal")) return [];
      const found = outcome(() => field(make(...each)));
      return found === "says" ? [] : [`${place} ${what}: ${found}`];
    }),
  );
  expect(wrong).toEqual([]);
});

test.each(Object.entries(ARGUMENTS))("parameters.%s neither crashes nor hangs with what is too much", (name, given) => {
  const make: MakeParameter = (...each) => makers[name]?.(...each) ?? even;
  const wrong = Object.entries(EXTREME).flatMap(([what, value]) =>
    withEach(given, value).flatMap(([place, each]) => {
      const found = outcome(() => p.drawField(make(...each), new SeededRandom(1), size));
      return found === "says" || found === "works" ? [] : [`${place} ${what}: ${found}`];
    }),
  );
  expect(wrong).toEqual([]);
});

test("what stands for itself may be anything, but no number option takes what is none", () => {
  for (const value of [NaN, Infinity, undefined]) expect(outcome(() => p.Deterministic(value))).toBe("says");
  for (const value of ["strange", Symbol("strange"), 1n, {}]) {
    expect(outcome(() => augmenters.Add(untyped(p.Deterministic(value))))).toBe("says");
    expect(outcome(() => p.drawField(untyped(p.Deterministic(value)), new SeededRandom(1), size))).toBe("says");
  }
});

const flip = augmenters.Fliplr(1);
const withField = (name: string, value: unknown) => () => flip.augment({ image, [name]: value });
const called = (option: string, value: unknown) => () => flip.augmentImage(image, { [option]: value });

/** Calls with a place for what is wrong. */
const CALLS: Record<string, (value: unknown) => unknown> = {
  augmentImage: (value) => flip.augmentImage(untyped(value)),
  "augmentImage's options": (value) => flip.augmentImage(image, untyped(value)),
  "augmentImage's seed": (value) => called("seed", value)(),
  "augmentImage's into": (value) => called("into", value)(),
  augmentImages: (value) => flip.augmentImages(untyped(value)),
  "augmentImages' pictures": (value) => flip.augmentImages([untyped(value)]),
  "augmentImages' options": (value) => flip.augmentImages([image], untyped(value)),
  augment: (value) => flip.augment(untyped(value)),
  "augment's options": (value) => flip.augment({ image }, untyped(value)),
  toDeterministic: (value) => flip.toDeterministic(untyped(value)),
  clipOutOfImage: (value) => augmenters.clipOutOfImage(untyped(value)),
  removeOutOfImage: (value) => augmenters.removeOutOfImage(untyped(value)),
  "removeOutOfImage's fraction": (value) => augmenters.removeOutOfImage({ image }, untyped(value)),
  drawField: (value) => p.drawField(untyped(value), new SeededRandom(1), size),
  "drawField's numbers": (value) => p.drawField(even, untyped(value), size),
  "drawField's shape": (value) => p.drawField(even, new SeededRandom(1), untyped(value)),
  ...Object.fromEntries(
    ["boxes", "keypoints", "polygons", "lineStrings", "heatmaps", "segmentationMaps"].flatMap((name) => [
      [name, (value: unknown) => withField(name, value)()],
      [`one of ${name}`, (value: unknown) => withField(name, [value])()],
      [`undefined in ${name}`, () => withField(name, [undefined])()],
    ]),
  ),
};

test.each(Object.entries(CALLS))("%s refuses what makes no sense", (name, call) => {
  const wrong = Object.entries(SENSELESS).flatMap(([what, value]) => {
    // A text is a seed.
    if (what === "a word" && name.endsWith("seed")) return [];
    const found = outcome(() => call(value));
    return found === "says" ? [] : [`${what}: ${found}`];
  });
  expect(wrong).toEqual([]);
});

test.each(["subjects", "one of subjects", "options", "seed", "seeds", "one of seeds", "threads", "signal"])(
  "augmentBatch refuses %s that make no sense",
  async (place) => {
    const call = (value: unknown): Promise<unknown> => {
      if (place === "subjects") return flip.augmentBatch(untyped(value));
      if (place === "one of subjects") return flip.augmentBatch([untyped(value)]);
      if (place === "options") return flip.augmentBatch([{ image }], untyped(value));
      if (place === "one of seeds") return flip.augmentBatch([{ image }], { seeds: [untyped(value)] });
      return flip.augmentBatch([{ image }], { [place]: untyped(value) });
    };
    for (const [what, value] of Object.entries(SENSELESS)) {
      if (what === "a word" && place.endsWith("seed")) continue;
      if (what === "a word" && place === "one of seeds") continue;
      await expect(call(value), what).rejects.toMatchObject({ code: "InvalidOption" });
    }
  },
);

test.each<[string, string, () => unknown]>([
  ["Fliplr(null)", "Fliplr", () => augmenters.Fliplr(untyped(null))],
  ["Add(null)", "Add", () => augmenters.Add(untyped(null))],
  ["Affine(null)", "Affine", () => augmenters.Affine(untyped(null))],
  ["Rot90(null)", "Rot90", () => augmenters.Rot90(untyped(null))],
  ["Alpha of a word", "Alpha", () => augmenters.Alpha(untyped("half"))],
  ["an empty list for options", "Fliplr", () => augmenters.Fliplr(untyped([]))],
  ["CenterCropToSquare of a number", "CenterCropToSquare", () => augmenters.CenterCropToSquare(untyped(3))],
  [
    "a position for what has none",
    "CenterPadToSquare",
    () => augmenters.CenterPadToSquare(untyped({ position: "left-top" })),
  ],
  ["Sequential randomOrder", "randomOrder", () => augmenters.Sequential([], { randomOrder: untyped("no") })],
  ["SomeOf randomOrder", "randomOrder", () => augmenters.SomeOf(1, [], { randomOrder: untyped(1) })],
  ["augmentImage(null)", "image", () => augmenters.Fliplr(1).augmentImage(untyped(null))],
  ["augment(picture)", "image", () => augmenters.Fliplr(1).augment(untyped(picture(3, 2)))],
  ["a misspelt seed", "augment's options", () => flip.augmentImage(image, untyped({ sed: 1 }))],
  ["a seed that is no number", "seed", () => augmenters.Fliplr({ p: 1, seed: NaN })],
  ["half a seed", "seed", () => augmenters.Fliplr({ p: 1, seed: 0.5 })],
  ["Canny's thresholds", "hysteresisThresholds", () => augmenters.Canny({ hysteresisThresholds: untyped("low") })],
  ["Lambda of a word", "funcImages", () => augmenters.Lambda({ funcImages: untyped("x") })],
  ["augmentImages(3)", "images", () => flip.augmentImages(untyped(3))],
  ["Choice(3)", "values", () => p.Choice(untyped(3))],
  ["a picture of 10^18 pixels", "the picture of Resize", () => augmenters.Resize(1e9).augmentImage(image)],
  ["margins of 10^9 pixels", "a picture with margins", () => augmenters.Pad({ px: 1e9 }).augmentImage(image)],
  [
    "a picture made to fit",
    "a picture with fitOutput",
    () => augmenters.Affine({ scale: 1e6, fitOutput: true }).augmentImage(image),
  ],
])("%s is refused, and names what is wrong", (_, name, call) => {
  expect(call).toThrow(
    expect.objectContaining({
      code: "InvalidOption",
      message: expect.stringMatching(new RegExp(`^Expected .+ for ${name} but received .+`, "s")) as string,
    }) as Error,
  );
});

test("functions of the caller's that return something else are refused by their name", () => {
  const nothing = untyped(() => undefined);
  const functions = ["Images", "Keypoints", "BoundingBoxes", "Polygons", "LineStrings", "Heatmaps", "SegmentationMaps"];
  for (const name of functions.map((each) => `func${each}`)) {
    const augmenter = augmenters.Lambda({ [name]: nothing });
    expect(() => augmenter.augment(subject), name).toThrow(new RegExp(`for ${name} but received undefined`));
  }
  const mask = augmenters.BlendAlphaMask({ maskGenerator: nothing, foreground: flip });
  expect(() => mask.augmentImage(image)).toThrow(/shares.* for maskGenerator but received undefined/);
  const short = augmenters.BlendAlphaMask({ maskGenerator: () => new Float32Array(5), foreground: flip });
  expect(() => short.augmentImage(image)).toThrow(/63 shares.* for maskGenerator but received 5 shares/);
  const voronoi = augmenters.Voronoi({ pointsSampler: nothing });
  expect(() => voronoi.augmentImage(image)).toThrow(/points.* for pointsSampler but received undefined/);
  const canny = augmenters.Canny({ alpha: 1, sobelKernelSize: 3, colorizer: () => picture(2, 2) });
  expect(() => canny.augmentImage(image)).toThrow(/9 × 7 × 3 for colorizer but received 2 × 2 × 3/);
});

test("seeds are whole numbers or texts, and the same list comes out the same", () => {
  const noise = augmenters.AdditiveGaussianNoise({ scale: 20 });
  for (const seed of [0, -3, 2 ** 40, "night", ""]) {
    const [first, second] = noise.augmentImages([image, image], { seed });
    expect(noise.augmentImages([image, image], { seed })).toEqual([first, second]);
    expect(second?.data).not.toEqual(first?.data);
  }
});

test("pictures may become as large as pictures that are read", () => {
  const grey = picture(4, 1, 1);
  expect(augmenters.PadToFixedSize({ width: 4, height: 100_000 }).augmentImage(grey).height).toBe(100_000);
  expect(() => augmenters.PadToFixedSize({ width: 4, height: 25_000_001 }).augmentImage(grey)).toThrow(
    "Expected at most 100000000 pixels for a picture with margins but received 4 × 25000001",
  );
});

test("both orders are still taken", () => {
  const wide: ImageData8 = picture(5, 4);
  for (const randomOrder of [true, false]) {
    const both: Augmenter[] = [augmenters.Fliplr(1), augmenters.Flipud(1)];
    const flipped = augmenters.Rot90({ k: 2 }).augmentImage(wide);
    expect(augmenters.Sequential(both, { randomOrder }).augmentImage(wide).data).toEqual(flipped.data);
    expect(augmenters.SomeOf(2, both, { randomOrder }).augmentImage(wide).data).toEqual(flipped.data);
  }
});
