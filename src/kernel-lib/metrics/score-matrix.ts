/** Scores and probabilities of N samples for K classes, and the guards that the metrics on them share. */
import { quote, VitrineError } from "../structures/errors.js";
import { type BinaryTruth, finite, isPositive, sameLength } from "./threshold-counts.js";

/** N × K, row by row: what a model's `score` returns, or the same in doubles. */
export interface ScoreMatrix {
  readonly rows: number;
  readonly columns: number;
  /** `rows * columns` numbers; row i begins at `i * columns`. */
  readonly data: ArrayLike<number>;
}

/** How far from 1 a row of 32-bit probabilities may add up. */
const SUM_TOLERANCE = 1e-4;

const reject = (option: string, expected: string, received: unknown): never => {
  throw new VitrineError("InvalidOption", { option, expected, received: quote(received) });
};

/**
 * Checks each sample's true class, a column's index, and its scores.
 *
 * @throws InvalidOption where shapes don't fit, a class has no column, or a score is NaN or infinite
 */
export function checkScores(truth: ArrayLike<number>, scores: ScoreMatrix): void {
  sameLength("scores.rows", truth.length, scores.rows);
  const { rows, columns, data } = scores;
  if (!(columns >= 2) || data.length !== rows * columns) {
    reject("scores", "rows × columns numbers in at least two columns", { rows, columns, "data.length": data.length });
  }
  for (let i = 0; i < data.length; i++) finite(data[i], i);
  for (let i = 0; i < rows; i++) {
    const index = truth[i] ?? NaN;
    if (!Number.isInteger(index) || index < 0 || index >= columns) {
      reject(`truth[${i}]`, `a column's index below ${columns}`, truth[i]);
    }
  }
}

/** Samples whose truth is a column, and whose rows are probabilities. */
export interface Probabilities {
  readonly truth: ArrayLike<number>;
  readonly scores: ScoreMatrix;
}

/**
 * Checks probabilities. A plain list is of the positive class, and becomes the second of two columns.
 *
 * @throws InvalidOption as `checkScores`, and where a probability is outside 0..1 or a row does not add up to 1
 */
export function checkProbabilities(truth: BinaryTruth, given: ArrayLike<number> | ScoreMatrix): Probabilities {
  if (!("columns" in given)) return fromPositives(truth, given);
  const classes = Array.from(truth as ArrayLike<number | boolean>, Number);
  checkScores(classes, given);
  for (let row = 0; row < given.rows; row++) {
    let sum = 0;
    for (let column = 0; column < given.columns; column++) {
      sum += inRange(given.data[row * given.columns + column] ?? NaN, row * given.columns + column);
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE) reject(`scores, row ${row},`, "probabilities that add up to 1", sum);
  }
  return { truth: classes, scores: given };
}

function fromPositives(truth: BinaryTruth, given: ArrayLike<number>): Probabilities {
  sameLength("scores", truth.length, given.length);
  const data = new Float64Array(2 * given.length);
  for (let i = 0; i < given.length; i++) {
    const p = inRange(finite(given[i], i), i);
    data[2 * i] = 1 - p;
    data[2 * i + 1] = p;
  }
  const classes = Array.from(truth as ArrayLike<number | boolean>, (value, i) => Number(isPositive(value, i)));
  return { truth: classes, scores: { rows: given.length, columns: 2, data } };
}

function inRange(p: number, index: number): number {
  return p >= 0 && p <= 1 ? p : reject(`scores[${index}]`, "a probability between 0 and 1", p);
}
