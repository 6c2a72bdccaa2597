/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over fields: every index lies within the field */
/** imgaug's module `parameters`: smooth noise from 0 to 1. */
import { knownOptions } from "../structures/options.js";
import type { SeededRandom } from "../structures/random.js";
import { inverseFourier } from "./inverse-fourier.js";
import {
  fillField,
  numberParameter,
  sourceOf,
  stochastic,
  textParameter,
  Choice,
  type FieldShape,
  type NumberParameter,
  type StochasticParameter,
  type TextParameter,
} from "./parameters.js";
import { INTERPOLATIONS, resized, type Interpolation } from "./resize.js";
import { simplexNoise } from "./simplex-noise.js";

export interface NoiseOptions {
  /** The longer side of the small field of which the noise is enlarged, in pixels. */
  sizePxMax?: NumberParameter;
  /** How it is enlarged; "linear" or "nearest" by default. */
  upscaleMethod?: TextParameter<Interpolation>;
}

const NOISE_NAMES = ["sizePxMax", "upscaleMethod"];

/** OpenSimplex noise (K. Spencer, 2014) on a grid of [2, 16] pixels by default. */
export function SimplexNoise(options: NoiseOptions = {}): StochasticParameter {
  knownOptions("SimplexNoise", options, NOISE_NAMES);
  return noise(options, [2, 16], 1, (random, { width, height }) => {
    const at = simplexNoise(random);
    return Float64Array.from({ length: width * height }, (_, i) => (at(i % width, Math.floor(i / width)) + 1) / 2);
  });
}

export interface FrequencyNoiseOptions extends NoiseOptions {
  /** Below 0 soft, above 0 sharp; [-4, 4] by default. */
  exponent?: NumberParameter;
}

/** Random amplitudes of frequencies, on a grid of [4, 32] pixels by default. */
export function FrequencyNoise(options: FrequencyNoiseOptions = {}): StochasticParameter {
  knownOptions("FrequencyNoise", options, ["exponent", ...NOISE_NAMES]);
  const exponent = numberParameter("exponent", options.exponent ?? [-4, 4]);
  return noise(options, [4, 32], 4, (random, size) => waves(random, size, exponent.sample(random)));
}

interface Size {
  width: number;
  height: number;
}

function noise(
  options: NoiseOptions,
  preset: NumberParameter,
  least: number,
  make: (random: SeededRandom, size: Size) => Float64Array,
): StochasticParameter {
  const longest = numberParameter("sizePxMax", options.sizePxMax ?? preset, { min: 1, max: 10000, integer: true });
  const upscaleMethod = options.upscaleMethod ?? Choice<Interpolation>(["linear", "nearest"]);
  const method = textParameter("upscaleMethod", upscaleMethod, INTERPOLATIONS);
  const fill = (random: SeededRandom, shape: FieldShape, values: Float64Array) => {
    for (let c = 0; c < shape.channels; c++) {
      const upscale = method.sample(random);
      const small = smallSize(shape, longest.sample(random), least);
      enlarge(make(random, small), small, shape, upscale, (levels, most) => {
        for (let i = 0, to = c; i < levels.length; i++, to += shape.channels) values[to] = levels[i]! / most;
      });
    }
  };
  const source = (random: SeededRandom, shape: FieldShape) => {
    const values = new Float64Array(shape.width * shape.height * shape.channels);
    fill(random, shape, values);
    let i = 0;
    return () => values[i++ % values.length]!;
  };
  return { ...stochastic(source, { low: 0, high: 1 }), fill };
}

function smallSize({ width, height }: Size, longest: number, least: number): Size {
  const factor = Math.min(longest / Math.max(width, height), 1);
  const length = (whole: number) => Math.max(Math.trunc(whole * factor), least);
  return { width: length(width), height: length(height) };
}

/** By way of 8 bits, as imgaug. */
function enlarge(
  values: Float64Array,
  small: Size,
  { width, height }: Size,
  method: Interpolation,
  use: (levels: Float64Array | Uint8Array, most: number) => void,
): void {
  if (small.width === width && small.height === height) {
    use(values, 1);
    return;
  }
  const data = Uint8Array.from(values, (value) => Math.min(Math.max(value, 0), 1) * 255);
  use(resized({ ...small, data, channels: 1 }, width, height, method).data, 255);
}

