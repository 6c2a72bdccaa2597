/** PrecisionRecallUI: a curve on which a point is picked. */

export interface PrecisionRecallState {
  /** Classes to choose from; empty where three arrays were given. */
  labels: readonly string[];
  /** The chosen class; "" for all of them together. */
  label: string;
  /** The curve's points, by rising threshold. Fractions, 0 to 1. */
  precision: readonly number[];
  recall: readonly number[];
  /** Of each point; null where no threshold gives it: the end at recall 0. */
  thresholds: readonly (number | null)[];
  /** The picked point. */
  index: number;
  /** Area under the curve as average precision, where it is known. */
  averagePrecision: number | null;
  /** Of the picked point, where the pictures behind it are known: 95 %. */
  intervals: { precision: readonly [number, number] | null; recall: readonly [number, number] } | null;
  /** Somebody awaits the threshold: a button hands it over. */
  awaited: boolean;
}

export const PRECISION_RECALL_DEFAULTS: PrecisionRecallState = {
  labels: [],
  label: "",
  precision: [],
  recall: [],
  thresholds: [],
  index: 0,
  averagePrecision: null,
  intervals: null,
  awaited: false,
};

/** The browser asks for another class, or hands the threshold over; it picks a point by setting `index`. */
export type PrecisionRecallCommand = { type: "choose"; label: string } | { type: "use" };

type Curve = Pick<PrecisionRecallState, "precision" | "recall">;

/** The point of the highest recall whose precision is at least `wanted`; undefined where none is. */
export function pointOfPrecision({ precision, recall }: Curve, wanted: number): number | undefined {
  return best(precision, (p, i) => (p >= wanted ? (recall[i] ?? 0) : -1), 0);
}

/** The point of the highest precision whose recall is at least `wanted`; undefined where none is. */
export function pointOfRecall({ precision, recall }: Curve, wanted: number): number | undefined {
  return best(recall, (r, i) => (r >= wanted ? (precision[i] ?? 0) : -1), 0);
}

/**
 * The point at which wrong findings and missed ones cost least. How many objects there are scales every cost alike, so that the curve is
 * enough: of each, `recall` is found, `recall (1 / precision - 1)` found wrongly and `1 - recall` missed.
 */
export function pointOfCost(
  { precision, recall }: Curve,
  falsePositive: number,
  falseNegative: number,
): number | undefined {
  const cost = (p: number, r: number) => (p > 0 ? falsePositive * r * (1 / p - 1) : Infinity) + falseNegative * (1 - r);
  return best(precision, (p, i) => -cost(p, recall[i] ?? 0), -Number.MAX_VALUE);
}

/** The last index of the highest value that is at least `least`. */
function best(
  values: readonly number[],
  value: (own: number, index: number) => number,
  least: number,
): number | undefined {
  let found: number | undefined;
  let most = least;
  values.forEach((own, index) => {
    const now = value(own, index);
    if (now >= most) [found, most] = [index, now];
  });
  return found;
}

/** The harmonic mean of precision and recall; 0 where both are. */
export function f1Score(precision: number, recall: number): number {
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}
