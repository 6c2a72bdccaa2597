/* eslint-disable @typescript-eslint/no-non-null-assertion -- histograms: every index lies within 256 levels */
/** imgaug's module `pillike`: what Pillow does, to the bit. Alpha is left alone. */
import type { ImageData8 } from "../structures/image.js";
import { firstOption } from "./arithmetic-values.js";
import { Solarize as SolarizeAny } from "./arithmetic-inversion.js";
import { imageAugmenter, knownOptions, type Augmenter, type AugmenterOptions } from "./augmenter.js";
import { Posterize as PosterizeAny, type NBitsOptions } from "./color-quantization.js";
import { histograms } from "./histograms.js";
import { levelTable, lookUp } from "./lookup.js";
import { numberParameter, probabilityParameter, type BooleanParameter, type NumberParameter } from "./parameters.js";
import { passing } from "./picture-simd.js";
import { kernelFiltered, PILLOW_KERNELS } from "./pillow-kernels.js";
import { meanGrey, mixedWithGrey, mixedWithLevel, mixedWithPicture } from "./pillow-mixtures.js";

export { Affine, type PillikeAffineOptions } from "./pillike-affine.js";

export interface PillikeSolarizeOptions extends AugmenterOptions {
  /** The share of pictures; 1 by default. */
  p?: NumberParameter;
  /** Levels from here on are inverted, 0 to 256; 128 by default. */
  threshold?: NumberParameter;
}

/** Turns light into dark. */
export function Solarize(given: NumberParameter | PillikeSolarizeOptions = {}): Augmenter {
  const options = firstOption<PillikeSolarizeOptions>("Solarize", "p", given, ["p", "threshold"]);
  return SolarizeAny({ p: 1, threshold: 128, ...options });
}

/** Takes few bits of each channel. */
export function Posterize(given: NumberParameter | NBitsOptions = {}): Augmenter {
  return PosterizeAny(given);
}

/** Spreads the levels of each colour evenly. */
export function Equalize(options: AugmenterOptions = {}): Augmenter {
  return imageAugmenter(
    "Equalize",
    knownOptions("Equalize", options, []),
    (image) => {
      const isSmall = image.channels === 3 && image.data.length < 64 * 64;
      return lookUp(
        image,
        histograms(image).map((counts) => equalizing(counts, isSmall)),
      );
    },
    { path: "pillike.Equalize" },
  );
}

/** imgaug leaves small pictures to Pillow, which leaves the lightest level out of its mean, whichever that is. */
function equalizing(counts: Int32Array, isSmall: boolean): Uint8Array {
  const used = counts.filter((count) => count > 0);
  const rest = counts.reduce((sum, count) => sum + count, 0) - (isSmall ? (used.at(-1) ?? 0) : counts[255]!);
  const step = Math.floor(rest / 255);
  if (used.length <= 1 || step === 0) return levelTable((level) => level);
  let sum = step >> 1;
  return levelTable((level) => {
    const value = Math.floor(sum / step);
    sum += counts[level]!;
    return value;
  });
}

export interface AutocontrastOptions extends AugmenterOptions {
  /** The percentage of the darkest and of the lightest pixels that don't count, 0 to 49; [0, 20] by default. */
  cutoff?: NumberParameter;
  /** Another cutoff for each channel (or in which share of the pictures); false by default. */
  perChannel?: BooleanParameter;
}

/** Draws the levels of each colour apart, from 0 to 255. */
export function Autocontrast(given: NumberParameter | AutocontrastOptions = {}): Augmenter {
  const options = firstOption<AutocontrastOptions>("Autocontrast", "cutoff", given, ["cutoff", "perChannel"]);
  const cutoff = numberParameter("cutoff", options.cutoff ?? [0, 20], { min: 0, max: 49, integer: true });
  const perChannel = probabilityParameter("perChannel", options.perChannel ?? false);
  return imageAugmenter(
    "Autocontrast",
    options,
    (image, random) => {
      const each = perChannel(random);
      const first = cutoff.sample(random);
      return lookUp(
        image,
        histograms(image).map((counts) => stretching(counts, each ? cutoff.sample(random) : first)),
      );
    },
    { path: "pillike.Autocontrast" },
  );
}

