/** A change of what is said about one picture, and how two people's changes come together. */
import type { ObjectBox } from "../structures/object-box.js";
import type { AnnotatedImage, AnnotationField, Annotations } from "./annotated-image.js";

/** "merge" is a change by another notebook on the same folder, seen now. */
export type ChangeCause = "set" | "undo" | "redo" | "merge";

/** A change of one field of one picture. */
export interface FieldChange<I extends AnnotatedImage, F extends AnnotationField> {
  readonly image: I;
  readonly field: F;
  readonly before: Annotations[F];
  readonly after: Annotations[F];
  readonly cause: ChangeCause;
  /** Which of how many changes that were made at once, and are undone at once: `index` counts from 0. */
  readonly step: { readonly index: number; readonly size: number };
}

/** A change of one of the fields; `change.field` tells which. */
export type AnnotationChange<I extends AnnotatedImage, F extends AnnotationField = AnnotationField> = {
  [K in F]: FieldChange<I, K>;
}[F];

/** What the journal knows about one change of a picture. */
export type AnnotationRecord<F extends AnnotationField = AnnotationField> = {
  [K in F]: {
    /** ISO 8601, UTC. */
    readonly time: string;
    /** The operating system's name of who made it. */
    readonly user: string;
    readonly cause: Exclude<ChangeCause, "merge">;
    readonly field: K;
    readonly before: Annotations[K];
    readonly after: Annotations[K];
  };
}[F];

export type AnnotationValue = Annotations[AnnotationField];

export function sameValue(a: AnnotationValue, b: AnnotationValue): boolean {
  if (!isList(a) || !isList(b)) return a === b;
  return a.length === b.length && a.every((item, i) => keyOf(item) === keyOf(b[i]));
}

/**
 * What comes of a change from `base` to `mine` where somebody else has made `theirs` of it meanwhile: lists item by item, so that two
 * people who each add a label or a box both have theirs.
 * @param oneCounts where there is but one item on all sides, the last word counts: a picture's single label
 */
export function mergedValue<T extends AnnotationValue>(base: T, mine: T, theirs: T, oneCounts: boolean): T {
  if (!isList(base) || !isList(mine) || !isList(theirs)) return mine;
  if (sameValue(base, theirs)) return mine;
  if (oneCounts && [base, mine, theirs].every((list) => list.length <= 1)) return mine;
  return added(without(theirs, without(base, mine)), without(mine, base)) as readonly (string | ObjectBox)[] as T;
}

type Item = string | ObjectBox | undefined;

const isList = (value: AnnotationValue): value is readonly string[] | readonly ObjectBox[] => Array.isArray(value);

const keyOf = (item: Item) =>
  typeof item === "object"
    ? JSON.stringify([item.label, ...corners(item), item.difficult, item.truncated, item.occluded, item.crowd === true])
    : item;

const corners = ({ xmin, ymin, xmax, ymax }: ObjectBox) => [xmin, ymin, xmax, ymax];

function without(items: readonly Item[], taken: readonly Item[]): Item[] {
  const keys = taken.map(keyOf);
  return items.filter((item) => {
    const place = keys.indexOf(keyOf(item));
    if (place >= 0) keys.splice(place, 1);
    return place < 0;
  });
}

/** Labels are a set, boxes a list. */
function added(items: readonly Item[], more: readonly Item[]): Item[] {
  return [...items, ...more.filter((item) => typeof item === "object" || !items.includes(item))];
}
