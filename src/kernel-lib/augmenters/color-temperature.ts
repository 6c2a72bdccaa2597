/* eslint-disable @typescript-eslint/no-non-null-assertion -- table look-ups: every index lies within the table */
/**
 * imgaug's `ChangeColorTemperature`: light of a black body.
 *
 * imgaug has a table of such colours; here they are computed: Planck's law, the CIE 1931 observer by the Gaussians of C. Wyman, P.-P.
 * Sloan and P. Shirley (JCGT 2013), and sRGB with its brightest channel at 255.
 */
import { firstOption } from "./arithmetic-values.js";
import { imageAugmenter, type Augmenter } from "./augmenter.js";
import { colorspaceOption, type ColorspaceOptions } from "./color.js";
import { changingColors, convertColors } from "./color-spaces.js";
import { roundHalfEven } from "./enlarge.js";
import { levelTable, lookUp } from "./lookup.js";
import { numberParameter, type NumberParameter } from "./parameters.js";

export interface ChangeColorTemperatureOptions extends ColorspaceOptions {
  /** 1000 (red) to 40,000 (blue), in kelvin; [1000, 11000] by default. */
  kelvin?: NumberParameter;
}

/** Makes pictures as they would be under warmer or colder light. */
export function ChangeColorTemperature(given: NumberParameter | ChangeColorTemperatureOptions = {}): Augmenter {
  const name = "ChangeColorTemperature";
  const options = firstOption<ChangeColorTemperatureOptions>(name, "kelvin", given, ["kelvin", "fromColorspace"]);
  const kelvin = numberParameter("kelvin", options.kelvin ?? [1000, 11000], { min: 1000, max: 40000 });
  const from = colorspaceOption("fromColorspace", options.fromColorspace);
  return imageAugmenter(name, options, (image, random) => {
    const tables = blackBodyColor(kelvin.sample(random)).map((factor) =>
      levelTable((level) => roundHalfEven(level * factor)),
    );
    return changingColors(image, (colored) =>
      convertColors(lookUp(convertColors(colored, from, "RGB"), tables), "RGB", from),
    );
  });
}

/** Red, green and blue, 0 to 1, the brightest of them 1. */
export function blackBodyColor(kelvin: number): [red: number, green: number, blue: number] {
  const [x, y, z] = [0, 0, 0].map((_, i) => integrated(kelvin, OBSERVER[i]!)) as [number, number, number];
  const linear = [
    3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
    -0.969266 * x + 1.8760108 * y + 0.041556 * z,
    0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
  ].map((value) => Math.max(value, 0));
  const brightest = Math.max(...linear);
  return linear.map((value) => gamma(value / brightest)) as [number, number, number];
}

const gamma = (share: number) => (share <= 0.0031308 ? share * 12.92 : 1.055 * share ** (1 / 2.4) - 0.055);

/** Sums of Gaussians: their heights, places in nm, and inverse widths to both sides. */
type Lobes = readonly (readonly [height: number, place: number, left: number, right: number])[];
const OBSERVER: readonly Lobes[] = [
  [
    [0.362, 442, 0.0624, 0.0374],
    [1.056, 599.8, 0.0264, 0.0323],
    [-0.065, 501.1, 0.049, 0.0382],
  ],
  [
    [0.821, 568.8, 0.0213, 0.0247],
    [0.286, 530.9, 0.0613, 0.0322],
  ],
  [
    [1.217, 437, 0.0845, 0.0278],
    [0.681, 459, 0.0385, 0.0725],
  ],
];

function integrated(kelvin: number, lobes: Lobes): number {
  let sum = 0;
  for (let nm = 360; nm <= 830; nm += 5) {
    const seen = lobes.reduce((total, [height, place, left, right]) => {
      const t = (nm - place) * (nm < place ? left : right);
      return total + height * Math.exp((-t * t) / 2);
    }, 0);
    // Planck's law but for a factor; 14387769 nm K is hc / k.
    sum += (seen * 1e14) / nm ** 5 / Math.expm1(14387769 / (nm * kelvin));
  }
  return sum;
}
