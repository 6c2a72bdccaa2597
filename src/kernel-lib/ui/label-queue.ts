/** The order in which pictures are worth a look: where the model is least sure, where it contradicts, what is like nothing known. */
import { coreSet } from "../metrics/core-set.js";
import { findLabelErrors } from "../metrics/label-errors.js";
import { uncertainty, UNCERTAINTIES } from "../metrics/uncertainty.js";
import type { AnnotationOrder } from "../protocol/index.js";
import type { Matrix } from "../structures/matrix.js";
import { columnOf } from "./held-out-labels.js";
import type { LabelScores } from "./label-scores.js";

export interface QueueInput {
  /** In the data set's order. */
  ids: readonly number[];
  labelsOf: (id: number) => readonly string[];
  scores: LabelScores | undefined;
  /** What models that have not seen a picture's label take it for; the suspected labels are found by it where it is there. */
  heldOut?: LabelScores | undefined;
  /** A row for each of `featureIds`. */
  features: Matrix | undefined;
  featureIds: readonly number[];
}

/** How many pictures the order by diversity looks for one by one; the rest follow by their distance. */
const CENTRES = 200;

/** Ids in an order; those of which the model has said nothing come last, in the data set's order. */
export function queued(order: AnnotationOrder, input: QueueInput): readonly number[] {
  if (order === "index") return input.ids;
  if (order === "diversity") return byDiversity(input);
  const rank = order === "disagreement" ? doubts(input) : unsureness(order, input);
  const keyed = input.ids.map((id) => ({ id, key: rank(id) ?? Infinity }));
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ id }) => id);
}

/** By size; a difference of two infinities would not be a number. Sorting is stable. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

function unsureness(order: string, { scores }: QueueInput): (id: number) => number | undefined {
  const by = UNCERTAINTIES.find((known) => known === order) ?? "least confidence";
  return (id) => {
    const own = scores?.of(id);
    return own && -uncertainty(own, by);
  };
}

/** Suspected labels first, the most doubtful before the others; then by the probability of the label. */
function doubts({ ids, labelsOf, scores: own, heldOut }: QueueInput): (id: number) => number | undefined {
  const scores = heldOut ?? own;
  const known = scores ? ids.filter((id) => scores.of(id) && columnOf(scores.labels, labelsOf(id)) >= 0) : [];
  const suspects = scores ? new Set(suspected(known, labelsOf, scores)) : new Set();
  return (id) => {
    const answer = scores?.of(id);
    const column = scores ? columnOf(scores.labels, labelsOf(id)) : -1;
    if (!answer || column < 0) return undefined;
    return (suspects.has(id) ? -1 : 0) + (answer[column] ?? 0);
  };
}

function suspected(
  ids: readonly number[],
  labelsOf: (id: number) => readonly string[],
  scores: LabelScores,
): readonly number[] {
  const columns = scores.labels.length;
  if (ids.length === 0 || columns < 2) return [];
  const data = new Float32Array(ids.length * columns);
  ids.forEach((id, row) => data.set(scores.of(id) ?? [], row * columns));
  const truth = ids.map((id) => columnOf(scores.labels, labelsOf(id)));
  const found = findLabelErrors(
    { labels: scores.labels, truth, scores: { rows: ids.length, columns, data } },
    { filter: "confident class" },
  );
  return found.map(({ index }) => ids[index] ?? -1);
}

function byDiversity({ ids, labelsOf, features, featureIds }: QueueInput): readonly number[] {
  if (!features) return ids;
  const known = featureIds.flatMap((id, row) => (labelsOf(id).length > 0 ? [row] : []));
  const { order, distances } = coreSet(features, known, CENTRES);
  const place = new Map(order.map((row, rank) => [featureIds[row], rank - order.length]));
  const distance = new Map(featureIds.map((id, row) => [id, distances[row] ?? 0]));
  const key = (id: number) => place.get(id) ?? -(distance.get(id) ?? -Infinity) / FAR;
  return [...ids].sort((a, b) => compare(key(a), key(b)));
}

/** Brings distances below 1, so that what was taken one by one stays before the rest. */
const FAR = 1e30;
