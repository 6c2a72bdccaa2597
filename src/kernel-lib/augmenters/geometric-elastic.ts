/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the field */
/** imgaug's `ElasticTransformation` (P. Simard, D. Steinkraus and J. Platt, 2003): pixels move by smooth noise. */
import type { ImageData8 } from "../structures/image.js";
import type { SeededRandom } from "../structures/random.js";
import { firstOption } from "./arithmetic-values.js";
import { type Augmenter, type AugmenterOptions, chance, madeAugmenter } from "./augmenter.js";
import type { BorderMode } from "./border.js";
import { gaussianKernelSize } from "./gaussian-filter.js";
import { mapByField, valueAt, type PositionField } from "./geometric-field.js";
import {
  levelParameter,
  numberParameter,
  textParameter,
  type LevelParameter,
  type NumberParameter,
  type TextParameter,
} from "./parameters.js";
import { workplace, type Workplace } from "./picture-simd.js";
import { mapPositions, samplePicture, type SampleOptions, type SimdPositions } from "./sample-picture.js";
import { movedSubject, type Move, type Subject } from "./subject.js";

/** OpenCV's borders by scipy's words. */
const MODES = { constant: "constant", nearest: "edge", reflect: "reflect", wrap: "wrap" } as const;

export interface ElasticTransformationOptions extends AugmenterOptions {
  /** How strong; [0, 40] by default. */
  alpha?: NumberParameter;
  /** How smooth, in pixels, 0 to 1000; [4, 8] by default. */
  sigma?: NumberParameter;
  /** 0: the nearest pixel, 1: linear, 2 to 5 (3 by default): cubic. */
  order?: NumberParameter | "ALL";
  /** The value of new pixels in mode "constant"; 0 by default. */
  cval?: LevelParameter;
  /** What fills new pixels; "constant" by default. */
  mode?: TextParameter<keyof typeof MODES>;
}

const NAMES = ["alpha", "sigma", "order", "cval", "mode"];

/** Moves each pixel a little, neighbours alike. */
export function ElasticTransformation(given: NumberParameter | ElasticTransformationOptions = {}): Augmenter {
  const options = firstOption<ElasticTransformationOptions>("ElasticTransformation", "alpha", given, NAMES);
  const alpha = numberParameter("alpha", options.alpha ?? [0, 40], { min: 0 });
  const sigma = numberParameter("sigma", options.sigma ?? [4, 8], { min: 0, max: 1000 });
  const order = numberParameter("order", options.order === "ALL" ? [0, 5] : (options.order ?? 3), {
    min: 0,
    max: 5,
    integer: true,
  });
  const cval = levelParameter("cval", options.cval ?? 0);
  const mode = textParameter("mode", options.mode ?? "constant", Object.keys(MODES) as (keyof typeof MODES)[]);
  return madeAugmenter("ElasticTransformation", options, (subject, known) => {
    const random = known ?? chance();
    const { image } = subject;
    const [strength, smoothness] = [alpha.sample(random), sigma.sample(random)];
    const drawn = Math.min(order.sample(random), 2);
    const level = Math.trunc(cval.sample(random));
    const border: BorderMode = MODES[mode.sample(random)];
    const settings = { order: drawn === 2 ? 3 : (drawn as 0 | 1), mode: border, cval: [level, level, level] } as const;
    const kernel = noiseKernel(strength, smoothness);
    const hasMore = Object.keys(subject).length > 1;
    const { result, shift } = elastic(image, kernel, settings, random, hasMore);
    // imgaug leaves places alone where next to nothing moves.
    return hasMore ? movedByShift(subject, result, shift, strength > 0.05 && smoothness > 1) : { image: result };
  });
}

/** What lies on a picture of which each pixel moved so far. */
export function movedByShift(
  subject: Subject,
  result: ImageData8,
  shift: PositionField,
  movesPlaces: boolean,
): Subject {
  const { image } = subject;
  const move: Move = (x, y) => [
    x + (movesPlaces ? (valueAt(shift.x, image, x, y) ?? 0) : 0),
    y + (movesPlaces ? (valueAt(shift.y, image, x, y) ?? 0) : 0),
  ];
  return movedSubject(subject, result, move, (map) => mapByField(map, image, shiftedField(image, shift)));
}

interface Elastic {
  result: ImageData8;
  /** How far each pixel moves; of nothing where nobody asks. */
  shift: PositionField;
}

