/**
 * A few pictures that stand for all: each is the one furthest from those that were taken before (k-centre, greedily; Sener and
 * Savarese, "Active Learning for Convolutional Neural Networks: A Core-Set Approach", 2018, algorithm 1).
 */
import type { ScoreMatrix } from "./score-matrix.js";

export interface CoreSet {
  /** Rows in the order in which they were taken. */
  order: number[];
  /** How far each row is from the nearest taken or known one (Euclid); 0 for those themselves. */
  distances: Float64Array;
}

/**
 * @param features one row a picture
 * @param known rows that are labelled already: what is like them brings nothing new. Without any, the first row is taken first.
 * @param count how many rows to take; fewer where no row is left that differs from all
 */
export function coreSet(features: ScoreMatrix, known: readonly number[], count: number): CoreSet {
  const { rows } = features;
  const squares = new Float64Array(rows).fill(Infinity);
  for (const row of known) approach(features, row, squares);
  const order: number[] = [];
  while (order.length < Math.min(count, rows)) {
    const next = furthest(squares);
    if ((squares[next] ?? 0) === 0) break;
    order.push(next);
    approach(features, next, squares);
  }
  return { order, distances: squares.map(Math.sqrt) };
}

/** Shortens the distance of every row to that to a new centre, where it is less. */
function approach({ rows, columns, data }: ScoreMatrix, centre: number, squares: Float64Array): void {
  const at = centre * columns;
  for (let row = 0; row < rows; row++) {
    const nearest = squares[row] ?? 0;
    let sum = 0;
    // What is further away already need not be known to the end.
    for (let column = 0; column < columns && sum < nearest; column++) {
      const difference = (data[row * columns + column] ?? 0) - (data[at + column] ?? 0);
      sum += difference * difference;
    }
    if (sum < nearest) squares[row] = sum;
  }
}

function furthest(squares: Float64Array): number {
  let best = 0;
  for (let row = 1; row < squares.length; row++) if ((squares[row] ?? 0) > (squares[best] ?? 0)) best = row;
  return best;
}
