/** A change of a picture's boxes as a sentence: what was added, removed, moved or renamed. */
import type { ObjectBox } from "../structures/object-box.js";
import type { BoxChange } from "./box-dataset.js";

export function describeBoxes({ image, field, before, after }: BoxChange): string {
  const [old, now] = [before, after] as [readonly ObjectBox[], readonly ObjectBox[]];
  if (field === "rejectedBoxes") return `${image.name}: ${rejection(old, now)}`;
  return `${image.name}: ${difference(old, now)}`;
}

function difference(old: readonly ObjectBox[], now: readonly ObjectBox[]): string {
  const gone = without(old, now);
  const come = without(now, old);
  const total = now.length === 1 ? "1 box" : `${now.length} boxes`;
  const [left, right] = [gone[0], come[0]];
  if (left && right && gone.length === 1 && come.length === 1) return editText(left, right);
  if (right && come.length === 1 && gone.length === 0) return `${right.label} added, ${total}`;
  if (left && gone.length === 1 && come.length === 0) return `${left.label} removed, ${total}`;
  if (come.length === 0 && gone.length === 0) return "boxes in another order";
  return total;
}

function rejection(old: readonly ObjectBox[], now: readonly ObjectBox[]): string {
  const [come, gone] = [without(now, old), without(old, now)];
  return come.length > 0 ? `${namesOf(come)} rejected` : `${namesOf(gone)} no longer rejected`;
}

const namesOf = (boxes: readonly ObjectBox[]): string => boxes.map(({ label }) => label).join(", ");

function editText(old: ObjectBox, now: ObjectBox): string {
  if (old.label !== now.label) return `${old.label} is now ${now.label}`;
  const flag = (["difficult", "truncated", "occluded"] as const).find((name) => old[name] !== now[name]);
  if (flag) return `${now.label} is ${now[flag] ? "" : "not "}${flag}`;
  const [width, height] = [now.xmax - now.xmin, now.ymax - now.ymin].map(short);
  return `${now.label}: ${width} × ${height} at ${short(now.xmin)}, ${short(now.ymin)}`;
}

const short = (value: number): string => String(Math.round(value * 10) / 10);

/** What is in `boxes` and not in `others`; boxes that were not changed are often the same objects, and often not. */
function without(boxes: readonly ObjectBox[], others: readonly ObjectBox[]): ObjectBox[] {
  const left = others.map(keyOf);
  return boxes.filter((box) => {
    const place = left.indexOf(keyOf(box));
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

function keyOf({ label, xmin, ymin, xmax, ymax, difficult, truncated, occluded, crowd }: ObjectBox): string {
  return JSON.stringify([label, xmin, ymin, xmax, ymax, difficult, truncated, occluded, crowd === true]);
}
