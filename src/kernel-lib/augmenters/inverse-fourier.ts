/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops over a line: every index lies within it */
/** The inverse Fourier transform, but for the factor of one by the count (J. Cooley and J. Tukey, 1965, for any count). */
export interface Complex {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** Equally many values, each `stride` apart, in each of `lines` lines that begin `lineStride` apart. */
export interface Lines {
  readonly count: number;
  readonly stride: number;
  readonly lines: number;
  readonly lineStride: number;
}

/** Of each line by itself. */
export function inverseFourier(values: Complex, { count, stride, lines, lineStride }: Lines): Complex {
  const result = { real: new Float64Array(values.real.length), imaginary: new Float64Array(values.real.length) };
  const line = { real: new Float64Array(count), imaginary: new Float64Array(count) };
  const transform = new Transform(values, line);
  for (let l = 0; l < lines; l++) {
    transform.run(l * lineStride, stride, count, 0);
    for (let k = 0, to = l * lineStride; k < count; k++, to += stride) {
      result.real[to] = line.real[k]!;
      result.imaginary[to] = line.imaginary[k]!;
    }
  }
  return result;
}

class Transform {
  private readonly from: Complex;
  private readonly to: Complex;
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;
  private readonly part: Complex;

  constructor(from: Complex, to: Complex) {
    this.from = from;
    this.to = to;
    const count = to.real.length;
    const angles = Float64Array.from({ length: count }, (_, i) => (2 * Math.PI * i) / count);
    this.cosines = angles.map(Math.cos);
    this.sines = angles.map(Math.sin);
    this.part = { real: new Float64Array(count), imaginary: new Float64Array(count) };
  }

  /** Every `stride`th value from `start` on, `count` of them, into the places from `at` on. */
  run(start: number, stride: number, count: number, at: number): void {
    if (count === 1) {
      this.to.real[at] = this.from.real[start]!;
      this.to.imaginary[at] = this.from.imaginary[start]!;
      return;
    }
    const radix = smallestFactor(count);
    const share = count / radix;
    for (let r = 0; r < radix; r++) this.run(start + r * stride, stride * radix, share, at + r * share);
    for (let k = 0; k < share; k++) this.combine(at + k, radix, share, k);
  }

  /** The `radix` results that are made of the same value of each share. */
  private combine(at: number, radix: number, share: number, k: number): void {
    const { to, part, cosines, sines } = this;
    const count = radix * share;
    const step = cosines.length / count;
    for (let r = 0; r < radix; r++) {
      part.real[r] = to.real[at + r * share]!;
      part.imaginary[r] = to.imaginary[at + r * share]!;
    }
    for (let q = 0; q < radix; q++) {
      let [sumReal, sumImaginary] = [0, 0];
      for (let r = 0; r < radix; r++) {
        const turn = ((r * (k + q * share)) % count) * step;
        sumReal += part.real[r]! * cosines[turn]! - part.imaginary[r]! * sines[turn]!;
        sumImaginary += part.real[r]! * sines[turn]! + part.imaginary[r]! * cosines[turn]!;
      }
      to.real[at + q * share] = sumReal;
      to.imaginary[at + q * share] = sumImaginary;
    }
  }
}

function smallestFactor(count: number): number {
  for (let factor = 2; factor * factor <= count; factor++) if (count % factor === 0) return factor;
  return count;
}
