/** PrecisionRecallUI: a curve on which a point is picked. */

export interface PrecisionRecallState {
  /** Classes to choose from; empty where three arrays were given. */
  labels: readonly string[];
  /** The chosen class. */
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
}

export const PRECISION_RECALL_DEFAULTS: PrecisionRecallState = {
  labels: [],
  label: "",
  precision: [],
  recall: [],
  thresholds: [],
  index: 0,
  averagePrecision: null,
};

/** The browser asks for another class; it picks a point by setting `index`. */
export interface PrecisionRecallCommand {
  type: "choose";
  label: string;
}

/** The harmonic mean of precision and recall; 0 where both are. */
export function f1Score(precision: number, recall: number): number {
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}
