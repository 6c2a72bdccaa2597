/** A precision-recall curve in one order, whatever order it came in: by rising threshold, the point without one last. */
import { shownPoints } from "../plots/index.js";
import { quote, VitrineError } from "../structures/errors.js";
import { numberOption } from "../structures/options.js";

/** Fractions, 0 to 1, by rising threshold. */
export interface ThresholdCurve {
  precision: readonly number[];
  recall: readonly number[];
  /** null where no threshold gives the point: nothing is found there. */
  thresholds: readonly (number | null)[];
}

/**
 * Thresholds are as many as points, or one fewer: scikit-learn's curve ends at recall 0, which no threshold belongs to. Reversed
 * arrays begin there. A long curve is thinned to what a screen shows.
 *
 * @throws InvalidOption where the lengths don't fit, or a value is no fraction
 */
export function thresholdCurve(
  precisions: ArrayLike<number>,
  recalls: ArrayLike<number>,
  thresholds: ArrayLike<number>,
): ThresholdCurve {
  const precision = fractions("precisions", precisions);
  const recall = fractions("recalls", recalls);
  checkLengths(precision.length, recall.length, thresholds.length);
  const own: (number | null)[] = Array.from(thresholds, (value, i) => numberOption(`thresholds[${i}]`, value));
  const falls = own.length > 1 && (own[0] ?? 0) > (own.at(-1) ?? 0);
  if (own.length < precision.length) {
    if (falls) own.unshift(null);
    else own.push(null);
  }
  const curve = falls
    ? { precision: precision.reverse(), recall: recall.reverse(), thresholds: own.reverse() }
    : { precision, recall, thresholds: own };
  const shown = shownPoints(curve.recall, curve.precision);
  const take = <T>(values: readonly T[]): T[] => shown.map((index) => values[index] as T);
  return { precision: take(curve.precision), recall: take(curve.recall), thresholds: take(curve.thresholds) };
}

function fractions(option: string, values: ArrayLike<number>): number[] {
  const numbers = Array.from(values, (value, i) => numberOption(`${option}[${i}]`, value, 0, 100));
  // Percentages, as the curves of cvtk's notebooks come: nothing else is over 1.
  return numbers.some((value) => value > 1 + 1e-9) ? numbers.map((value) => value / 100) : numbers;
}

function checkLengths(precisions: number, recalls: number, thresholds: number): void {
  if (precisions === 0 || recalls !== precisions) {
    reject("recalls", `as many values as precisions, and at least one`, { precisions, recalls });
  }
  if (thresholds !== precisions && thresholds !== precisions - 1) {
    reject("thresholds", `${precisions} values, or ${precisions - 1} where the end of the curve has none`, thresholds);
  }
}

function reject(option: string, expected: string, received: unknown): never {
  throw new VitrineError("InvalidOption", { option, expected, received: quote(received) });
}