/** The picture moved by noise across, and by other noise down. */
function elastic(
  image: ImageData8,
  kernel: NoiseKernel,
  options: SampleOptions,
  random: SeededRandom,
  isAsked: boolean,
): Elastic {
  const { width, height } = image;
  let shift: PositionField | undefined;
  const simd: SimdPositions = {
    sizes: [...noiseSizes(image, kernel), ...noiseSizes(image, kernel)],
    ready: (place) => {
      const [x, y] = [noiseAt(place, image, kernel, random), noiseAt(place, image, kernel, random)];
      const copied = (at: number) => new Float32Array(place.buffer, at, width * height).slice();
      if (isAsked) shift = { x: copied(x), y: copied(y) };
      const unit = options.order === 0 ? 1 : 32;
      return (row, xs, ys) => {
        const at = row * width * 4;
        place.loops.fieldRow(xs, ys, x + at, y + at, width, row, unit);
      };
    },
  };
  let plainly: ReturnType<typeof mapPositions> | undefined;
  const positions: ReturnType<typeof mapPositions> = (row, xs, ys) => {
    if (!plainly) {
      shift = { x: smoothNoise(image, kernel, random), y: smoothNoise(image, kernel, random) };
      const field = shiftedField(image, shift);
      plainly = mapPositions(field.x, field.y, width, options.order);
    }
    plainly(row, xs, ys);
  };
  const result = samplePicture(image, width, height, positions, options, simd);
  return { result, shift: shift ?? { x: new Float32Array(), y: new Float32Array() } };
}

/** Where each new pixel comes from. */
export function shiftedField({ width, height }: ImageData8, shift: PositionField): PositionField {
  const field = { x: new Float32Array(width * height), y: new Float32Array(width * height) };
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      field.x[at] = x - shift.x[at]!;
      field.y[at] = y - shift.y[at]!;
    }
  }
  return field;
}

interface NoiseKernel {
  across: Float32Array;
  down: Float32Array;
}

type Size = Pick<ImageData8, "width" | "height">;

/** A Gaussian's weights, of which those down are times `strength`. */
function noiseKernel(strength: number, sigma: number): NoiseKernel {
  const size = sigma > 1e-3 ? gaussianKernelSize(sigma) : 1;
  const weights = Float32Array.from({ length: size }, (_, i) =>
    Math.exp(-((i - (size >> 1)) ** 2) / (2 * sigma * sigma || 1)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { across: weights.map((weight) => weight / sum), down: weights.map((weight) => (weight * strength) / sum) };
}

/** Even noise from -1 to 1 under a Gaussian filter: one value a pixel. */
function smoothNoise(size: Size, kernel: NoiseKernel, random: SeededRandom): Float32Array {
  const place = workplace(...noiseSizes(size, kernel));
  if (!place) return smoothNoisePlainly(size.width, size.height, kernel.across, kernel.down, random);
  return new Float32Array(place.buffer, noiseAt(place, size, kernel, random), size.width * size.height).slice();
}

/** What `noiseAt` takes of the memory. */
function noiseSizes({ width, height }: Size, { across, down }: NoiseKernel): number[] {
  const high = height + down.length - 1;
  const floats = [(width + across.length - 1) * high, width * high, width * height, across.length, down.length, 4];
  return floats.map((count) => count * 4);
}

/** The address of smooth noise: `width` × `height` floats. */
function noiseAt(
  place: Workplace,
  { width, height }: Size,
  { across, down }: NoiseKernel,
  random: SeededRandom,
): number {
  const [wide, high] = [width + across.length - 1, height + down.length - 1];
  const [noise, half, to] = [place.take(wide * high * 4), place.take(width * high * 4), place.take(width * height * 4)];
  const state = place.random(random);
  place.loops.drawEven(state.address, noise, wide * high);
  state.done();
  place.loops.smoothAcross(noise, half, wide, width, high, place.put(across), across.length, 4);
  place.loops.smoothDown(half, to, width, height, place.put(down), down.length);
  return to;
}

/** Beyond the edges the noise goes on: no mirror is needed. */
function smoothNoisePlainly(
  width: number,
  height: number,
  across: Float32Array,
  down: Float32Array,
  random: SeededRandom,
): Float32Array {
  const [wide, high] = [width + across.length - 1, height + down.length - 1];
  return filteredDown(filteredAcross(evenNoise(wide * high, random), wide, high, across), width, height, down);
}

function evenNoise(length: number, random: SeededRandom): Float32Array {
  const bits = new Uint32Array(length);
  random.fillUint32(bits);
  return Float32Array.from(new Int32Array(bits.buffer), (value) => value / 2147483648);
}

function filteredAcross(values: Float32Array, wide: number, high: number, weights: Float32Array): Float32Array {
  const width = wide - weights.length + 1;
  const result = new Float32Array(width * high);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0, from = y * wide + x; k < weights.length; k++, from++) sum += weights[k]! * values[from]!;
      result[y * width + x] = sum;
    }
  }
  return result;
}

function filteredDown(values: Float32Array, width: number, height: number, weights: Float32Array): Float32Array {
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const to = y * width;
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k]!;
      for (let x = 0, from = (y + k) * width; x < width; x++, from++) result[to + x]! += weight * values[from]!;
    }
  }
  return result;
}
