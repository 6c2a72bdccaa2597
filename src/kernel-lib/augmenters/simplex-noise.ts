/* eslint-disable @typescript-eslint/no-non-null-assertion -- table look-ups: every index lies within the table */
/** OpenSimplex noise in two dimensions (K. Spencer, 2014): smooth, from about -1 to 1, without lines along the axes. */
import type { SeededRandom } from "../structures/random.js";

const STRETCH = (1 / Math.sqrt(3) - 1) / 2;
const SQUISH = (Math.sqrt(3) - 1) / 2;
const NORM = 47;
const GRADIENTS = [5, 2, 2, 5, -5, 2, -2, 5, 5, -2, 2, -5, -5, -2, -2, -5];

export function simplexNoise(random: SeededRandom): (x: number, y: number) => number {
  const order = Uint8Array.from(random.shuffle(Array.from({ length: 256 }, (_, i) => i)));
  /** What a corner of the grid adds to a place (dx, dy) away from it. */
  const corner = (column: number, row: number, dx: number, dy: number): number => {
    const reach = 2 - dx * dx - dy * dy;
    if (reach <= 0) return 0;
    const gradient = order[(order[column & 255]! + row) & 255]! & 14;
    // `reach ** 4` takes longer than all the rest.
    const square = reach * reach;
    return square * square * (GRADIENTS[gradient]! * dx + GRADIENTS[gradient + 1]! * dy);
  };
  return (x, y) => {
    const stretch = (x + y) * STRETCH;
    const [column, row] = [Math.floor(x + stretch), Math.floor(y + stretch)];
    const [inColumn, inRow] = [x + stretch - column, y + stretch - row];
    const squish = (column + row) * SQUISH;
    const at = (i: number, j: number) =>
      corner(column + i, row + j, x - column - squish - i - (i + j) * SQUISH, y - row - squish - j - (i + j) * SQUISH);
    const isUpper = inColumn + inRow > 1;
    const [i, j] = fourthCorner(inColumn, inRow, isUpper);
    return (at(1, 0) + at(0, 1) + at(isUpper ? 1 : 0, isUpper ? 1 : 0) + at(i, j)) / NORM;
  };
}

/** Beside a triangle's three corners, the next one within reach. */
function fourthCorner(inColumn: number, inRow: number, isUpper: boolean): readonly [number, number] {
  const isRight = inColumn > inRow;
  if (!isUpper) {
    const rest = 1 - inColumn - inRow;
    if (rest > inColumn || rest > inRow) return isRight ? [1, -1] : [-1, 1];
    return [1, 1];
  }
  const rest = 2 - inColumn - inRow;
  if (rest < inColumn || rest < inRow) return isRight ? [2, 0] : [0, 2];
  return [0, 0];
}
