/**
 * How often each label was given where another was true, as a model's scores let it be guessed: the confident joint.
 *
 * Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels", JAIR 2021. N samples, K classes.
 */
import { checkProbabilities, type ScoreMatrix } from "./score-matrix.js";

export interface ConfidentJoint {
  /** By class: the mean score of the class over samples labelled so; from there on a score is confident. 2 for a class without samples. */
  thresholds: number[];
  /** Rows: the label that was given, columns: the class that the model is confident of; samples without one are left out. */
  counts: number[][];
  /** The same, whole numbers that add up to the samples of each label. */
  calibrated: number[][];
  /** By sample: the class that the model is confident of, -1 where of none. */
  guesses: Int32Array;
}

const TOLERANCE = 1e-6;

/**
 * Equal to cleanlab's `compute_confident_joint` and `calibrate_confident_joint`.
 *
 * @param given each sample's label, a column
 * @throws InvalidOption where a row of scores are no probabilities, or a label has no column
 */
export function confidentJoint(given: ArrayLike<number>, scores: ScoreMatrix): ConfidentJoint {
  checkProbabilities(given, scores);
  const classes = scores.columns;
  const thresholds = confidentThresholds(given, scores);
  const guesses = Int32Array.from({ length: scores.rows }, (_, row) => guess(row, scores, thresholds));
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  guesses.forEach((column, row) => {
    const own = counts[given[row] ?? 0];
    if (own && column >= 0) own[column] = (own[column] ?? 0) + 1;
  });
  counts.forEach((row, i) => (row[i] = Math.max(1, row[i] ?? 0)));
  return { thresholds, counts, calibrated: calibrate(counts, given), guesses };
}

function confidentThresholds(given: ArrayLike<number>, { rows, columns, data }: ScoreMatrix): number[] {
  const sums = new Array<number>(columns).fill(0);
  const samples = new Array<number>(columns).fill(0);
  for (let row = 0; row < rows; row++) {
    const label = given[row] ?? 0;
    sums[label] = (sums[label] ?? 0) + (data[row * columns + label] ?? 0);
    samples[label] = (samples[label] ?? 0) + 1;
  }
  return sums.map((sum, label) => (samples[label] === 0 ? 2 : Math.max(2 * TOLERANCE, sum / (samples[label] ?? 1))));
}

/** The likeliest of the classes whose score is confident. */
function guess(row: number, { columns, data }: ScoreMatrix, thresholds: readonly number[]): number {
  let likeliest = 0;
  const confident: number[] = [];
  for (let column = 0; column < columns; column++) {
    const score = data[row * columns + column] ?? 0;
    if (score > (data[row * columns + likeliest] ?? 0)) likeliest = column;
    if (score >= (thresholds[column] ?? 2) - TOLERANCE) confident.push(column);
  }
  // As cleanlab has it: of several the likeliest of all, which a class without samples may be.
  return confident.length > 1 ? likeliest : (confident[0] ?? -1);
}

function calibrate(counts: readonly (readonly number[])[], given: ArrayLike<number>): number[][] {
  const samples = new Array<number>(counts.length).fill(0);
  for (const label of Array.from(given)) samples[label] = (samples[label] ?? 0) + 1;
  const scaled = counts.map((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (count / Math.max(total, Number.MIN_VALUE)) * (samples[i] ?? 0));
  });
  const all = scaled.flat().reduce((sum, count) => sum + count, 0);
  return scaled.map((row) =>
    roundKeepingSum(row.map((count) => (count / Math.max(all, Number.MIN_VALUE)) * given.length)),
  );
}

/** Whole numbers with the same sum: those furthest from their rounding give way. */
export function roundKeepingSum(values: readonly number[]): number[] {
  const rounded = values.map(roundHalfEven);
  const sum = (numbers: readonly number[]) => roundHalfEven(numbers.reduce((total, value) => total + value, 0));
  const wanted = sum(values);
  for (let missing = wanted - sum(rounded); missing !== 0; missing = wanted - sum(rounded)) {
    const step = missing < 0 ? -1 : 1;
    const rest = values.map((value, i) => ({ i, off: value - (rounded[i] ?? 0) })).sort((a, b) => a.off - b.off);
    if (step > 0) rest.reverse();
    for (const { i } of rest.slice(0, Math.abs(missing))) rounded[i] = (rounded[i] ?? 0) + step;
  }
  return rounded;
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
