/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over fields: every index lies within the field */
/** imgaug's module `parameters`: smooth noise from 0 to 1. */
import type { SeededRandom } from "../structures/random.js";
import {
  drawField,
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

/** OpenSimplex noise (K. Spencer, 2014) on a grid of [2, 16] pixels by default. */
export function SimplexNoise(options: NoiseOptions = {}): StochasticParameter {
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
  const drawFields = (random: SeededRandom, shape: FieldShape) =>
    Array.from({ length: shape.channels }, () => {
      const upscale = method.sample(random);
      const small = smallSize(shape, longest.sample(random), least);
      return enlarged(make(random, small), small, shape, upscale);
    });
  const source = (random: SeededRandom, shape: FieldShape) => {
    const fields = drawFields(random, shape);
    let i = 0;
    return () => {
      const field = fields[i % fields.length]!;
      return field[Math.floor(i++ / fields.length) % field.length]!;
    };
  };
  const fill = (random: SeededRandom, shape: FieldShape, values: Float64Array) => {
    for (const [c, field] of drawFields(random, shape).entries()) {
      for (let i = 0, to = c; i < field.length; i++, to += shape.channels) values[to] = field[i]!;
    }
  };
  return { ...stochastic(source, { low: 0, high: 1 }), fill };
}

function smallSize({ width, height }: Size, longest: number, least: number): Size {
  const factor = Math.min(longest / Math.max(width, height), 1);
  const length = (whole: number) => Math.max(Math.trunc(whole * factor), least);
  return { width: length(width), height: length(height) };
}

/** By way of 8 bits, as imgaug. */
function enlarged(values: Float64Array, small: Size, { width, height }: Size, method: Interpolation): Float64Array {
  if (small.width === width && small.height === height) return values;
  const data = Uint8Array.from(values, (value) => Math.min(Math.max(value, 0), 1) * 255);
  const levels = resized({ ...small, data, channels: 1 }, width, height, method).data;
  const result = new Float64Array(levels.length);
  for (let i = 0; i < result.length; i++) result[i] = levels[i]! / 255;
  return result;
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
  const [rowsReal, rowsImaginary] = transformed(real, imaginary, width, 1, height, width);
  const [result] = transformed(rowsReal, rowsImaginary, height, width, width, 1);
  const low = result.reduce((a, b) => Math.min(a, b));
  const high = result.reduce((a, b) => Math.max(a, b));
  return result.map((value) => (high > low ? (value - low) / (high - low) : 0));
}

/** Each of `lines` lines, `count` values `stride` apart, by its inverse Fourier transform but for the factor. */
function transformed(
  real: Float64Array,
  imaginary: Float64Array,
  count: number,
  stride: number,
  lines: number,
  lineStride: number,
): [real: Float64Array, imaginary: Float64Array] {
  const result: [Float64Array, Float64Array] = [new Float64Array(real.length), new Float64Array(real.length)];
  const angles = Array.from({ length: count }, (_, i) => (2 * Math.PI * i) / count);
  const [cosines, sines] = [angles.map(Math.cos), angles.map(Math.sin)];
  for (let line = 0; line < lines; line++) {
    for (let k = 0; k < count; k++) {
      let [sumReal, sumImaginary] = [0, 0];
      for (let i = 0; i < count; i++) {
        const at = line * lineStride + i * stride;
        const turn = (i * k) % count;
        sumReal += real[at]! * cosines[turn]! - imaginary[at]! * sines[turn]!;
        sumImaginary += real[at]! * sines[turn]! + imaginary[at]! * cosines[turn]!;
      }
      result[0][line * lineStride + k * stride] = sumReal;
      result[1][line * lineStride + k * stride] = sumImaginary;
    }
  }
  return result;
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
    values.set(drawField(other, random, shape));
    for (let k = 1; k < count; k++) aggregate(values, drawField(other, random, shape), aggregation);
    if (aggregation === "avg") for (let i = 0; i < values.length; i++) values[i]! /= count;
  };
  return { ...stochastic(source, { low, high }), fill };
}

/** Sums where means are asked for. */
function aggregate(values: Float64Array, field: Float64Array, aggregation: Aggregation): void {
  for (let i = 0; i < values.length; i++) {
    const [value, other] = [values[i]!, field[i]!];
    if (aggregation === "avg") values[i] = value + other;
    else if (aggregation === "max" ? other > value : other < value) values[i] = other;
  }
}
