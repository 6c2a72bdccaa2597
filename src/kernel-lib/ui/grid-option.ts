/** The shape of a widget's grid, as its caller gives it. */
import { MAX_GRID } from "../protocol/index.js";
import { integerOption } from "../structures/options.js";

export type GridSize = readonly [columns: number, rows: number];

/** @throws InvalidOption for what is not two numbers between 1 and 20 */
export function gridOption([columns, rows]: GridSize): GridSize {
  return [integerOption("gridSize[0]", columns, 1, MAX_GRID), integerOption("gridSize[1]", rows, 1, MAX_GRID)];
}
