/** What was changed about a picture, by whom and when, as lines to read; the last first. */
import type { ClassificationDataset } from "../data/classification-dataset.js";
import type { HistoryLine } from "../protocol/index.js";
import { labelText } from "./picture-row.js";

/** The widget shows the last changes; `dataset.historyOf` has all of them. */
const SHOWN = 6;

export function historyLines(dataset: ClassificationDataset, id: number | undefined): HistoryLine[] {
  if (id === undefined) return [];
  const records = dataset.historyOf(id).slice(-SHOWN).reverse();
  return records.map((record) => ({ time: record.time, user: record.user, text: textOf(record) }));
}

type Record = ReturnType<ClassificationDataset["historyOf"]>[number];

function textOf(record: Record): string {
  const manner = record.cause === "set" ? "" : record.cause === "undo" ? " (undone)" : " (redone)";
  if (record.field === "labels") return `${labelText(record.before)} → ${labelText(record.after)}${manner}`;
  if (record.field === "rejectedLabels") return `${record.after.at(-1) ?? "nothing"} rejected${manner}`;
  if (record.field === "flag") return `${record.after ?? "no flag"}${manner}`;
  return `${record.after === "" ? "note removed" : `note: ${record.after}`}${manner}`;
}
