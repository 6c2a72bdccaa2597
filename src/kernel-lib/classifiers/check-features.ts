/** Guards for features: what a classifier can't learn from is named by row and column. */
import { quote, VitrineError } from "../structures/errors.js";
import type { Matrix } from "../structures/matrix.js";

/** @throws InvalidOption where the matrix contradicts itself, is empty, has another width, or holds NaN or infinities */
export function checkFeatures(features: Matrix, columns?: number): void {
  const reject = (option: string, expected: string, received: unknown) => {
    throw new VitrineError("InvalidOption", { option, expected, received: quote(received) });
  };
  const { rows, data } = features;
  if (rows < 1 || features.columns < 1 || data.length !== rows * features.columns) {
    const received = { rows, columns: features.columns, "data.length": data.length };
    reject("features", "a matrix of rows × columns numbers", received);
  }
  if (columns !== undefined && columns !== features.columns) {
    reject("features", `${columns} columns, as many as were learnt from,`, features.columns);
  }
  const odd = data.findIndex((value) => !Number.isFinite(value));
  if (odd < 0) return;
  const at = `features, row ${Math.floor(odd / features.columns)}, column ${odd % features.columns},`;
  reject(at, "a finite number", data[odd]);
}
