/* eslint-disable @typescript-eslint/no-non-null-assertion -- pixel loops: every index lies within the picture */
/**
 * Values between pixels as SciPy's `map_coordinates` has them: the nearest, linear, or a cubic spline through all pixels (M. Unser,
 * A. Aldroubi and M. Eden, 1993), mirrored at the edges. In 64-bit floats, at positions that are not rounded.
 */

export interface Pixels {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Positions in pixels, all inside. */
export interface ExactField {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A value for each position and channel. */
export function sampledValues(pixels: Pixels, field: ExactField, order: 0 | 1 | 3): Float64Array {
  const { width, height, channels } = pixels;
  if (order === 1) return linearValues(pixels, field);
  const data = order === 3 ? coefficients(pixels) : pixels.data;
  const result = new Float64Array(field.x.length * channels);
  const weights = order === 3 ? splineWeights : nearestWeights;
  const [across, down] = [new Taps(width, order), new Taps(height, order)];
  for (let i = 0, to = 0; i < field.x.length; i++, to += channels) {
    across.at(field.x[i]!, weights);
    down.at(field.y[i]!, weights);
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let j = 0; j <= order; j++) {
        const row = down.places[j]! * width;
        let line = 0;
        for (let k = 0; k <= order; k++) line += across.weights[k]! * data[(row + across.places[k]!) * channels + c]!;
        sum += down.weights[j]! * line;
      }
      result[to + c] = sum;
    }
  }
  return result;
}

/** The same for order 1, most pictures' case. */
function linearValues({ data, width, height, channels }: Pixels, { x: xs, y: ys }: ExactField): Float64Array {
  const result = new Float64Array(xs.length * channels);
  for (let i = 0, to = 0; i < xs.length; i++) {
    const [left, top] = [Math.floor(xs[i]!), Math.floor(ys[i]!)];
    const [right, below] = [xs[i]! - left, ys[i]! - top];
    const [across, down] = [left < width - 1 ? channels : 0, top < height - 1 ? width * channels : 0];
    for (let c = 0, at = (top * width + left) * channels; c < channels; c++, at++) {
      const upper = data[at]! * (1 - right) + data[at + across]! * right;
      const lower = data[at + down]! * (1 - right) + data[at + down + across]! * right;
      result[to++] = upper * (1 - below) + lower * below;
    }
  }
  return result;
}

/** The pixels of an axis around a position, and how much of each is taken: one more than the order. */
class Taps {
  readonly places: Int32Array;
  readonly weights: Float64Array;
  readonly #size: number;

  constructor(size: number, order: number) {
    this.#size = size;
    this.places = new Int32Array(order + 1);
    this.weights = new Float64Array(order + 1);
  }

  at(position: number, weigh: (position: number, weights: Float64Array) => number): void {
    const first = weigh(position, this.weights);
    const last = this.#size - 1;
    for (let k = 0; k < this.places.length; k++) {
      const mirrored = Math.abs(first + k);
      this.places[k] = Math.max(mirrored > last ? 2 * last - mirrored : mirrored, 0);
    }
  }
}

/** Each fills in the weights and returns where the first one stands. */
function nearestWeights(position: number, weights: Float64Array): number {
  weights[0] = 1;
  return Math.floor(position + 0.5);
}

function splineWeights(position: number, weights: Float64Array): number {
  const first = Math.floor(position);
  const [t, rest] = [position - first, 1 - (position - first)];
  weights[0] = rest ** 3 / 6;
  weights[1] = (4 - 3 * t * t * (2 - t)) / 6;
  weights[2] = (4 - 3 * rest * rest * (2 - rest)) / 6;
  weights[3] = t ** 3 / 6;
  return first - 1;
}

/** The spline's coefficients: its filter's inverse along both axes. */
function coefficients({ data, width, height, channels }: Pixels): Float64Array {
  const result = Float64Array.from(data);
  for (let y = 0; y < height; y++) {
    for (let c = 0; c < channels; c++) filterLine(result, y * width * channels + c, channels, width);
  }
  const stride = width * channels;
  for (let i = 0; i < stride; i++) filterLine(result, i, stride, height);
  return result;
}

const POLE = Math.sqrt(3) - 2;

function filterLine(data: Float64Array, start: number, step: number, length: number): void {
  if (length < 2) return;
  const at = (i: number) => start + i * step;
  let [near, far] = [POLE, POLE ** (length - 1)];
  let sum = data[start]! + far * data[at(length - 1)]!;
  far *= far / POLE;
  for (let i = 1; i < length - 1; i++, near *= POLE, far /= POLE) sum += (near + far) * data[at(i)]!;
  data[start] = (6 * sum) / (1 - near * near);
  for (let i = 1; i < length; i++) data[at(i)] = 6 * data[at(i)]! + POLE * data[at(i - 1)]!;
  const last = at(length - 1);
  data[last] = (POLE / (POLE * POLE - 1)) * (POLE * data[at(length - 2)]! + data[last]!);
  for (let i = length - 2; i >= 0; i--) data[at(i)] = POLE * (data[at(i + 1)]! - data[at(i)]!);
}