function stretching(counts: Int32Array, cutoff: number): Uint8Array {
  const cut = Math.floor((counts.reduce((sum, count) => sum + count, 0) * cutoff) / 100);
  const levels = Array.from(counts.keys());
  const low = firstAfter(counts, levels, cut);
  const high = firstAfter(counts, levels.reverse(), cut);
  if (high <= low) return levelTable((level) => level);
  const scale = 255 / (high - low);
  return levelTable((level) => Math.trunc(level * scale - low * scale));
}

/** The first level that is there when `cut` pixels are taken away. */
function firstAfter(counts: Int32Array, levels: readonly number[], cut: number): number {
  let rest = cut;
  for (const level of levels) {
    if (counts[level]! > rest) return level;
    rest -= counts[level]!;
  }
  return levels.at(-1) ?? 0;
}

export interface EnhanceOptions extends AugmenterOptions {
  /** 1 leaves pictures as they are. */
  factor?: NumberParameter;
}

/** Colours of 0 (grey) to 1 and beyond; [0, 3] by default. */
export function EnhanceColor(given: NumberParameter | EnhanceOptions = {}): Augmenter {
  return enhancing("EnhanceColor", given, [0, 3], mixedWithGrey);
}

/** Contrast of 0 (one grey) to 1 and beyond; [0.5, 1.5] by default. */
export function EnhanceContrast(given: NumberParameter | EnhanceOptions = {}): Augmenter {
  return enhancing("EnhanceContrast", given, [0.5, 1.5], (image, share) =>
    mixedWithLevel(image, meanGrey(image), share),
  );
}

/** Brightness of 0 (black) to 1 and beyond; [0.5, 1.5] by default. */
export function EnhanceBrightness(given: NumberParameter | EnhanceOptions = {}): Augmenter {
  return enhancing("EnhanceBrightness", given, [0.5, 1.5], (image, share) => mixedWithLevel(image, 0, share));
}

/** Sharpness of 0 (smooth) to 1 and beyond; [0, 2] by default. */
export function EnhanceSharpness(given: NumberParameter | EnhanceOptions = {}): Augmenter {
  return enhancing("EnhanceSharpness", given, [0, 2], (image, share) =>
    passing(
      image.data.length,
      () => kernelFiltered(image, PILLOW_KERNELS.smooth),
      (smooth) => mixedWithPicture(image, smooth, share),
    ),
  );
}

function enhancing(
  name: string,
  given: NumberParameter | EnhanceOptions,
  preset: NumberParameter,
  enhanced: (image: ImageData8, share: number) => ImageData8,
): Augmenter {
  const options = firstOption<EnhanceOptions>(name, "factor", given, ["factor"]);
  const factor = numberParameter("factor", options.factor ?? preset, { min: 0 });
  return imageAugmenter(name, options, (image, random) => enhanced(image, factor.sample(random)), {
    path: `pillike.${name}`,
  });
}

function filtering(name: string, options: AugmenterOptions, kernel: keyof typeof PILLOW_KERNELS): Augmenter {
  knownOptions(name, options, []);
  return imageAugmenter(name, options, (image) => kernelFiltered(image, PILLOW_KERNELS[kernel]), {
    path: `pillike.${name}`,
  });
}

export function FilterBlur(options: AugmenterOptions = {}): Augmenter {
  return filtering("FilterBlur", options, "blur");
}
export function FilterSmooth(options: AugmenterOptions = {}): Augmenter {
  return filtering("FilterSmooth", options, "smooth");
}
export function FilterSmoothMore(options: AugmenterOptions = {}): Augmenter {
  return filtering("FilterSmoothMore", options, "smoothMore");
}
export function FilterEdgeEnhance(options: AugmenterOptions = {}): Augmenter {
  return filtering("FilterEdgeEnhance", options, "edgeEnhance");
}
export function FilterEdgeEnhanceMore(options: AugmenterOptions = {}): Augmenter {
  return filtering("FilterEdgeEnhanceMore", options, "edgeEnhanceMore");
}
export function FilterFindEdges(options: AugmenterOptions = {}): Augmenter {
  return filtering("FilterFindEdges", options, "findEdges");
}
export function FilterContour(options: AugmenterOptions = {}): Augmenter {
  return filtering("FilterContour", options, "contour");
}
export function FilterEmboss(options: AugmenterOptions = {}): Augmenter {
  return filtering("FilterEmboss", options, "emboss");
}
export function FilterSharpen(options: AugmenterOptions = {}): Augmenter {
  return filtering("FilterSharpen", options, "sharpen");
}
export function FilterDetail(options: AugmenterOptions = {}): Augmenter {
  return filtering("FilterDetail", options, "detail");
}