/** The real part of the inverse Fourier transform of random amplitudes that fall or rise with the frequency, from 0 to 1. */
function waves(random: SeededRandom, { width, height }: Size, exponent: number): Float64Array {
  const real = new Float64Array(width * height);
  const imaginary = new Float64Array(width * height);
  const middle = (i: number, size: number) => Math.min(i, size - i);
  const [amplitudes, angles] = [real, real].map((each) => each.map(() => random.next())) as [
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < real.length; i++) {
    const distance = Math.hypot(middle(i % width, width), middle(Math.floor(i / width), height));
    const scale = i === 0 ? 0 : distance ** exponent;
    const angle = angles[i]! * 2 * Math.PI;
    const amplitude = amplitudes[i]! * Math.max(width, height) ** 2 * Math.cos(angle);
    real[i] = amplitude * scale;
    imaginary[i] = amplitude * Math.sin(angle) * scale;
  }
  const rows = inverseFourier({ real, imaginary }, { count: width, stride: 1, lines: height, lineStride: width });
  const { real: result } = inverseFourier(rows, { count: height, stride: width, lines: width, lineStride: 1 });
  const low = result.reduce((a, b) => Math.min(a, b));
  const high = result.reduce((a, b) => Math.max(a, b));
  return result.map((value) => (high > low ? (value - low) / (high - low) : 0));
}

export type Aggregation = "min" | "avg" | "max";

export interface IterativeNoiseAggregatorOptions {
  /** How many fields; [1, 3] by default. */
  iterations?: NumberParameter;
  /** What they make together; "max" or "avg" by default. */
  aggregationMethod?: TextParameter<Aggregation>;
}

/** Several fields of the other parameter as one. */
export function IterativeNoiseAggregator(
  otherParam: NumberParameter,
  options: IterativeNoiseAggregatorOptions = {},
): StochasticParameter {
  knownOptions("IterativeNoiseAggregator", options, ["iterations", "aggregationMethod"]);
  const other = numberParameter("otherParam", otherParam);
  const iterations = numberParameter("iterations", options.iterations ?? [1, 3], { min: 1, max: 1000, integer: true });
  const given = options.aggregationMethod ?? Choice<Aggregation>(["max", "avg"]);
  const method = textParameter("aggregationMethod", given, ["min", "avg", "max"]);
  const { low = -Infinity, high = Infinity } = other;
  const source = (random: SeededRandom, shape: FieldShape) => {
    const aggregation = method.sample(random);
    const fields = Array.from({ length: iterations.sample(random) }, () => sourceOf(other, random, shape));
    return () => {
      const values = fields.map((next) => next());
      if (aggregation === "avg") return values.reduce((sum, value) => sum + value, 0) / values.length;
      return aggregation === "max" ? Math.max(...values) : Math.min(...values);
    };
  };
  const fill = (random: SeededRandom, shape: FieldShape, values: Float64Array) => {
    const aggregation = method.sample(random);
    const count = iterations.sample(random);
    fillField(other, random, shape, values);
    const more = new Float64Array(count > 1 ? values.length : 0);
    for (let k = 1; k < count; k++) {
      fillField(other, random, shape, more);
      aggregate(values, more, aggregation);
    }
    if (aggregation === "avg") for (let i = 0; i < values.length; i++) values[i]! /= count;
  };
  return { ...stochastic(source, { low, high }), fill };
}

/** Sums where means are asked for; a loop for each, for one that asks what to do is several times as slow. */
function aggregate(values: Float64Array, field: Float64Array, aggregation: Aggregation): void {
  if (aggregation === "avg") {
    for (let i = 0; i < values.length; i++) values[i]! += field[i]!;
  } else if (aggregation === "max") {
    for (let i = 0; i < values.length; i++) if (field[i]! > values[i]!) values[i] = field[i]!;
  } else {
    for (let i = 0; i < values.length; i++) if (field[i]! < values[i]!) values[i] = field[i]!;
  }
}
