/** Whether augmenters have imgaug's parameters, in camelCase, and its defaults: a default given by hand changes nothing. */
import { expect, test } from "vitest";
import * as augmenters from "../../src/kernel-lib/augmenters/index.js";
import type { Augmenter, Subject } from "../../src/kernel-lib/augmenters/index.js";
import { SeededRandom } from "../../src/kernel-lib/structures/random.js";
import { picture } from "../unit/augmenters/picture.js";
import { base, fixture, has, listed, made, value, type Written } from "./augmenter-signatures.js";

const p = augmenters.parameters;
const [UNIFORM, NORMAL] = [p.Uniform(0, 2), p.Normal(0, 3)];

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
