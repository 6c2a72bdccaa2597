/**
 * Moves each feature to mean 0 and deviation 1, as scikit-learn's `StandardScaler`: the deviation divides by n, and a constant
 * feature is only moved. n samples, d features; features n × d.
 */
import { VitrineError } from "../structures/errors.js";
import type { Matrix } from "../structures/matrix.js";
import { checkFeatures } from "./check-features.js";
import { numbers } from "./linear-classifier-json.js";

/** Moves each feature to mean 0 and deviation 1, as scikit-learn's `StandardScaler`; features n × d. */
export class StandardScaler {
  /** d means. */
  readonly mean: Float64Array;
  /** d deviations; 1 for a constant feature. */
  readonly scale: Float64Array;

  private constructor(mean: Float64Array, scale: Float64Array) {
    this.mean = mean;
    this.scale = scale;
  }

  /** @throws InvalidOption where a feature is not finite */
  static fit(features: Matrix): StandardScaler {
    checkFeatures(features);
    const mean = columnMeans(features, (value) => value);
    const variance = columnMeans(features, (value, column) => (value - (mean[column] ?? 0)) ** 2);
    const scale = variance.map((v, column) => (isConstant(v, mean[column] ?? 0, features.rows) ? 1 : Math.sqrt(v)));
    return new StandardScaler(mean, scale);
  }

  /** (x - mean) / scale, as a new matrix. */
  transform(features: Matrix): Matrix {
    const { rows, columns, data } = features;
    checkFeatures(features, this.mean.length);
    const scaled = data.map((value, i) => (value - (this.mean[i % columns] ?? 0)) / (this.scale[i % columns] ?? 1));
    return { rows, columns, data: scaled };
  }

  toJSON(): { mean: number[]; scale: number[] } {
    return { mean: [...this.mean], scale: [...this.scale] };
  }

  /** @throws InvalidFile where `json` is not what `toJSON` makes */
  static fromJSON(json: unknown): StandardScaler {
    const { mean, scale } = (typeof json === "object" && json !== null ? json : {}) as Record<string, unknown>;
    const means = numbers("mean", mean, undefined, "StandardScaler");
    const scales = numbers("scale", scale, means.length, "StandardScaler");
    const zero = scales.findIndex((value) => value <= 0);
    if (zero >= 0) {
      const details = { where: `scale[${zero}]`, expected: "a number above 0", received: String(scales[zero]) };
      throw new VitrineError("InvalidFile", { path: "StandardScaler", ...details });
    }
    return new StandardScaler(Float64Array.from(means), Float64Array.from(scales));
  }
}

function columnMeans({ rows, columns, data }: Matrix, of: (value: number, column: number) => number): Float64Array {
  const sums = new Float64Array(columns);
  data.forEach((value, i) => {
    const column = i % columns;
    sums[column] = (sums[column] ?? 0) + of(value, column);
  });
  return sums.map((sum) => sum / rows);
}

/** Whether a variance is no more than rounding leaves of a constant (Chan, Golub, LeVeque 1983, as scikit-learn bounds it). */
function isConstant(variance: number, mean: number, rows: number): boolean {
  return variance <= rows * Number.EPSILON * variance + (rows * mean * Number.EPSILON) ** 2;
}
