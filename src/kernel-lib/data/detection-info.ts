/** What an object detection data set says of itself: objects a label, and how big they are. */
import type { ObjectBox } from "../structures/object-box.js";
import { escapeHtml, infoNotes, notesHtml, printable, sizeSentence, type Described } from "./dataset-info.js";
import { PERCENTS, percentiles } from "./percentiles.js";

interface DescribedBoxes extends Described {
  readonly images: readonly { readonly boxes: readonly ObjectBox[] }[];
}

export function detectionText(dataset: DescribedBoxes): string {
  const counts = table([["label", "objects"], ...countRows(dataset).map(([label, n]) => [printable(label), n])]);
  return [sizeSentence(dataset), ...counts, ...sizeLines(dataset), ...infoNotes(dataset)].join("\n");
}

export function detectionHtml(dataset: DescribedBoxes): string {
  const rows = countRows(dataset);
  const sizes = sizeRows(dataset);
  const tables = [
    htmlTable(["label", "objects"], rows),
    ...(sizes.length > 0 ? [htmlTable(["percentile", ...PERCENTS.map(String)], sizes)] : []),
  ];
  return [`<p>${escapeHtml(sizeSentence(dataset))}</p>`, ...tables, notesHtml(infoNotes(dataset))].join("");
}

const countRows = (dataset: DescribedBoxes): [string, string][] =>
  [...dataset.counts()].map(([label, count]) => [label, String(count)]);

function sizeLines(dataset: DescribedBoxes): string[] {
  const rows = sizeRows(dataset);
  return rows.length === 0
    ? []
    : ["Sizes of the boxes in pixels:", ...table([["percentile", ...PERCENTS.map(String)], ...rows])];
}

/** None without boxes. */
function sizeRows(dataset: DescribedBoxes): string[][] {
  const boxes = dataset.images.flatMap((image) => image.boxes);
  if (boxes.length === 0) return [];
  const row = (name: string, values: readonly number[]) => [name, ...percentiles(values).map(shown)];
  return [
    row(
      "width",
      boxes.map(({ xmin, xmax }) => xmax - xmin),
    ),
    row(
      "height",
      boxes.map(({ ymin, ymax }) => ymax - ymin),
    ),
  ];
}

const shown = (value: number) => String(Math.round(value * 100) / 100);

/** The first column to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const cell = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => `  ${row.map(cell).join("  ")}`);
}

function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, texts: readonly string[]) =>
    texts.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join("");
  const body = rows.map(([first = "", ...rest]) => `<tr>${cells("th", [first])}${cells("td", rest)}</tr>`);
  return `<table><thead><tr>${cells("th", head)}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}
